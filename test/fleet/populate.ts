import type { GitlabSimulator } from '../gitlab/port.ts';
import type { Source } from './sources.ts';

/** Projects that are made alike. */
export interface Population {
  /** `fleet`: its projects are `fleet/0000` and so on. */
  readonly group: string;
  readonly count: number;
  /** Repositories whose objects are shared, in turn. */
  readonly from: readonly Source[];
  /** ISO 8601. */
  readonly lastActivityAt?: string;
  /** User names that may push to all of them. */
  readonly developers: readonly string[];
}

/** Makes them, some at a time. @returns their numbers by their paths. */
export async function populate(
  sim: Pick<GitlabSimulator, 'addGroup' | 'addProject'>,
  { group, count, from, lastActivityAt, developers }: Population,
): Promise<Readonly<Record<string, number>>> {
  sim.addGroup({ path: group, members: Object.fromEntries(developers.map((name) => [name, 'developer'])) });
  const numbers: Record<string, number> = {};
  const make = async (at: number): Promise<void> => {
    const path = `${group}/${String(at).padStart(4, '0')}`;
    const { gitDir, commit } = from[at % from.length]!;
    const made = { path, from: { gitDir, commit }, ...(lastActivityAt === undefined ? {} : { lastActivityAt }) };
    numbers[path] = (await sim.addProject(made)).id;
  };
  for (let at = 0; at < count; at += AT_A_TIME)
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, count - at) }, (_, plus) => make(at + plus)));
  return numbers;
}

const AT_A_TIME = 50;
