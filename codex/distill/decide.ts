import type { IdLedger } from '../ids.ts';
import { nextId } from '../ids-next.ts';
import { matchSections, ownId, type Refusal } from '../import/match.ts';
import { MERGED } from '../import/plan.ts';
import { ImportError } from '../import/read-documents.ts';
import type { SourceSection } from '../import/section.ts';
import { isRetired, type Rule } from '../rule.ts';
import type { Asking } from './ask.ts';
import type { Candidate } from './candidate.ts';
import { matchCandidates } from './match.ts';
import { mergeCandidates, twinsOf } from './merge.ts';
import type { Settled } from './plan.ts';
import { takenOut, wentByItself } from './taken-out.ts';

export interface DecideInput {
  readonly candidates: readonly Candidate[];
  readonly rules: readonly Rule[];
  readonly ledger: IdLedger;
  readonly prefix: string | undefined;
  docOf(section: SourceSection): string;
  /** Whether a rule was taken from these documents. */
  isOurs(rule: Rule): boolean;
  /** Whether its section was not read anew: it is what it was. */
  isUntouched(rule: Rule): boolean;
}

/** What becomes of everything that was taken from the documents. */
export interface Decided {
  readonly settled: readonly Settled[];
  /** Rules that others take the place of. */
  readonly superseded: readonly {
    readonly rule: Rule;
    readonly kind: 'SPLIT' | 'MERGED';
    readonly into: readonly string[];
  }[];
  /** Rules that are continued, or that nobody may touch. */
  readonly kept: ReadonlySet<string>;
  readonly ambiguous: readonly { readonly candidate: Candidate; readonly ids: readonly string[] }[];
  readonly notes: readonly string[];
}

