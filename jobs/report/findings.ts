import { type Kysely, sql } from 'kysely';
import { type Rate, rateOf } from '../../reviewer/eval/rate.ts';
import type { Tables } from '../store/tables.ts';
import { ofGroup, type ReportScope } from './scope.ts';

/** Findings of reviews whose merge requests ended in the time that is looked at. */
export interface Findings {
  readonly total: number;
  /** Merge requests that have one. */
  readonly mergeRequests: number;
  readonly bySeverity: readonly Counted[];
  readonly byCategory: readonly Counted[];
  readonly byAgent: readonly (Counted & { readonly computed: boolean })[];
  /** Fixed, of those that were settled. */
  readonly fixed: Rate;
}

/** How many there are of one kind, and how they ended. The most frequent come first. */
export interface Counted {
  readonly name: string;
  readonly count: number;
  readonly severities: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly fixed: Rate;
}

/** So many kinds of one sort at most; what is left out is rare. */
const SHOWN = 20;

interface Cell {
  readonly agent: string;
  readonly computed: boolean;
  readonly severity: string;
  readonly category: string;
  readonly outcome: string;
  readonly count: number;
}

export async function findingsOf(db: Kysely<Tables>, { group, from }: ReportScope): Promise<Findings> {
  const findings = () => ofGroup(db.selectFrom('finding'), db, group).where('at', '>=', from);
  const [cells, having] = await Promise.all([
    findings()
      .select(({ fn }) => ['agent', 'computed', 'severity', 'category', 'outcome', fn.countAll().as('count')])
      .groupBy(['agent', 'computed', 'severity', 'category', 'outcome'])
      .execute(),
    findings().select(sql<string>`count(distinct (key, iid))`.as('count')).executeTakeFirstOrThrow(),
  ]);
  const all = cells.map((cell): Cell => ({ ...cell, count: Number(cell.count) }));
  const computed = new Set(all.flatMap((cell) => (cell.computed ? [cell.agent] : [])));
  return {
    total: countOf(all),
    mergeRequests: Number(having.count),
    bySeverity: countedBy(all, ({ severity }) => severity).toSorted((a, b) => rank(a.name) - rank(b.name)),
    byCategory: countedBy(all, ({ category }) => category),
    byAgent: countedBy(all, ({ agent }) => agent).map((each) => ({ ...each, computed: computed.has(each.name) })),
    fixed: fixedOf(sumsOf(all, ({ outcome }) => outcome)),
  };
}

function rank(severity: string): number {
  const at = ['critical', 'warning', 'suggestion'].indexOf(severity);
  return at === -1 ? 3 : at;
}

function countedBy(cells: readonly Cell[], nameOf: (cell: Cell) => string): readonly Counted[] {
  return [...Map.groupBy(cells, nameOf)]
    .map(([name, own]) => {
      const outcomes = sumsOf(own, ({ outcome }) => outcome);
      const severities = sumsOf(own, ({ severity }) => severity);
      return { name, count: countOf(own), severities, outcomes, fixed: fixedOf(outcomes) };
    })
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN);
}

function countOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { count }) => sum + count, 0);
}

function sumsOf(cells: readonly Cell[], nameOf: (cell: Cell) => string): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(cells, nameOf)].map(([name, own]) => [name, countOf(own)]));
}

/** Where people answered and nobody settled it, nothing is settled. */
export function fixedOf(outcomes: Readonly<Record<string, number>>): Rate {
  const { fixed = 0, dismissed = 0, waived = 0, ignored = 0 } = outcomes;
  return rateOf(fixed, fixed + dismissed + waived + ignored);
}
