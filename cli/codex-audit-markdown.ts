import type { AuditChange } from '../codex/audit/baseline.ts';
import type { Audit, Evidence, RuleAudit } from '../codex/audit/verdict.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  type Inline,
  md,
  note,
  paragraph,
  table,
  text,
} from '../forge/render/index.ts';
import { auditSummary, CHANGES, changeText, ORDER, placeOf, voteText, withVerdict } from './codex-audit-text.ts';

/** It is shown anywhere: nothing in it may lead to where nobody allowed it to. */
const NOWHERE = { instance: 'https://gitlab.invalid', hosts: [] };
/** In characters; of more rules the last are left out, and it says so. */
const LONGEST = 900_000;

/** An audit as Markdown in which nothing that a repository or a model wrote means anything. */
export function auditMarkdown(audit: Audit, changes: readonly AuditChange[]): string {
  const { repository, commit, worktree, codex, rules } = audit;
  const at = commit === null ? md`no commit` : md`${code(commit)}`;
  const state = worktree ? md`, its working tree` : md``;
  const sorted = ORDER.flatMap((verdict) => withVerdict(verdict, rules));
  const told = sorted.filter(({ verdict, votes }) => verdict === 'NON-COMPLIANT' || verdict === 'PARTIAL' || votes);
  const blocks: readonly Block[] = [
    heading(2, md`Audit of ${text(repository)}`),
    paragraph(
      md`At ${at}${state}, by the codex ${code(codex.origin)} (${code(codex.revision)}). ${text(auditSummary(audit))}.`,
    ),
    ...(changes.length === 0 ? [] : changeBlocks(changes)),
    ...told.flatMap(ruleBlocks),
    heading(3, md`Every rule`),
    table([md`rule`, md`level`, md`status`, md`verdict`, md`reason`], sorted.map(row)),
  ];
  return `${note(NOWHERE, blocks, LONGEST)}\n`;
}

function row({ rule, rev, level, status, verdict, reason }: RuleAudit): readonly Inline[] {
  return [code(`${rule}@${rev}`), text(level), text(status), text(verdict), text(reason)];
}

function changeBlocks(changes: readonly AuditChange[]): readonly Block[] {
  const rows = changes.map((change) => [text(CHANGES[change.kind]), code(change.rule), text(changeText(change))]);
  return [heading(3, md`Since the baseline`), table([md`what`, md`rule`, md`verdict`], rows)];
}

function ruleBlocks(rule: RuleAudit): readonly Block[] {
  const { rev, level, status, title, verdict, reason, evidence, steps, votes = [] } = rule;
  return [
    heading(3, md`${code(`${rule.rule}@${rev}`)} ${text(verdict)}: ${text(title)}`),
    paragraph(md`${text(level)}, ${text(status)}. ${text(reason)}`),
    ...(evidence.length === 0 ? [] : [bullets(evidence.map(evidenceText))]),
    ...(steps.length === 0 ? [] : [paragraph(md`To do:`), bullets(steps.map((step) => text(step)))]),
    ...(votes.length === 0
      ? []
      : [
          table(
            [md`role`, md`says`, md`because`],
            votes.map((vote) => [text(vote.role), text(voteText(vote)), text(vote.reason)]),
          ),
        ]),
  ];
}

function evidenceText(evidence: Evidence): Inline {
  const { quote, note: remark } = evidence;
  const place = code(placeOf(evidence));
  if (quote === '') return remark === '' ? md`${place}` : md`${place}: ${text(remark)}`;
  return remark === '' ? md`${place}: ${code(quote)}` : md`${place}: ${code(quote)} (${text(remark)})`;
}
