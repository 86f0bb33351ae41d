import type { Verdict, Vote } from './verdict.ts';

export interface Consensus {
  readonly verdict: Verdict;
  readonly reason: string;
  /** The votes that it rests on. */
  readonly agreeing: readonly Vote[];
}

/** Fewer answers that hold say nothing. */
const LEAST = 2;

/**
 * What roles that did not hear of each other come to. More than half of all who were asked must agree, each with lines that are there;
 * whoever gave no answer is asked all the same. Between broken and broken in part the milder holds. That a rule does not apply must be
 * said by all whose word counts: no line can show it. Everything else is `NOT-CHECKED`.
 */
export function consensusOf(votes: readonly Vote[]): Consensus {
  const counting = votes.filter(({ counts }) => counts);
  const saying = (...verdicts: readonly Verdict[]) => counting.filter(({ said }) => verdicts.includes(said!));
  const most = Math.max(LEAST, Math.floor(votes.length / 2) + 1);
  if (counting.length < LEAST) {
    const reason = `${counting.length} of ${votes.length} roles gave an answer that holds; it takes ${most} that agree`;
    return { verdict: 'NOT-CHECKED', reason, agreeing: [] };
  }
  for (const verdict of ['NON-COMPLIANT', 'PARTIAL', 'COMPLIANT'] as const) {
    const agreeing = saying(verdict);
    if (agreeing.length >= most) return { verdict, reason: agreed(agreeing, votes), agreeing };
  }
  const broken = saying('NON-COMPLIANT', 'PARTIAL');
  if (broken.length >= most) return { verdict: 'PARTIAL', reason: agreed(broken, votes), agreeing: broken };
  const outside = saying('NOT-APPLICABLE');
  if (outside.length === counting.length && outside.length >= most)
    return { verdict: 'NOT-APPLICABLE', reason: agreed(outside, votes), agreeing: outside };
  return { verdict: 'NOT-CHECKED', reason: `the roles do not agree: ${sayings(votes)}`, agreeing: [] };
}

/** The agreeing ones' own words, and who said something else. */
function agreed(agreeing: readonly Vote[], votes: readonly Vote[]): string {
  const others = votes.filter((vote) => vote.counts && !agreeing.includes(vote));
  const but = others.length === 0 ? '' : `, but ${sayings(others)}`;
  return `${agreeing.length} of ${votes.length} roles agree${but}: ${agreeing[0]?.reason || 'no reason given'}`;
}

function sayings(votes: readonly Vote[]): string {
  return votes.map(({ role, said, counts, why }) => `${role} says ${counts ? said : `nothing (${why})`}`).join(', ');
}
