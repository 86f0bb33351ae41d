import type { Insertable, Kysely } from 'kysely';
import type { Forge, LabelledMergeRequest } from '../../forge/port.ts';
import { standingQuestion } from '../../generator/publish/index.ts';
import { LABEL, markerOf } from '../../generator/publish/marker.ts';
import { isOurs } from '../../generator/publish/own-merge-request.ts';
import { ADOPT_BRANCH } from '../adopt/branch.ts';
import { adoptMarkerOf } from '../adopt/texts.ts';
import { keyOf, partsOf } from '../key.ts';
import { isShared } from '../rollout/scope.ts';
import type { MergeRequestTable, Tables } from '../store/tables.ts';
import { discover } from '../sweep/discover.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { markDue } from '../sweep/mark-due.ts';
import { pagesOf } from '../sweep/rows.ts';
import { groupsOf } from '../sweep/scope.ts';
import type { World } from '../world.ts';

/** What was found. */
export interface Rebuilt {
  /** That are to be worked on, as if nobody ever had. */
  readonly due: number;
  /** Of ours, that were not known. */
  readonly mergeRequests: { readonly opened: number; readonly closed: number; readonly merged: number };
}

/** In ms: limits count by the hour, and clocks differ. */
const PERMITS_COUNT = 2 * 3_600_000;
/** Merge requests that are held at a time. */
const BATCH = 500;

/**
 * Builds a state that was lost from what forges tell: their lists of projects, and our merge requests with what their
 * descriptions hold. Everything in scope is due then; whoever works on it finds the merge request that there is, so that none
 * is opened twice. What is known is kept: it may be run again where it stopped, and on a state that lacks nothing.
 *
 * Lost for good: outcomes, earlier sweeps, rollouts and which of them a merge request belongs to, pauses, and ledgers that no
 * repository keeps. Verdicts of audits come again with the next one.
 *
 * @throws {ForgeError}
 */
