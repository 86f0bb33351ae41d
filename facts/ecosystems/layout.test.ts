import { describe, expect, it } from 'vitest';
import type { PlainFact } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { languages } from './languages.ts';
import { layout } from './layout.ts';

const files = (...paths: string[]): Record<string, string> => Object.fromEntries(paths.map((path) => [path, 'x\n']));
const many = (count: number, name: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => name(i));

async function factsOf(plugin: typeof layout, paths: string[], key: string): Promise<string[]> {
  const { signals } = await signalsOf(plugin, files(...paths));
  return (signals as PlainFact[])
    .filter((fact) => fact.key.startsWith(key))
    .map((fact) => `${fact.key} ${fact.value} <- ${fact.evidence.map(({ path }) => path).join(', ')}`);
}

describe('layout', () => {
  it('finds sources by what lies in them and follows a lone folder down, other roles by name', async () => {
    const paths = [
      ...many(9, (i) => `src/main/java/a${i}/A.java`),
      'tests/x.py',
      'docs/a.md',
      'deploy/app.yaml',
      'charts/web/Chart.yaml',
      'node_modules/y/tests/a.js',
    ];
    expect(await factsOf(layout, paths, 'layout.')).toEqual([
      'layout.sources src/main/java <- src/main/java/a0/A.java',
      'layout.tests tests <- tests/x.py',
      'layout.docs docs <- docs/a.md',
      'layout.deploy charts <- charts/web/Chart.yaml',
      'layout.deploy deploy <- deploy/app.yaml',
    ]);
  });

  it('says how tests mirror sources, where nearly all do', async () => {
    const mirrored = many(8, (i) => `src/app/m${i}.ts`).concat(many(8, (i) => `tests/app/m${i}.test.ts`));
    expect(await factsOf(layout, mirrored, 'layout.test-mirror')).toEqual([
      'layout.test-mirror src/<path>/<name>.ts -> tests/<path>/<name>.test.ts <- tests/app/m0.test.ts, src/app/m0.ts',
    ]);
    const beside = many(8, (i) => `pkg/a${i}/b.go`).concat(many(8, (i) => `pkg/a${i}/b_test.go`));
    expect((await factsOf(layout, beside, 'layout.test-mirror'))[0]).toContain(
      '<path>/<name>.go -> <path>/<name>_test.go',
    );
    const packages = many(4, (i) => `packages/p${i}/src/a.ts`).concat(
      many(4, (i) => `packages/p${i}/test/a.test.ts`),
      many(4, (i) => `packages/p${i}/src/b.ts`),
      many(4, (i) => `packages/p${i}/test/b.test.ts`),
    );
    expect((await factsOf(layout, packages, 'layout.test-mirror'))[0]).toContain(
      '<package>/src/<path>/<name>.ts -> <package>/test/<path>/<name>.test.ts',
    );
  });

  it.each([
    ['Test', 'java'],
    ['Tests', 'cs'],
    ['Spec', 'scala'],
  ])('names tests with %s as the files are named', async (ending, extension) => {
    const paths = many(8, (i) => `main/a/M${i}.${extension}`).concat(
      many(8, (i) => `test/a/M${i}${ending}.${extension}`),
    );
    expect((await factsOf(layout, paths, 'layout.test-mirror'))[0]).toBe(
      `layout.test-mirror main/<path>/<name>.${extension} -> test/<path>/<name>${ending}.${extension} <- test/a/M0${ending}.${extension}, main/a/M0.${extension}`,
    );
  });

  it('names the package that holds most of the tests, and looks past examples', async () => {
    const main = many(9, (i) => `src/Core/m${i}.cs`).concat(many(9, (i) => `test/Core.Tests/m${i}Tests.cs`));
    const inner = many(9, (i) => `core/src/a/m${i}.ts`).concat(many(9, (i) => `core/test/a/m${i}.test.ts`));
    const other = ['web/src/a/x.ts', 'web/test/a/x.test.ts'];
    expect((await factsOf(layout, [...other, ...inner], 'layout.test-mirror'))[0]).toBe(
      'layout.test-mirror core/src/<path>/<name>.ts -> core/test/<path>/<name>.test.ts <- core/test/a/m0.test.ts, core/src/a/m0.ts',
    );
    const shown = many(30, (i) => `examples/e${i}/a.cs`).concat(many(30, (i) => `examples/e${i}/aTests.cs`));
    expect((await factsOf(layout, [...shown, ...main], 'layout.test-mirror'))[0]).toContain('src/Core/<path>/');
  });

  it('says nothing where the tests keep no rule, or are too few', async () => {
    expect(await factsOf(layout, ['src/a.ts', 'tests/a.test.ts'], 'layout.test-mirror')).toEqual([]);
    const unrelated = many(9, (i) => `tests/feature-${i}.test.ts`).concat(['src/a.ts', 'src/b.ts']);
    expect(await factsOf(layout, unrelated, 'layout.test-mirror')).toEqual([]);
  });
});

describe('languages', () => {
  const of = (paths: string[]): Promise<string[]> => factsOf(languages, paths, 'language');

  it('counts what the repository is written in, not what lies beside it', async () => {
    const paths = [
      ...many(6, (i) => `cmd/a${i}.go`),
      ...many(40, (i) => `docs/site/a${i}.js`),
      ...many(40, (i) => `vendor/x/a${i}.c`),
      ...many(9, (i) => `testdata/a${i}.py`),
    ];
    const [first, ...others] = await of(paths);
    expect(first).toMatch(/^language Go <- cmd\//);
    expect(others.join()).not.toMatch(/Python|language C /);
  });

  it('gives headers to the language that has the sources', async () => {
    expect(await of([...many(5, (i) => `src/a${i}.cpp`), ...many(9, (i) => `src/a${i}.h`)])).toEqual([
      'language C++ <- src/a0.cpp',
    ]);
    expect((await of([...many(5, (i) => `src/a${i}.c`), ...many(9, (i) => `src/a${i}.h`)]))[0]).toContain(
      'language C <-',
    );
  });

  it('leaves out a folder in which other projects stand side by side', async () => {
    const bundled = ['zlib', 'curl', 'jansson'].flatMap((project) => [
      `lib/${project}/LICENSE`,
      ...many(9, (i) => `lib/${project}/a${i}.cpp`),
    ]);
    expect(await of([...many(4, (i) => `src/a${i}.c`), ...bundled])).toEqual(['language C <- src/a0.c']);
  });

  it('is silent without sources', async () => {
    expect(await of(['README.md', 'Makefile'])).toEqual([]);
  });
});
