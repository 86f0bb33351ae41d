import { ForgeError } from '../../forge/errors.ts';
import type { Forge, Project } from '../../forge/port.ts';

export interface ListScope {
  /** `undefined`: everything. */
  readonly groups: readonly string[] | undefined;
  /** ISO 8601: only what was active after that. */
  readonly since?: string | undefined;
  readonly signal: AbortSignal;
}

/** Projects that are taken on at a time. */
const BATCH = 500;

/**
 * The projects of a scope in batches, each project once. Of a group that the forge does not know, `unknown` is told, and the
 * others go on.
 *
 * @throws {ForgeError}
 */
export async function* listed(
  forge: Forge,
  { groups, since, signal }: ListScope,
  unknown: (group: string, error: ForgeError) => void,
): AsyncIterable<readonly Project[]> {
  const seen = new Set<string>();
  let batch: Project[] = [];
  const common = { signal, ...(since === undefined ? {} : { activeAfter: since }) };
  for (const group of groups ?? [undefined]) {
    try {
      for await (const project of forge.projects(group === undefined ? common : { ...common, groups: [group] })) {
        if (seen.has(project.id)) continue;
        seen.add(project.id);
        batch.push(project);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      if (group === undefined || !(error instanceof ForgeError) || error.reason !== 'not-found') throw error;
      unknown(group, error);
    }
  }
  signal.throwIfAborted();
  if (batch.length > 0) yield batch;
}
