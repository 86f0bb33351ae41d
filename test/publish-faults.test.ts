import { expect, it } from 'vitest';
import { publishUnderFaults } from './faulty/publishes.ts';

/** The small brother of `test/corpus/publish-faults.ts`: nothing waits for real but for what the server is slow with. */
it.each([
  { seed: 1, rate: 0.2 },
  { seed: 2, rate: 0.25 },
  { seed: 3, rate: 0.3 },
])('publishes each project as if nothing had failed: %o', { timeout: 120_000 }, async ({ seed, rate }) => {
  const report = await publishUnderFaults({ seed, rate, projects: 14, concurrency: 8 });
  expect(report.projects.flatMap(({ path, wrong }) => wrong.map((what) => `${path}: ${what}`))).toEqual([]);
  expect(report.publishes).toBe(24);
  // Else this test shows nothing.
  expect(Object.keys(report.faults).length).toBeGreaterThan(10);
  expect(Object.keys(report.writesAgain)).not.toEqual([]);
  expect(report.foundApplied).toBeGreaterThan(0);
});
