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
import { resultOf } from './result.ts';
import { pagesOf, type Row } from './rows.ts';

/** A repository that is to be worked on. */
export interface DueRepository {
  readonly key: string;
  readonly instance: string;
  readonly path: string;
  readonly cause: Cause;
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

  add({ row, policy, verdict, now }: Judged): void {
    if (verdict.kind !== 'excluded') this.inScope += 1;
    if (verdict.kind !== 'due') {
      this.rest.add(restOf(row, verdict));
      return;
    }
    const { key, path, due_since } = row;
    const { cause } = verdict;
    this.due.push({ key, instance: partsOf(key).instance, path, cause, since: due_since?.getTime() ?? now });
    if (cause === 'policy') for (const part of policyChanges(row, policy)) this.policy.add(part);
  }

  addAll({ due, rest, policy, inScope }: Findings): void {
    for (const each of due) this.due.push(each);
    this.rest.addAll(rest);
    for (const part of policy) this.policy.add(part);
    this.inScope += inScope;
  }
}

/**
 * Finds out what is to be done with the listed repositories of an instance, and keeps it: which are new, whose default branch
 * moved, what is worked out with something else today. Heads are asked for in batches, and a page of rows is held at a time.
 *
 * @throws {ForgeError} What was found until then is kept.
 */
export async function findMoved(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  { instance, seen }: Pick<Listing, 'instance' | 'seen'>,
  signal: AbortSignal,
): Promise<Findings> {
  const findings = new Findings();
  for await (const page of pagesOf(db, instance)) {
    signal.throwIfAborted();
    const rows = page.filter(({ project }) => seen.has(project));
    const judged = await judge(world, forge, rows, signal);
    for (const each of judged) findings.add(each);
    const changes = judged.flatMap((each) => changeOf(each) ?? []);
    await apply(db, changes, new Date(world.now()));
  }
  return findings;
}

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

interface Change {
  readonly key: string;
  readonly seen_head: string | null;
  readonly due: string | null;
  readonly revived: boolean;
  /** As they were read: where a worker was faster, what it says holds. */
  readonly was_due: string | null;
  readonly was_head: string | null;
}

function changeOf({ row, head, verdict }: Judged): Change | undefined {
  const seen_head = head === undefined ? row.seen_head : head;
  const due = verdict.kind === 'due' ? verdict.cause : verdict.kind === 'waiting' ? row.due : null;
  if (seen_head === row.seen_head && due === row.due) return undefined;
  const revived = verdict.kind === 'due' && verdict.revived === true;
  return { key: row.key, seen_head, due, revived, was_due: row.due, was_head: row.head };
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
