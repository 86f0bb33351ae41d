import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { fixedCatalog } from './catalog.ts';
import type { FileContentCheck } from './checks/check.ts';
import type { FleetRepository } from './fleet.ts';
import { impactOf } from './impact.ts';
import { makeCodex, type RuleParts } from './testing/make-codex.ts';

const fleet: readonly FleetRepository[] = Object.entries({
  shop: { 'a.txt': 'one\ntwo\none\n', 'b.md': 'one\n' },
  api: { 'a.txt': 'two\n' },
  docs: { 'README.md': 'nothing\n' },
}).map(([name, files]) => ({ name, open: async () => memoryRepository(files, { name }) }));

const forbid = (pattern: string, more: Partial<FileContentCheck> = {}): FileContentCheck => ({
  kind: 'file-content',
  files: ['**/*.txt'],
  forbid: pattern,
  ...more,
});
const impact = (before: readonly RuleParts[], after: readonly RuleParts[]) =>
  impactOf(makeCodex(...before), makeCodex(...after), fleet);

describe('impactOf', () => {
  it('finds nothing where the codex stays what it is, in meaning', async () => {
    const rule: RuleParts = { id: 'T-1', check: forbid('one') };
    expect(await impact([rule], [{ ...rule, body: 'Other words.', file: 'moved/T-1.md', rev: 2 }])).toEqual({
      repositories: 3,
      skipped: [],
      rules: [],
      unchanged: 1,
    });
  });

  it('tells findings gained and lost, by rule and repository', async () => {
    const { rules, unchanged } = await impact(
      [
        { id: 'T-1', check: forbid('one') },
        { id: 'T-2', check: forbid('two') },
      ],
      [
        { id: 'T-1', check: forbid('two|^one$', { files: ['a.txt', 'b.md'] }) },
        { id: 'T-2', check: forbid('two') },
      ],
    );
    expect(unchanged).toBe(1);
    expect(rules).toEqual([
      {
        id: 'T-1',
        change: 'changed',
        before: { rev: 1, title: 'Keep to T-1', level: 'MUST', status: 'active' },
        after: { rev: 1, title: 'Keep to T-1', level: 'MUST', status: 'active' },
        gained: 3,
        lost: 0,
        newErrors: 3,
        repositories: [
          {
            repository: 'shop',
            gained: 2,
            lost: 0,
            newErrors: 2,
            findings: [
              { change: 'gained', path: 'a.txt', line: 2, subject: 'two', message: 'Keep to T-1' },
              { change: 'gained', path: 'b.md', line: 1, subject: 'one', message: 'Keep to T-1' },
            ],
          },
          {
            repository: 'api',
            gained: 1,
            lost: 0,
            newErrors: 1,
            findings: [{ change: 'gained', path: 'a.txt', line: 1, subject: 'two', message: 'Keep to T-1' }],
          },
        ],
        notChecked: [],
      },
    ]);
  });

  it('tells rules that come into use and go out of it', async () => {
    const rule: RuleParts = { id: 'T-1', level: 'SHOULD', check: forbid('one') };
    const unused = [[], [{ ...rule, status: 'draft' }], [{ ...rule, status: 'deprecated' }]] as const;
    for (const none of unused) {
      const added = await impact(none, [rule]);
      expect(added.rules).toMatchObject([{ change: 'added', gained: 2, lost: 0, newErrors: 0 }]);
      expect(added.rules[0]).not.toHaveProperty('before');
      const removed = await impact([rule], none);
      expect(removed.rules).toMatchObject([{ change: 'removed', gained: 0, lost: 2, newErrors: 0 }]);
      expect(removed.rules[0]).not.toHaveProperty('after');
    }
  });

  it('calls a changed level a change of obligation, and counts what it turns into errors', async () => {
    const rule: RuleParts = { id: 'T-1', check: forbid('two'), level: 'SHOULD' };
    const raised = await impact([rule], [{ ...rule, level: 'MUST' }]);
    expect(raised.rules).toMatchObject([
      {
        change: 'changed',
        obligation: 'raised',
        gained: 0,
        lost: 0,
        newErrors: 2,
        repositories: [{ repository: 'shop' }, { repository: 'api' }],
      },
    ]);
    const lowered = await impact([rule], [{ ...rule, level: 'MAY' }]);
    expect(lowered.rules).toMatchObject([{ obligation: 'lowered', newErrors: 0, repositories: [] }]);
    const activated = await impact([{ ...rule, level: 'MUST', status: 'trial' }], [{ ...rule, level: 'MUST' }]);
    expect(activated.rules).toMatchObject([{ change: 'changed', newErrors: 2 }]);
    expect(activated.rules[0]).not.toHaveProperty('obligation');
  });

  it('follows a scope that became narrower', async () => {
    const rule: RuleParts = { id: 'T-1', check: forbid('two') };
    const { rules } = await impact([rule], [{ ...rule, appliesTo: { paths: ['b.md', 'a.txt'], notPaths: ['a.txt'] } }]);
    expect(rules).toMatchObject([
      {
        lost: 2,
        repositories: [
          { repository: 'shop', lost: 1 },
          { repository: 'api', lost: 1 },
        ],
      },
    ]);
  });

  it('does not call findings lost where the new check cannot run', async () => {
    const { rules } = await impact(
      [
        { id: 'T-1', check: forbid('two') },
        { id: 'T-2', check: forbid('two') },
        { id: 'T-3', check: forbid('two') },
      ],
      [
        { id: 'T-1', check: forbid('(?=two)') },
        { id: 'T-2', check: { kind: 'model', ask: 'Two?' } },
        { id: 'T-3', check: { kind: 'forbidden-edit', files: ['**'] } },
      ],
    );
    expect(rules.map(({ lost, repositories }) => [lost, repositories])).toEqual(Array(3).fill([0, []]));
    expect(rules.map(({ notChecked }) => notChecked)).toEqual([
      [{ reason: expect.stringContaining('looks ahead or behind'), repositories: 2 }],
      [{ reason: 'a model is asked, in reviews', repositories: 3 }],
      [{ reason: expect.stringContaining('judges changes only'), repositories: 3 }],
    ]);
  });

  it('does not call the findings of a rule lost that cannot be read any more', async () => {
    const rules: RuleParts[] = ['T-1', 'T-2', 'T-3', 'T-4'].map((id) => ({
      id,
      file: `a/${id}.md`,
      check: forbid('two'),
    }));
    const problems = [
      { kind: 'front-matter', file: 'a/T-1.md', line: 4, message: 'broken' },
      { kind: 'unread', file: 'moved/T-2.md', message: 'not read' },
      { kind: 'duplicate', file: 'a/T-3.md', message: 'id: T-9 is already the ID of b.md' },
    ] as const;
    const after = { rules: [], problems };
    const { rules: told } = await impactOf(makeCodex(...rules), after, fleet);
    expect(told.map(({ change, lost, problem }) => [change, lost, problem])).toEqual([
      ['unreadable', 0, problems[0]],
      ['unreadable', 0, problems[1]],
      ['removed', 2, undefined],
      ['removed', 2, undefined],
    ]);
    expect(told.map(({ repositories, notChecked }) => [repositories.length, notChecked])).toEqual([
      [0, []],
      [0, []],
      [2, []],
      [2, []],
    ]);
  });

  it('does not call findings lost in a file that the new check cannot judge', async () => {
    const long: FleetRepository = {
      name: 'long',
      open: async () => memoryRepository({ 'a.txt': 'ab'.repeat(1 << 18) }),
    };
    const change = [{ id: 'T-1', check: forbid('(?:ab|cd){300}x') }];
    const { rules } = await impactOf(makeCodex({ id: 'T-1', check: forbid('^ab') }), makeCodex(...change), [long]);
    expect(rules).toMatchObject([{ change: 'changed', lost: 0, repositories: [] }]);
  });

  it('says nothing of rules that only the catalog could match', async () => {
    const rule: RuleParts = { id: 'T-1', check: forbid('two'), appliesTo: { catalog: { type: ['service'] } } };
    const { rules } = await impact([rule], [{ ...rule, level: 'MAY' }]);
    expect(rules).toMatchObject([
      { repositories: [], notChecked: [{ reason: 'the catalog has no answer', repositories: 2 }] },
    ]);
    const known = { catalog: fixedCatalog({ type: 'service' }) };
    const matched = await impactOf(makeCodex({ ...rule, check: forbid('x') }), makeCodex(rule), fleet, known);
    expect(matched.rules).toMatchObject([{ gained: 2, notChecked: [] }]);
  });

  it('tells ten findings of a repository one by one', async () => {
    const many: FleetRepository = { name: 'many', open: async () => memoryRepository({ 'a.txt': 'x\n'.repeat(40) }) };
    const { rules } = await impactOf(makeCodex(), makeCodex({ id: 'T-1', check: forbid('x') }), [many]);
    expect(rules[0]!.repositories).toMatchObject([{ gained: 40, findings: { length: 10 } }]);
  });
});
