import type { Level } from '../rule.ts';
import type { GivenRule } from './answers.ts';
import { type Candidate, type Read, readCandidate } from './candidate.ts';
import type { Unit } from './units.ts';

/** A rule that a model gave and nobody believes. */
export interface Dropped {
  readonly title: string;
  readonly why: string;
}

/** Of a section whose number is the ID of its rule: without it a critic sends every list of a numbered section back. */
export const ONE_RULE =
  'The section has a number of its own: it is one rule, about what its heading asks. That this rule holds several obligations is right; what does not fit into one sentence is left out.';
const SECOND = 'the section has a number of its own and is one rule; this would be another one';

/** The rules of one section on their way, by the names under which models are told of them. */
export class Work {
  readonly dropped: Dropped[] = [];
  readonly #unit: Unit;
  readonly #level: Level;
  readonly #held = new Map<string, Candidate>();
  readonly #flawed = new Map<string, { readonly given: GivenRule } & Extract<Read, { kind: 'flawed' }>>();
  #unfounded = 0;

  constructor(unit: Unit, level: Level, given: readonly GivenRule[]) {
    this.#unit = unit;
    this.#level = level;
    const most = unit.section.own === undefined ? given.length : 1;
    for (const [at, rule] of given.slice(0, most).entries()) this.take(`R${at + 1}`, rule);
    for (const { title } of given.slice(most)) this.dropped.push({ title, why: SECOND });
  }

  /** What whoever judges them or puts them right has to know of their section; empty: nothing. */
  get about(): string {
    return this.#unit.section.own === undefined ? '' : `${ONE_RULE}\n\n`;
  }

  /** How many were dropped because they quote what does not stand in the section. */
  get unfounded(): number {
    return this.#unfounded;
  }

  /** Takes a rule, put right or not. */
  take(name: string, given: GivenRule): void {
    const read = readCandidate(given, this.#unit, this.#level);
    this.#held.delete(name);
    this.#flawed.delete(name);
    if (read.kind === 'candidate') this.#held.set(name, read.candidate);
    else this.#flawed.set(name, { given, ...read });
  }

  flaws(): ReadonlyMap<string, string> {
    return new Map([...this.#flawed].map(([name, { problems }]) => [name, problems.join('; ')]));
  }

  given(name: string): GivenRule | undefined {
    return this.#held.get(name)?.given ?? this.#flawed.get(name)?.given;
  }

  drop(name: string, why: string): void {
    const title = this.given(name)?.title ?? name;
    if (this.#flawed.get(name)?.unfounded) this.#unfounded += 1;
    this.#held.delete(name);
    this.#flawed.delete(name);
    this.dropped.push({ title, why });
  }

  held(): readonly (readonly [string, Candidate])[] {
    return [...this.#held];
  }

  candidates(): readonly Candidate[] {
    return [...this.#held.values()];
  }
}
