import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { Turns, type TurnsOptions } from './turns.ts';

/** Turns whose runs and whose clock the test moves. */
function turnsWith(options: Partial<TurnsOptions<number>> = {}) {
  const at = { now: 0 };
  const timers: { at: number; then: () => void }[] = [];
  const runs: { subject: string; wishes: readonly number[]; at: number; counts?: boolean }[] = [];
  const open: { subject: string; end: (counts: boolean) => void }[] = [];
  const held: [string, number][] = [];
  const turns = new Turns<number>({
    concurrency: 2,
    most: 100,
    limit: { runs: 2, per: 100 },
    run: (subject, wishes) => {
      const run = { subject, wishes, at: at.now };
      runs.push(run);
      return new Promise((resolve) => {
        const end = (counts: boolean): void => {
          Object.assign(run, { counts });
          resolve(counts);
        };
        open.push({ subject, end });
      });
    },
    onHeld: (subject, wait) => held.push([subject, wait]),
    now: () => at.now,
    later: (ms, then) => void timers.push({ at: at.now + ms, then }),
    ...options,
  });
  const end = async (counts = true, which = 0) => {
    open.splice(which, 1)[0]?.end(counts);
    for (let n = 0; n < 5; n++) await Promise.resolve();
  };
  const pass = (ms: number): void => {
    at.now += ms;
    for (const timer of timers.filter((timer) => timer.at <= at.now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.then();
    }
  };
  return { turns, runs, open, held, end, pass };
}

describe('turns', () => {
  it('come one after the other for one subject, and what came meanwhile together', async () => {
    const { turns, runs, end } = turnsWith();
    for (const wish of [1, 2, 3]) turns.take('a', String(wish), wish);
    turns.take('a', '3', 4);
    expect(runs.map(({ wishes }) => wishes)).toEqual([[1]]);
    await end();
    expect(runs.map(({ wishes }) => wishes)).toEqual([[1], [2, 4]]);
  });

  it('come in the order of the subjects', async () => {
    const { turns, runs, end } = turnsWith({ concurrency: 1 });
    for (const subject of ['a', 'b', 'a', 'c']) turns.take(subject, '', 1);
    for (let n = 0; n < 4; n++) await end();
    expect(runs.map(({ subject }) => subject)).toEqual(['a', 'b', 'a', 'c']);
  });

  it('are refused where too many wait, but for those who wait already', () => {
    const { turns } = turnsWith({ concurrency: 1, most: 1 });
    expect(['a', 'b', 'b', 'c', 'a'].map((subject) => turns.take(subject, '', 1))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(turns.left()).toEqual(['a', 'b']);
  });

  it('are held back by the limit until there is room, once', async () => {
    const { turns, runs, held, end, pass } = turnsWith();
    for (const wait of [10, 20]) {
      turns.take('a', '', 1);
      await end();
      pass(wait);
    }
    turns.take('a', '1', 1);
    turns.take('a', '2', 2);
    turns.take('b', '', 1);
    expect(held).toEqual([['a', 70]]);
    pass(69);
    expect(runs.map(({ subject }) => subject)).toEqual(['a', 'a', 'b']);
    pass(1);
    expect(runs.at(-1)).toMatchObject({ subject: 'a', wishes: [1, 2] });
  });

  it('that do not count are not limited', async () => {
    const { turns, runs, end } = turnsWith();
    for (let n = 0; n < 5; n++) {
      turns.take('a', '', n);
      await end(false);
    }
    expect(runs).toHaveLength(5);
  });

  it('are over once nothing runs and nothing can begin', async () => {
    const { turns, end, pass } = turnsWith({ limit: { runs: 1, per: 100 } });
    await turns.settled();
    let over = false;
    for (const subject of ['a', 'b', 'c', 'a']) turns.take(subject, '', 1);
    void turns.settled().then(() => (over = true));
    for (let n = 0; n < 2; n++) await end();
    expect(over).toBe(false);
    await end();
    expect(over).toBe(true);
    expect(turns.left()).toEqual(['a']);
    pass(100);
    await end();
    expect(turns.left()).toEqual([]);
  });

  it('never are two of one subject, nor more than may be, nor too often; and every wish has one', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('take' as const), subject: fc.constantFrom('a', 'b', 'c') }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(1), counts: fc.boolean() }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { turns, runs, open, end, pass } = turnsWith();
        let wishes = 0;
        const hold = (): void => {
          expect(open.length).toBeLessThanOrEqual(2);
          expect(new Set(open.map(({ subject }) => subject)).size).toBe(open.length);
        };
        for (const step of steps) {
          if (step.kind === 'take') turns.take(step.subject, String(wishes), wishes++);
          else if (step.kind === 'end') await end(step.counts, Math.min(step.which, open.length - 1));
          else pass(step.ms);
          hold();
        }
        while (open.length > 0 || turns.left().length > 0) {
          await end();
          if (open.length === 0) pass(100);
          hold();
        }
        expect(runs.flatMap((run) => run.wishes).toSorted((a, b) => a - b)).toEqual([...Array(wishes).keys()]);
        for (const { subject, at } of runs) {
          const counted = runs.filter((run) => run.subject === subject && run.counts);
          expect(counted.filter((run) => run.at > at - 100 && run.at <= at).length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});
