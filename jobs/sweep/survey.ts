import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import type { World } from '../world.ts';
import type { Listing } from './discover.ts';
import type { SweepEvent } from './events.ts';
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
 * What is to be done in the whole fleet: looks at each instance. One that cannot be read keeps its repositories as they are, and they count as failed; the others
 * go on, and so do the groups beside one that no instance knows.
 */
export async function survey(
  { instances, forge }: Pick<World, 'instances' | 'forge'>,
  looking: Looking,
): Promise<Findings> {
  const { groups, signal, on } = looking;
  const all = new Findings();
  const unknown: Listing['unknown'][] = [];
  for (const instance of instances) {
    try {
      const { listing, findings } = await looking.look(await forge(instance));
      unknown.push(listing.unknown);
      all.addAll(findings);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ForgeError)) throw error;
      on({ type: 'warning', message: `${error.message}; what is known of ${instance} stays as it is` });
      const known = await looking.known(instance, groups);
      all.rest.add({ outcome: 'failed', reason: error.reason }, Math.max(1, known));
    }
  }
  // Who could not be read may know it.
  if (unknown.length < instances.length) return all;
  for (const group of groups ?? []) {
    const errors = unknown.flatMap((each) => each.get(group) ?? []);
    if (errors.length < instances.length) continue;
    on({ type: 'warning', message: `${group}: no such group, or it is hidden from the token: ${errors[0]!.message}` });
    let known = 0;
    for (const instance of instances) known += await looking.known(instance, [group]);
    all.rest.add({ outcome: 'failed', reason: 'not-found' }, Math.max(1, known));
  }
  return all;
}
