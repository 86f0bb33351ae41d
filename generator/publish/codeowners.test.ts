import picomatch from 'picomatch';
import { describe, expect, it, vi } from 'vitest';
import { ownersOf } from './codeowners.ts';

vi.spyOn(picomatch, 'isMatch');

const names = (text: string, path = 'AGENTS.md'): readonly string[] => ownersOf(text, path).names;

describe('code owners', () => {
  it('are those of the last entry that matches', () => {
    expect(names('* @a\n*.md @b @c\n/docs/ @d\n')).toEqual(['b', 'c']);
    expect(names('*.md @b\n* @a\n')).toEqual(['a']);
  });

  it.each([
    ['AGENTS.md', 'packages/a/AGENTS.md', true],
    ['/AGENTS.md', 'packages/a/AGENTS.md', false],
    ['packages/', 'packages/a/AGENTS.md', true],
    ['packages', 'packages/a/AGENTS.md', false],
    ['/packages/*', 'packages/a/AGENTS.md', false],
    ['/packages/**/*.md', 'packages/a/AGENTS.md', true],
    ['a/AGENTS.md', 'packages/a/AGENTS.md', true],
    ['*', '.github/x', true],
    ['{AGENTS,x}.md', 'AGENTS.md', false],
    ['my\\ docs/', 'my docs/AGENTS.md', true],
    ['\\#AGENTS.md', '#AGENTS.md', true],
    ['*'.repeat(60), 'AGENTS.md', false],
  ])('%s owns %s: %s', (pattern, path, owns) => {
    expect(names(`${pattern} @a\n`, path)).toEqual(owns ? ['a'] : []);
  });

  it('are of each section its own, and its default where the entry names none', () => {
    const text = '* @all-of-it\n\n[Docs] @docs-team\n*.md\n\n^[Go]\n*.go @go\n\n[DB][2] @db\n*.sql @sql\nAGENTS.md\n';
    expect(names(text)).toEqual(['all-of-it', 'docs-team', 'db']);
  });

  it('of sections with one name are one section, required once is required', () => {
    const text = '^[Docs]\n*.md @a\n[Other]\n* @z\n[DOCS]\nAGENTS.md @b\n';
    expect(names(text)).toEqual(['b', 'z']);
  });

  it('of optional sections come last', () => {
    expect(names('^[Docs]\n* @a\n[Other]\n* @b\n')).toEqual(['b', 'a']);
  });

  it('do not own what their section excludes, whatever comes later', () => {
    expect(names('* @a\n!AGENTS.md\nAGENTS.md @b\n[Docs]\n*.md @c\n')).toEqual(['c']);
  });

  it('are users, groups, roles and addresses; comments and malformed words are none', () => {
    const text = '# *.md @no\n* @a @g/sub user @@maintainers ada@example.com # and @b\n';
    expect(ownersOf(text, 'x')).toEqual({
      names: ['a', 'g/sub', 'b'],
      roles: ['maintainer'],
      emails: ['ada@example.com'],
      lines: [2],
    });
  });

  it('of a heading that is none is an entry of the section before', () => {
    expect(names('[Docs\n* @a\n', 'x')).toEqual(['a']);
    expect(names('')).toEqual([]);
  });

  it('in a file that is made to cost time cost little', () => {
    const compiled = vi.mocked(picomatch.isMatch);
    compiled.mockClear();
    const wildcards = Array.from({ length: 60_000 }, (_, at) => `**/x${at}* @a`).join('\n');
    expect(names(wildcards)).toEqual([]);
    expect(names(`${'('.repeat(5_000)} @a`)).toEqual([]);
    expect(names(`${'A'.repeat(5_000)}* @a`, 'A'.repeat(6_000))).toEqual([]);
    expect(compiled).not.toHaveBeenCalled();
    expect(names(`${'A*\n'.repeat(50_000)}`)).toEqual([]);
    expect(compiled.mock.calls.length).toBeLessThanOrEqual(10_000);
  });

  it.each([
    // Each would take a pattern with two readings forever.
    `${'\\a'.repeat(200)}\u2028x @a`,
    `x @${'a@'.repeat(5_000)}`,
    `x a@${'.'.repeat(10_000)}@`,
    `x ${'@a '.repeat(10_000)}`,
    '\\',
    '!',
    '! @a',
  ])('come back from any line: %#', (line) => {
    expect(names(line)).toEqual([]);
  });

  it('are not taken away by a lone mark of exclusion', () => {
    expect(names('* @b\n! @a\n')).toEqual(['b']);
  });

  it('of brackets are those of names with brackets', () => {
    expect(names('app/(shop)/ @a', 'app/(shop)/AGENTS.md')).toEqual(['a']);
    expect(names('app/(shop)/ @a', 'app/shop/AGENTS.md')).toEqual([]);
    expect(names('[A-C]GENTS.?d @a')).toEqual(['a']);
  });
});
