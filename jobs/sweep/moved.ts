import { type Kysely, sql } from 'kysely';
import type { Forge } from '../../forge/port.ts';
import { settingsFor } from '../../generator/publish/settings.ts';
import { partsOf } from '../key.ts';
import { CAUSES, type Cause, type Tables } from '../store/tables.ts';
import type { Policy, World } from '../world.ts';
import { alone } from './alone.ts';
import { Counts } from './counts.ts';
import type { Listing } from './discover.ts';
import { isAsked, OPTED_OUT, policyChanges, type Verdict, verdictOf } from './due.ts';
import type { SweepEvent } from './events.ts';
import { resultOf } from './result.ts';
import { pagesOf, type Row } from './rows.ts';

/** A repository that is to be worked on. */
export interface DueRepository {
  readonly key: string;
  readonly instance: string;
  readonly path: string;
  readonly cause: Cause;
  /** Where people are told something else: it was come to before, and held back, or failed. */
  readonly told?: Cause;
  /** In ms since 1970. */
  readonly since: number;
}

/** What of a part of the fleet is to be done, and what becomes of the rest. */
export class Findings {
  readonly due: DueRepository[] = [];
  readonly rest = new Counts();
  /** What is new of codex, generator and catalog, for those that are due for nothing else. */
  readonly policy = new Set<keyof Policy>();
  /** Repositories that the list does not rule out. */
  inScope = 0;
  /** By key: what is not kept yet, as nobody is to work on it before it was chosen. See {@link keepChosen}. */
  readonly unkept = new Map<string, Change>();

  add({ row, policy, verdict, now }: Judged): void {
    if (verdict.kind !== 'excluded') this.inScope += 1;
    if (verdict.kind !== 'due') {
      this.rest.add(restOf(row, verdict));
      return;
    }
    const { key, path, due_since } = row;
    const { cause } = verdict;
    const told = cause === 'new' ? toldOf(row) : undefined;
    this.due.push({
      ...{ key, instance: partsOf(key).instance, path, cause, since: due_since?.getTime() ?? now },
      ...(told && { told }),
    });
    if (cause === 'policy') for (const part of policyChanges(row, policy)) this.policy.add(part);
  }

  addAll({ due, rest, policy, inScope, unkept }: Findings): void {
    for (const each of due) this.due.push(each);
    this.rest.addAll(rest);
    for (const part of policy) this.policy.add(part);
    this.inScope += inScope;
    for (const [key, change] of unkept) this.unkept.set(key, change);
  }
}

/**
 * Finds out what is to be done with the listed repositories of an instance, and keeps it: which are new, whose default branch
 * moved, what is worked out with something else today. Heads are asked for in batches, and a page of rows is held at a time.
 *
 * @param choosing only some of what is due will be worked on: what was not due before is not kept, and found again another time.
 * @throws {ForgeError} What was found until then is kept.
 */
export async function findMoved(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  { instance, seen }: Pick<Listing, 'instance' | 'seen'>,
  { signal, choosing = false, on }: Finding,
): Promise<Findings> {
  const findings = new Findings();
  for await (const page of pagesOf(db, instance)) {
    signal.throwIfAborted();
    const rows = page.filter(({ project }) => seen.has(project));
    const judged = await judge(world, forge, rows, signal);
    for (const each of judged) findings.add(each);
    if (on) for (const each of judged.flatMap(skippedOf)) on(each);
    const changes = judged.flatMap((each) => changeOf(each) ?? []);
    const { left = [], kept = [] } = Object.groupBy(changes, ({ due, was_due }) =>
      choosing && due !== null && was_due === null ? 'left' : 'kept',
    );
    for (const change of left) findings.unkept.set(change.key, change);
    // Of one that nobody ever worked on, its head does not tell whether it is due.
    const noted = left.flatMap((change) => (change.is_new ? { ...change, due: null } : []));
    await apply(db, [...kept, ...noted], new Date(world.now()));
  }
  return findings;
}

export interface Finding {
  readonly signal: AbortSignal;
  readonly choosing?: boolean;
  /** Told of those that are skipped. */
  readonly on?: (event: SweepEvent) => void;
}

/** Keeps of what was found that these are due: from now on anybody may work on them. */
export async function keepChosen(
  db: Kysely<Tables>,
  { unkept }: Pick<Findings, 'unkept'>,
  chosen: readonly DueRepository[],
  at: Date,
): Promise<void> {
  const changes = chosen.flatMap(({ key }) => unkept.get(key) ?? []);
  for (let from = 0; from < changes.length; from += AT_ONCE) await apply(db, changes.slice(from, from + AT_ONCE), at);
}

const AT_ONCE = 1000;

/** A repository, and what is to be done with it. */
export interface Judged {
  readonly row: Row;
  readonly head: string | null | undefined;
  readonly policy: Policy;
  readonly verdict: Verdict;
  /** In ms since 1970. */
  readonly now: number;
}

