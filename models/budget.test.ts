import { describe, expect, it } from 'vitest';
import { isUsedUp, newLimit, openHolds } from './budget.ts';

const never = new AbortController().signal;
const tokens = (count: number) => ({ tokens: count, money: 0 });

function held<T extends object>(value: T) {
  if (!('settle' in value)) throw new Error('it was refused');
  return value as T & { settle(taken: { tokens: number; money: number }): void };
}

describe('holds', () => {
  it('are refused where they do not fit, with the name of the limit and what sets it', async () => {
    const limit = newLimit('review', { tokens: 100, money: null });
    const refused = await openHolds().hold([limit], tokens(101), never);
    expect(refused).toMatchObject({ over: limit, message: expect.stringContaining('models.budgets.review.tokens') });
    expect(isUsedUp(limit)).toBe(true);
  });

  it('take of all limits or of none', async () => {
    const wide = newLimit('review', { tokens: 1000, money: null });
    const narrow = newLimit('day', { tokens: null, money: 1 });
    const refused = await openHolds().hold([wide, narrow], { tokens: 10, money: 2 }, never);
    expect(refused).toMatchObject({ over: narrow });
    expect(wide.held.tokens).toBe(0);
  });

  it('never pass a limit side by side, and refuse none that fits in the end', async () => {
    const holds = openHolds();
    const limit = newLimit('review', { tokens: 100, money: null });
    let most = 0;
    const calls = Array.from({ length: 20 }, async () => {
      const hold = held(await holds.hold([limit], tokens(50), never));
      most = Math.max(most, limit.taken.tokens + limit.held.tokens);
      await Promise.resolve();
      hold.settle(tokens(2));
    });
    await Promise.all(calls);
    expect(most).toBeLessThanOrEqual(100);
    expect(limit.taken.tokens).toBe(40);
    expect(limit.held.tokens).toBe(0);
  });

  it('end their waiting when they are called off', async () => {
    const holds = openHolds();
    const limit = newLimit('review', { tokens: 100, money: null });
    await holds.hold([limit], tokens(90), never);
    const abort = new AbortController();
    const waiting = holds.hold([limit], tokens(90), abort.signal);
    abort.abort(new Error('called off'));
    await expect(waiting).rejects.toThrow('called off');
  });

  it('are settled once', async () => {
    const limit = newLimit('review', { tokens: 100, money: null });
    const hold = held(await openHolds().hold([limit], tokens(50), never));
    hold.settle(tokens(70));
    hold.settle(tokens(0));
    expect(limit.taken.tokens).toBe(70);
    expect(limit.held.tokens).toBe(0);
  });
});
