import { CATEGORIES, SEVERITIES } from '../findings/finding.ts';
import { RISK_TIERS } from '../scope/tier.ts';
import type { EvalCase } from './case.ts';
import { type Matching, match, type Told } from './match.ts';
import { f1Of, type Rate, rateOf } from './rate.ts';
import type { CaseResult } from './run.ts';

/** Whose findings are scored: those of models, those that are computed, or both. */
export const WHOSE = ['models', 'computed', 'all'] as const;
export type Whose = (typeof WHOSE)[number];

/** Part of a score: how many defects of a kind were found, and how many findings of it were right. */
export interface Row {
  readonly name: string;
  readonly recall: Rate;
  readonly precision: Rate;
}

export interface Score {
  /** Cases that came to a decision; nothing else is in any number here. */
  readonly reviews: number;
  readonly recall: Rate;
  /** Of all findings those that are a defect; one that was told twice is right once. */
  readonly precision: Rate;
  readonly f1: number | null;
  /** Defects with a finding at their place, whatever it is about. */
  readonly placed: Rate;
  readonly findings: number;
  /** Findings that say what another one said. */
  readonly again: number;
  /** Findings at the place of a defect that are of another category. */
  readonly beside: number;
  /** Clean cases with nothing said about them. */
  readonly silent: Rate;
  /** Findings for each clean case; `null`: there is no such case. */
  readonly perClean: number | null;
  readonly category: readonly Row[];
  readonly severity: readonly Row[];
  readonly tier: readonly Row[];
  /** All of a reviewer's recall is of all defects: nobody is asked for one alone. */
  readonly agent: readonly Row[];
}

/** A case, what was said of it, and what of that was right. */
interface Judged {
  readonly one: EvalCase;
  readonly result: CaseResult;
  readonly findings: readonly Told[];
  readonly matching: Matching;
}

/** How good the findings of a run are, by the labels that its cases have now. */
export function scoreOf(cases: readonly EvalCase[], results: readonly CaseResult[], whose: Whose): Score {
  const judged = judgedOf(cases, results, whose);
  const defects = judged.flatMap(({ one, result, findings, matching }) =>
    one.defects.map((defect, at) => {
      const found = matching.found.get(at);
      return { ...defect, tier: result.tier, by: found === undefined ? undefined : findings[found]!.agent };
    }),
  );
  const findings = judged.flatMap(({ result, findings, matching }) => {
    const right = new Set(matching.found.values());
    return findings.map((finding, at) => ({ ...finding, tier: result.tier, right: right.has(at) }));
  });
  const rows = (names: readonly string[], key: 'category' | 'severity' | 'tier'): readonly Row[] =>
    names.flatMap((name) => {
      const [those, said] = [defects.filter((one) => one[key] === name), findings.filter((one) => one[key] === name)];
      return those.length + said.length === 0 ? [] : [{ name, ...rates(those, said) }];
    });
  const agents = [...new Set(findings.map(({ agent }) => agent))].sort();
  const clean = judged.filter(({ one }) => one.clean);
  const { recall, precision } = rates(defects, findings);
  const noise = clean.reduce((sum, { findings }) => sum + findings.length, 0);
  return {
    ...{ reviews: judged.length, recall, precision, f1: f1Of(precision, recall), findings: findings.length },
    placed: rateOf(sum(judged, placedIn), defects.length),
    again: sum(judged, ({ matching }) => matching.again.length),
    beside: sum(judged, ({ matching }) => matching.beside.length),
    silent: rateOf(clean.filter(({ findings }) => findings.length === 0).length, clean.length),
    perClean: clean.length === 0 ? null : noise / clean.length,
    category: rows(CATEGORIES, 'category'),
    severity: rows(SEVERITIES, 'severity'),
    tier: rows(RISK_TIERS, 'tier'),
    agent: agents.map((name) => ({
      name,
      recall: rateOf(defects.filter(({ by }) => by === name).length, defects.length),
      precision: rates(
        [],
        findings.filter(({ agent }) => agent === name),
      ).precision,
    })),
  };
}

