import { expect, it } from 'vitest';
import { lasting } from './lasting.ts';

it('reads once for all who ask, and again when that is over', async () => {
  let now = 0;
  let reads = 0;
  const befores: (number | undefined)[] = [];
  const get = lasting(
    async (before: number | undefined) => {
      befores.push(before);
      reads += 1;
      return reads;
    },
    (value) => (value === 1 ? 100 : 10),
    () => now,
  );
  expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
  now = 99;
  expect(await get()).toBe(1);
  now = 100;
  expect(await Promise.all([get(), get()])).toEqual([2, 2]);
  now = 110;
  expect(await get()).toBe(3);
  expect(befores).toEqual([undefined, 1, 2]);
});

it('begins to count when it was read, and asks again after a failure', async () => {
  let now = 0;
  let fails = true;
  const { promise, resolve } = Promise.withResolvers<void>();
  const get = lasting(
    async () => {
      if (fails) throw new Error('away');
      await promise;
      return 'there';
    },
    () => 10,
    () => now,
  );
  await expect(get()).rejects.toThrow('away');
  fails = false;
  const slow = get();
  now = 1000;
  const other = get();
  resolve();
  expect(await Promise.all([slow, other])).toEqual(['there', 'there']);
  expect(slow).toBe(other);
});
