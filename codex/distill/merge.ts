import { asData } from '../../models/tools/as-data.ts';
import { contentWords } from '../ids-words.ts';
import { likeness } from '../import/match.ts';
import { isRetired, type Rule } from '../rule.ts';
import { type Asking, ask } from './ask.ts';
import type { Candidate } from './candidate.ts';
import { quoteOf } from './rule-text.ts';
import { sameTurns } from './standing.ts';

/** So alike two rules are one, and so alike they may be: then a model decides. */
const SAME = 0.85;
const NEAR = 0.5;
const MOST_PAIRS = 200;
/** Pairs that are shown at a time. */
const AT_ONCE = 20;

export interface Merging {
  /** Candidates that oblige to the same, in the order of the documents. */
  readonly groups: readonly (readonly Candidate[])[];
  readonly notes: readonly string[];
}

/** What two of have to say the same. */
type Obliging = Pick<Candidate, 'title' | 'statement' | 'level' | 'quote' | 'appliesTo'>;

/**
 * Puts candidates that oblige to the same together: those that are alike by their words, and near pairs of which a model says so.
 * Sections with a number of their own stay what they are. What nobody decides stays apart.
 */
export async function mergeCandidates(candidates: readonly Candidate[], asking: Asking): Promise<Merging> {
  const group = new Map(candidates.map((candidate) => [candidate, [candidate]]));
  const join = (a: Candidate, b: Candidate): void => {
    const [to, from] = [group.get(a)!, group.get(b)!];
    if (to === from) return;
    to.push(...from);
    for (const each of from) group.set(each, to);
  };
  const near: (readonly [Candidate, Candidate])[] = [];
  for (const [a, b, score] of pairsOf(candidates)) {
    if (score >= SAME && sameTurns(a.quote, b.quote)) join(a, b);
    else near.push([a, b]);
  }
  const apart = near.filter(([a, b]) => group.get(a) !== group.get(b));
  const asked = await askedPairs(apart, asking);
  for (const [a, b] of asked.same) join(a, b);
  return { groups: [...new Set(group.values())], notes: asked.notes };
}

function* pairsOf(candidates: readonly Candidate[]): Iterable<readonly [Candidate, Candidate, number]> {
  const free = candidates.filter(({ unit }) => unit.section.own === undefined);
  const words = new Map(free.map((each) => [each, wordsOf(each)]));
  for (const [at, a] of free.entries()) {
    for (const b of free.slice(at + 1)) {
      // Of two levels one is wrong, which people have to see.
      if (a.level !== b.level) continue;
      const score = likeness(words.get(a)!, words.get(b)!);
      if (score >= NEAR) yield [a, b, score];
    }
  }
}

/**
 * Which rule of the codex obliges to what a candidate does: by their words, or a model says so of a near one.
 *
 * @param rules Of any source; those that are retired count for nothing.
 */
export async function twinsOf(
  candidates: readonly Candidate[],
  rules: readonly Rule[],
  asking: Asking,
): Promise<{ readonly twins: ReadonlyMap<Candidate, Rule>; readonly notes: readonly string[] }> {
  const twins = new Map<Candidate, Rule>();
  const near: (readonly [Candidate, Obliging & { readonly of: Rule }])[] = [];
  const known = rules.filter((rule) => !isRetired(rule)).map((of) => ({ ...obligingOf(of), of }));
  const words = new Map(known.map((each) => [each, wordsOf(each)]));
  for (const candidate of candidates) {
    const own = wordsOf(candidate);
    for (const each of known) {
      if (candidate.level !== each.level) continue;
      const score = likeness(own, words.get(each)!);
      if (score >= SAME && sameTurns(sentenceOf(candidate), sentenceOf(each))) twins.set(candidate, each.of);
      else if (score >= NEAR) near.push([candidate, each]);
    }
  }
  const open = near.filter(([candidate]) => !twins.has(candidate));
  const { same, notes } = await askedPairs(open, asking);
  for (const [candidate, { of }] of same) if (!twins.has(candidate)) twins.set(candidate, of);
  return { twins, notes };
}

function obligingOf(rule: Rule): Obliging {
  const { title, level, appliesTo, body } = rule;
  return { title, level, appliesTo, statement: body.split('\n', 1)[0]!, quote: quoteOf(rule) ?? '' };
}

function sentenceOf({ title, statement }: Pick<Obliging, 'title' | 'statement'>): string {
  return `${title}\n${statement}`;
}

function wordsOf(of: Pick<Obliging, 'title' | 'statement'>): readonly string[] {
  return contentWords(sentenceOf(of));
}

/** Those of which a model says that they are the same, and what was not compared. */
async function askedPairs<B extends Obliging>(
  pairs: readonly (readonly [Candidate, B])[],
  asking: Asking,
): Promise<{ readonly same: readonly (readonly [Candidate, B])[]; readonly notes: readonly string[] }> {
  const same: (readonly [Candidate, B])[] = [];
  const notes: string[] = [];
  if (pairs.length > MOST_PAIRS)
    notes.push(`${pairs.length - MOST_PAIRS} pairs of rules that are alike were not compared`);
  for (let at = 0; at < Math.min(pairs.length, MOST_PAIRS); at += AT_ONCE) {
    const asked = pairs.slice(at, Math.min(at + AT_ONCE, MOST_PAIRS));
    const answer = await samePairs(asked, asking);
    if (typeof answer === 'string') notes.push(`${asked.length} pairs of rules that are alike stay apart: ${answer}`);
    else same.push(...answer);
  }
  return { same, notes };
}

async function samePairs<B extends Obliging>(
  pairs: readonly (readonly [Candidate, B])[],
  asking: Asking,
): Promise<readonly (readonly [Candidate, B])[] | string> {
  const shown = pairs.map((pair, at) => ({
    pair: `P${at + 1}`,
    rules: pair.map(({ title, statement, level, quote, appliesTo }) => ({
      title,
      rule: statement,
      level,
      quote,
      appliesTo,
    })),
  }));
  const own = asData('pairs of rules', JSON.stringify(shown, null, 1));
  const answer = await ask('codex-merger', { shared: '', own }, asking);
  if (!answer.ok) return answer.message;
  answer.keep();
  const same = new Set(answer.value.pairs.filter((each) => each.same).map(({ pair }) => pair));
  return pairs.filter((_, at) => same.has(`P${at + 1}`));
}
