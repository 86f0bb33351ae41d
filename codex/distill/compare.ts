import { MERGED } from '../import/plan.ts';
import type { SourceSection } from '../import/section.ts';
import { isRetired, type Rule } from '../rule.ts';
import type { Asking } from './ask.ts';
import type { Candidate } from './candidate.ts';
import { type CandidateMatching, matchCandidates } from './match.ts';
import { type Merging, mergeCandidates, twinsOf } from './merge.ts';
import { wentByItself } from './taken-out.ts';

export interface CompareInput {
  readonly rules: readonly Rule[];
  docOf(section: SourceSection): string;
  /** Whether a rule was taken from these documents. */
  isOurs(rule: Rule): boolean;
  /** Whether its section was not read anew: it is what it was. */
  isUntouched(rule: Rule): boolean;
}

/** How candidates without a number stand to each other, and to the rules. */
export interface Compared extends Merging, Pick<CandidateMatching, 'splits' | 'ambiguous'> {
  /** The rule that a candidate is; it may be retired. */
  readonly ruleOf: ReadonlyMap<Candidate, Rule>;
  /** Those of no rule so far. */
  readonly fresh: ReadonlySet<Candidate>;
  /** Rules that say already what a candidate does. */
  readonly twins: ReadonlyMap<Candidate, Rule>;
  /** Rules of the documents that nothing continues. */
  readonly ending: ReadonlySet<Rule>;
}

/** @param taken IDs that a section with a number of its own has. */
export async function compare(
  candidates: readonly Candidate[],
  taken: ReadonlySet<string>,
  { rules, docOf, isOurs, isUntouched }: CompareInput,
  asking: Asking,
): Promise<Compared> {
  const known = rules.filter(
    (rule) => !taken.has(rule.id) && isOurs(rule) && !isUntouched(rule) && (!isRetired(rule) || wentByItself(rule)),
  );
  const { groups, notes } = await mergeCandidates(candidates, asking);
  const { matched, splits, ambiguous, ...rest } = matchCandidates(candidates, known, docOf);
  const ruleOf = new Map(matched.map(({ candidate, rule }) => [candidate, rule]));
  const fresh = new Set(rest.fresh);
  const continued = new Set([...ruleOf.values(), ...splits.map(({ rule }) => rule)]);
  // What is continued may say something else now: its candidate was compared above.
  const elsewhere = rules.filter((rule) => !continued.has(rule) && !taken.has(rule.id));
  const wanting = candidates.filter((each) => fresh.has(each) || wasMerged(ruleOf.get(each)));
  const { twins, notes: ofTwins } = await twinsOf(wanting, elsewhere, asking);
  const asked = new Set(ambiguous.flatMap(({ ids }) => ids));
  const ending = new Set(known.filter((rule) => elsewhere.includes(rule) && !asked.has(rule.id)));
  return { groups, notes: [...notes, ...ofTwins], splits, ambiguous, ruleOf, fresh, twins, ending };
}

/** Whether others took its place because they say the same. */
function wasMerged(rule: Rule | undefined): boolean {
  return rule !== undefined && isRetired(rule) && rule.deprecatedReason?.startsWith(MERGED) === true;
}
