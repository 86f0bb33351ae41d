import { citationsOf } from '../codex/citations.ts';
import type { Rule } from '../rule.ts';

/** A rule that is cited and does not apply to the repository. */
export const inapplicableCodexId: Rule = {
  id: 'AMD504',
  name: 'inapplicable-codex-id',
  severity: 'warning',
  title: 'A document cites a rule that does not apply to this repository.',
  why: 'The rule is for another stack: what it asks for is not there, or was taken out.',
  source: 'docs/codex.md',
  *check(document, { codex }) {
    if (!codex) return;
    for (const citation of citationsOf(document)) {
      const rule = codex.index.get(citation.id);
      const match = rule && codex.matches.get(rule.id);
      if (match?.applies !== 'no') continue;
      yield {
        at: citation,
        severity: 'warning',
        message: `${match.rule.id} ("${match.rule.title}") does not apply here: ${match.because}`,
      };
    }
  },
};
