import type { Kysely } from 'kysely';
import type { RuleState } from '../../../codex/standing.ts';
import type { Tables } from '../../store/tables.ts';
import { alone } from '../../sweep/alone.ts';
import { countedOf, type Shares, stateOf, type Thresholds } from './rule-state.ts';
import { settledSince } from './settled.ts';

/** One revision of a rule, as it fares today. */
export interface JudgedRule {
  readonly rule: string;
  readonly rev: number;
  readonly state: RuleState;
  readonly since: Date;
  readonly settled: number;
  readonly unwanted: number;
  readonly lower: number;
  /** Where its owner was told. */
  readonly mergeRequest: string | null;
  /** What each repository made of it. */
  readonly shares: Shares;
  /** As it was kept until now; absent: nothing was. */
  readonly before?: RuleState;
}

export interface Judging extends Thresholds {
  /** Days that count. */
  readonly windowDays: number;
}

const DAY = 24 * 3_600_000;
const CITED = /^(.+)@([1-9]\d{0,8})$/;

/** Since when findings count, of rules that their owners said are right as they are: what was before does not. By `ID@rev`. */
type Resets = Readonly<Record<string, string>>;
const MEMO = 'rule-resets';

async function resetsOf(db: Kysely<Tables>): Promise<Resets> {
  const memo = await db.selectFrom('memo').select('value').where('name', '=', MEMO).executeTakeFirst();
  return (memo?.value as { readonly rules?: Resets } | undefined)?.rules ?? {};
}

/** Every rule that findings cite, and every one that is kept. Nothing is written. @param now in ms since 1970. */
export async function judgedRules(db: Kysely<Tables>, judging: Judging, now: number): Promise<readonly JudgedRule[]> {
  const window = new Date(now - judging.windowDays * DAY);
  const [kept, resets] = [await db.selectFrom('rule').selectAll().execute(), await resetsOf(db)];
  const settled = new Map(await settledSince(db, window));
  for (const [cited, at] of Object.entries(resets))
    if (new Date(at) > window)
      settled.set(cited, (await settledSince(db, new Date(at), cited)).get(cited) ?? new Map());
  const known = new Map(kept.map((row) => [`${row.rule}@${row.rev}`, row]));
  return [...new Set([...known.keys(), ...settled.keys()])].sort().flatMap((cited) => {
    const [, rule, rev] = CITED.exec(cited) ?? [];
    if (rule === undefined) return [];
    const row = known.get(cited);
    if (row?.state === PAST) return [];
    const shares = settled.get(cited) ?? new Map();
    const before = row && { state: row.state as RuleState, since: row.since.getTime() };
    const state = stateOf(shares, before, judging, now);
    return [
      {
        ...{ rule, rev: Number(rev), state, shares, ...countedOf(shares) },
        since: row && row.state === state ? row.since : new Date(now),
        mergeRequest: row?.merge_request ?? null,
        ...(before && { before: before.state }),
      },
    ];
  });
}

/** Of a revision that another one took the place of: nothing more is made of it. */
const PAST = 'past';

/** Keeps how rules fare. Those of which nothing is different are not written. @param isPast whether there is a later revision. */
export async function keepRules(
  db: Kysely<Tables>,
  rules: readonly JudgedRule[],
  now: Date,
  isPast: (rule: JudgedRule) => boolean,
): Promise<void> {
  const kept = await db.selectFrom('rule').selectAll().execute();
  const known = new Map(kept.map((row) => [`${row.rule}@${row.rev}`, row]));
  const rows = rules.flatMap((one) => {
    const { rule, rev, settled, unwanted, lower, mergeRequest } = one;
    const { state, since } = isPast(one) ? { state: PAST, since: now } : one;
    const row = { rule, rev, state, since, settled, unwanted, lower, merge_request: mergeRequest, updated_at: now };
    const before = known.get(`${rule}@${rev}`);
    const isSame = (['state', 'settled', 'unwanted', 'lower', 'merge_request'] as const).every(
      (column) => before?.[column] === row[column],
    );
    return before && isSame ? [] : [row];
  });
  if (rows.length === 0) return;
  await alone(db, async (trx) => {
    for (const row of rows) {
      const { rule: _, rev: __, ...values } = row;
      await trx
        .insertInto('rule')
        .values(row)
        .onConflict((conflict) => conflict.columns(['rule', 'rev']).doUpdateSet(values))
        .execute();
    }
  });
}

/** What its owner said of a rule: it is right as it is. It is told in full again, and counted anew. */
export async function resetRule(
  db: Kysely<Tables>,
  { rule, rev }: Pick<JudgedRule, 'rule' | 'rev'>,
  now: Date,
): Promise<void> {
  await alone(db, async (trx) => {
    const value = JSON.stringify({ rules: { ...(await resetsOf(trx)), [`${rule}@${rev}`]: now.toISOString() } });
    await trx
      .insertInto('memo')
      .values({ name: MEMO, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
    const anew = {
      state: 'learning',
      since: now,
      settled: 0,
      unwanted: 0,
      lower: 0,
      merge_request: null,
      updated_at: now,
    };
    await trx.updateTable('rule').set(anew).where('rule', '=', rule).where('rev', '=', rev).execute();
  });
}
