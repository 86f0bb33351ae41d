import { asData } from '../../models/tools/as-data.ts';
import { contentWords } from '../ids-words.ts';
import { likeness } from '../import/match.ts';
import { type Asking, ask } from './ask.ts';
import type { Candidate } from './candidate.ts';
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
  const notes: string[] = [];
  const near: (readonly [Candidate, Candidate])[] = [];
  for (const [a, b, score] of pairsOf(candidates)) {
    if (score >= SAME && sameTurns(a.quote, b.quote)) join(a, b);
    else near.push([a, b]);
  }
  const apart = near.filter(([a, b]) => group.get(a) !== group.get(b));
  if (apart.length > MOST_PAIRS)
    notes.push(`${apart.length - MOST_PAIRS} pairs of rules that are alike were not compared`);
  for (let at = 0; at < Math.min(apart.length, MOST_PAIRS); at += AT_ONCE) {
    const asked = apart.slice(at, Math.min(at + AT_ONCE, MOST_PAIRS));
    const same = await samePairs(asked, asking);
    if (typeof same === 'string') notes.push(`${asked.length} pairs of rules that are alike stay apart: ${same}`);
    else for (const [a, b] of same) join(a, b);
  }
  return { groups: [...new Set(group.values())], notes };
}

function* pairsOf(candidates: readonly Candidate[]): Iterable<readonly [Candidate, Candidate, number]> {
  const free = candidates.filter(({ unit }) => unit.section.own === undefined);
  const words = new Map(free.map((each) => [each, contentWords(`${each.title}\n${each.statement}`)]));
  for (const [at, a] of free.entries()) {
    for (const b of free.slice(at + 1)) {
      // Of two levels one is wrong, which people have to see.
      if (a.level !== b.level) continue;
      const score = likeness(words.get(a)!, words.get(b)!);
      if (score >= NEAR) yield [a, b, score];
    }
  }
}

async function samePairs(
  pairs: readonly (readonly [Candidate, Candidate])[],
  asking: Asking,
): Promise<readonly (readonly [Candidate, Candidate])[] | string> {
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
