import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import type { World } from '../world.ts';
import type { Listing } from './discover.ts';
import type { SweepEvent, Unlisted } from './events.ts';
import { Findings } from './moved.ts';

/** How one instance is looked at. */
export interface Looking {
  /** @throws {ForgeError} */
  look(forge: Forge): Promise<{ readonly listing: Pick<Listing, 'unknown'>; readonly findings: Findings }>;
  /** How many repositories are known of an instance, in these groups. */
  known(instance: string, groups: readonly string[] | undefined): Promise<number>;
  readonly groups: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly on: (event: SweepEvent) => void;
}

/**
 * What is to be done in the whole fleet: looks at each instance. One that cannot be read keeps its repositories as they are, and
 * they count as failed; the others go on, and so do the groups beside one that no instance knows.
 */
export async function survey(
  { instances, forge }: Pick<World, 'instances' | 'forge'>,
  looking: Looking,
): Promise<Findings> {
  const { groups, signal, on } = looking;
  const all = new Findings();
  const unknown: Listing['unknown'][] = [];
  const fail = ({ message, ...what }: Omit<Unlisted, 'repositories'>, known: number, rest: string): void => {
    const unlisted = { ...what, message, repositories: Math.max(1, known) };
    on({ type: 'warning', message: `${message}${rest}`, unlisted });
    all.rest.add({ outcome: 'failed', reason: what.reason }, unlisted.repositories);
  };
  for (const instance of instances) {
    try {
      const { listing, findings } = await looking.look(await forge(instance));
      unknown.push(listing.unknown);
      all.addAll(findings);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ForgeError)) throw error;
      const { reason, message } = error;
      const known = await looking.known(instance, groups);
      fail({ instance, reason, message }, known, `; what is known of ${instance} stays as it is`);
    }
  }
  // Who could not be read may know it.
  if (unknown.length < instances.length) return all;
  for (const group of groups ?? []) {
    const errors = unknown.flatMap((each) => each.get(group) ?? []);
    if (errors.length < instances.length) continue;
    const project = await projectAt(group, { instances, forge, signal });
    let known = 0;
    if (!project) for (const instance of instances) known += await looking.known(instance, [group]);
    const message = project
      ? `${group}: is a project, and a sweep is about groups: agentsmd sweep ${groupOf(project)} is about all of its group, ` +
        `agentsmd generate --publish ${project} about it alone`
      : `${group}: no such group, or it is hidden from the token: ${errors[0]!.message}`;
    fail({ instance: '', group, reason: 'not-found', message }, known, '');
  }
  return all;
}

/** The path of the project that was named instead of a group. */
async function projectAt(
  path: string,
  { instances, forge, signal }: Pick<World, 'instances' | 'forge'> & Pick<Looking, 'signal'>,
): Promise<string | undefined> {
  if (!path.includes('/')) return undefined;
  for (const instance of instances) {
    try {
      return (await (await forge(instance)).project(path)).path;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ForgeError)) throw error;
    }
  }
  return undefined;
}

function groupOf(project: string): string {
  return project.slice(0, project.lastIndexOf('/'));
}
