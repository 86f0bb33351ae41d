import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RequestCount } from './request-count.ts';

it('tells what each of many things at a time sent', async () => {
  const count = new RequestCount();
  const send = async (times: number): Promise<string> => {
    for (let sent = 0; sent < times; sent++) {
      await setTimeout(1);
      count.add();
    }
    return `sent ${times}`;
  };
  count.add();
  const outer = await count.count(() =>
    Promise.all([count.count(() => send(3)), count.count(() => Promise.all([send(2), send(4)])), send(1)]),
  );
  expect(outer.value).toEqual([
    { value: 'sent 3', requests: 3 },
    { value: ['sent 2', 'sent 4'], requests: 6 },
    'sent 1',
  ]);
  expect(outer.requests).toBe(10);
  expect(count.total).toBe(11);
});
