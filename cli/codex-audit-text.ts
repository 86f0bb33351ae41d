import type { AuditChange, ChangeKind } from '../codex/audit/baseline.ts';
import {
  type Audit,
  type Evidence,
  isBreach,
  type RuleAudit,
  VERDICTS,
  type Verdict,
  type Vote,
} from '../codex/audit/verdict.ts';
import { LEVELS } from '../codex/rule.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

type Style = Output['style'];

const COLORS: Readonly<Record<Verdict, Parameters<Style>[0]>> = {
  'NON-COMPLIANT': 'red',
  PARTIAL: 'yellow',
  COMPLIANT: 'green',
  'NOT-APPLICABLE': 'dim',
  'NOT-CHECKED': 'magenta',
};

/** What each kind of change since a baseline is called. */
export const CHANGES: Readonly<Record<ChangeKind, string>> = {
  'newly-broken': 'newly broken',
  fixed: 'fixed',
  lost: 'not checked any more',
  other: 'judged otherwise',
  revised: 'rule revised',
  new: 'new rule',
  gone: 'rule gone',
};

/** In the order in which they are told: what is to be done first, what says nothing last. */
export const ORDER: readonly Verdict[] = ['NON-COMPLIANT', 'PARTIAL', 'NOT-CHECKED', 'COMPLIANT', 'NOT-APPLICABLE'];

/** Broken rules with their lines and what to do, then the others, each with its reason; those that do not apply by their IDs. */
export function auditText({ rules }: Audit, changes: readonly AuditChange[], style: Style): string {
  const parts = ORDER.flatMap((verdict) => {
    const said = withVerdict(verdict, rules);
    if (said.length === 0) return [];
    if (verdict === 'NOT-APPLICABLE')
      return [`${heading(verdict, style)}\n  ${said.map(({ rule }) => rule).join(', ')}\n`];
    return [`${heading(verdict, style)}\n${said.map((rule) => ruleText(rule, style)).join('')}`];
  });
  return [...parts, ...(changes.length === 0 ? [] : [changesText(changes, style)])].join('\n');
}

/** Those of a verdict, by ID; of what there is to be done about what is a MUST in force comes first, then by level. */
export function withVerdict(verdict: Verdict, rules: readonly RuleAudit[]): readonly RuleAudit[] {
  const said = rules.filter((rule) => rule.verdict === verdict);
  if (verdict === 'COMPLIANT' || verdict === 'NOT-APPLICABLE') return said;
  const rank = (rule: RuleAudit): number => (isBreach(rule) ? -1 : LEVELS.indexOf(rule.level));
  return said.sort((a, b) => rank(a) - rank(b));
}

function heading(verdict: Verdict, style: Style): string {
  return style('bold', style(COLORS[verdict], verdict));
}

function ruleText(rule: RuleAudit, style: Style): string {
  const { level, status, title, reason, evidence, steps, votes = [] } = rule;
  const name = `${style('bold', printableLine(rule.rule))}@${rule.rev}  ${level} ${status}  ${printableLine(title)}`;
  const isBroken = rule.verdict === 'NON-COMPLIANT' || rule.verdict === 'PARTIAL';
  const shown = isBroken || votes.length > 0 ? evidence : [];
  return [
    `  ${name}\n    ${style('dim', printableLine(reason))}\n`,
    table(
      shown.map((each) => [placeOf(each), printableLine(each.quote || each.note)]),
      '    ',
    ),
    ...steps.map((step, at) => `    ${at === 0 ? 'to do: ' : '       '}${printableLine(step)}\n`),
    table(
      votes.map((vote) => voteCells(vote, style)),
      '    ',
    ),
  ].join('');
}

export function placeOf({ path, line }: Evidence): string {
  return printableLine(line === null ? path : `${path}:${line}`);
}

function voteCells(vote: Vote, style: Style): string[] {
  return [style('dim', vote.role), printableLine(voteText(vote)), printableLine(vote.reason)];
}

/** What a role said, and why it does not count where it does not. */
export function voteText({ said, counts, why, unresolved }: Vote): string {
  const lost = unresolved === 0 ? '' : `; ${unresolved} quoted ${unresolved === 1 ? 'line is' : 'lines are'} not there`;
  return `${said ?? 'no vote'}${counts ? '' : ` (does not count: ${why})`}${lost}`;
}

function changesText(changes: readonly AuditChange[], style: Style): string {
  const rows = changes.map((change) => [
    CHANGES[change.kind],
    style('bold', printableLine(change.rule)),
    changeText(change),
  ]);
  return `${style('bold', 'Since the baseline')}\n${table(rows, '  ')}`;
}

export function changeText({ before, after }: AuditChange): string {
  if (before === undefined) return printableLine(after ?? '');
  if (after === undefined) return printableLine(`was ${before}`);
  // `(MUST, revision 1)`, said once where it is as it was.
  const [, rule = ''] = / (\(.*\))$/.exec(after) ?? [];
  const was = before.endsWith(` ${rule}`) ? before.slice(0, -rule.length - 1) : before;
  return printableLine(`${was} -> ${after}`);
}

/** `3 NON-COMPLIANT (1 a MUST in force), 40 COMPLIANT, ...`, for stderr. */
export function auditSummary({ rules }: Audit): string {
  const breaches = rules.filter(isBreach).length;
  const parts = VERDICTS.flatMap((verdict) => {
    const number = rules.filter((rule) => rule.verdict === verdict).length;
    if (number === 0) return [];
    return [`${number} ${verdict}${verdict === 'NON-COMPLIANT' ? ` (${breaches} MUST in force)` : ''}`];
  });
  return `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}: ${parts.join(', ') || 'none to audit'}`;
}