export async function rebuild(
  db: Kysely<Tables>,
  world: World,
  on: (event: SweepEvent) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Rebuilt> {
  const mergeRequests = { opened: 0, closed: 0, merged: 0 };
  for (const instance of world.instances) {
    const forge = await world.forge(instance);
    const folder = isShared(instance) ? {} : { folder: instance };
    const groups = groupsOf({ groups: [], ...folder }, world);
    await discover(db, world, forge, { groups, signal, acceptShrunk: false }, on);
    for (const { state } of await findOurs(db, world, forge, signal))
      mergeRequests[state === 'locked' ? 'opened' : (state as keyof typeof mergeRequests)] += 1;
  }
  // Last of all: nothing is opened anew before it is known what there is.
  let due = 0;
  for (const instance of world.instances) due += await makeDue(db, world, instance);
  world.log.info({ due, ...mergeRequests }, 'the state was rebuilt');
  return { due, mergeRequests };
}

type Row = Insertable<MergeRequestTable> & { readonly opened_at: Date };

interface Ours {
  readonly row: Row;
  readonly path: string;
  /** What its description says that it rests on; only of what we opened ourselves. */
  readonly base?: string;
  readonly facts?: string;
}

/** @returns those that were not known. */
async function findOurs(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  signal: AbortSignal,
): Promise<readonly Pick<Row, 'state'>[]> {
  const found: Pick<Row, 'state'>[] = [];
  const last = new Map<string, Ours>();
  const take = async (batch: readonly LabelledMergeRequest[]): Promise<void> => {
    const ours = await oursOf(db, world, forge, batch);
    found.push(...(await keep(db, world, ours)));
    for (const each of ours)
      if (each.facts !== undefined && isLater(each, last.get(each.row.key))) last.set(each.row.key, each);
  };
  let batch: LabelledMergeRequest[] = [];
  for await (const labelled of forge.labelledMergeRequests(LABEL)) {
    signal.throwIfAborted();
    batch.push(labelled);
    if (batch.length < BATCH) continue;
    await take(batch);
    batch = [];
  }
  await take(batch);
  await keepFacts(db, last);
  return found;
}

/** Whether it counts more, as `publish` sees it: the open one, else the newest. */
function isLater({ row }: Ours, other: Ours | undefined): boolean {
  if (other === undefined) return true;
  const [open, wasOpen] = [row.state === 'opened', other.row.state === 'opened'];
  return open === wasOpen ? row.iid > other.row.iid : open;
}

/** Anybody may give our label, and a copy of our description, to what is none of ours. */
async function oursOf(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  batch: readonly LabelledMergeRequest[],
): Promise<readonly Ours[]> {
  const { instance } = forge;
  const keys = batch.map(({ projectId }) => keyOf({ instance, id: projectId }));
  if (keys.length === 0) return [];
  const known = await db.selectFrom('repository').select(['key', 'path']).where('key', 'in', keys).execute();
  const paths = new Map(known.map(({ key, path }) => [key, path]));
  const ours: Ours[] = [];
  for (const [at, { mergeRequest }] of batch.entries()) {
    const key = keys[at]!;
    const path = paths.get(key);
    const purpose = path === undefined ? undefined : purposeOf(world, path, mergeRequest.source);
    if (path === undefined || purpose === undefined) continue;
    const users = await ownUsers(world, forge, path);
    if (!isOurs(mergeRequest, users)) continue;
    const { iid, url, state, source, author, createdAt, updatedAt, endedAt } = mergeRequest;
    const marker = purpose === 'agents-md' ? await markerOf(mergeRequest) : await adoptMarkerOf(mergeRequest);
    const now = world.now();
    const ended = state === 'closed' || state === 'merged';
    const row = {
      ...{ key, iid, url, state, source, purpose, tip: marker?.tip ?? null, updated_at: updatedAt },
      opened_at: dateOf(createdAt ?? updatedAt) ?? new Date(now),
      ended_at: ended ? (dateOf(endedAt ?? updatedAt) ?? new Date(now)) : null,
      ended_by: state === 'closed' ? 'people' : null,
    };
    const says = marker !== null && 'facts' in marker && users.has(author.toLowerCase());
    ours.push({ row, path, ...(says ? { base: marker.base, facts: marker.facts } : {}) });
  }
  return ours;
}

function purposeOf(world: World, path: string, source: string): string | undefined {
  if (source === standingQuestion(world.config.publish, { path }).branch) return 'agents-md';
  return source === ADOPT_BRANCH ? 'adopt-review' : undefined;
}

async function ownUsers(world: World, forge: Forge, path: string): Promise<ReadonlySet<string>> {
  const { username } = await forge.self(path);
  return new Set([username, ...world.config.publish.ownUsers].map((name) => name.toLowerCase()));
}

/** With those that were opened lately, which count among what may be opened in an hour. @returns what was not known. */
async function keep(db: Kysely<Tables>, world: World, ours: readonly Ours[]): Promise<readonly Pick<Row, 'state'>[]> {
  if (ours.length === 0) return [];
  const since = world.now() - PERMITS_COUNT;
  return db.transaction().execute(async (trx) => {
    const added = await trx
      .insertInto('merge_request')
      .values(ours.map(({ row }) => row))
      .onConflict((conflict) => conflict.columns(['key', 'iid']).doNothing())
      .returning(['key', 'iid', 'state'])
      .execute();
    const isNew = new Set(added.map(({ key, iid }) => `${key} ${iid}`));
    const lately = ours.filter(({ row }) => isNew.has(`${row.key} ${row.iid}`) && row.opened_at.getTime() > since);
    const permits = lately
      .filter(({ row }) => isShared(row.key))
      .map(({ row: { key, opened_at: at }, path }) => {
        const { instance } = partsOf(key);
        return { key, path, instance, kind: 'open', at, state: 'used' };
      });
    if (permits.length > 0) await trx.insertInto('permit').values(permits).execute();
    return added;
  });
}

/** What repositories were last worked out from, where nothing is known of that. */
async function keepFacts(db: Kysely<Tables>, last: ReadonlyMap<string, Ours>): Promise<void> {
  for (const [key, { base, facts }] of last)
    await db
      .updateTable('repository')
      .set({ head: base!, facts: facts! })
      .where('key', '=', key)
      .where('processed_at', 'is', null)
      .execute();
}

async function makeDue(db: Kysely<Tables>, world: World, instance: string): Promise<number> {
  let due = 0;
  for await (const rows of pagesOf(db, instance)) {
    const keys = rows.flatMap(({ key, excluded, processed_at }) =>
      excluded === null && processed_at === null ? [key] : [],
    );
    await markDue(db, keys, 'new', new Date(world.now()));
    due += keys.length;
  }
  return due;
}

function dateOf(text: string | null): Date | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}
