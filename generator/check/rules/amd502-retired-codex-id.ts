import { isRetired } from '../../../codex/rule.ts';
import { citationsOf } from '../codex/citations.ts';
import type { Rule } from '../rule.ts';

/** A rule that is cited and no longer in force. */
export const retiredCodexId: Rule = {
  id: 'AMD502',
  name: 'retired-codex-id',
  severity: 'warning',
  title: 'A document cites a rule that was taken out of force.',
  why: 'The line asks for what the company no longer asks for, or for what another rule says now.',
  source: 'docs/codex.md',
  *check(document, { codex }) {
    if (!codex) return;
    for (const citation of citationsOf(document)) {
      const rule = codex.index.get(citation.id);
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
