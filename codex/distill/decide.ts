import type { IdLedger } from '../ids.ts';
import { nextId } from '../ids-next.ts';
import { contentWords } from '../ids-words.ts';
import { likeness, matchSections, ownId, type Refusal } from '../import/match.ts';
import { MERGED, REMOVED } from '../import/plan.ts';
import { ImportError } from '../import/read-documents.ts';
import type { SourceSection } from '../import/section.ts';
import { isRetired, type Rule } from '../rule.ts';
import type { Asking } from './ask.ts';
import type { Candidate } from './candidate.ts';
import { matchCandidates } from './match.ts';
import { mergeCandidates } from './merge.ts';
import type { Settled } from './plan.ts';
import { sameTurns } from './standing.ts';

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
  const { candidates, rules, ledger, prefix, docOf } = input;
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
  const ids = new NewIds(ledger, [...rules.map(({ id }) => id), ...taken], prefix, numbered.length > 0);
  const superseded: { rule: Rule; kind: 'SPLIT' | 'MERGED'; into: string[] }[] = [];
  const notes: string[] = [...merging.notes, ...own.refusals.map(refusalText)];

  for (const group of merging.groups) {
    const first = group.find((each) => ruleOf.has(each)) ?? group.find((each) => isFresh.has(each));
    if (first === undefined) continue;
    const rule = ruleOf.get(first);
    if (rule === undefined) {
      const twin = rules.find((other) => !isRetired(other) && saysTheSame(first, other));
      if (twin) {
        notes.push(`${placeOf(first)}: ${JSON.stringify(first.title)} is left out: ${twin.id} says it already`);
        continue;
      }
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

/** A tombstone of ours: it comes back when its section does. Those that people set stay. */
function wentByItself({ deprecatedReason = '' }: Rule): boolean {
  return deprecatedReason.startsWith(REMOVED) || deprecatedReason.startsWith(MERGED);
}

/** Two rules of one level with nearly the same title and sentence. */
function saysTheSame({ title, statement, level }: Candidate, rule: Rule): boolean {
  const [first = ''] = rule.body.split('\n');
  const words = contentWords(`${rule.title}\n${first}`);
  const turned = !sameTurns(`${title}\n${statement}`, `${rule.title}\n${first}`);
  return level === rule.level && !turned && likeness(contentWords(`${title}\n${statement}`), words) >= SAME;
}

const SAME = 0.85;

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
