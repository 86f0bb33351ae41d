import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

function telling() {
  const told: string[] = [];
  return { told, order: inOrder<string>((value) => told.push(value)) };
}

describe('inOrder', () => {
  it('tells each as soon as all before it are told', () => {
    const { told, order } = telling();
    order.at(2, 'c');
    order.at(1, 'b');
    expect(told).toEqual([]);
    order.at(0, 'a');
    expect(told).toEqual(['a', 'b', 'c']);
    order.at(3, 'd');
    expect(told).toEqual(['a', 'b', 'c', 'd']);
    order.end();
    expect(told).toHaveLength(4);
  });

  it('tells at the end what waited for one that never came', () => {
    const { told, order } = telling();
    for (const [position, value] of [
      [0, 'a'],
      [3, 'd'],
      [2, 'c'],
    ] as const)
      order.at(position, value);
    order.end();
    expect(told).toEqual(['a', 'c', 'd']);
  });

  it('tells values that are undefined, too', () => {
    const told: unknown[] = [];
    const order = inOrder<undefined>((value) => told.push(value));
    order.at(1, undefined);
    order.at(0, undefined);
    expect(told).toEqual([undefined, undefined]);
  });
});
