import { describe, expect, it } from 'vitest';
import type { RepoEntry } from '../forge/reader.ts';
import { matchFiles } from './match-files.ts';
import { depthOf, isAside, joinPath, PathIndex } from './path-index.ts';

const index = (...paths: string[]): PathIndex =>
  new PathIndex(
    paths.toSorted().map(
      (path): RepoEntry => ({
        path,
        kind: path.endsWith('.link') ? 'symlink' : path.endsWith('.x') ? 'executable' : 'file',
      }),
    ),
  );

describe('PathIndex', () => {
  const paths = index('a/b/c.txt', 'a/b/d/e.x', 'a.txt', 'a-b/c.txt', 'z.link', 'Makefile');

  it('knows files, folders and kinds', () => {
    expect(paths.has('a/b/c.txt')).toBe(true);
    expect(paths.has('a/b')).toBe(false);
    expect(paths.isFile('z.link')).toBe(false);
    expect(paths.isExecutable('a/b/d/e.x')).toBe(true);
    expect(['', 'a', 'a/b', 'a/b/d', 'a-b', 'b'].map((dir) => paths.hasDir(dir))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('lists by name and by folder, and does not mistake a prefix for a folder', () => {
    expect(paths.named('c.txt')).toEqual(['a-b/c.txt', 'a/b/c.txt']);
    expect(paths.under('a').map(({ path }) => path)).toEqual(['a/b/c.txt', 'a/b/d/e.x']);
    expect(paths.under('nothing')).toEqual([]);
  });

  it('works something out once', () => {
    let runs = 0;
    const count = (): number => paths.once('count', () => ++runs);
    expect([count(), count(), runs]).toEqual([1, 1, 1]);
  });
});

describe('paths', () => {
  it.each([
    ['src/fixtures/a/package.json', true],
    ['node_modules/x/package.json', true],
    ['packages/fixtures.ts', false],
    ['vendored.txt', false],
  ])('%s lies aside: %s', (path, aside) => expect(isAside(path)).toBe(aside));

  it('counts folders', () => expect(['a', 'a/b', 'a/b/c'].map(depthOf)).toEqual([0, 1, 2]));

  it.each([
    ['a/b', '../c', 'a/c'],
    ['a', './x/./y', 'a/x/y'],
    ['a', '/x', 'x'],
    ['', '..', undefined],
    ['a', '../../x', undefined],
  ])('joins %s and %s', (dir, relative, joined) => expect(joinPath(dir, relative)).toBe(joined));
});

describe('matchFiles', () => {
  const paths = index(
    'Cargo.toml',
    'a/Cargo.toml',
    'a/b/c/d/e/Cargo.toml',
    'vendor/x/Cargo.toml',
    '.github/workflows/ci.yml',
    '.github/workflows/sub/x.yml',
    'mk/a.mk',
    'b.mk',
    'x/Makefile',
    'Makefile',
    'q/Cargo.toml.link',
  );

  it.each([
    ['a bare name, not too deep and not aside', ['Cargo.toml'], ['Cargo.toml', 'a/Cargo.toml']],
    ['a name with a wildcard', ['*.mk'], ['b.mk', 'mk/a.mk']],
    ['a name at the root', ['/Makefile'], ['Makefile']],
    ['a path with a wildcard in one part', ['.github/workflows/*.yml'], ['.github/workflows/ci.yml']],
    ['symbolic links never', ['Cargo.toml.link'], []],
  ])('%s', (_, files, expected) => expect(matchFiles({ files }, paths)).toEqual(expected));

  it('goes as deep as it is told', () => {
    expect(matchFiles({ files: ['Cargo.toml'], depth: 5 }, paths)).toContain('a/b/c/d/e/Cargo.toml');
  });
});
