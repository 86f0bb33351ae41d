import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { startClock } from './clock.ts';

const DAY = 86_400_000;

it('goes ahead here and in processes that are started with it, and back again', () => {
  const real = Date.now();
  const clock = startClock();
  clock.forward(30 * DAY);
  const { stdout } = spawnSync(process.execPath, [...clock.node, '-p', 'Date.now() + " " + new Date().getTime()'], {
    env: { ...process.env, ...clock.env },
    encoding: 'utf8',
  });
  const made = new Date();
  for (const now of [Date.now(), made.getTime(), ...stdout.trim().split(' ').map(Number)])
    expect(Math.round((now - real) / DAY)).toBe(30);
  expect(new Date('2026-11-22T10:00:00Z').getTime()).toBe(Date.UTC(2026, 10, 22, 10));
  expect(new Date() instanceof Date).toBe(true);
  clock.restore();
  expect(Math.round((Date.now() - real) / DAY)).toBe(0);
});
