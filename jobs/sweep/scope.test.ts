import { expect, it } from 'vitest';
import { FLEET_DEFAULTS } from '../config.ts';
import type { World } from '../world.ts';
import { groupsOf, isWithin } from './scope.ts';

const config = (groups: readonly string[]) =>
  ({ config: { fleet: { ...FLEET_DEFAULTS, groups } } }) as Pick<World, 'config'>;

it.each([
  ['everything, where none is named', { groups: [] }, [], undefined],
  ['those of the configuration', { groups: [] }, ['shop', 'tools/'], ['shop', 'tools']],
  ['those that were named', { groups: ['/shop/cart/'] }, ['tools'], ['shop/cart']],
  ['none of the configuration in a folder', { groups: [], folder: '/srv/repos' }, ['shop'], undefined],
  ['each once', { groups: ['shop', 'Shop', 'shop'] }, [], ['shop']],
  ['none below another one', { groups: ['shop/cart', 'Shop', 'shopping'] }, [], ['Shop', 'shopping']],
])('the groups of a sweep are %s', (_, options, configured, groups) => {
  const found = groupsOf(options, config(configured));
  expect(found?.map((group) => group.toLowerCase())).toEqual(groups?.map((group) => group.toLowerCase()));
});

it('a path is within a group whatever its case', () => {
  expect(isWithin('Shop/cart', ['shop'])).toBe(true);
  expect(isWithin('shop', ['shop'])).toBe(true);
  expect(isWithin('shopping/cart', ['shop'])).toBe(false);
  expect(isWithin('any/thing', undefined)).toBe(true);
});
