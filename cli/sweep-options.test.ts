import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.ts';
import { concurrencyOf, sweepOptions } from './sweep-options.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

interface Typed {
  readonly groups?: readonly string[];
  readonly flags?: readonly string[];
  readonly texts?: Readonly<Record<string, string>>;
  readonly known?: readonly string[];
}

function asked({ groups = [], flags = [], texts = {}, known = [] }: Typed) {
  const input = {
    list: () => groups,
    flag: (name: string) => flags.includes(name),
    text: (name: string) => texts[name],
  };
  return sweepOptions(input, { groups: known }, NOW);
}

describe('sweepOptions', () => {
  it.each([
    ['groups', { groups: ['shop', '/a/b/'] }, { groups: ['shop', 'a/b'] }],
    ['everything', { flags: ['all'] }, { groups: [] }],
    ['the groups of the configuration', { known: ['shop'] }, { groups: [] }],
    ['a folder', { texts: { dir: 'some/repos' } }, { groups: [], folder: resolve('some/repos') }],
    [
      'all that can be said',
      { groups: ['shop'], texts: { since: '7d', limit: '20' }, flags: ['acceptShrunk'] },
      { groups: ['shop'], since: '2026-11-13T12:00:00.000Z', limit: 20, acceptShrunk: true },
    ],
    ['a day', { flags: ['all'], texts: { since: '2026-11-01' } }, { groups: [], since: '2026-11-01T00:00:00.000Z' }],
    [
      'a time',
      { flags: ['all'], texts: { since: '2026-11-01T08:00:00+02:00' } },
      { groups: [], since: '2026-11-01T06:00:00.000Z' },
    ],
  ] satisfies [string, Typed, object][])('reads %s', (_, typed, options) => {
    expect(asked(typed)).toEqual(options);
  });

  it.each([
    ['a folder with groups', { groups: ['shop'], texts: { dir: 'x' } }, '--dir sweeps a folder'],
    ['a folder with --all', { flags: ['all'], texts: { dir: 'x' } }, '--dir sweeps a folder'],
    ['an empty folder', { texts: { dir: '' } }, '--dir'],
    ['groups with --all', { groups: ['shop'], flags: ['all'] }, '--all is about every group'],
    ['nothing', {}, 'name what to sweep'],
    ['no group', { groups: ['sh op'] }, 'sh op: no path of a group'],
    ['an empty group', { groups: [''] }, 'no path of a group'],
    ['a limit of 0', { flags: ['all'], texts: { limit: '0' } }, '--limit 0: must be a whole number from 1'],
    ['a limit that is none', { flags: ['all'], texts: { limit: '1e3' } }, '--limit 1e3'],
    ['a day that is none', { flags: ['all'], texts: { since: '2026-02-30' } }, '--since 2026-02-30: neither'],
    [
      'a time that is none',
      { flags: ['all'], texts: { since: '2026-02-01T99:00' } },
      '--since 2026-02-01T99:00: neither',
    ],
    ['a word', { flags: ['all'], texts: { since: 'yesterday' } }, '--since yesterday: neither'],
    ['tomorrow', { flags: ['all'], texts: { since: '2026-11-21' } }, 'lies in the future'],
  ] satisfies [string, Typed, string][])('refuses %s', (_, typed, message) => {
    expect(() => asked(typed)).toThrow(UsageError);
    expect(() => asked(typed)).toThrow(message);
  });

  it('reads how many at a time', () => {
    const of = (value?: string) => concurrencyOf({ text: () => value });
    expect([of(), of('8')]).toEqual([undefined, 8]);
    for (const value of ['0', '65', '-1', '4x', '']) expect(() => of(value)).toThrow(UsageError);
  });
});