/** Asks for the heads of those that are not ruled out. @throws {ForgeError} */
export async function judge(
  world: World,
  forge: Forge,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const optIn = new Set(rows.filter((row) => mayOptIn(row, world)));
  const asked = rows.filter((row) => isAsked(row, { mayOptIn: optIn.has(row) }));
  const heads = await headsOf(forge, asked, signal);
  const now = world.now();
  const judged: Judged[] = [];
  for (const row of rows) {
    const head = heads.get(row.project);
    const policy = await world.policy({ instance: forge.instance, id: row.project, path: row.path });
    const verdict = verdictOf(row, { head, policy, mayOptIn: optIn.has(row), now });
    judged.push({ row, head, policy, verdict, now });
  }
  return judged;
}

/** One that was come to before is not one that was never seen, though nothing came of it yet. */
function toldOf({ result }: Pick<Row, 'result'>): Cause | undefined {
  if (result === null) return undefined;
  return result === 'deferred' ? 'deferred' : 'retry';
}

/** What is told of one that nothing is done with, where it counts as skipped. */
export function skippedOf({ row, verdict }: Judged): readonly Extract<SweepEvent, { type: 'skipped' }>[] {
  if (verdict.kind === 'due') return [];
  const { outcome, reason = 'unknown' } = restOf(row, verdict);
  if (outcome !== 'skipped') return [];
  return [{ type: 'skipped', path: row.path, instance: partsOf(row.key).instance, reason }];
}

/** The most urgent first, and of those that are alike what was due first. */
export function byUrgency(a: DueRepository, b: DueRepository): number {
  return CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause) || a.since - b.since || (a.key < b.key ? -1 : 1);
}

/** Which number of the summary a repository counts in that nothing is done with. */
export function restOf(
  { result, reason }: Pick<Row, 'result' | 'reason'>,
  verdict: Exclude<Verdict, { kind: 'due' }>,
): ReturnType<typeof resultOf> {
  switch (verdict.kind) {
    case 'excluded':
      return { outcome: 'skipped', reason: verdict.reason };
    case 'waiting':
      return result === 'refused' ? resultOf(result, reason) : resultOf('deferred', reason);
    case 'set-aside':
      return { outcome: 'skipped', reason: 'set-aside' };
    case 'unchanged':
      return { outcome: 'unchanged' };
  }
}

/** Whether a setting, and not the project itself, opts it out: that its team may contradict. */
function mayOptIn(
  { excluded, path }: { readonly excluded: string | null; readonly path: string },
  { config }: Pick<World, 'config'>,
): boolean {
  return excluded === OPTED_OUT && !settingsFor(config.publish, path).enabled;
}

async function headsOf(
  forge: Forge,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | null | undefined>> {
  const heads = new Map<string, string | null | undefined>();
  if (rows.length === 0) return heads;
  const asked = rows.map(({ project, path, branch }) => ({ id: project, path, defaultBranch: branch }));
  for await (const { id, head } of forge.heads(asked, signal)) heads.set(id, head);
  return heads;
}

/** What is to be kept of a repository. */
interface Change {
  readonly key: string;
  readonly seen_head: string | null;
  readonly due: string | null;
  readonly revived: boolean;
  /** As they were read: where a worker was faster, what it says holds. */
  readonly was_due: string | null;
  readonly was_head: string | null;
  readonly is_new: boolean;
}

function changeOf({ row, head, verdict }: Judged): Change | undefined {
  const seen_head = head === undefined ? row.seen_head : head;
  const due = verdict.kind === 'due' ? verdict.cause : verdict.kind === 'waiting' ? row.due : null;
  if (seen_head === row.seen_head && due === row.due) return undefined;
  const revived = verdict.kind === 'due' && verdict.revived === true;
  const is_new = row.processed_at === null;
  return { key: row.key, seen_head, due, revived, was_due: row.due, was_head: row.head, is_new };
}

async function apply(db: Kysely<Tables>, changes: readonly Change[], at: Date): Promise<void> {
  if (changes.length === 0) return;
  const rows = sql<Change>`jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)`.as<'new'>(
    sql`new(key text, seen_head text, due text, revived boolean, was_due text, was_head text)`,
  );
  await alone(db, (trx) =>
    trx
      .updateTable('repository')
      .from(rows)
      .set({
        seen_head: sql`new.seen_head`,
        due: sql`new.due`,
        due_since: sql`case when new.due is null then null else coalesce(repository.due_since, ${at}) end`,
        due_sweep: sql`case when new.due is null then null else repository.due_sweep end`,
        not_before: sql`case when new.due is null then null else repository.not_before end`,
        dead_since: sql`case when new.revived then null else repository.dead_since end`,
      })
      .whereRef('repository.key', '=', 'new.key')
      .where(sql<boolean>`repository.due is not distinct from new.was_due`)
      .where(sql<boolean>`repository.head is not distinct from new.was_head`)
      .execute(),
  );
}
