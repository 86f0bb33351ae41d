import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DatabaseClock, databaseClock } from './database-clock.ts';

const NOW = Date.UTC(2026, 10, 2, 9);
const problems: string[] = [];
let theirs = NOW;
let clock: DatabaseClock;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
  problems.splice(0);
  theirs = NOW;
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

const open = async (ask = () => Promise.resolve(theirs)) => {
  clock = await databaseClock(ask, (message) => problems.push(message));
};

it('is the time of the database, however wrong the machine is', async () => {
  theirs = NOW - 3 * 3_600_000;
  await open();
  expect(clock.now()).toBe(theirs);
  expect(problems).toEqual(["the clock of this machine is 180 minutes ahead of the database's, which counts"]);
  vi.setSystemTime(NOW + 86_400_000);
  vi.advanceTimersByTime(1500);
  expect(clock.now()).toBe(theirs + 1500);
});

it('says nothing of seconds', async () => {
  theirs = NOW + 20_000;
  await open();
  expect([clock.now(), problems]).toEqual([NOW + 20_000, []]);
});

it('asks again every minute, and goes on where nobody answers, or too late', async () => {
  let answer = (): Promise<number> => Promise.resolve(theirs);
  await open(() => answer());
  theirs = NOW + 65_000;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clock.now()).toBe(NOW + 65_000);
  answer = () => Promise.reject(new Error('gone'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clock.now()).toBe(NOW + 125_000);
  answer = () => {
    vi.advanceTimersByTime(5000);
    return Promise.resolve(0);
  };
  await vi.advanceTimersByTimeAsync(60_000);
  expect(clock.now()).toBe(NOW + 190_000);
});

it('takes half of the way as the time that the answer was under way', async () => {
  await open(() => {
    vi.advanceTimersByTime(400);
    return Promise.resolve(theirs + 200);
  });
  expect(clock.now()).toBe(theirs + 400);
});
