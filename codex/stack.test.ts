import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { scopeOf } from './scope.ts';
import { knownLanguages, languageOf, stackOf } from './stack.ts';

describe('languageOf', () => {
  it.each([
    ['src/main.rs', 'rust'],
    ['a.tsx', 'typescript'],
    ['a.d.ts', 'typescript'],
    ['a.mjs', 'javascript'],
    ['A.JAVA', 'java'],
    ['a.cs', 'c#'],
    ['a.pyi', 'python'],
    ['db/V1__init.sql', 'sql'],
    ['Dockerfile', 'dockerfile'],
    ['build/Dockerfile.dev', 'dockerfile'],
    ['Dockerfile.alpine-3.20', 'dockerfile'],
    ['api.Dockerfile', 'dockerfile'],
    ['Containerfile', 'dockerfile'],
    ['Dockerfile.dockerignore', undefined],
    ['Dockerfile.md', undefined],
    ['README.md', undefined],
    ['.rs', undefined],
    ['constructor', undefined],
    ['a.constructor', undefined],
  ])('%s: %s', (path, language) => {
    expect(languageOf(path)).toBe(language);
  });

  it('emits only what rules may name', () => {
    const known = knownLanguages();
    for (const path of ['a.ts', 'a.tsx', 'a.sql', 'Dockerfile', 'a.go', 'a.py', 'a.rb'])
      expect(known).toContain(languageOf(path));
  });
});

describe('stackOf', () => {
  it('knows languages by their files, those of other people and of fixtures left out', async () => {
    const { languages } = await stackOf(
      memoryRepository({
        'src/deep/a.go': '',
        'src/b.go': '',
        'vendor/x/y.c': '',
        'testdata/a.py': '',
        'link.rb': { symlink: 'x' },
        sub: { submodule: true },
      }),
    );
    expect([...languages]).toEqual([['go', 'src/b.go']]);
  });

  it('knows direct dependencies and their frameworks, those below fixtures left out', async () => {
    const { frameworks } = await stackOf(
      memoryRepository({
        'go.mod':
          'module x\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgithub.com/spf13/cobra v1.8.0 // indirect\n)\n',
        'fixtures/package.json': '{"dependencies":{"react":"1"}}',
      }),
    );
    expect([...(await frameworks()).entries()]).toEqual([
      ['go:github.com/gin-gonic/gin', { path: 'go.mod', line: 4 }],
      ['gin', { path: 'go.mod', line: 4 }],
    ]);
  });

  it('reads manifests once, and none where the dependencies are known', async () => {
    let reads = 0;
    const reader = memoryRepository({ 'package.json': '{"dependencies":{"react":"1"}}' });
    const counting = {
      paths: () => reader.paths(),
      read: (paths: readonly string[]) => {
        reads++;
        return reader.read(paths);
      },
    };
    const stack = await stackOf(counting);
    expect(reads).toBe(0);
    await Promise.all([stack.frameworks(), stack.dependencies(), stack.frameworks()]);
    const once = reads;
    await stack.frameworks();
    expect(reads).toBe(once);
    const known = await stackOf(counting, { dependencies: [] });
    expect((await known.frameworks()).size).toBe(0);
    expect(reads).toBe(once);
  });
});

describe('scopeOf', () => {
  const scope = (parts: Partial<Parameters<typeof scopeOf>[0]>) =>
    scopeOf({ languages: [], paths: [], notPaths: [], ...parts });
  it.each([
    [{}, 'a.txt', true],
    [{ languages: ['go'] }, 'a.go', true],
    [{ languages: ['go'] }, 'a.txt', false],
    [{ languages: ['go'], paths: ['cmd/**'] }, 'cmd/x/a.go', true],
    [{ languages: ['go'], paths: ['cmd/**'] }, 'pkg/a.go', false],
    [{ languages: ['go'], paths: ['**'], notPaths: ['**/*_test.go'] }, 'a_test.go', false],
    [{ paths: ['**/Dockerfile'] }, 'Dockerfile', true],
  ])('%j holds %s: %s', (parts, path, expected) => {
    expect(scope(parts)(path)).toBe(expected);
  });
});
