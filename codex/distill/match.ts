import { anchorOf } from '../ids-identity.ts';
import { contentWords, sharedWords } from '../ids-words.ts';
import { likeness } from '../import/match.ts';
import type { SourceSection } from '../import/section.ts';
import { quoteHash } from '../quote.ts';
import type { Rule } from '../rule.ts';
import type { Candidate } from './candidate.ts';
import { quoteOf } from './rule-text.ts';
import { folded } from './standing.ts';

/** A candidate that is a rule the codex has already. */
export interface Matched {
  readonly candidate: Candidate;
  readonly rule: Rule;
}

/** One rule that became several. */
export interface Split {
  readonly rule: Rule;
  readonly into: readonly Candidate[];
}

/** Nobody can tell which rule it is: people decide. The rules that it may be stay as they are. */
export interface Ambiguous {
  readonly candidate: Candidate;
  readonly ids: readonly string[];
}

export interface CandidateMatching {
  readonly matched: readonly Matched[];
  readonly splits: readonly Split[];
  readonly ambiguous: readonly Ambiguous[];
  /** Those of no rule so far. */
  readonly fresh: readonly Candidate[];
}

/** So alike are two texts of one rule in one place; elsewhere their titles have to be. The next best one is so much less like it. */
const SAME_PLACE = 0.35;
const SAME_TITLE = 0.8;
const CLEARLY = 0.15;

/**
 * Which candidate is which rule: by the place in the document, by the quote, by words and level. Nothing is guessed.
 *
 * @param known Rules whose sections were read anew, or are gone.
 */
export function matchCandidates(
  candidates: readonly Candidate[],
  known: readonly Rule[],
  docOf: (section: SourceSection) => string,
): CandidateMatching {
  const matching = new Matcher(candidates, known, docOf);
  matching.byQuote(true);
  matching.splits();
  matching.byPlace();
  matching.byQuote(false);
  matching.bySection();
  matching.byTitle();
  return matching.result();
}

class Matcher {
  readonly #candidates: Set<Candidate>;
  readonly #rules: Set<Rule>;
  readonly #docOf: (section: SourceSection) => string;
  readonly #matched: Matched[] = [];
  readonly #splits: Split[] = [];
  readonly #ambiguous: Ambiguous[] = [];

  constructor(candidates: readonly Candidate[], known: readonly Rule[], docOf: (section: SourceSection) => string) {
    this.#candidates = new Set(candidates);
    this.#rules = new Set(known);
    this.#docOf = docOf;
  }

