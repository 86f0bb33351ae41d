import { type Fact, PURPOSES } from '../../fact.ts';
import { keyMateriality, lesser } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import { sameProgram } from '../commands.ts';
import type { Kind } from '../comparison.ts';
import { fresh, gone } from '../evidence.ts';
import { dirAfter, factsOf, isPeripheral } from '../places.ts';

/** How one test is run follows from the framework and the command for all of them: told as a change of those. */
const KEYS = PURPOSES.filter((purpose) => purpose !== 'test-single').map((purpose) => `command.${purpose}`);

/**
 * What an agent types. Changed: the best answer is gone from the line it stood on, another answer stands where there was
 * none, and neither is among the other side's answers; a mere change of rank is none. The same program with other flags
 * is still found by whoever types the old line.
 */
export const commands: Kind = {
  id: 'command changed',
  *find(comparison): Generator<FactChange> {
    const { before, after } = comparison;
    const dirs = new Set(
      before.survey.facts.facts.flatMap(({ key, dir }) => (key.startsWith('command.') ? [dir] : [])),
    );
    for (const dir of dirs) {
      const to = dirAfter(dir, comparison);
      if (to === undefined || isPeripheral(dir)) continue;
      for (const key of KEYS) {
        const old = factsOf(before, key, dir);
        const now = factsOf(after, key, to);
        const [was] = old;
        if (!was || now.some(({ value }) => value === was.value)) continue;
        if (!was.evidence.some((each) => gone(each, comparison))) continue;
        const is = now.find(
          (fact) =>
            !old.some(({ value }) => value === fact.value) && fact.evidence.some((each) => fresh(each, comparison)),
        );
        const change = { key, dir: to, from: was.value, to: is?.value ?? now[0]?.value ?? null };
        const evidence = (is ?? now[0] ?? was).evidence.slice(0, 2);
        yield { ...change, materiality: weight(key, was, is, now), evidence };
      }
    }
  },
};

function weight(key: string, was: Fact, is: Fact | undefined, now: readonly Fact[]): FactChange['materiality'] {
  const full = keyMateriality(key);
  if (is) return sameProgram(was.value, is.value) ? lesser(full) : full;
  // Gone, and an older answer took its place, or none did. What only a convention said was never promised.
  if (was.source === 'convention') return 'low';
  return now.some(({ value }) => sameProgram(was.value, value)) ? 'low' : full;
}
