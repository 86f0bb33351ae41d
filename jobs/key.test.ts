import { describe, expect, it } from 'vitest';
import { keyOf, partsOf } from './key.ts';

describe('the key of a repository', () => {
  it.each([
    ['https://gitlab.example.com', '42', 'https://gitlab.example.com#42'],
    ['/srv/repos', 'shop/cart', '/srv/repos#shop/cart'],
    ['/srv/repos', 'shop/c#', '/srv/repos#shop/c#'],
    ['/srv/c# and f#', 'shop/c#/cart', '/srv/c%23 and f%23#shop/c#/cart'],
    ['/srv/100%', '.', '/srv/100%25#.'],
    ['/srv/%23#%2523', '%23', '/srv/%2523%23%252523#%23'],
    ['/srv/ä%zz', 'a', '/srv/ä%25zz#a'],
  ])('of %j and %j is read back', (instance, id, key) => {
    expect(keyOf({ instance, id })).toBe(key);
    expect(partsOf(key)).toEqual({ instance, id });
  });

  it('is of one repository only', () => {
    expect(keyOf({ instance: '/srv/a', id: 'b#c' })).not.toBe(keyOf({ instance: '/srv/a#b', id: 'c' }));
  });
});
