import { describe, expect, it } from 'vitest';
import { type IdLedger, parseIdLedger, serializeIdLedger } from './ids.ts';
import { isPrefix, nextId } from './ids-next.ts';
import { updateLedger } from './ids-update.ts';
import type { Rule } from './rule.ts';
import { makeRule, type RuleParts } from './testing/make-codex.ts';

const BASE: RuleParts = {
  id: 'RS-ERR-001',
  title: 'Do not call unwrap outside tests',
  level: 'SHOULD',
  appliesTo: { languages: ['rust'], paths: ['src/**', 'lib/**'], notPaths: ['src/bin/**'] },
  check: { kind: 'ast-grep', language: ['rust'], rule: { pattern: '$A.unwrap()' } },
  body: 'A panic ends the process.',
  file: 'errors/RS-ERR-001.md',
};
const ledgerOf = (...rules: readonly Rule[]): IdLedger => updateLedger(rules).ledger;
const known = ledgerOf(makeRule(BASE));

/** What became of the rule once it is like that: `tags rev`. */
function became(parts: Partial<RuleParts>, ledger = known): string {
  const { changes, refused } = updateLedger([makeRule({ ...BASE, ...parts })], ledger);
  if (refused.length > 0) return `refused: ${refused[0]!.kind}`;
  return changes.map(({ tags, rev }) => `${tags.join(', ')} ${rev}`).join('; ');
}

