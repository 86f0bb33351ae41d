import type { Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Forge, LabelledMergeRequest } from '../../forge/port.ts';
import { standingQuestion } from '../../generator/publish/index.ts';
import { LABEL, markerOf } from '../../generator/publish/marker.ts';
import { keyOf } from '../key.ts';
import type { MergeRequestTable, Tables } from '../store/tables.ts';
import { PURPOSE } from '../work/state.ts';
import type { World } from '../world.ts';
import { alone } from './alone.ts';
import { markDue } from './mark-due.ts';

/** What of our merge requests is not as it is kept. */
export interface Changes {
  readonly rows: readonly MergeRequestRow[];
  /** Repositories on whose merge request something happened. */
  readonly keys: readonly string[];
  /** What was merged into the default branch. */
  readonly merged: readonly MergeRequestId[];
}

interface MergeRequestId {
  readonly key: string;
  readonly iid: number;
}

type MergeRequestRow = Omit<Selectable<MergeRequestTable>, 'sweep' | 'campaign' | 'wave' | 'tip'> & {
  readonly tip: string | null;
};

/** In ms: read once more, for what was changed but could not be seen yet when it was read. By the forge's own clock. */
const OVERLAP = 5 * 60_000;
/** In ms: clocks differ by less. A cursor further ahead is none. */
const SKEW = 3_600_000;
/** Merge requests that are compared at a time. */
const BATCH = 500;

/**
 * Asks once for all merge requests of ours that changed since the last time, and makes the repositories due on whose merge
 * request something happened. How far it read is kept together with the last of what it read.
 *
 * @throws {ForgeError} What was read until then is kept, and read again next time.
 */
export async function readMergeRequests(db: Kysely<Tables>, world: World, forge: Forge): Promise<void> {
  const name = cursorName(forge);
  const before = await cursorOf(db, forge, world.now());
  let latest = before;
  let waiting: Changes | undefined;
  for await (const { changes, until } of changed(db, world, forge, before)) {
    if (waiting) await alone(db, (trx) => apply(trx, waiting!, world.now()));
    waiting = changes;
    if (until !== undefined && (latest === undefined || Date.parse(until) > Date.parse(latest))) latest = until;
  }
  if (waiting === undefined) return;
  const last = waiting;
  await alone(db, async (trx) => {
    await apply(trx, last, world.now());
    if (latest === undefined || latest === before) return;
    const value = JSON.stringify({ until: latest });
    await trx
      .insertInto('memo')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  });
}

/** The repositories on whose merge request something happened since the last sweep; nothing is kept. @throws {ForgeError} */
export async function repliedSince(db: Kysely<Tables>, world: World, forge: Forge): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { changes } of changed(db, world, forge, await cursorOf(db, forge, world.now())))
    for (const key of changes.keys) keys.add(key);
  return keys;
}

function cursorName({ instance }: Forge): string {
  return `merge-requests ${instance}`;
}

/** Until when merge requests were read, by the forge's clock. One that is lost, or cannot be, has everything read again. */
async function cursorOf(db: Kysely<Tables>, forge: Forge, now: number): Promise<string | undefined> {
  // A folder's tell by git that they were merged: their own time stands still.
  if (forge.kind === 'folder') return undefined;
  const memo = await db.selectFrom('memo').select('value').where('name', '=', cursorName(forge)).executeTakeFirst();
  const until = (memo?.value as { readonly until?: unknown } | undefined)?.until;
  const time = typeof until === 'string' ? Date.parse(until) : Number.NaN;
  return time <= now + SKEW ? (until as string) : undefined;
}

async function* changed(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  since: string | undefined,
): AsyncIterable<{ readonly changes: Changes; readonly until: string | undefined }> {
  const after = since === undefined ? undefined : new Date(Date.parse(since) - OVERLAP).toISOString();
  let batch: LabelledMergeRequest[] = [];
  let until: string | undefined;
  for await (const labelled of forge.labelledMergeRequests(LABEL, after)) {
    const { updatedAt } = labelled.mergeRequest;
    if (updatedAt !== null && (until === undefined || Date.parse(updatedAt) > Date.parse(until))) until = updatedAt;
    batch.push(labelled);
    if (batch.length < BATCH) continue;
    yield { changes: await compare(db, world, forge, batch), until };
    batch = [];
  }
  if (batch.length > 0) yield { changes: await compare(db, world, forge, batch), until };
}

