import { type Codex, RuleIndex } from '../../codex/codex.ts';
import { loweredTo } from '../../codex/feedback.ts';
import { type Citation, citationOf, SEVERITIES } from './finding.ts';
import type { Unnamed } from './fingerprint.ts';

/** Findings of a rule that is muted: counted, and told to nobody. */
export interface Muted {
  readonly rule: string;
  readonly rev: number | null;
  readonly findings: number;
}

/** What is told of findings, by how their rules fare over the fleet. */
export interface Heeded<T> {
  readonly told: readonly T[];
  readonly muted: readonly Citation[];
}

/**
 * Findings that cite nothing but rules on probation are told one severity lower and hold nothing up; of muted ones nothing is told.
 * What is more than a broken rule (of another category) counts in full, whatever it cites.
 */
export function heeded<T>(
  all: readonly T[],
  codex: Pick<Codex, 'rules'> | undefined,
  of: { get(one: T): Unnamed; set(one: T, finding: Unnamed): T },
): Heeded<T> {
  const index = new RuleIndex((codex?.rules ?? []).filter((rule) => loweredTo(rule) !== undefined));
  const told: T[] = [];
  const muted: Citation[] = [];
  for (const one of all) {
    const finding = of.get(one);
    const states = finding.rules.map(({ id, rev }) => {
      const rule = index.get(id);
      return rule && (rev ?? rule.rev) === rule.rev ? loweredTo(rule) : undefined;
    });
    if (finding.category !== 'codex' || states.length === 0 || states.includes(undefined)) told.push(one);
    else if (states.includes('probation')) told.push(of.set(one, onProbation(finding)));
    else muted.push(...finding.rules);
  }
  return { told, muted };
}

function onProbation(finding: Unnamed): Unnamed {
  const { severity } = finding;
  const lower = SEVERITIES[SEVERITIES.indexOf(severity) + 1];
  return { ...finding, probation: severity, ...(lower ? { severity: lower } : { trivial: true }) };
}

/** How often each rule was found and not told. */
export function mutedCounts(muted: readonly Citation[]): readonly Muted[] {
  return [...Map.groupBy(muted, citationOf).values()]
    .map((same) => ({ rule: same[0]!.id, rev: same[0]!.rev, findings: same.length }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}
