import { expect, it } from 'vitest';
import { openHttp } from '../forge/gitlab/http/open.ts';
import { testClock } from '../forge/gitlab/http/testing/test-clock.ts';
import { startGitlab } from '../test/gitlab/start.ts';
import type { SharedCounter } from './engine.ts';
import { sharedLimit } from './limits.ts';

it('takes a point of the token and instance for each request, by the second, and holds them', async () => {
  const asked: unknown[] = [];
  const counter: SharedCounter = {
    take: async (...taken) => void asked.push(taken),
    hold: async (...held) => void asked.push(held),
  };
  const limit = sharedLimit(counter, 'https://gitlab.example.com', 1200, { now: () => 1000 });
  const { signal } = new AbortController();
  await limit.enter('cafe', signal);
  limit.hold('cafe', 61_000);
  limit.hold('cafe', 1000);
  const name = 'requests https://gitlab.example.com cafe';
  expect(asked).toEqual([
    [name, 20, signal],
    [name, 60_000],
  ]);
});

it('says what kept it from telling the others', async () => {
  const problems: unknown[] = [];
  const counter: SharedCounter = { take: async () => {}, hold: () => Promise.reject(new Error('gone')) };
  sharedLimit(counter, 'x', 60, { onProblem: (error) => problems.push(error) }).hold('cafe', Date.now() + 1e6);
  await expect.poll(() => problems).toMatchObject([{ message: 'gone' }]);
});

it('keeps the requests of several processes to one ceiling', async () => {
  const gitlab = await startGitlab();
  await gitlab.addProject({ path: 'shop/cart', files: { a: 'a' }, members: { bot: 'developer' } });
  const token = gitlab.addToken({ user: 'bot' });
  const clock = testClock(Date.now());
  const taken: number[] = [];
  // One counter as the database would keep it.
  const counter: SharedCounter = {
    take: async (_name, perSecond) => {
      for (;;) {
        const recent = taken.filter((at) => at > clock.now() - 1000);
        if (recent.length < perSecond) break;
        await clock.sleep(recent[0]! + 1000 - clock.now());
      }
      taken.push(clock.now());
    },
    hold: async () => {},
  };
  const open = () => {
    const shared = sharedLimit(counter, gitlab.url, 600, { now: () => clock.now() });
    const instance = { url: gitlab.url, token: { env: 'T' }, requestsPerMinute: 600 };
    return openHttp(instance, { env: { T: token }, clock, shared });
  };
  const processes = [open(), open(), open()];
  const start = clock.now();
  const calls = processes.flatMap((http) =>
    Array.from({ length: 20 }, () => http.send({ method: 'GET', path: '/projects/shop%2Fcart' })),
  );
  await Promise.all(calls);
  expect(gitlab.requests).toHaveLength(60);
  expect(clock.now() - start).toBeGreaterThanOrEqual(5000);
  for (const at of taken)
    expect(taken.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(10);
  await Promise.all([...processes.map((http) => http.close()), gitlab.close()]);
});
