import { expect, it } from 'vitest';
import { SEED } from './fast-check.ts';
import { reviewUnderFaults } from './faulty/reviews.ts';

/** Each with faults of its own. */
const REVIEWS = process.env.AGENTSMD_LONG ? 200 : 40;

it(`reviews each merge request as if nothing had failed: seed ${SEED}`, { timeout: REVIEWS * 7_500 }, async () => {
  const report = await reviewUnderFaults({ seed: SEED, rate: 0.2, reviews: REVIEWS, concurrency: 6 });
  expect(report.reviews.flatMap(({ iid, wrong }) => wrong.map((what) => `!${iid}: ${what}`))).toEqual([]);
  expect(report.reviews).toHaveLength(REVIEWS);
  // Else this test shows nothing.
  expect(Object.keys(report.faults).length).toBeGreaterThan(12);
  expect(Object.keys(report.results)).toEqual(expect.arrayContaining(['reviewed', 'failed conflict']));
  expect(report.foundApplied).toBeGreaterThan(REVIEWS / 2);
  expect(report.rescued).toBeGreaterThan(REVIEWS / 2);
});
