import { removedRule } from '../../../codex/codex.ts';
import { type Rule as CodexRule, isRetired } from '../../../codex/rule.ts';
import { type Citation, citationsOf } from '../codex/citations.ts';
import type { Rule } from '../rule.ts';

/** A rule, or a revision of one, that is cited and no longer in force. */
export const retiredCodexId: Rule = {
  id: 'AMD502',
  name: 'retired-codex-id',
  severity: 'warning',
  title: 'A document cites a rule that was taken out of force or removed, or an old revision of one.',
  why: 'The line asks for what the company no longer asks for, or for what another rule says now, or a newer revision.',
  source: 'docs/codex.md',
  *check(document, { codex }) {
    if (!codex) return;
    for (const citation of citationsOf(document)) {
      const rule = codex.index.get(citation.id);
      const removed = rule ? undefined : removedRule(citation.id, codex.codex);
      if (removed)
        yield {
          at: citation,
          severity: 'warning',
          message: `${removed.id} ("${removed.title}") was removed from the codex`,
        };
      if (rule && !isRetired(rule) && isOld(citation, rule))
        yield {
          at: citation,
          severity: 'warning',
          message: `${rule.id}@${citation.rev} is an old revision: the rule changed since (now ${rule.rev})`,
          replacement: `${rule.id}@${rule.rev}`,
        };
      if (!rule || !isRetired(rule)) continue;
      const successors = codex.index.successors(rule).map(({ id }) => id);
      const instead = successors.length > 0 ? `; ${successors.join(' and ')} took its place` : '';
      const reason = rule.deprecatedReason === undefined ? '' : `: ${rule.deprecatedReason}`;
      yield {
        at: citation,
        severity: 'warning',
        message: `${rule.id} is ${rule.status}${instead || reason}`,
        ...(successors.length > 0 ? { replacement: successors.join(', ') } : {}),
      };
    }
  },
};

function isOld({ rev }: Citation, rule: CodexRule): boolean {
  return rev !== undefined && rev >= 1 && rev < rule.rev;
}
