import type { MergeRequest } from '../../forge/port.ts';
import { type Edit, LABEL, type Marker, markerOf } from './marker.ts';

/** A merge request of ours, and what its description holds for us. */
export interface OwnMergeRequest {
  readonly mergeRequest: MergeRequest;
  readonly marker: Marker | null;
}

/**
 * Our merge request that counts: the open one, else the newest. Ours is what we opened; of those that are closed also what
 * has our label, whoever opened it (the user of a token that was replaced since): then only what keeps us away is taken
 * from its marker, nothing that would be written.
 *
 * @param all from our branch, newest first.
 * @param users our names, in lower case.
 */
export async function lastOf(
  all: readonly MergeRequest[],
  users: ReadonlySet<string>,
): Promise<OwnMergeRequest | null> {
  const known = all.filter((each) => isOurs(each, users));
  const last = known.find(({ state }) => state === 'opened') ?? known[0];
  if (last === undefined) return null;
  const marker = await markerOf(last);
  return {
    mergeRequest: last,
    marker: marker === null || isOpenedBy(last, users) ? marker : { ...marker, numbers: [], edits: [] },
  };
}

/** What the team asked for on merge requests since the last merge, as far as a description still tells. */
export async function askedBefore(
  all: readonly MergeRequest[],
  users: ReadonlySet<string>,
): Promise<Pick<Marker, 'numbers' | 'edits'>> {
  for (const mergeRequest of all) {
    if (mergeRequest.state === 'merged') break;
    const marker = isOpenedBy(mergeRequest, users) ? await markerOf(mergeRequest) : null;
    if (marker) return marker;
  }
  return { numbers: [], edits: [] };
}

/**
 * Merge requests of ours since the last merge whose descriptions tell nothing any more, the oldest first, as far as no
 * later one that tells all of it stands between.
 */
export async function forgetful(
  all: readonly MergeRequest[],
  users: ReadonlySet<string>,
): Promise<readonly MergeRequest[]> {
  const found: MergeRequest[] = [];
  for (const mergeRequest of all) {
    if (mergeRequest.state === 'merged') break;
    if (!isOpenedBy(mergeRequest, users)) continue;
    if (await markerOf(mergeRequest)) break;
    found.unshift(mergeRequest);
  }
  return found;
}

/** What the team asked for on merge requests that are merged, the oldest first: for a ledger that is gone. */
export async function buriedBefore(all: readonly MergeRequest[], users: ReadonlySet<string>): Promise<readonly Edit[]> {
  const merged = all.filter((each) => each.state === 'merged' && isOpenedBy(each, users)).toReversed();
  const markers = await Promise.all(merged.map((each) => markerOf(each)));
  return markers.flatMap((marker) => marker?.edits ?? []);
}

/** See {@link lastOf}. */
export function isOurs(mergeRequest: MergeRequest, users: ReadonlySet<string>): boolean {
  const { state, labels } = mergeRequest;
  return isOpenedBy(mergeRequest, users) || (state !== 'opened' && labels.includes(LABEL));
}

function isOpenedBy({ author }: MergeRequest, users: ReadonlySet<string>): boolean {
  return users.has(author.toLowerCase());
}
