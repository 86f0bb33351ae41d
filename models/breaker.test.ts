import { describe, expect, it } from 'vitest';
import { openBreakers } from './breaker.ts';

function start(failures = 3) {
  const clock = { now: 1_000_000 };
  const breakers = openBreakers({ failures, cooldown: 120_000, now: () => clock.now });
  const fail = (model: string, times: number) => {
    for (let at = 0; at < times; at += 1) breakers.permit(model)?.fail();
  };
  return { clock, breakers, fail };
}

describe('a circuit breaker', () => {
  it('opens after so many failures in a row, for its own model alone', () => {
    const { breakers, fail } = start();
    fail('a', 2);
    expect(breakers.state('a')).toBe('closed');
    fail('a', 1);
    expect(breakers.state('a')).toBe('open');
    expect(breakers.permit('a')).toBeUndefined();
    expect(breakers.state('b')).toBe('closed');
  });

  it('counts failures in a row only', () => {
    const { breakers, fail } = start();
    fail('a', 2);
    breakers.permit('a')?.succeed();
    fail('a', 2);
    expect(breakers.state('a')).toBe('closed');
  });

  it('lets exactly one of 50 concurrent calls through when the cooldown is over', async () => {
    const { breakers, fail, clock } = start();
    fail('a', 3);
    clock.now += 119_999;
    expect(breakers.permit('a')).toBeUndefined();
    clock.now += 1;
    const permits = await Promise.all(Array.from({ length: 50 }, async () => breakers.permit('a')));
    const through = permits.filter((permit) => permit !== undefined);
    expect(through).toHaveLength(1);
    expect(through[0]?.probe).toBe(true);
    through[0]?.succeed();
    expect(breakers.state('a')).toBe('closed');
    expect(breakers.permit('a')).toBeDefined();
  });

  it('is open for another cooldown after one failed probe', () => {
    const { breakers, fail, clock } = start();
    fail('a', 3);
    clock.now += 120_000;
    breakers.permit('a')?.fail();
    expect(breakers.state('a')).toBe('open');
    clock.now += 119_999;
    expect(breakers.permit('a')).toBeUndefined();
    clock.now += 1;
    expect(breakers.permit('a')?.probe).toBe(true);
  });

  it('gives the place of a probe that says nothing to the next one', () => {
    const { breakers, fail, clock } = start();
    fail('a', 3);
    clock.now += 120_000;
    const aborted = breakers.permit('a');
    expect(breakers.permit('a')).toBeUndefined();
    aborted?.giveBack();
    aborted?.succeed();
    expect(breakers.state('a')).toBe('half-open');
    expect(breakers.permit('a')?.probe).toBe(true);
    expect(breakers.permit('a')).toBeUndefined();
  });

  it('hears nothing from calls begun before it opened or closed', () => {
    const { breakers, fail, clock } = start();
    const old = Array.from({ length: 5 }, () => breakers.permit('a'));
    fail('a', 3);
    clock.now += 60_000;
    old[0]?.fail();
    old[1]?.succeed();
    expect(breakers.state('a')).toBe('open');
    clock.now += 60_000;
    breakers.permit('a')?.succeed();
    for (const permit of old.slice(2)) permit?.fail();
    expect(breakers.state('a')).toBe('closed');
  });

  it('is read out, and taken over by the next process', () => {
    const { breakers, fail, clock } = start();
    fail('a', 3);
    breakers.permit('b')?.fail();
    const health = breakers.health();
    expect(health).toEqual({ a: { openUntil: clock.now + 120_000 } });

    const next = start();
    next.breakers.seed(health);
    expect(next.breakers.state('a')).toBe('open');
    next.clock.now += 120_000;
    expect(next.breakers.permit('a')?.probe).toBe(true);
  });

  it('takes over nothing that is past, and nothing for longer than a cooldown', () => {
    const { breakers, clock } = start();
    breakers.seed({ old: { openUntil: clock.now }, far: { openUntil: Number.MAX_SAFE_INTEGER } });
    expect(breakers.state('old')).toBe('closed');
    expect(breakers.state('far')).toBe('open');
    clock.now += 120_000;
    expect(breakers.state('far')).toBe('half-open');
  });
});
