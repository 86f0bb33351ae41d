import { describe, expect, it } from 'vitest';
import { processorTime } from '../../../test/processor-time.ts';
import { workspaceGlobs } from './workspace-globs.ts';

describe('workspaceGlobs', () => {
  it.each([
    [['packages/*'], 'packages/a', true],
    [['packages/*'], 'packages/a/b', false],
    [['packages/*'], 'packages', false],
    [['./packages/*/'], 'packages/a', true],
    [['packages/**'], 'packages/a/b', true],
    [['**/web'], 'apps/deep/web', true],
    [['apps/**/e2e'], 'apps/e2e', true],
    [['docs'], 'docs', true],
    [['docs'], 'docs/site', false],
    [['{apps,libs}/*'], 'libs/core', true],
    [['packages/@(a|b)'], 'packages/b', true],
    [['packages/@(a|b)'], 'packages/c', false],
    [['packages/lib-?'], 'packages/lib-x', true],
    [['packages/[ab]'], 'packages/b', true],
    [['*'], '.github', false],
    [['packages/a.b'], 'packages/axb', false],
    [['.'], '', false],
    [[], 'packages/a', false],
  ])('%j and %s: %s', (patterns, dir, expected) => {
    expect(workspaceGlobs(patterns).matches(dir)).toBe(expected);
  });

  it('excludes wherever the negation stands', () => {
    expect(workspaceGlobs(['!packages/old', 'packages/*']).matches('packages/old')).toBe(false);
    expect(workspaceGlobs(['packages/**', '!packages/*/fixtures']).matches('packages/a/fixtures')).toBe(false);
    expect(workspaceGlobs(['packages/**', '!packages/*/fixtures']).matches('packages/a/fixtures/b')).toBe(true);
  });

  it('names the patterns it refuses instead of matching them for minutes', () => {
    const stars = `${'*a'.repeat(40)}b`;
    const deep = `${'**/'.repeat(40)}x`;
    const braces = '{a,b}'.repeat(20);
    const globs = workspaceGlobs([stars, deep, braces, 'x'.repeat(500), 'packages/*']);
    expect(globs.odd).toEqual([stars, deep, braces, 'x'.repeat(500)]);
    expect(globs.matches('packages/a')).toBe(true);
    const started = processorTime();
    workspaceGlobs(['*a*a*b']).matches('a'.repeat(200));
    workspaceGlobs(['**/a/**/b']).matches(Array(200).fill('a').join('/'));
    expect(processorTime() - started).toBeLessThan(1000);
  });
});
