import { describe, expect, it } from 'vitest';
import { settingsOfGroups } from './group-settings.ts';

interface Keys {
  readonly mode: string;
  readonly labels: readonly string[];
}

const GROUPS = {
  shop: { mode: 'advisory', labels: ['a'] },
  '/Shop/Pay/': { mode: 'blocking', labels: undefined },
  'shop/pay/api': { labels: [] },
  shopping: { mode: 'shadow' },
};

describe('settings of groups', () => {
  it.each([
    ['shop/cart', { mode: 'advisory', labels: ['a'] }, { mode: 'shop', labels: 'shop' }],
    ['SHOP/pay/web', { mode: 'blocking', labels: ['a'] }, { mode: '/Shop/Pay/', labels: 'shop' }],
    ['shop/pay/api', { mode: 'blocking', labels: [] }, { mode: '/Shop/Pay/', labels: 'shop/pay/api' }],
    ['other/shop', {}, {}],
    ['', {}, {}],
  ])('of %s are those of the nearest group, key by key', (path, own, by) => {
    expect(settingsOfGroups<Keys>(GROUPS, path)).toEqual({ own, by });
  });
});
