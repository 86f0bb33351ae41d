import { type Kysely, sql } from 'kysely';
import type { Rate } from '../../reviewer/eval/rate.ts';
import { ruleTitles } from '../status/titles.ts';
import type { FindingOutcome, Tables } from '../store/tables.ts';
import { fixedOf } from './findings.ts';
import { ofGroup, type ReportScope } from './scope.ts';

/** How a rule in one revision fares. */
export interface RuleReport {
  readonly rule: string;
  /** Null: the finding named none. */
  readonly rev: number | null;
  /** Null: no audit said it. */
  readonly title: string | null;
  readonly findings: number;
  /** In which it was broken. */
  readonly repositories: number;
  readonly outcomes: Readonly<Record<FindingOutcome, number>>;
  /** Fixed, of those that were settled. */
  readonly fixed: Rate;
  /** `learning`, `fine`, `probation`, `muted`, `past` where a later revision holds; null: not judged yet. Of the whole fleet. */
  readonly state: string | null;
}

export interface Rules {
  /** How many were broken at all, and in how many revisions. */
  readonly broken: number;
  readonly revisions: number;
  /** Those revisions that were broken most often. */
  readonly top: readonly RuleReport[];
  /** All rules that are judged, by the state of the revision that holds. */
  readonly states: Readonly<Record<string, number>>;
}

/** So many are listed. */
const SHOWN = 30;

export async function rulesOf(db: Kysely<Tables>, { group, from }: ReportScope): Promise<Rules> {
  const named = ofGroup(db.selectFrom('finding'), db, group)
    .select(['key', 'outcome', sql<string>`jsonb_array_elements_text(rules)`.as('name')])
    .where('at', '>=', from)
    .unionAll(letOff(db, { group, from }));
  const of = (outcome: FindingOutcome) => sql<string>`count(*) filter (where outcome = ${outcome})`.as(outcome);
  const [rows, broken, judged] = await Promise.all([
    db
      .selectFrom(named.as('broken'))
      .select(({ fn }) => [
        'name',
        fn.countAll().as('count'),
        fn.count('key').distinct().as('repositories'),
        sql<string>`count(*) over ()`.as('all'),
      ])
      .select([of('fixed'), of('dismissed'), of('argued'), of('waived'), of('ignored')])
      .groupBy('name')
      .orderBy('count', 'desc')
      .orderBy('name')
      .limit(SHOWN)
      .execute(),
    db
      .selectFrom(named.as('broken'))
      .select(sql<string>`count(distinct regexp_replace(name, '@[0-9]{1,9}$', ''))`.as('count'))
      .executeTakeFirstOrThrow(),
    db.selectFrom('rule').select(['rule', 'rev', 'state']).execute(),
  ]);
  const titles = await ruleTitles(
    db,
    rows.map(({ name }) => ruleIn(name).rule),
  );
  const states = new Map(judged.map(({ rule, rev, state }) => [`${rule}@${rev}`, state]));
  return {
    broken: Number(broken.count),
    revisions: Number(rows[0]?.all ?? 0),
    top: rows.map(({ name, count, repositories, all: _, ...row }) => {
      const { fixed, dismissed, argued, waived, ignored } = row;
      const outcomes = {
        fixed: Number(fixed),
        dismissed: Number(dismissed),
        argued: Number(argued),
        waived: Number(waived),
        ignored: Number(ignored),
      };
      return {
        ...ruleIn(name),
        title: titles.get(name) ?? null,
        findings: Number(count),
        repositories: Number(repositories),
        outcomes,
        fixed: fixedOf(outcomes),
        state: states.get(name) ?? null,
      };
    }),
    states: Object.fromEntries(
      [...Map.groupBy(judged, ({ state }) => state)].flatMap(([state, own]) =>
        state === 'past' ? [] : [[state, own.length]],
      ),
    ),
  };
}

/** What a waiver let off from the beginning: one for each, as if it had a row. */
function letOff(db: Kysely<Tables>, { group, from }: Pick<ReportScope, 'group' | 'from'>) {
  return ofGroup(db.selectFrom('reviewed'), db, group)
    .innerJoinLateral(
      sql<{ name: string; times: string }>`jsonb_each_text(waived)`.as<'of'>(sql`of(name, times)`),
      (on) => on.onTrue(),
    )
    .innerJoinLateral(
      sql<{ n: number }>`generate_series(1, least(times::integer, 1000))`.as<'one'>(sql`one(n)`),
      (on) => on.onTrue(),
    )
    .select(['key', sql<string>`'waived'`.as('outcome'), 'of.name'])
    .where('ended_at', '>=', from);
}

/** `ID@rev`. */
function ruleIn(name: string): Pick<RuleReport, 'rule' | 'rev'> {
  const [, rule, rev] = /^(.*)@(\d{1,9})$/s.exec(name) ?? [];
  return rule === undefined ? { rule: name, rev: null } : { rule, rev: Number(rev) };
}
