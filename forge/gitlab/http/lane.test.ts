import { describe, expect, it } from 'vitest';
import { openLane } from './lane.ts';
import { testClock } from './testing/test-clock.ts';

describe('lane', () => {
  it('lets in first who came first, and no more than it may', async () => {
    const lane = openLane({ concurrency: 2, requestsPerMinute: 60_000 }, testClock());
    const entered: number[] = [];
    const turns = [0, 1, 2, 3, 4].map((who) => {
      const turn = lane.enter();
      void turn.then(() => entered.push(who));
      return turn;
    });
    const [first, second] = await Promise.all(turns.slice(0, 2));
    expect(entered).toEqual([0, 1]);
    second?.();
    second?.();
    await turns[2];
    expect(entered).toEqual([0, 1, 2]);
    first?.();
    await turns[3];
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  it('forgets who gave up', async () => {
    const lane = openLane({ concurrency: 1, requestsPerMinute: 60_000 }, testClock());
    const leave = await lane.enter();
    const stop = new AbortController();
    const second = lane.enter(stop.signal);
    const third = lane.enter();
    stop.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await expect(lane.enter(stop.signal)).rejects.toThrow('gone');
    leave();
    await expect(third).resolves.toBeTypeOf('function');
  });

  it('does not keep time for nobody', async () => {
    let asleep = 0;
    const clock = {
      ...testClock(),
      sleep: (_ms: number, signal?: AbortSignal) => {
        asleep += 1;
        return new Promise<void>((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            asleep -= 1;
            reject(signal.reason);
          });
        });
      },
    };
    const lane = openLane({ concurrency: 5, requestsPerMinute: 60_000 }, clock);
    lane.hold(clock.now() + 1000);
    const stop = new AbortController();
    const waiting = lane.enter(stop.signal);
    expect(asleep).toBe(1);
    stop.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(asleep).toBe(0);
  });

  it('never lets through more than one second above its minute', async () => {
    const clock = testClock();
    const start = clock.now();
    const lane = openLane({ concurrency: 1, requestsPerMinute: 120 }, clock);
    let count = 0;
    while (clock.now() - start < 60_000 && count < 1000) {
      (await lane.enter())();
      count += 1;
    }
    expect(count).toBeGreaterThanOrEqual(119);
    expect(count).toBeLessThanOrEqual(122);
  });
});
