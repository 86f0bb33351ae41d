import { describe, expect, it } from 'vitest';
import { ownersOf } from './codeowners.ts';

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
});
