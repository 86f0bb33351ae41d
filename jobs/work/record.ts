import { type RawBuilder, sql, type Transaction, type Updateable } from 'kysely';
import type { Seen } from '../../generator/publish/index.ts';
import { keepItems } from '../outcomes/items.ts';
import type { Cause, RepositoryTable, Tables } from '../store/tables.ts';
import { reasonOf } from '../sweep/result.ts';
import type { Attempt } from './attempt.ts';
import { isOutage, SOON } from './outage.ts';
import { recordMergeRequests } from './record-merge-requests.ts';
import { type Row, storable, storableJson } from './state.ts';
import type { Worked } from './worked.ts';

/** In ms: after that somebody may have changed what stood in the way. */
const ANOTHER_DAY = 24 * 3_600_000;
/** In ms: a token may be back by then that does not see a project now. */
const HIDDEN = 6 * 3_600_000;
/** What a person wants, who waits for it. */
const WISHES: readonly Cause[] = ['reported', 'retry'];
/** Characters of a message that are kept. */
const LONGEST = 2000;

/**
 * Keeps what came of a repository: its outcome, what was seen of it, its merge requests, and whether it stays due.
 *
 * @returns what is told of it.
 */
export async function record(trx: Transaction<Tables>, worked: Worked): Promise<Told> {
  const { row, attempt, now } = worked;
  const { result, project, reviewed } = attempt;
  const seen = 'seen' in result ? result.seen : undefined;
  const { untold } = seen ? await recordMergeRequests(trx, worked, seen) : { untold: undefined };
  const told = toldOf(attempt, untold);
  await recordOutcome(trx, worked, told);
  if (attempt.merged) await keepItems(trx, { key: row.key, ...attempt.merged, now });
  const isHeld = result.kind === 'deferred' || result.kind === 'refused';
  const isGone = result.kind === 'skipped' && result.reason === 'gone';
  await trx
    .updateTable('repository')
    .set({
      ...(project && { path: project.path, url: project.url, branch: project.defaultBranch }),
      result: told.kind,
      reason: told.reason,
      message: told.message,
      ...(reviewed === null ? {} : { reviewed }),
      ...(isHeld || isGone ? {} : workedOut(row, attempt, new Date(now))),
      ...ledgers(seen),
      ...(isProposed(result) ? { stale_by: unlessMore(row) } : {}),
      ...(isGone
        ? await hidden(trx, worked)
        : isHeld
          ? await heldBack(trx, worked)
          : await settled(trx, worked, seen?.head)),
    })
    .where('key', '=', row.key)
    .execute();
  return told;
}

/** What is merged, or proposed by now, says what is so. */
function isProposed({ kind, ...result }: Attempt['result']): boolean {
  const isSaid = kind === 'skipped' && 'reason' in result && result.reason === 'up-to-date';
  return isSaid || kind === 'created' || kind === 'updated' || kind === 'unchanged';
}

/** Nothing, unless more was reported since this was begun. */
function unlessMore({ stale_by }: Row): RawBuilder<string | null> {
  const was = stale_by === null ? null : JSON.stringify(stale_by);
  return sql<string | null>`case when stale_by is not distinct from ${was}::jsonb then null else stale_by end`;
}

/** An outcome, as it is kept and told. */
export interface Told {
  readonly kind: string;
  readonly reason: string | null;
  readonly message: string | null;
}

/** @param untold a merge request that was opened, and nobody told of that: its process died before it could. */
function toldOf({ result }: Attempt, untold: number | undefined): Told {
  const isFound = result.kind === 'unchanged' || result.kind === 'updated';
  const kind = isFound && result.mergeRequest.iid === untold ? 'created' : result.kind;
  return {
    kind,
    reason: reasonOf({ ...result, kind }),
    message: 'message' in result ? storable(result.message.slice(0, LONGEST)) : null,
  };
}

/** What is held back, or hidden, for the same reason time and again has one outcome. */
export async function isTold(
  trx: Transaction<Tables>,
  { key, kind, reason, sweep }: { key: string; kind: string; reason: string | null; sweep: number | null },
): Promise<boolean> {
  if (kind !== 'deferred' && reason !== 'gone' && !isOutage(reason ?? '')) return false;
  const last = await trx
    .selectFrom('outcome')
    .select(['kind', 'reason', 'sweep'])
    .where('key', '=', key)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.kind === kind && last.reason === reason && last.sweep === sweep;
}

