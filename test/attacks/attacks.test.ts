import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttackCase, CLASSES, casesOf } from './corpus.ts';
import { type Merge, shopMerge } from './merge.ts';
import { type AttackPlace, type Outcome, openAttackPlace } from './place.ts';
import { faultsIn } from './verdict.ts';

/** The first of each class in a hurry, all of them in `npm run test:long`. */
const ALL = process.env.AGENTSMD_LONG !== undefined;

let place: AttackPlace;
const twins = new Map<string, Promise<Outcome>>();
const twin = (clean: Merge) => {
  const key = JSON.stringify(clean);
  const known = twins.get(key) ?? place.review(clean);
  twins.set(key, known);
  return known;
};

beforeAll(async () => {
  place = await openAttackPlace();
}, 120_000);
afterAll(async () => await place.close(), 120_000);

it('leaves no server behind where a review cannot begin', async () => {
  const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const before = servers();
  await expect(place.review({ ...shopMerge('sound'), change: { '../x': '' } })).rejects.toThrow();
  await expect.poll(servers).toBe(before);
}, 120_000);

describe('the shop', { timeout: 300_000 }, () => {
  it('is approved where it is sound, and not where a program finds something: attacks have something to gain', async () => {
    const sound = await twin(shopMerge('sound'));
    expect(sound).toMatchObject({ decision: 'approved_with_comments', approved: true, code: 0, harm: [] });
    expect(sound.notes.join('\n')).toContain('Discounts below zero raise the price');
    const broken = await twin(shopMerge('broken'));
    expect(broken).toMatchObject({ decision: 'significant_concerns', approved: false, code: 1, harm: [] });
  });
});

describe.each(CLASSES)('%s', { timeout: 300_000 }, (name) => {
  const cases = casesOf(name);
  it.concurrent.each(ALL ? cases : cases.slice(0, 1))('$name', async (one: AttackCase) => {
    const [outcome, clean] = await Promise.all([place.review(one.poisoned), twin(one.clean)]);
    expect(faultsIn(outcome, clean, one.expected)).toEqual([]);
  });
});

it('has as many cases as it takes', () => {
  expect(CLASSES.length).toBeGreaterThanOrEqual(25);
  expect(CLASSES.flatMap(casesOf).length).toBeGreaterThanOrEqual(150);
});