async function compare(
  db: Kysely<Tables>,
  world: World,
  { instance, kind }: Forge,
  batch: readonly LabelledMergeRequest[],
): Promise<Changes> {
  const all = batch.map(({ projectId, mergeRequest }) => ({ key: keyOf({ instance, id: projectId }), mergeRequest }));
  const keys = [...new Set(all.map(({ key }) => key))];
  const repositories = await db
    .selectFrom('repository')
    .select(['key', 'path', 'branch'])
    .where('key', 'in', keys)
    .execute();
  const known = new Map(repositories.map((row) => [row.key, row]));
  const kept = await db.selectFrom('merge_request').selectAll().where('key', 'in', keys).execute();
  const before = new Map(kept.map((row) => [`${row.key} ${row.iid}`, row]));
  const rows = new Map<string, MergeRequestRow>();
  const merged: MergeRequestId[] = [];
  for (const { key, mergeRequest } of all) {
    const repository = known.get(key);
    if (repository === undefined) continue;
    const { iid, url, state, source, target, head, updatedAt, createdAt, endedAt } = mergeRequest;
    const id = `${key} ${iid}`;
    const row = before.get(id);
    if (row) {
      // Of a folder no time tells of a commit: nothing but the branch does.
      const isMoved = kind === 'folder' && row.tip !== head;
      if (row.state === state && !isMoved && isSameTime(row.updated_at, updatedAt)) continue;
      const isNow = state === 'merged' && row.state !== 'merged' && target === repository.branch;
      if (isNow && row.purpose === PURPOSE) merged.push({ key, iid });
    } else {
      // Anybody may give our label to what is none of ours.
      if (source !== standingQuestion(world.config.publish, repository).branch) continue;
      if ((await markerOf(mergeRequest)) === null) continue;
    }
    const ended = state === 'closed' || state === 'merged';
    rows.set(id, {
      key,
      iid,
      url,
      state,
      source,
      tip: head,
      opened_at: row?.opened_at ?? timeOf(createdAt ?? updatedAt, world),
      updated_at: updatedAt,
      ended_at: ended ? (row?.ended_at ?? timeOf(endedAt ?? updatedAt, world)) : null,
      ended_by: state === 'closed' ? (row?.ended_by ?? 'people') : null,
      purpose: row?.purpose ?? PURPOSE,
    });
  }
  const ours = [...rows.values()].filter(({ purpose }) => purpose === PURPOSE);
  return { rows: [...rows.values()], keys: [...new Set(ours.map(({ key }) => key))], merged };
}

/** GitLab's REST tells milliseconds, its GraphQL does not; where one has none they count for nothing. */
function isSameTime(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const exact = Date.parse(a) % 1000 !== 0 && Date.parse(b) % 1000 !== 0;
  const unit = exact ? 1 : 1000;
  return Math.floor(Date.parse(a) / unit) === Math.floor(Date.parse(b) / unit);
}

function timeOf(text: string | null, world: World): Date {
  const time = Date.parse(text ?? '');
  return new Date(Number.isNaN(time) ? world.now() : time);
}

async function apply(trx: Transaction<Tables>, { rows, keys, merged }: Changes, now: number): Promise<void> {
  if (rows.length > 0)
    await trx
      .insertInto('merge_request')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['key', 'iid']).doUpdateSet((eb) => ({
          url: eb.ref('excluded.url'),
          state: eb.ref('excluded.state'),
          tip: eb.ref('excluded.tip'),
          updated_at: eb.ref('excluded.updated_at'),
          ended_at: eb.ref('excluded.ended_at'),
          // A worker may have said so meanwhile.
          ended_by: eb
            .case()
            .when(eb.and([eb('excluded.ended_by', 'is not', null), eb('merge_request.ended_by', '=', 'us')]))
            .then('us')
            .else(eb.ref('excluded.ended_by'))
            .end(),
        })),
      )
      .execute();
  if (merged.length > 0)
    await trx
      .updateTable('repository')
      .from(
        sql<MergeRequestId>`jsonb_to_recordset(${JSON.stringify(merged)}::jsonb)`.as<'done'>(
          sql`done(key text, iid integer)`,
        ),
      )
      .set({ ledger: sql`repository.proposed_ledger -> 'ledger'`, proposed_ledger: null })
      .whereRef('repository.key', '=', 'done.key')
      .where(sql<boolean>`(repository.proposed_ledger ->> 'iid')::integer = done.iid`)
      .execute();
  await markDue(trx, keys, 'replied', new Date(now));
}
