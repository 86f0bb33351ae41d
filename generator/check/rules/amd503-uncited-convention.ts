import type { Match } from '../../../codex/match.ts';
import { citationsOf } from '../codex/citations.ts';
import { alikeness, wordsOf } from '../codex/words.ts';
import { paragraphsOf } from '../prose/sentences.ts';
import type { Rule } from '../rule.ts';

/** A bullet in these words is the rule. */
const ALIKE = 0.75;
/** Shorter titles are alike by chance. */
const FEWEST_WORDS = 3;

/** A bullet that says what a rule of the codex says, without its ID. */
export const uncitedConvention: Rule = {
  id: 'AMD503',
  name: 'uncited-convention',
  severity: 'info',
  title: 'A bullet says what a rule of the codex says, without its ID.',
  why: 'With the ID the line can be looked up, follows the rule when it changes, and reviews cite the same thing.',
  source: 'docs/codex.md',
  *check(document, { codex }) {
    if (!codex) return;
    const rules = [...codex.matches.values()].flatMap((match) => (isTold(match) ? [wordsOfRule(match)] : []));
    if (rules.length === 0) return;
    const cited = new Set(citationsOf(document).map(({ line }) => line));
    for (const { within, text, piece } of paragraphsOf(document)) {
      if (within !== 'item' || cited.has(piece.line)) continue;
      const words = wordsOf(text);
      const best = rules
        .map(({ rule, title }) => ({ rule, score: title.size < FEWEST_WORDS ? 0 : alikeness(words, title) }))
        .sort((a, b) => b.score - a.score)[0]!;
      if (best.score < ALIKE) continue;
      yield {
        at: piece,
        severity: 'info',
        message: `${best.rule.id} of the codex says this: "${best.rule.title}"; cite it with (Codex: ${best.rule.id})`,
      };
    }
  },
};

function isTold({ applies, rule }: Match): boolean {
  return applies === 'yes' && rule.status === 'active';
}

function wordsOfRule({ rule }: Match) {
  return { rule, title: wordsOf(rule.title) };
}
