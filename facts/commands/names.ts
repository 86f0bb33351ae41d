import type { Purpose } from '../fact.ts';
import { NEUTRAL, NEVER, PART, VARIANT } from './name-qualities.ts';
import { PAIRS, WORDS } from './name-words.ts';

/**
 * What a task's name says it is for. A name is split into words; one of them must stand for a purpose, and the others
 * say how special the task is: `test` is the whole, `test:e2e` a part, `test:watch` nothing a pipeline would run.
 */
export interface NameReading {
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** 0: the plain name of the purpose; higher: a part or a variant of it. */
  readonly special: number;
}

/** The words of a task's name: `lint:fix`, `build_docs`, `checkFormat`. */
export function nameWords(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

/** What a name says; `undefined` where it says nothing about a purpose. */
export function readName(name: string): NameReading | undefined {
  const words = nameWords(name);
  if (isNever(name)) return undefined;
  for (let i = 0; i + 1 < words.length; i++) {
    const pair = meaning(PAIRS, `${words[i]} ${words[i + 1]}`);
    if (pair) {
      const part = words[i] === 'unit' || words[i + 1] === 'unit' ? 0.1 : 0;
      return { purposes: pair, special: specialness(words.toSpliced(i, 2)) + part };
    }
  }
  // The first word that means something leads (`test:lint` tests, `lint:test` lints); `run` and `dev` only lead alone.
  const at = words.findIndex(
    (word) => meaning(WORDS, word) && !(words.length > 1 && NEUTRAL.has(word)) && !(words.length > 1 && word === 'dev'),
  );
  const word = words[at] ?? (meaning(WORDS, words[0]) ? words[0] : undefined);
  const purposes = meaning(WORDS, word);
  if (!purposes) return undefined;
  return { purposes, special: specialness(words.toSpliced(at < 0 ? 0 : at, 1)) };
}

/** A task may be called `constructor`, which every object has. */
function meaning(table: typeof WORDS, word: string | undefined): NameReading['purposes'] | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Nothing that a task of this name runs answers a question: it watches, publishes, cleans. */
export function isNever(name: string): boolean {
  return nameWords(name).some((word) => NEVER.has(word));
}

/** The name speaks of one part of the whole: `lint:links`, `test:e2e`. */
export function isPart(name: string): boolean {
  return nameWords(name).some((word) => PART.has(word));
}

/** `test-rakefile`, `test_payments`: what follows is no word that is known, so it names a part of this repository. */
export function testsSomething(name: string): boolean {
  const [first, ...others] = nameWords(name);
  return (
    (first === 'test' || first === 'tests') &&
    others.some(
      (word) =>
        !NEUTRAL.has(word) &&
        !VARIANT.has(word) &&
        !PART.has(word) &&
        !meaning(WORDS, word) &&
        !/\d|^cov|^suites?$/.test(word),
    )
  );
}

/** `test:ci` is what pipelines run; who is asked says `test`. */
const FOR_PIPELINES = 0.3;

/** How far words lead away from the plain purpose. */
export function specialness(others: readonly string[]): number {
  let special = 0;
  for (const word of others)
    special +=
      word === 'ci' ? FOR_PIPELINES : NEUTRAL.has(word) ? 0.1 : VARIANT.has(word) ? 0.5 : PART.has(word) ? 1.5 : 1;
  return special;
}