async function recordOutcome(trx: Transaction<Tables>, worked: Worked, told: Told): Promise<void> {
  const { row, sweep, attempt, now, ms, requests } = worked;
  const { result } = attempt;
  if (await isTold(trx, { ...told, key: row.key, sweep })) return;
  await trx
    .insertInto('outcome')
    .values({
      ...told,
      sweep,
      key: row.key,
      at: new Date(now),
      cause: row.due,
      iid: 'mergeRequest' in result ? result.mergeRequest.iid : null,
      head: ('seen' in result && result.seen?.head) || null,
      ms,
      requests,
    })
    .execute();
}

/** What nobody could tell today stays as it was. */
function workedOut(row: Row, { result, policy }: Attempt, at: Date): Updateable<RepositoryTable> {
  const seen = 'seen' in result ? result.seen : undefined;
  return {
    processed_at: at,
    dead_since: null,
    ...(seen && { head: seen.head }),
    ...(seen?.facts === undefined ? {} : { facts: seen.facts }),
    ...(policy && {
      generator: policy.generator,
      codex: policy.codex ?? row.codex,
      catalog: policy.catalog ?? row.catalog,
    }),
  };
}

function ledgers(seen: Seen | undefined): Updateable<RepositoryTable> {
  if (seen?.ledger === undefined) return {};
  const { merged = null, proposed = null } = seen.ledger ?? {};
  return {
    ledger: merged && storableJson(merged),
    proposed_ledger: proposed && storableJson(proposed),
  };
}

async function heldBack(trx: Transaction<Tables>, { row, attempt, now }: Worked): Promise<Updateable<RepositoryTable>> {
  const { result } = attempt;
  const isRefused = result.kind === 'refused';
  const isOwn = isRefused && !isOutage(result.reason);
  const wish = isOwn ? undefined : WISHES.find((cause) => cause === row.due);
  const until = 'until' in result ? result.until : undefined;
  const wait = isOwn ? ANOTHER_DAY : isRefused || wish ? SOON : undefined;
  const not_before = until ?? (wait === undefined ? undefined : now + wait);
  const is = await current(trx, row);
  // Somebody wants it anew, or not any more.
  if (isOther(is, row)) return {};
  return {
    // What a person wants again is not only what was held back.
    due: wish ?? 'deferred',
    due_since: is.due_since ?? new Date(now),
    not_before: not_before === undefined ? null : new Date(not_before),
  };
}

/** The forge does not say whether it is gone, or only hidden: it stays due until a list that is believed takes it out. */
async function hidden(trx: Transaction<Tables>, { row, now }: Worked): Promise<Updateable<RepositoryTable>> {
  const is = await current(trx, row);
  return isOther(is, row) ? {} : { not_before: new Date(now + HIDDEN) };
}

/** Nothing is to be done any more, unless something came up since this was begun. */
async function settled(
  trx: Transaction<Tables>,
  { row, attempt, now }: Worked,
  head: string | null | undefined,
): Promise<Updateable<RepositoryTable>> {
  const is = await current(trx, row);
  const isNew = isOther(is, row) || (is.seen_head !== row.seen_head && is.seen_head !== head);
  if (isNew && is.due !== null) return {};
  const nothing = { due: null, due_since: null, due_sweep: null, not_before: null };
  return attempt.moved ? { ...nothing, due: 'moved', due_since: new Date(now) } : nothing;
}

type Wanted = Pick<Row, 'due' | 'due_since' | 'due_sweep'>;

/** Whether a repository is due for something else than when its task was begun, or was made due once more. */
function isOther(is: Wanted, row: Wanted): boolean {
  return is.due !== row.due || is.due_sweep !== row.due_sweep || is.due_since?.getTime() !== row.due_since?.getTime();
}

async function current(trx: Transaction<Tables>, { key }: Row) {
  return await trx
    .selectFrom('repository')
    .select(['due', 'due_since', 'due_sweep', 'seen_head'])
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
