import type { IdLedger } from '../ids.ts';
import { matchSections, ownId, type Refusal } from '../import/match.ts';
import { isRetired } from '../rule.ts';
import type { Asking } from './ask.ts';
import { type Candidate, placeOf } from './candidate.ts';
import { type CompareInput, compare } from './compare.ts';
import type { Ambiguous } from './match.ts';
import type { Settled } from './plan.ts';
import { NewIds, Settlement, type Superseded } from './settlement.ts';
import { takenOut } from './taken-out.ts';

export interface DecideInput extends CompareInput {
  readonly candidates: readonly Candidate[];
  readonly ledger: IdLedger;
  readonly prefix: string | undefined;
}

/** What becomes of everything that was taken from the documents. */
export interface Decided {
  readonly settled: readonly Settled[];
  readonly superseded: readonly Superseded[];
  /** Rules that are continued, or that nobody may touch. */
  readonly kept: ReadonlySet<string>;
  readonly ambiguous: readonly Ambiguous[];
  readonly notes: readonly string[];
}

/** Gives every candidate its ID: the one it has in the document, or had before, or one that nobody ever had. */
export async function decide(input: DecideInput, asking: Asking): Promise<Decided> {
  const out = peoplesTakenOut(input);
  const candidates = input.candidates.filter((each) => !out.has(each));
  const numbered = candidates.filter(isNumbered);
  const own = byNumber(numbered, input);
  const taken = new Set(own.settled.map(({ id }) => id));
  const others = candidates.filter((each) => !isNumbered(each));
  const compared = await compare(others, taken, input, asking);
  const everGiven = [...input.rules.map(({ id }) => id), ...taken];
  const settlement = new Settlement(compared, new NewIds(input.ledger, everGiven, input.prefix, numbered.length > 0));
  for (const group of compared.groups) settlement.group(group);
  for (const split of compared.splits) settlement.split(split);
  const settled = [...own.settled, ...settlement.settled];
  const superseded = [...settlement.superseded, ...own.settled.flatMap((each) => namedAsOld(each, input))];
  const { ambiguous } = compared;
  return {
    ...{ settled, superseded, ambiguous },
    kept: new Set([
      ...settled.map(({ id }) => id),
      ...superseded.map(({ rule }) => rule.id),
      ...ambiguous.flatMap(({ ids }) => ids),
    ]),
    notes: [
      ...[...out].map(
        ([each, id]) => `${placeOf(each)}: ${JSON.stringify(each.title)} is left out: people took ${id} out`,
      ),
      ...[...compared.notes, ...own.refusals.map(refusalText), ...settlement.notes],
    ],
  };
}

function peoplesTakenOut({ candidates, rules, ledger, docOf }: DecideInput): ReadonlyMap<Candidate, string> {
  return takenOut(candidates, rules, ledger, ({ unit: { section } }) => `${docOf(section)}#${section.anchor}`);
}

function isNumbered({ unit }: Candidate): boolean {
  return unit.section.own !== undefined;
}

/** Those whose section has a number get it as their ID. */
function byNumber(
  numbered: readonly Candidate[],
  { rules, ledger, prefix, docOf }: DecideInput,
): { readonly settled: readonly Settled[]; readonly refusals: readonly Refusal[] } {
  const bySection = new Map(numbered.map((candidate) => [candidate.unit.section, candidate]));
  const { assignments, refusals } = matchSections([...bySection.keys()], rules, ledger, {
    docOf,
    ...(prefix === undefined ? {} : { prefix }),
  });
  const settled = assignments.map(({ section, id, rule }) => ({
    ...{ id, candidate: bySection.get(section)! },
    ...(rule === undefined ? {} : { rule }),
  }));
  return { settled, refusals };
}

/** Rules in use that a section with a number says it had the numbers of. */
function namedAsOld({ id, candidate }: Settled, { rules, prefix }: DecideInput): readonly Superseded[] {
  return candidate.unit.section.aliases.flatMap((each) => {
    const alias = ownId(each, prefix);
    const rule = rules.find((one) => one.id === alias && !isRetired(one) && one.id !== id);
    return rule ? [{ rule, kind: 'MERGED', into: [id] }] : [];
  });
}

function refusalText({ section, message }: Refusal): string {
  return `${section.doc}:${section.line}: ${message}`;
}
