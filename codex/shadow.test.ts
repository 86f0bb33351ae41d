import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { FleetRepository } from './fleet.ts';
import type { Rule } from './rule.ts';
import { shadow } from './shadow.ts';
import { makeRule } from './testing/make-codex.ts';

const repository = (name: string, files: Readonly<Record<string, MemoryFile>>): FleetRepository => ({
  name,
  open: async () => memoryRepository(files, { name, commit: `${name}-1` }),
});
const noTodo = makeRule({
  id: 'T-1',
  status: 'trial',
  check: { kind: 'file-content', files: ['**/*.txt'], forbid: 'TODO.*' },
});
const run = async (rules: readonly Rule[], fleet: readonly FleetRepository[], sample = 10) =>
  shadow(rules, fleet, { sample });

describe('shadow', () => {
  it('counts hits, the lines a rule looked at, and the repositories it applies to', async () => {
    const { rules, repositories, skipped } = await run(
      [
        noTodo,
        makeRule({
          id: 'T-2',
          appliesTo: { languages: ['go'] },
          check: { kind: 'file-content', files: ['**'], forbid: 'x' },
        }),
      ],
      [
        repository('a', { 'a.txt': 'one\nTODO two\nthree\nTODO four\n', 'b.md': 'TODO\n'.repeat(50) }),
        repository('b', { 'a.txt': 'one\ntwo\n', 'c.txt': 'x\n'.repeat(94) }),
        repository('c', { 'a.go': 'package c\n' }),
      ],
    );
    expect(rules).toMatchObject([
      { id: 'T-1', applies: 2, checked: 2, hit: 1, hits: 2, lines: 100, hitsPerKloc: 20, verdict: 'fits' },
      { id: 'T-2', applies: 1, checked: 1, hit: 0, hits: 0, lines: 1, hitsPerKloc: 0, verdict: 'never-hit' },
    ]);
    expect(repositories).toEqual([
      { name: 'a', commit: 'a-1', files: 1, lines: 4, hits: 2, unread: 0 },
      { name: 'b', commit: 'b-1', files: 2, lines: 96, hits: 0, unread: 0 },
      { name: 'c', commit: 'c-1', files: 1, lines: 1, hits: 0, unread: 0 },
    ]);
    expect(skipped).toEqual([]);
  });

  it('draws the line at more than 10 hits in 1000 lines', async () => {
    const lines = (hits: number) => ({ 'a.txt': `${'TODO\n'.repeat(hits)}${'x\n'.repeat(1000 - hits)}` });
    const verdict = async (hits: number) => (await run([noTodo], [repository('a', lines(hits))])).rules[0]!.verdict;
    expect(await verdict(10)).toBe('fits');
    expect(await verdict(11)).toBe('too-many-hits');
  });

  it('says nothing of a rate below 1000 lines or 10 hits', async () => {
    const verdict = async (hits: number, others: number) => {
      const text = `${'TODO\n'.repeat(hits)}${'x\n'.repeat(others)}`;
      return (await run([noTodo], [repository('a', { 'a.txt': text })])).rules[0]!.verdict;
    };
    expect(await verdict(20, 979)).toBe('fits');
    expect(await verdict(20, 980)).toBe('too-many-hits');
  });

  it('tells a rule that applies nowhere from one that is never hit', async () => {
    const goOnly = makeRule({ id: 'T-2', appliesTo: { languages: ['go'] }, check: noTodo.check! });
    const { rules } = await run([noTodo, goOnly], [repository('a', { 'a.txt': 'x' })]);
    expect(rules.map(({ verdict, applies }) => [verdict, applies])).toEqual([
      ['never-hit', 1],
      ['applies-nowhere', 0],
    ]);
  });

  it('keeps hits to judge with the lines around them', async () => {
    const text = ['1', '2', '3', '4', 'TODO 5', '6', '7', '8', '9'].join('\r\n');
    const { rules } = await run([noTodo], [repository('b', { 'x.txt': text }), repository('a', { 'y.txt': 'TODO a' })]);
    expect(rules[0]!.samples).toEqual([
      {
        repository: 'a',
        path: 'y.txt',
        line: 1,
        subject: 'TODO a',
        message: 'Keep to T-1',
        context: { from: 1, lines: ['TODO a'] },
      },
      {
        repository: 'b',
        path: 'x.txt',
        line: 5,
        subject: 'TODO 5',
        message: 'Keep to T-1',
        context: { from: 2, lines: ['2', '3', '4', 'TODO 5', '6', '7', '8'] },
      },
    ]);
    expect(
      (await run([noTodo], [repository('a', { 'y.txt': 'TODO\n'.repeat(30) })], 3)).rules[0]!.samples,
    ).toHaveLength(3);
  });

  it('takes a rule about the repository for what it is', async () => {
    const rule = makeRule({ id: 'T-3', check: { kind: 'required-file', groups: [['SECURITY.md']] } });
    const { rules } = await run([rule], [repository('a', { 'a.md': '' }), repository('b', { 'SECURITY.md': '' })]);
    expect(rules).toEqual([expect.objectContaining({ applies: 2, hit: 1, hits: 1, lines: 0, verdict: 'fits' })]);
    expect(rules[0]).not.toHaveProperty('hitsPerKloc');
    expect(rules[0]!.samples).toEqual([
      { repository: 'a', path: 'SECURITY.md', line: 1, subject: '', message: 'SECURITY.md is missing' },
    ]);
  });

  it('says what was not checked, instead of taking it for kept', async () => {
    const fleet = [repository('a', { 'a.txt': 'a' }), repository('b', { 'b.txt': 'b' })];
    const { rules } = await run(
      [
        makeRule({ id: 'T-1', check: { kind: 'model', ask: 'Is it good?' } }),
        makeRule({ id: 'T-2', check: { kind: 'file-content', files: ['**'], forbid: '(?=a)' } }),
        makeRule({ id: 'T-3', check: { kind: 'forbidden-edit', files: ['**'] } }),
        makeRule({
          id: 'T-4',
          appliesTo: { catalog: { type: ['service'] } },
          check: { kind: 'file-content', files: ['**'], forbid: 'a' },
        }),
      ],
      fleet,
    );
    expect(rules.map(({ verdict, applies, checked }) => [verdict, applies, checked])).toEqual([
      ['not-checked', 2, 0],
      ['not-checked', 2, 0],
      ['not-checked', 2, 0],
      ['not-checked', 0, 0],
    ]);
    expect(rules.map(({ notChecked }) => notChecked)).toEqual([
      [{ reason: 'a model is asked, in reviews', repositories: 2 }],
      [{ reason: expect.stringContaining('looks ahead or behind'), repositories: 2 }],
      [{ reason: expect.stringContaining('judges changes only'), repositories: 2 }],
      [{ reason: 'the catalog has no answer', repositories: 2 }],
    ]);
  });

  it('skips what cannot be read, closes what it opened, one after the other', async () => {
    const log: string[] = [];
    const logged = (name: string, make: () => RepoReader): FleetRepository => ({
      name,
      open: async () => {
        log.push(`open ${name}`);
        const reader = make();
        return {
          name,
          commit: null,
          worktree: false,
          paths: () => reader.paths(),
          read: (paths) => reader.read(paths),
          links: (paths) => reader.links(paths),
          close: async () => void log.push(`close ${name}`),
        };
      },
    });
    const broken = logged('b', () => ({
      ...memoryRepository({}),
      paths: () => Promise.reject(new Error('damaged\nmore')),
    }));
    const fleet = [
      logged('a', () => memoryRepository({ 'a.txt': 'TODO' })),
      broken,
      { name: 'c', open: () => Promise.reject(new Error('no such folder')) },
      logged('d', () => memoryRepository({ 'a.txt': 'TODO' })),
    ];
    const { rules, repositories, skipped } = await run([noTodo], fleet);
    expect(log).toEqual(['open a', 'close a', 'open b', 'close b', 'open d', 'close d']);
    expect(skipped).toEqual([
      { name: 'b', reason: 'damaged' },
      { name: 'c', reason: 'no such folder' },
    ]);
    expect(repositories.map(({ name }) => name)).toEqual(['a', 'd']);
    expect(rules[0]).toMatchObject({ applies: 2, hits: 2 });
  });
});