function rates(
  defects: readonly { readonly by: string | undefined }[],
  findings: readonly { readonly right: boolean }[],
): Pick<Row, 'recall' | 'precision'> {
  return {
    recall: rateOf(defects.filter(({ by }) => by !== undefined).length, defects.length),
    precision: rateOf(findings.filter(({ right }) => right).length, findings.length),
  };
}

function judgedOf(cases: readonly EvalCase[], results: readonly CaseResult[], whose: Whose): readonly Judged[] {
  const byName = new Map(results.map((result) => [result.name, result]));
  return cases.flatMap((one) => {
    const result = byName.get(one.name);
    if (!result || result.decision === null) return [];
    const findings = result.findings.filter(({ computed }) => whose === 'all' || computed === (whose === 'computed'));
    return [{ one, result, findings, matching: match(one.defects, findings) }];
  });
}

/** Defects that were told, or stood beside what was. */
function placedIn({ one, findings }: Judged): number {
  const anyCategory = one.defects.map((defect) => ({ ...defect, alsoAccept: [...CATEGORIES] }));
  return match(anyCategory, findings).found.size;
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}

/** What a run took, over all cases that were asked about, those that came to no decision too. */
export interface Took {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly estimated: boolean;
  /** In the currency of the price tables; `null` where any of it is not known. */
  readonly cost: number | null;
  readonly calls: number;
  /** Of all reviews one after the other. */
  readonly ms: number;
}

export function tookOf(results: readonly CaseResult[]): Took {
  const spent = results.flatMap(({ spent }) => spent ?? []);
  const isPriced = spent.every(({ cost }) => cost !== null);
  return {
    inputTokens: sum(spent, ({ usage }) => usage.inputTokens),
    cachedTokens: sum(spent, ({ usage }) => usage.cachedTokens),
    outputTokens: sum(spent, ({ usage }) => usage.outputTokens),
    estimated: spent.some(({ usage }) => usage.estimated),
    cost: isPriced ? sum(spent, ({ cost }) => cost!) : null,
    calls: sum(spent, ({ calls }) => calls),
    ms: sum(results, ({ ms }) => ms),
  };
}

/** Which defects were found, by whomever: `case/id`. */
function foundIn(cases: readonly EvalCase[], results: readonly CaseResult[], whose: Whose): ReadonlySet<string> {
  const judged = judgedOf(cases, results, whose);
  return new Set(
    judged.flatMap(({ one, matching }) => [...matching.found.keys()].map((at) => `${one.name}/${one.defects[at]!.id}`)),
  );
}

/** A run beside an earlier one: only cases count that both decided, and that are the same. */
export interface Comparison {
  readonly cases: readonly string[];
  /** Cases of now that cannot be compared, by what they lack. */
  readonly apart: readonly string[];
  readonly now: Readonly<Record<Whose, Score>>;
  readonly was: Readonly<Record<Whose, Score>>;
  readonly took: { readonly now: Took; readonly was: Took };
  readonly newlyFound: readonly string[];
  readonly lost: readonly string[];
}

export function compared(
  cases: readonly EvalCase[],
  now: readonly CaseResult[],
  was: readonly CaseResult[],
): Comparison {
  const isIn = (results: readonly CaseResult[], { name, hash }: EvalCase) =>
    results.some((one) => one.name === name && one.hash === hash && one.decision !== null);
  const both = cases.filter((one) => isIn(now, one) && isIn(was, one));
  const names = new Set(both.map(({ name }) => name));
  const inBoth = (results: readonly CaseResult[]) => results.filter(({ name }) => names.has(name));
  const [here, there] = [inBoth(now), inBoth(was)];
  const [found, had] = [foundIn(both, here, 'all'), foundIn(both, there, 'all')];
  return {
    cases: [...names],
    apart: cases.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    now: scoresOf(both, here),
    was: scoresOf(both, there),
    took: { now: tookOf(here), was: tookOf(there) },
    newlyFound: [...found.difference(had)].sort(),
    lost: [...had.difference(found)].sort(),
  };
}

export function scoresOf(cases: readonly EvalCase[], results: readonly CaseResult[]): Readonly<Record<Whose, Score>> {
  return {
    models: scoreOf(cases, results, 'models'),
    computed: scoreOf(cases, results, 'computed'),
    all: scoreOf(cases, results, 'all'),
  };
}
