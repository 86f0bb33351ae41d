import type { IdLedger } from '../ids.ts';
import { nextId } from '../ids-next.ts';
import { ImportError } from '../import/read-documents.ts';
import { isRetired, type Rule } from '../rule.ts';
import { type Candidate, placeOf } from './candidate.ts';
import type { Compared } from './compare.ts';
import type { Split } from './match.ts';
import type { Settled } from './plan.ts';

/** A rule that others take the place of. */
export interface Superseded {
  readonly rule: Rule;
  readonly kind: 'SPLIT' | 'MERGED';
  readonly into: readonly string[];
}

/** Gives candidates without a number their IDs, and keeps what becomes of rules by that. */
export class Settlement {
  readonly settled: Settled[] = [];
  readonly superseded: Superseded[] = [];
  readonly notes: string[] = [];
  readonly #compared: Compared;
  readonly #ids: NewIds;
  /** Rules that nothing continues so far. */
  readonly #ending: Set<Rule>;

  constructor(compared: Compared, ids: NewIds) {
    this.#compared = compared;
    this.#ids = ids;
    this.#ending = new Set(compared.ending);
  }

  /** One ID for candidates that oblige to the same: of the rule that one of them is, of one that would end otherwise, or a new one. */
  group(group: readonly Candidate[]): void {
    const first = this.#leading(group);
    if (first === undefined) return;
    const own = this.#compared.ruleOf.get(first);
    const twin = own && !isRetired(own) ? undefined : this.#twinOf(group);
    if (twin && !this.#ending.delete(twin)) {
      this.#leaveOut(first, twin.id);
      return;
    }
    const rule = twin ?? own;
    const id = rule?.id ?? this.#ids.take(first);
    this.settled.push({ id, candidate: first, ...(rule === undefined ? {} : { rule }) });
    for (const other of group) if (other !== first) this.#mergeInto(id, other);
  }

  /** A new ID for each part of a rule that became several. */
  split({ rule, into }: Split): void {
    const parts = into.map((candidate) => ({ id: this.#ids.take(candidate), candidate, partOf: rule.id }));
    this.settled.push(...parts);
    this.superseded.push({ rule, kind: 'SPLIT', into: parts.map(({ id }) => id) });
  }

  /** The one whose words the rule has: of a rule in use, else of a retired one, else a fresh one. */
  #leading(group: readonly Candidate[]): Candidate | undefined {
    const { ruleOf, fresh } = this.#compared;
    return (
      group.find((each) => ruleOf.has(each) && !isRetired(ruleOf.get(each)!)) ??
      group.find((each) => ruleOf.has(each)) ??
      group.find((each) => fresh.has(each))
    );
  }

  #twinOf(group: readonly Candidate[]): Rule | undefined {
    return group.map((each) => this.#compared.twins.get(each)).find((each) => each !== undefined);
  }

  /** The rule that it is gives way; one that is fresh is left out. */
  #mergeInto(id: string, other: Candidate): void {
    const replaced = this.#compared.ruleOf.get(other);
    if (replaced && !isRetired(replaced)) this.superseded.push({ rule: replaced, kind: 'MERGED', into: [id] });
    else if (this.#compared.fresh.has(other)) this.#leaveOut(other, id);
  }

  #leaveOut(candidate: Candidate, id: string): void {
    this.notes.push(`${placeOf(candidate)}: ${JSON.stringify(candidate.title)} is left out: ${id} says it already`);
  }
}

/** IDs that nobody ever had. */
export class NewIds {
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