/** Gives every candidate its ID: the one it has in the document, or had before, or one that nobody ever had. */
export async function decide(input: DecideInput, asking: Asking): Promise<Decided> {
  const { rules, ledger, prefix, docOf } = input;
  const out = takenOut(
    input.candidates,
    rules,
    ledger,
    ({ unit: { section } }) => `${docOf(section)}#${section.anchor}`,
  );
  const candidates = input.candidates.filter((each) => !out.has(each));
  const numbered = candidates.filter(({ unit }) => unit.section.own !== undefined);
  const bySection = new Map(numbered.map((candidate) => [candidate.unit.section, candidate]));
  const own = matchSections([...bySection.keys()], rules, ledger, {
    docOf,
    ...(prefix === undefined ? {} : { prefix }),
  });
  const settled: Settled[] = own.assignments.map(({ section, id, rule }) => ({
    id,
    candidate: bySection.get(section)!,
    ...(rule === undefined ? {} : { rule }),
  }));
  const taken = new Set(settled.map(({ id }) => id));
  const known = rules.filter(
    (rule) =>
      !taken.has(rule.id) && input.isOurs(rule) && !input.isUntouched(rule) && (!isRetired(rule) || wentByItself(rule)),
  );
  const others = candidates.filter(({ unit }) => unit.section.own === undefined);
  const merging = await mergeCandidates(others, asking);
  const { matched, splits, ambiguous, fresh } = matchCandidates(others, known, docOf);
  const ruleOf = new Map(matched.map(({ candidate, rule }) => [candidate, rule]));
  const isFresh = new Set(fresh);
  const continued = new Set([...ruleOf.values(), ...splits.map(({ rule }) => rule)]);
  // What is continued may say something else now: its candidate was compared above.
  const elsewhere = rules.filter((rule) => !continued.has(rule) && !taken.has(rule.id));
  const wanting = others.filter((each) => isFresh.has(each) || wasMerged(ruleOf.get(each)));
  const { twins, notes: twinNotes } = await twinsOf(wanting, elsewhere, asking);
  const asked = new Set(ambiguous.flatMap((each) => each.ids));
  const ending = new Set(known.filter((rule) => elsewhere.includes(rule) && !asked.has(rule.id)));
  const ids = new NewIds(ledger, [...rules.map(({ id }) => id), ...taken], prefix, numbered.length > 0);
  const superseded: { rule: Rule; kind: 'SPLIT' | 'MERGED'; into: string[] }[] = [];
  const notes: string[] = [
    ...[...out].map(
      ([each, id]) => `${placeOf(each)}: ${JSON.stringify(each.title)} is left out: people took ${id} out`,
    ),
    ...[...merging.notes, ...twinNotes, ...own.refusals.map(refusalText)],
  ];

  for (const group of merging.groups) {
    const first =
      group.find((each) => ruleOf.has(each) && !isRetired(ruleOf.get(each)!)) ??
      group.find((each) => ruleOf.has(each)) ??
      group.find((each) => isFresh.has(each));
    if (first === undefined) continue;
    let rule = ruleOf.get(first);
    const twin = group.map((each) => twins.get(each)).find((each) => each !== undefined);
    if (twin && (rule === undefined || isRetired(rule))) {
      if (!ending.delete(twin)) {
        notes.push(`${placeOf(first)}: ${JSON.stringify(first.title)} is left out: ${twin.id} says it already`);
        continue;
      }
      rule = twin;
    }
    const id = rule?.id ?? ids.take(first);
    settled.push({ id, candidate: first, ...(rule === undefined ? {} : { rule }) });
    for (const other of group) {
      const replaced = other === first ? undefined : ruleOf.get(other);
      if (replaced && !isRetired(replaced)) superseded.push({ rule: replaced, kind: 'MERGED', into: [id] });
      else if (other !== first && isFresh.has(other))
        notes.push(`${placeOf(other)}: ${JSON.stringify(other.title)} is left out: ${id} says it already`);
    }
  }
  for (const { rule, into } of splits) {
    const parts = into.map((candidate) => ({ id: ids.take(candidate), candidate, partOf: rule.id }));
    settled.push(...parts);
    superseded.push({ rule, kind: 'SPLIT', into: parts.map(({ id }) => id) });
  }
  for (const { id, candidate } of settled.slice(0, own.assignments.length)) {
    for (const alias of candidate.unit.section.aliases.map((each) => ownId(each, prefix))) {
      const merged = rules.find((rule) => rule.id === alias && !isRetired(rule) && rule.id !== id);
      if (merged) superseded.push({ rule: merged, kind: 'MERGED', into: [id] });
    }
  }
  return {
    settled,
    superseded,
    kept: new Set([
      ...settled.map(({ id }) => id),
      ...superseded.map(({ rule }) => rule.id),
      ...ambiguous.flatMap((each) => each.ids),
    ]),
    ambiguous,
    notes,
  };
}

/** `standard.md#errors`. */
export function placeOf({ unit: { section } }: Candidate): string {
  return `${section.doc}#${section.anchor}`;
}

/** Whether others took its place because they say the same. */
function wasMerged(rule: Rule | undefined): boolean {
  return rule !== undefined && isRetired(rule) && rule.deprecatedReason?.startsWith(MERGED) === true;
}

function refusalText({ section, message }: Refusal): string {
  return `${section.doc}:${section.line}: ${message}`;
}

/** IDs that nobody ever had. */
class NewIds {
  readonly #ledger: IdLedger;
  readonly #taken: string[];
  readonly #stem: string | undefined;

  /** Where the document counts by itself, its next number must stay free: ours have an `X` in them. */
  constructor(ledger: IdLedger, taken: readonly string[], prefix: string | undefined, numbered: boolean) {
    this.#ledger = ledger;
    this.#taken = [...taken];
    this.#stem = prefix === undefined ? undefined : numbered ? `${prefix}-X` : prefix;
  }

  take({ unit: { section } }: Candidate): string {
    if (this.#stem === undefined)
      throw new ImportError(`${section.doc}:${section.line}: a new rule needs a prefix for its ID: --prefix ABC`);
    const id = nextId(this.#stem, this.#ledger, this.#taken);
    this.#taken.push(id);
    return id;
  }
}