describe('updateLedger', () => {
  it('enters every ID of a codex without a ledger, and has nothing to say the second time', () => {
    const first = updateLedger([makeRule(BASE)]);
    expect(first.changes).toMatchObject([{ id: 'RS-ERR-001', tags: ['ADDED'], rev: 1 }]);
    expect(first.ledger.ids['RS-ERR-001']).toMatchObject({ rev: 1, title: BASE.title, level: 'SHOULD' });
    expect(updateLedger([makeRule(BASE)], first.ledger).changes).toEqual([]);
    expect(parseIdLedger(serializeIdLedger(first.ledger))).toEqual(first.ledger);
  });

  it.each<[string, Partial<RuleParts>, string]>([
    ['a raised level', { level: 'MUST' }, 'OBLIGATION RAISED 2'],
    ['a lowered level', { level: 'MAY' }, 'OBLIGATION LOWERED 2'],
    ['another check', { check: { ...BASE.check!, rule: { pattern: '$A.expect()' } } as never }, 'MODIFIED 2'],
    ['another occasion', { when: 'a value may be absent' }, 'MODIFIED 2'],
    ['another title', { title: 'Do not call unwrap or expect outside tests' }, 'MODIFIED 2'],
    [
      'a level and a check',
      { level: 'MUST', check: { kind: 'model', ask: 'unwrap?' } },
      'OBLIGATION RAISED, MODIFIED 2',
    ],
    ['another text beside a check', { body: 'It ends the process.' }, 'GRAMMAR 1'],
    ['a title with other capitals and a code span', { title: 'Do not call `unwrap` outside Tests' }, 'GRAMMAR 1'],
    ['a slip of the pen', { title: 'Do not call unwrap outsider tests' }, 'GRAMMAR 1'],
    ['another file', { file: 'rust/RS-ERR-001.md' }, 'MOVED 1'],
    ['another source', { source: { doc: 'a.md' } }, 'SOURCE 1'],
    ['another status', { status: 'trial' }, 'STATUS 1'],
    ['a tombstone', { status: 'deprecated', title: 'Gone', body: '' }, 'RETIRED 1'],
    ['globs in another order', { appliesTo: { ...BASE.appliesTo!, paths: ['lib/**', 'src/**'] } }, ''],
    ['nothing', {}, ''],
  ])('%s', (_, parts, expected) => {
    expect(became(parts)).toBe(expected);
  });

  it.each<[string, RuleParts['appliesTo'], string]>([
    ['one more language', { languages: ['rust', 'go'] }, 'SCOPE WIDENED 2'],
    ['no language', { languages: [] }, 'SCOPE WIDENED 2'],
    ['fewer exceptions', { notPaths: [] }, 'SCOPE WIDENED 2'],
    ['fewer paths', { paths: ['src/**'] }, 'SCOPE NARROWED 2'],
    ['more exceptions', { notPaths: ['src/bin/**', 'src/x/**'] }, 'SCOPE NARROWED 2'],
    ['a framework', { frameworks: ['axum'] }, 'SCOPE NARROWED 2'],
    ['a field of the catalog', { catalog: { type: ['service'] } }, 'SCOPE NARROWED 2'],
    ['another language', { languages: ['go'] }, 'MODIFIED 2'],
    ['wider here and narrower there', { languages: [], frameworks: ['axum'] }, 'MODIFIED 2'],
  ])('a scope with %s', (_, scope, expected) => {
    expect(became({ appliesTo: { ...BASE.appliesTo, ...scope } })).toBe(expected);
  });

  it('names a raised level and a wider scope at once', () => {
    expect(became({ level: 'MUST', appliesTo: { languages: ['rust'] } })).toBe('OBLIGATION RAISED, SCOPE WIDENED 2');
  });

  it('counts a changed text where nothing else says what is meant', () => {
    const unchecked = (parts: Partial<RuleParts>): Rule => {
      const { check: _, ...rest } = BASE;
      return makeRule({ ...rest, ...parts });
    };
    const { changes } = updateLedger([unchecked({ body: 'A panic ends every thread.' })], ledgerOf(unchecked({})));
    expect(changes).toMatchObject([{ tags: ['MODIFIED'], rev: 2 }]);
  });

  it('counts no revisions of a draft', () => {
    const drafts = ledgerOf(makeRule({ ...BASE, status: 'draft' }));
    expect(became({ status: 'active', level: 'MUST' }, drafts)).toBe('OBLIGATION RAISED, STATUS 1');
  });

  describe('of a rule in use that became a draft again', () => {
    const draft = (parts: Partial<RuleParts> = {}): Rule => makeRule({ ...BASE, ...parts, status: 'draft' });
    const other = { title: 'Return problem details for failures', body: 'Clients read them.' };

    it('remembers what it was in use, and says so once', () => {
      const { changes, ledger } = updateLedger([draft()], known);
      expect(changes).toMatchObject([{ tags: ['STATUS'], rev: 1, detail: 'active \u2192 draft' }]);
      expect(ledger.ids[BASE.id]).toEqual({ ...known.ids[BASE.id], status: 'draft', used: true });
      expect(updateLedger([draft()], ledger).changes).toEqual([]);
      expect(parseIdLedger(serializeIdLedger(ledger))).toEqual(ledger);
    });

    it.each(['active', 'trial'] as const)('refuses another rule at every step back to %s', (status) => {
      const back = updateLedger([draft()], known).ledger;
      expect(became({ ...other, status: 'draft' })).toBe('refused: re-pointed');
      expect(became({ ...other, status: 'draft' }, back)).toBe('refused: re-pointed');
      expect(became({ ...other, status }, back)).toBe('refused: re-pointed');
    });

    it('is not led to another rule in small steps', () => {
      const half = { title: 'Do not call unwrap; return problem details' };
      const back = updateLedger([draft(half)], updateLedger([draft()], known).ledger).ledger;
      expect(back.ids[BASE.id]).toMatchObject({ title: BASE.title });
      expect(became({ ...other, status: 'draft' }, back)).toBe('refused: re-pointed');
    });

    it('counts one revision when it comes back with another meaning, none with the same', () => {
      const step = updateLedger([draft({ level: 'MUST' })], known).ledger;
      const back = updateLedger([draft({ level: 'MUST', file: 'rust/RS-ERR-001.md' })], step);
      expect(back.changes).toMatchObject([{ tags: ['MOVED'], rev: 1 }]);
      expect(became({ level: 'MUST', file: 'rust/RS-ERR-001.md' }, back.ledger)).toBe('OBLIGATION RAISED, STATUS 2');
      expect(became({ file: 'rust/RS-ERR-001.md' }, back.ledger)).toBe('STATUS 1');
      const again = updateLedger([makeRule(BASE)], step).ledger;
      expect(again).toEqual(known);
    });

    it('is inferred from the revision where an older ledger does not say so', () => {
      const before = { ...known.ids[BASE.id]!, status: 'draft' as const, rev: 2 };
      const older = { ...known, ids: { [BASE.id]: before } };
      expect(became({ ...other, status: 'draft' }, older)).toBe('refused: re-pointed');
      expect(became({ level: 'MUST' }, older)).toBe('OBLIGATION RAISED, STATUS 3');
    });

    it('is not said of one that never was in use', () => {
      const drafts = ledgerOf(draft());
      expect(drafts.ids[BASE.id]).not.toHaveProperty('used');
      expect(became({ ...other, status: 'draft' }, drafts)).toBe('MODIFIED 1');
    });
  });

  it('keeps the ID of a rule that is gone, and says so once', () => {
    const gone = updateLedger([], known);
    expect(gone.changes).toMatchObject([{ tags: ['REMOVED'], title: BASE.title }]);
    expect(gone.ledger.ids['RS-ERR-001']).toMatchObject({ status: 'removed', rev: 1 });
    expect(updateLedger([], gone.ledger).changes).toEqual([]);
  });

  it('refuses an ID that was retired or removed, and changes nothing of it', () => {
    const retired = updateLedger([makeRule({ ...BASE, status: 'deprecated' })], known).ledger;
    const removed = updateLedger([], known).ledger;
    expect(became({ title: 'Return problem details' }, retired)).toBe('refused: reused');
    expect(became({}, removed)).toBe('refused: reused');
    const { refused, ledger } = updateLedger([makeRule({ ...BASE, title: 'Return problem details' })], retired);
    expect(refused).toEqual([
      { id: BASE.id, kind: 'reused', file: BASE.file, was: BASE.title, is: 'Return problem details' },
    ]);
    expect(ledger.ids).toEqual(retired.ids);
  });

  it('takes a file back as a tombstone', () => {
    expect(became({ status: 'deprecated' }, updateLedger([], known).ledger)).toBe('RETIRED 1');
  });

  it.each<[string, Partial<RuleParts>, string]>([
    ['another rule', { title: 'Return problem details for failures' }, 'refused: re-pointed'],
    ['another rule with a negation as well', { title: 'Do not log secrets' }, 'refused: re-pointed'],
    [
      'another rule from another place',
      { title: 'Return problem details', source: { doc: 'api.md', anchor: 'x' } },
      'refused: re-pointed',
    ],
    ['other words', { title: 'Handle absent values; keep unwrap to tests' }, 'MODIFIED, SOURCE 2'],
    [
      'other words from the same place',
      { title: 'Handle absent values', source: { doc: 'a.md', anchor: '#panics' } },
      'MODIFIED, SOURCE 2',
    ],
    [
      'other words of the same quotation',
      { title: 'Handle absent values', source: { doc: 'b.md', quoteHash: 'sha256:1' } },
      'MODIFIED, SOURCE 2',
    ],
  ])('tells %s', (_, parts, expected) => {
    const source = { doc: 'a.md', anchor: 'panics', quoteHash: 'sha256:1' };
    expect(became(parts, ledgerOf(makeRule({ ...BASE, source })))).toBe(expected);
  });

  it('keeps where a rule was split from', () => {
    const entry = { ...known.ids[BASE.id]!, from: ['RS-ERR-000'] };
    const { ledger } = updateLedger([makeRule({ ...BASE, level: 'MUST' })], { ...known, ids: { [BASE.id]: entry } });
    expect(ledger.ids[BASE.id]!.from).toEqual(['RS-ERR-000']);
  });
});

describe('nextId', () => {
  const ledger = ledgerOf(makeRule({ id: 'API-07' }), makeRule({ id: 'API-REST-0012' }), makeRule({ id: 'API-02' }));

  it('follows the highest there ever was and keeps its digits', () => {
    expect(nextId('API', ledger, [])).toBe('API-08');
    expect(nextId('API', ledger, ['API-11', 'API-X'])).toBe('API-12');
    expect(nextId('API-REST', ledger, [])).toBe('API-REST-0013');
    expect(nextId('LOG', ledger, [])).toBe('LOG-001');
    expect(nextId('LOG', undefined, ['LOG-999'])).toBe('LOG-1000');
  });

  it('never gives a removed one away', () => {
    const removed = updateLedger([], ledger).ledger;
    expect(nextId('API', removed, [])).toBe('API-08');
  });
});

describe('isPrefix', () => {
  it.each([
    ['API', true],
    ['API-REST', true],
    ['R2', true],
    ['api', false],
    ['API-', false],
    ['2A', false],
    ['../X', false],
    ['', false],
  ])('%s', (prefix, expected) => {
    expect(isPrefix(prefix)).toBe(expected);
  });
});
