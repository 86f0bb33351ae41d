import { describe, expect, it } from 'vitest';
import { SEED } from '../fast-check.ts';
import { fuzzed } from './fuzz.ts';
import { broken } from './targets/broken.ts';
import { readers } from './targets/index.ts';
import type { Told } from './task.ts';

/** Of all readers together. */
const INPUTS = process.env.AGENTSMD_LONG ? 100_000 : 2000;
/** In MB. */
const MOST_GROWN = 64;

const all = readers();
const shares = all.reduce((sum, { share = 1 }) => sum + share, 0);
const asked = all.map(({ name, share = 1 }) => ({ name, runs: Math.ceil((INPUTS * share) / shares) }));
const names = all.map(({ name }) => name);

it('has a name for each reader', () => {
  expect(new Set(names).size).toBe(names.length);
});

describe(`readers of texts that others wrote, seed ${SEED}`, () => {
  it(`read ${INPUTS} inputs, or say what is wrong with them`, { timeout: INPUTS * 30 + 120_000 }, async () => {
    const told = await fuzzed({ set: 'readers', asked, seed: SEED });
    if (process.env.AGENTSMD_LONG) process.stdout.write(report(told));
    expect(told.flatMap(faultIn)).toEqual([]);
    expect(told.map(({ target }) => target)).toEqual(names);
    expect(told.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThanOrEqual(INPUTS);
  });
});

describe('a reader that is wrong', () => {
  it.each([
    ['throws what it does not declare', /^threw TypeError: /],
    ['has no end of the stack', /^threw RangeError: /],
    ['tries every way of a pattern', /^hangs|^slow/],
    ['never comes back', /^hangs/],
    ['takes all the memory', /out of memory/],
    ['gives every object a property', /^polluted/],
    ['runs what it reads', /^executed/],
    ['promises, and nobody listens', /^rejected/],
  ])('is found where it %s', { timeout: 300_000 }, async (name, what) => {
    // To run out of memory takes its time, too.
    const hangs = name.includes('memory') ? 60_000 : 3000;
    const [told] = await fuzzed({ set: 'broken', asked: [{ name, runs: 3000 }], seed: 1, hangs, tries: 2 });
    expect(told?.fault?.what).toMatch(what);
    const shortest = told!.fault!.input.text;
    const { read } = broken.find((each) => each.name === name)!;
    if (/^threw/.test(told!.fault!.what)) {
      expect(() => read(shortest, '')).toThrow();
      if (name.startsWith('throws')) expect(shortest).toHaveLength(1);
    }
  });

  it('is found where it keeps everything it read', { timeout: 120_000 }, async () => {
    const asked = [{ name: 'keeps everything it read', runs: 100 }];
    const told = await fuzzed({ set: 'broken', asked, seed: 1 });
    expect(told.flatMap(faultIn)).toEqual([expect.stringMatching(/memory/)]);
  });
});

function faultIn({ target, fault, grown }: Told): readonly string[] {
  if (fault) {
    const { at, text } = fault.input;
    const input = JSON.stringify(text.length > 2000 ? `${text.slice(0, 2000)}…` : text);
    return [`${target}, seed ${SEED}${at && `, ${at}`}: ${fault.what}\n  ${text.length} characters: ${input}`];
  }
  return grown > MOST_GROWN ? [`${target}, seed ${SEED}: its memory grew by ${Math.round(grown)} MB`] : [];
}

function report(all: readonly Told[]): string {
  const lines = all.map(
    ({ target, runs, ms, slowest, grown }) =>
      `${target}: ${runs} inputs, ${Math.round(runs / (ms / 1000))}/s, slowest ${Math.round(slowest)} ms, ${Math.round(grown)} MB more`,
  );
  return `${lines.join('\n')}\n`;
}
