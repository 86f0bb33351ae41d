import { describe, expect, it } from 'vitest';
import { Deliveries } from './deliveries.ts';

const HOUR = 3_600_000;

describe('deliveries', () => {
  it('are known for an hour', () => {
    const deliveries = new Deliveries();
    deliveries.add('a', 0);
    deliveries.add('b', HOUR);
    expect(['a', 'b', 'c'].map((id) => deliveries.has(id))).toEqual([true, true, false]);
    deliveries.add('c', HOUR + 1);
    expect(['a', 'b', 'c'].map((id) => deliveries.has(id))).toEqual([false, true, true]);
  });

  it('are forgotten where there are too many, the oldest first', () => {
    const deliveries = new Deliveries();
    for (let n = 0; n <= 20_000; n++) deliveries.add(String(n), 0);
    expect(['0', '1', '20000'].map((id) => deliveries.has(id))).toEqual([false, true, true]);
  });
});
