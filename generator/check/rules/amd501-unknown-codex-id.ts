import { closestMatch } from 'leven';
import { removedRule } from '../../../codex/codex.ts';
import { lastName } from '../../../facts/path-index.ts';
import { type Citation, citationsOf } from '../codex/citations.ts';
import type { CodexWorld } from '../codex/world.ts';
import type { Rule } from '../rule.ts';

/** A rule, or a revision of one, that is cited and that the codex does not have. */
export const unknownCodexId: Rule = {
  id: 'AMD501',
  name: 'unknown-codex-id',
  severity: 'error',
  title: 'A document cites a rule, or a revision of one, that the codex does not have.',
  why: 'Nobody can look up what the line rests on: an agent takes it for a rule of the company, and a reviewer cannot say which.',
  source: 'docs/codex.md',
  *check(document, { codex }) {
    if (!codex) return;
    const ids = [...codex.index.ids()];
    const series = new Set(ids.map(seriesOf));
    for (const citation of citationsOf(document)) {
      const severity = citation.explicit ? 'error' : 'warning';
      const rule = codex.index.get(citation.id);
      if (rule && isImpossible(citation, rule.rev, codex))
        yield { at: citation, severity, message: `${rule.id} has no revision ${citation.rev}, it is at ${rule.rev}` };
      if (rule || removedRule(citation.id, codex.codex) || isUnread(citation.id, codex)) continue;
      // `RFC-2119` is no rule of a codex whose IDs are `RFC-021`.
      if (!citation.explicit && !series.has(seriesOf(citation.id))) continue;
      const near = closestMatch(citation.id, ids, { maxDistance: 2 });
      yield {
        at: citation,
        severity,
        message: `${codex.codex.manifest.title} (${codex.codex.origin}) has no rule ${citation.id}${near ? `; the nearest is ${near}` : ''}`,
      };
    }
  },
};

/** A revision that there never was. Without a ledger nobody counted them. */
function isImpossible({ rev }: Citation, current: number, { codex }: CodexWorld): boolean {
  return rev !== undefined && codex.ledger !== undefined && (rev < 1 || rev > current);
}

/** IDs that differ in nothing but their number. */
function seriesOf(id: string): string {
  return id.replace(/\d+$/, (digits) => '0'.repeat(digits.length));
}

/** Its file is there, and could not be read. */
function isUnread(id: string, { codex }: CodexWorld): boolean {
  return codex.problems.some(({ file }) => lastName(file) === `${id}.md`);
}