  result(): CandidateMatching {
    const { matched, splits, ambiguous } = { matched: this.#matched, splits: this.#splits, ambiguous: this.#ambiguous };
    return { matched, splits, ambiguous, fresh: [...this.#candidates] };
  }

  #placeOf({ unit: { section } }: Candidate): string {
    return `${this.#docOf(section)}#${section.anchor}`;
  }

  #claim(candidate: Candidate, rule: Rule): void {
    this.#matched.push({ candidate, rule });
    this.#candidates.delete(candidate);
    this.#rules.delete(rule);
  }

  /** The same words, in the same place or anywhere. */
  byQuote(samePlace: boolean): void {
    for (const candidate of [...this.#candidates]) {
      const quote = folded(candidate.quote);
      const same = [...this.#rules].filter(
        (rule) => quoteOf(rule) === quote && (!samePlace || anchorOf(rule) === this.#placeOf(candidate)),
      );
      if (same.length === 1) this.#claim(candidate, same[0]!);
    }
  }

  /** The one rule of a section whose words are now those of several. */
  splits(): void {
    const places = Map.groupBy(this.#candidates, (candidate) => this.#placeOf(candidate));
    for (const [place, here] of places) {
      const rules = [...this.#rules].filter((rule) => anchorOf(rule) === place);
      const [rule] = rules;
      if (rules.length !== 1 || !rule || here.length < 2) continue;
      const old = wordsOf(rule);
      const parts = here.filter((candidate) => sharedWords(contentWords(candidate.quote), old) >= 0.5);
      const covered = new Set(parts.flatMap(({ quote }) => contentWords(quote)));
      const share = new Set(old.filter((word) => covered.has(word))).size / new Set(old).size;
      const whole = here.some((candidate) => likeness(wordsOf(candidate), old) >= SAME_TITLE);
      if (parts.length < 2 || share < 0.5 || whole) continue;
      this.#splits.push({ rule, into: parts });
      this.#rules.delete(rule);
      for (const part of parts) this.#candidates.delete(part);
    }
  }

  /** One that is left and one that is left are the same, where they speak of one thing; else the most alike. */
  byPlace(): void {
    const places = Map.groupBy(this.#candidates, (candidate) => this.#placeOf(candidate));
    for (const [place, here] of places) {
      const rules = [...this.#rules].filter((rule) => anchorOf(rule) === place);
      const [only] = here;
      if (rules.length === 1 && here.length === 1 && isRelated(only!, rules[0]!)) this.#claim(only!, rules[0]!);
      else this.#mostAlike(here, rules, SAME_PLACE, (candidate, rule) => likeness(wordsOf(candidate), wordsOf(rule)));
    }
  }

  /** Of a rule that keeps no quote: its section word for word, in another place. */
  bySection(): void {
    for (const candidate of [...this.#candidates]) {
      const hash = quoteHash(candidate.unit.section.quote);
      const same = [...this.#rules].filter(({ source }) => source?.quoteHash === hash);
      const rivals = [...this.#candidates].filter(({ unit }) => unit === candidate.unit);
      if (same.length === 1 && rivals.length === 1) this.#claim(candidate, same[0]!);
    }
  }

  byTitle(): void {
    const score = (candidate: Candidate, rule: Rule): number =>
      candidate.level === rule.level ? likeness(contentWords(candidate.title), contentWords(rule.title)) : 0;
    this.#mostAlike([...this.#candidates], [...this.#rules], SAME_TITLE, score);
  }

  #mostAlike(
    candidates: readonly Candidate[],
    rules: readonly Rule[],
    least: number,
    score: (candidate: Candidate, rule: Rule) => number,
  ): void {
    const scored = candidates.flatMap((candidate) =>
      rules
        .map((rule) => ({ candidate, rule, score: score(candidate, rule) }))
        .filter((pair) => pair.score >= least - CLEARLY),
    );
    for (const candidate of candidates) {
      const own = scored.filter((pair) => pair.candidate === candidate).sort((a, b) => b.score - a.score);
      const [best, second] = own;
      if (!best || best.score < least) continue;
      const rivals = scored.filter((pair) => pair.rule === best.rule && pair.candidate !== candidate);
      const clear = (other: number | undefined): boolean => other === undefined || best.score - other >= CLEARLY;
      if (clear(second?.score) && rivals.every((rival) => clear(rival.score))) this.#claim(candidate, best.rule);
      else if (rivals.every((rival) => rival.score - best.score < CLEARLY)) {
        const near = own.filter((pair) => best.score - pair.score < CLEARLY).map(({ rule }) => rule.id);
        this.#ambiguous.push({ candidate, ids: near });
        this.#candidates.delete(candidate);
      }
    }
    for (const { ids } of this.#ambiguous)
      for (const rule of [...this.#rules]) if (ids.includes(rule.id)) this.#rules.delete(rule);
  }
}

/** The words of what is asked, and of what it rests on. */
function wordsOf(of: Candidate | Rule): readonly string[] {
  const text = 'statement' in of ? of.quote : (quoteOf(of) ?? of.body);
  return contentWords(`${of.title}\n${text}`);
}

function isRelated(candidate: Candidate, rule: Rule): boolean {
  const titles = sharedWords(contentWords(candidate.title), contentWords(rule.title));
  return titles >= 0.3 || likeness(wordsOf(candidate), wordsOf(rule)) >= 0.15;
}
