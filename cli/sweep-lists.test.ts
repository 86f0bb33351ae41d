import { describe, expect, it } from 'vitest';
import type { SweepEvent } from '../jobs/sweep/events.ts';
import { SweepLists } from './sweep-lists.ts';

const A = 'https://a.example.com';
const listed = (instance: string, projects: number): SweepEvent => ({
  type: 'listed',
  instance,
  projects,
  done: true,
});
const missing = (instance: string, reason: string, group?: string): SweepEvent => ({
  type: 'warning',
  message: 'm',
  unlisted: { instance, reason, message: 'm', repositories: 1, ...(group === undefined ? {} : { group }) },
});

describe('SweepLists', () => {
  it.each([
    ['one was had', [listed(A, 3)]],
    ['one was had, and another was not', [missing('https://b.example.com', 'timeout'), listed(A, 3)]],
    ['there is nothing in it', [listed(A, 0)]],
    ['one group is known', [listed(A, 3), missing('', 'not-found', 'nowhere')]],
    ['nobody is asked in quiet hours', [{ type: 'warning', message: 'm', quiet: true }]],
  ] satisfies [string, SweepEvent[]][])('has some where %s', (_, events) => {
    const lists = new SweepLists();
    for (const event of events) lists.on(event);
    expect(() => lists.assertAny()).not.toThrow();
  });

  it.each([
    ['a token that is wrong', [missing(A, 'unauthorized')], 2],
    ['none at all: the list is public, nothing else is', [listed(A, 3), missing(A, 'unauthorized')], 2],
    ['a group that nobody knows', [listed(A, 0), missing('', 'not-found', 'nowhere')], 2],
    ['no answer', [missing(A, 'unavailable')], 3],
    ['one wrong token, and one that does not answer', [missing(A, 'unauthorized'), missing('b', 'timeout')], 3],
    ['nobody saying why', [], 3],
  ] satisfies [string, SweepEvent[], number][])('has none with %s', (_, events, exitCode) => {
    const lists = new SweepLists();
    for (const event of events) lists.on(event);
    expect(() => lists.assertAny()).toThrow(expect.objectContaining({ exitCode }));
  });
});
