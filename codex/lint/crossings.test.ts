import { describe, expect, it } from 'vitest';
import { isInUse } from '../match.ts';
import { makeRule } from '../testing/make-codex.ts';
import { compareRules, mayMeet } from './crossings.ts';
import { prove } from './proof.ts';

const file = (code: string) => ({ files: { 'a.ts': code } });
/** Finds every call of a name; `withText` says that it looks for the text first. */
const calls = (id: string, name: string, withText: boolean, good = 'none();') =>
  makeRule({
    id,
    check: {
      kind: 'ast-grep',
      language: ['typescript'],
      rule: { kind: 'call_expression', has: { field: 'function', regex: `^${name}$` } },
      ...(withText ? { prefilter: [name] } : {}),
    },
    examples: { bad: [file(`${name}();`)], good: [file(good)] },
  });

describe('compareRules', () => {
  const rules = [
    calls('A-1', 'one', false, 'two();'),
    calls('A-2', 'two', true, 'one();'),
    calls('A-3', 'three', true),
  ];

  async function compared(most?: number) {
    const proofs = new Map(
      await Promise.all(rules.filter(isInUse).map(async (rule) => [rule.id, await prove(rule)] as const)),
    );
    const { crossings, left } = await compareRules(rules, proofs, most);
    return { found: crossings.map(({ of, proved, by }) => `${of.id} ${proved.kind} by ${by.id}`), left };
  }

  it('shows the examples of each rule to the checks of all others', async () => {
    expect(await compared()).toEqual({ found: ['A-1 good by A-2', 'A-2 good by A-1'], left: 0 });
  });

  it('begins with those whose texts are there where there are too many, and counts the rest', async () => {
    const { found, left } = await compared(1);
    expect(found).toEqual(['A-1 good by A-2']);
    expect(left).toBeGreaterThan(0);
  });
});

describe('mayMeet', () => {
  const scoped = (appliesTo: object) => makeRule({ id: 'A-1', appliesTo });

  it.each([
    [{}, { languages: ['go'] }, true],
    [{ languages: ['go', 'rust'] }, { languages: ['go'] }, true],
    [{ languages: ['go'] }, { languages: ['rust'] }, false],
    [{ frameworks: ['jest'] }, { frameworks: ['vitest'] }, false],
    [{ catalog: { type: ['service'] } }, { catalog: { type: ['library'] } }, false],
    [{ catalog: { type: ['service'] } }, { catalog: { lifecycle: ['production'] } }, true],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(mayMeet(scoped(a), scoped(b))).toBe(expected);
    expect(mayMeet(scoped(b), scoped(a))).toBe(expected);
  });
});
