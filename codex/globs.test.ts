import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import fc from '../test/fast-check.ts';
import { globs, isUsableGlob } from './globs.ts';

describe('globs', () => {
  it.each([
    ['src/**', 'src/a/b.ts', true],
    ['/src/**', 'src/a.ts', true],
    ['./src/**', 'src/a.ts', true],
    ['*.ts', 'src/a.ts', false],
    ['**/*.ts', 'a.ts', true],
    ['**/*.{test,spec}.*', 'src/a.spec.ts', true],
    ['**/*.{test,spec}.*', 'src/a.ts', false],
    ['**/__tests__/**', 'src/__tests__/a.ts', true],
    ['**', '.github/.hidden', true],
    ['*', '.env', true],
    ['{a,b/{c,d}}/x', 'b/d/x', true],
    ['{a,b/{c,d}}/x', 'b/x', false],
    ['app/(shop)/*.tsx', 'app/(shop)/page.tsx', true],
    ['app/[[]id]/*.tsx', 'app/[id]/page.tsx', true],
    ['!important/*', '!important/a', true],
    ['!important/*', 'other/a', false],
    ['#a', '#a', true],
    ['file.{txt', 'file.{txt', true],
    ['a+b/*', 'a+b/c', true],
    ['a+b/*', 'aab/c', false],
    ['@scope/*.ts', '@scope/a.ts', true],
    ['v[0-9]/**', 'v1/x', true],
    ['v?', 'v10', false],
    ['*a*b*c*', 'xaxbxcx', true],
    ['*a*b*c*', 'xaxcxbx', false],
    ['**/a/**/b/**/c', 'a/x/b/y/z/c', true],
    ['**/a/**/b/**/c', 'a/c', false],
  ])('%s against %s: %s', (glob, path, expected) => {
    expect(globs([glob])(path)).toBe(expected);
  });

  it('needs one of several, and matches nothing without any', () => {
    expect(globs(['a', 'b'])('b')).toBe(true);
    expect(globs([])('b')).toBe(false);
  });

  it('does not go back over and over, whoever wrote the glob', () => {
    const hostile = [
      '*a'.repeat(100),
      '**/'.repeat(100),
      `${'**/a/'.repeat(50)}b`,
      '(a+)+b',
      '+(a|a)'.repeat(20),
      '(a|a)*b',
      '[a-z]*'.repeat(60),
    ];
    for (const path of ['a'.repeat(3000), 'a/'.repeat(1500), `${'a'.repeat(200)}/`.repeat(10)])
      expect(hostile.map((glob) => globs([`${glob}c`])(path))).toEqual(hostile.map(() => false));
  });

  it('passes over what is endless', () => {
    for (const glob of ['', 'x'.repeat(501), '{a,b}'.repeat(20)]) {
      expect(isUsableGlob(glob)).toBe(false);
      expect(globs([glob])('ab'.repeat(20))).toBe(false);
    }
    expect(globs(['{1..100000000}'])('5')).toBe(false);
  });

  it('agrees with picomatch where that needs no time', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '.a', 'a.b');
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const piece = fc.constantFrom('*', 'a*', '*b', '*.*', '?', '[ab]', '{a,b}', '**', 'a', '.a', 'a*b*');
    const glob = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, text) => globs([pattern])(text) === picomatch(pattern, { dot: true })(text)),
      { numRuns: 2000 },
    );
  });

  it('take any depth below any depth for one', () => {
    const matching = ['**/**/**/**/a', '**/*/**/**', '**/**'].map((glob) => ['a', 'b/a'].map(globs([glob])));
    expect(matching).toEqual([
      [true, true],
      [false, true],
      [true, true],
    ]);
  });

  it('are asked for a path and nothing else, also by those who hand on more', () => {
    expect(['x', 'y'].some(globs(['production*']))).toBe(false);
    expect(['x', 'a/b'].map(globs(['a/*']))).toEqual([false, true]);
  });
});
