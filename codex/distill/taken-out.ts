import type { IdLedger } from '../ids.ts';
import { anchorOf } from '../ids-identity.ts';
import { contentWords } from '../ids-words.ts';
import { likeness } from '../import/match.ts';
import { MERGED, REMOVED } from '../import/plan.ts';
import { quoteHash } from '../quote.ts';
import { isRetired, type Rule } from '../rule.ts';
import type { Candidate } from './candidate.ts';
import { SPLIT } from './plan.ts';
import { quoteOf } from './rule-text.ts';
import { folded } from './standing.ts';

/** A tombstone of ours: its rule comes back when its section does. Those that people set stay. */
export function wentByItself({ deprecatedReason = '' }: Rule): boolean {
  return deprecatedReason.startsWith(REMOVED) || deprecatedReason.startsWith(MERGED);
}

/**
 * Which candidates people took out of the codex, and under which ID: they retired the rule, or deleted its file. They do not
 * come back before the source says something else.
 */
export function takenOut(
  candidates: readonly Candidate[],
  rules: readonly Rule[],
  ledger: IdLedger,
  placeOf: (candidate: Candidate) => string,
): ReadonlyMap<Candidate, string> {
  const retired = rules.filter(
    (rule) => isRetired(rule) && !wentByItself(rule) && !rule.deprecatedReason?.startsWith(SPLIT),
  );
  const present = new Set(rules.map(({ id }) => id));
  const deleted = Object.entries(ledger.ids).filter(([id]) => !present.has(id));
  const found = new Map<Candidate, string>();
  for (const candidate of candidates) {
    const [place, hash, quote] = [placeOf(candidate), quoteHash(candidate.unit.section.quote), folded(candidate.quote)];
    const tombstone = retired.find((rule) => {
      const own = quoteOf(rule);
      return own === undefined ? anchorOf(rule) === place && rule.source?.quoteHash === hash : own === quote;
    });
    const alone = candidates.filter(({ unit }) => unit === candidate.unit).length === 1;
    const entry = deleted.find(
      ([, { title, anchor, quoteHash: known }]) =>
        anchor === place &&
        known === hash &&
        (alone || likeness(contentWords(title), contentWords(candidate.title)) >= SAME_TITLE),
    );
    const id = tombstone?.id ?? entry?.[0];
    if (id !== undefined) found.set(candidate, id);
  }
  return found;
}

/** So alike are the titles of one rule. */
const SAME_TITLE = 0.8;
