import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { onBothStores } from '../testing/engines.ts';

onBothStores((engine) => {
  const take = (name: string, perSecond: number) =>
    engine()
      .shared.take(name, perSecond)
      .then(() => name);

  it.concurrent('gives as many points in a second as there are, in the order in which they were asked for', async () => {
    const order: number[] = [];
    const from = performance.now();
    const times = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        await engine().shared.take('in-order', 5);
        order.push(n);
        return performance.now() - from;
      }),
    );
    expect(order).toEqual(Array.from({ length: 12 }, (_, n) => n));
    // The sixth waits for the second second, the eleventh for the third.
    expect(times[5]).toBeGreaterThanOrEqual(900);
    expect(times[10]).toBeGreaterThanOrEqual(1900);
  });

  it.concurrent('gives no more in any second, wherever that begins', async () => {
    await engine().shared.take('sliding', 5);
    await sleep(800);
    const times = await Promise.all(
      Array.from({ length: 9 }, () =>
        engine()
          .shared.take('sliding', 5)
          .then(() => performance.now()),
      ),
    );
    // One more where it begins right with one.
    for (let at = 6; at < times.length; at++) expect(times[at]! - times[at - 6]!).toBeGreaterThanOrEqual(1000);
  });

  it.concurrent('counts each name for itself', async () => {
    await take('one', 0.2);
    expect(await Promise.race([take('one', 0.2), take('another', 0.2)])).toBe('another');
  });

  it.concurrent('gives one point in several seconds, too', async () => {
    await engine().shared.take('rarely', 0.4);
    const from = performance.now();
    await engine().shared.take('rarely', 0.4);
    expect(performance.now() - from).toBeGreaterThanOrEqual(2400);
  });

  it.concurrent('gives one after the other where so many do not go into a second', async () => {
    const from = performance.now();
    for (let n = 0; n < 4; n += 1) await engine().shared.take('uneven', 1.7);
    expect(performance.now() - from).toBeGreaterThanOrEqual(1700);
  });

  it.concurrent('lets nobody take one for as long as it is held, and a shorter hold does not end that', async () => {
    await engine().shared.hold('held', 1500);
    await engine().shared.hold('held', 1);
    const from = performance.now();
    await engine().shared.take('held', 1000);
    expect(performance.now() - from).toBeGreaterThanOrEqual(1400);
    await engine().shared.take('held', 1000);
  });

  it.concurrent('forgets nothing that was counted when a hold is over', async () => {
    await take('counted', 0.2);
    await engine().shared.hold('counted', 1);
    expect(await Promise.race([take('counted', 0.2), sleep(1000).then(() => 'nothing')])).toBe('nothing');
  });

  it.concurrent('lets go who does not want to wait, and those behind come up', async () => {
    await engine().shared.take('left', 1);
    const leaves = new AbortController();
    const first = engine().shared.take('left', 1, leaves.signal);
    const second = engine().shared.take('left', 1, leaves.signal);
    const third = engine().shared.take('left', 1);
    leaves.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    await expect(second).rejects.toThrow('enough');
    await third;
    await expect(engine().shared.take('left', 1, leaves.signal)).rejects.toThrow('enough');
  });
});
