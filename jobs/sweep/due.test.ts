import { describe, expect, it } from 'vitest';
import { isDifferent, type Kept, type Seen, verdictOf } from './due.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const [EARLIER, LATER] = [new Date(NOW - 1000), new Date(NOW + 1000)];
const POLICY = { generator: '1', codex: 'c1', catalog: 'k1' };
const DONE: Kept = {
  ...POLICY,
  excluded: null,
  seen_head: 'a',
  head: 'a',
  processed_at: EARLIER,
  result: 'unchanged',
  reason: null,
  due: null,
  not_before: null,
  dead_since: null,
};
const NEW: Kept = {
  ...DONE,
  head: null,
  processed_at: null,
  result: null,
  generator: null,
  codex: null,
  catalog: null,
};
const SEEN: Seen = { head: 'a', policy: POLICY, mayOptIn: false, now: NOW };

const told = (kept: Partial<Kept>, seen: Partial<Seen> = {}): string => {
  const verdict = verdictOf({ ...DONE, ...kept }, { ...SEEN, ...seen });
  return Object.values(verdict).join(' ');
};

describe('what is to be done with a repository', () => {
  it.each([
    ['nothing, where nothing changed', {}, {}, 'unchanged'],
    ['all, where it is new', NEW, {}, 'due new'],
    ['all, where it is new and nobody knows its head', NEW, { head: undefined }, 'due new'],
    ['something, once its default branch moved', {}, { head: 'b' }, 'due moved'],
    ['something, once its last commit is gone', {}, { head: null }, 'due moved'],
    ['nothing, where nobody knows its head', {}, { head: undefined }, 'unchanged'],
    ['something, with a new generator', {}, { policy: { ...POLICY, generator: '2' } }, 'due policy'],
    ['something, with a new codex', {}, { policy: { ...POLICY, codex: 'c2' } }, 'due policy'],
    ['something, with new relations', {}, { policy: { ...POLICY, catalog: 'k2' } }, 'due policy'],
    [
      'nothing, while codex and catalog do not answer',
      {},
      { policy: { generator: '1', codex: null, catalog: null } },
      'unchanged',
    ],
    ['the more urgent of two', {}, { head: 'b', policy: { ...POLICY, generator: '2' } }, 'due moved'],
    ['what it was due for', { due: 'replied' }, { head: 'b' }, 'due replied'],
    ['the more urgent, where it was due for less', { due: 'policy' }, { head: 'b' }, 'due moved'],
    ['what it was due for, though nothing moved', { due: 'deferred' }, {}, 'due deferred'],
    ['least, for a cause of a newer version', { due: 'holiday' }, {}, 'due deferred'],
    ['nothing before its time', { due: 'deferred', not_before: LATER }, { head: 'b' }, 'waiting'],
    ['it, once its time has come', { due: 'deferred', not_before: EARLIER }, {}, 'due deferred'],
    ['nothing, where it was set aside', { dead_since: EARLIER, result: 'failed' }, {}, 'set-aside'],
    [
      'all, where it was set aside, with a new codex',
      { dead_since: EARLIER },
      { policy: { ...POLICY, codex: 'c2' } },
      'due policy true',
    ],
    [
      'all, where it was set aside, with a new generator',
      { dead_since: EARLIER },
      { policy: { ...POLICY, generator: '2' } },
      'due policy true',
    ],
    [
      'nothing, where it was set aside, for new relations',
      { dead_since: EARLIER },
      { policy: { ...POLICY, catalog: 'k2', codex: null } },
      'set-aside',
    ],
    [
      'nothing, where it was set aside and nobody knows its head',
      { dead_since: EARLIER },
      { head: undefined },
      'set-aside',
    ],
    ['all, where it was set aside and moved', { dead_since: EARLIER }, { head: 'b' }, 'due moved true'],
    ['nothing, where the list rules it out', { ...NEW, excluded: 'archived' }, { head: 'b' }, 'excluded archived'],
    ['nothing, where the list rules it out though it was due', { excluded: 'fork', due: 'moved' }, {}, 'excluded fork'],
    ['nothing, where its topic opts it out', { ...NEW, excluded: 'opted-out' }, {}, 'excluded opted-out'],
    [
      'something, where its topic opts it out and a merge request may be open',
      { excluded: 'opted-out', due: 'moved' },
      {},
      'due moved',
    ],
    ['all, where its team may opt in', { ...NEW, excluded: 'opted-out' }, { mayOptIn: true }, 'due new'],
    [
      'nothing, where its team did not',
      { excluded: 'opted-out', result: 'skipped', reason: 'opted-out' },
      { mayOptIn: true },
      'excluded opted-out',
    ],
    ['nothing, where its team did and nothing changed', { excluded: 'opted-out' }, { mayOptIn: true }, 'unchanged'],
    [
      'nothing, for a new codex, where its team opted out',
      { result: 'skipped', reason: 'opted-out' },
      { policy: { ...POLICY, codex: 'c2' } },
      'unchanged',
    ],
    [
      'nothing, where it was turned away at the door',
      { head: null, result: 'skipped', reason: 'read-only' },
      {},
      'unchanged',
    ],
    [
      'something, where it was turned away at the door and moved',
      { head: null, result: 'skipped', reason: 'read-only' },
      { head: 'b' },
      'due moved',
    ],
  ] as const)('is %s', (_, kept, seen, verdict) => {
    expect(told(kept, seen)).toBe(verdict);
  });
});

describe('what a list tells', () => {
  const row = { ...DONE, branch: 'main' };
  it.each([
    ['nothing new', {}, {}, false],
    ['another default branch', {}, { branch: 'trunk' }, true],
    ['no default branch any more', {}, { branch: null }, false],
    ['that it is let in again', { excluded: 'archived' }, { excluded: null }, true],
    ['that it is ruled out', {}, { excluded: 'archived' }, false],
    ['that it opted out, when a merge request may be open', {}, { excluded: 'opted-out' }, true],
    ['that it is renamed, before it was ever looked at', { processed_at: null }, { branch: 'trunk' }, false],
  ] as const)('is %s', (_, before, now, different) => {
    expect(isDifferent({ ...row, ...before }, { branch: 'main', excluded: null, ...now })).toBe(different);
  });
});
