import { asData } from '../../models/tools/as-data.ts';
import { redacted } from '../../models/tools/redact.ts';
import { FRAMEWORKS } from '../frameworks.ts';
import type { Level } from '../rule.ts';
import type { GivenRule } from './answers.ts';
import { type Asked, type Asking, ask } from './ask.ts';
import { type Candidate, type Read, readCandidate } from './candidate.ts';
import type { Unit } from './units.ts';

/** What came of reading one section. */
export type Distilled =
  | {
      readonly kind: 'read';
      readonly unit: Unit;
      readonly candidates: readonly Candidate[];
      readonly dropped: readonly Dropped[];
      /** A quote was made up: what the model is silent on is not taken for gone. */
      readonly doubtful: boolean;
    }
  /** No model read it to its end: nothing is known of what it obliges to, and its rules stay as they are. */
  | { readonly kind: 'failed'; readonly unit: Unit; readonly message: string };

/** A rule that a model gave and nobody believes. */
export interface Dropped {
  readonly title: string;
  readonly why: string;
}

/** Characters of a section that a model is shown, and rules of one. */
const LONGEST = 24_000;
const MOST_RULES = 20;

/** Reads one section: obligations with their quotes, put right once where needed, and judged by a second role. */
export async function distilSection(unit: Unit, level: Level, asking: Asking): Promise<Distilled> {
  const failed = (message: string): Distilled => ({ kind: 'failed', unit, message });
  if (unit.text.length > LONGEST) return failed(`${unit.text.length} characters; a model is shown ${LONGEST} at most`);
  const shared = sectionData(unit);
  const first = await ask('codex-extractor', { shared, own: `${VOCABULARY}\n\n${numbered(unit)}` }, asking);
  if (!first.ok) return failed(first.message);
  const { rules } = first.value;
  if (rules.length > MOST_RULES) return failed(`a model gave ${rules.length} rules of it; ${MOST_RULES} are the most`);
  const given = unit.section.own === undefined ? rules : rules.slice(0, 1);
  const work = new Work(unit, level, given);
  const repaired = await revised(work, work.flaws(), shared, asking);
  if (repaired && !repaired.ok) return failed(repaired.message);
  if (work.unfounded > 0 && work.held().length === 0) return failed('a model quoted only what does not stand there');
  first.keep();
  const sent = await criticised(work, shared, asking);
  if (typeof sent === 'string') return failed(sent);
  const again = await revised(work, sent, shared, asking);
  if (again && !again.ok) return failed(again.message);
  if (sent.size > 0) {
    const still = await criticised(work, shared, asking, new Set(sent.keys()));
    if (typeof still === 'string') return failed(still);
    for (const [name, reason] of still) work.drop(name, `sent back twice: ${reason}`);
  }
  return { kind: 'read', unit, candidates: work.candidates(), dropped: work.dropped, doubtful: work.unfounded > 0 };
}

/** The section as data, for all roles the same. */
export function sectionData({ section, text }: Unit): string {
  return asData(`${section.doc}#${section.anchor}`, redacted(text));
}

const VOCABULARY = `Frameworks that have names: ${Object.keys(FRAMEWORKS).join(', ')}.`;

function numbered({ section: { own } }: Unit): string {
  return own === undefined ? 'The section has no number.' : 'The section has a number of its own: it is one rule.';
}

/** The rules of one section on their way, by the names under which models are told of them. */
class Work {
  readonly dropped: Dropped[] = [];
  readonly #unit: Unit;
  readonly #level: Level;
  readonly #held = new Map<string, Candidate>();
  readonly #flawed = new Map<string, { readonly given: GivenRule } & Extract<Read, { kind: 'flawed' }>>();
  #unfounded = 0;

  constructor(unit: Unit, level: Level, given: readonly GivenRule[]) {
    this.#unit = unit;
    this.#level = level;
    for (const [at, rule] of given.entries()) this.take(`R${at + 1}`, rule);
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

/** Sends rules back once. What does not come back right is dropped. */
async function revised(
  work: Work,
  reasons: ReadonlyMap<string, string>,
  shared: string,
  asking: Asking,
): Promise<Asked<unknown> | undefined> {
  if (reasons.size === 0) return undefined;
  const shown = [...reasons].map(([name, reason]) => ({ name, rule: work.given(name), reason }));
  const own = asData('rules that were sent back', JSON.stringify(shown, null, 1));
  const answer = await ask('codex-reviser', { shared, own }, asking);
  if (!answer.ok) return answer;
  const back = new Map(answer.value.rules.map(({ name, rule }) => [name, rule]));
  for (const [name, reason] of reasons) {
    const rule = back.get(name);
    if (rule === undefined) work.drop(name, reason);
    else work.take(name, rule);
  }
  for (const [name, flaw] of work.flaws()) work.drop(name, flaw);
  answer.keep();
  return answer;
}

/** Has rules judged, or those of them. @returns what is sent back, and why; a text where not each was judged. */
async function criticised(
  work: Work,
  shared: string,
  asking: Asking,
  only?: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string> | string> {
  const judged = work.held().filter(([name]) => only === undefined || only.has(name));
  if (judged.length === 0) return new Map();
  const shown = judged.map(([name, { quote, title, statement, level, appliesTo }]) => {
    const { languages, frameworks, paths, notPaths } = appliesTo;
    return { name, quote, title, rule: statement, level, languages, frameworks, paths, notPaths };
  });
  const own = asData('rules to be judged', JSON.stringify(shown, null, 1));
  const answer = await ask('codex-critic', { shared, own }, asking);
  if (!answer.ok) return answer.message;
  const verdicts = new Map(answer.value.verdicts.map((verdict) => [verdict.rule, verdict]));
  const missing = judged.filter(([name]) => !verdicts.has(name));
  if (missing.length > 0) return `the critic said nothing of ${missing.length} of ${judged.length} rules`;
  answer.keep();
  const back = new Map<string, string>();
  for (const [name] of judged) {
    const { verdict, reason } = verdicts.get(name)!;
    if (verdict === 'drop') work.drop(name, reason.slice(0, 500) || 'dropped by the critic');
    if (verdict === 'revise') back.set(name, reason.slice(0, 1000) || 'say exactly what the quoted words oblige to');
  }
  return back;
}
