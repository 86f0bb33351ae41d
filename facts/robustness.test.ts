import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import type { RepoReader } from '../forge/reader.ts';
import fc from '../test/fast-check.ts';
import { mainLanguages } from './ecosystems/languages.ts';
import type { RepoFacts } from './fact.ts';
import { analyze } from './index.ts';
import { PathIndex } from './path-index.ts';
import { REAL_SHAPES } from './testing/real-shapes.ts';

/** Ways in which files of real repositories are broken. */
const MUTATIONS: Readonly<Record<string, (text: string, at: number) => MemoryFile>> = {
  truncated: (text, at) => text.slice(0, Math.floor(text.length * at)),
  empty: () => '',
  'cut out of the middle': (text, at) =>
    text.slice(0, Math.floor(text.length * at * 0.6)) + text.slice(Math.floor(text.length * (at * 0.6 + 0.2))),
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  'a byte order mark': (text) => `\uFEFF${text}`,
  'invalid UTF-8': (text, at) =>
    Buffer.concat([
      Buffer.from(text.slice(0, Math.floor(text.length * at))),
      Buffer.from([0xff, 0xc3, 0x28, 0xfe]),
      Buffer.from(text.slice(Math.floor(text.length * at))),
    ]),
  'conflict markers': (text, at) => {
    const lines = text.split('\n');
    lines.splice(Math.floor(lines.length * at), 0, '<<<<<<< HEAD', 'ours', '=======', 'theirs', '>>>>>>> branch');
    return lines.join('\n');
  },
  'a line of 10 MB': (text, at) => `${text.slice(0, Math.floor(text.length * at))}${'x'.repeat(10 << 20)}`,
  'a long line that is still read': (text, at) =>
    `${text.slice(0, Math.floor(text.length * at))}${'a '.repeat(400_000)}${text.slice(Math.floor(text.length * at))}`,
  'many quotes': (text, at) => `${text.slice(0, Math.floor(text.length * at))}${'"\'`'.repeat(30_000)}`,
  'deep nesting': (text, at) => `${text.slice(0, Math.floor(text.length * at))}${'[{('.repeat(60_000)}`,
  'every line twice': (text) =>
    text
      .split('\n')
      .flatMap((line) => [line, line])
      .join('\n'),
  'values of other types': (text, at) => {
    const others = ['null', '[]', '{}', '42', 'true', '""', '[[1]]'];
    const values = [...text.matchAll(/(?<=[:=] ?)("[^"\n]*"|\{[^{}\n]*\}|\[[^[\]\n]*\]|\w[^\n]*)/g)];
    const chosen = values[Math.floor(values.length * at)];
    return chosen
      ? text.slice(0, chosen.index) +
          others[Math.floor(at * 997) % others.length] +
          text.slice(chosen.index + chosen[0].length)
      : text;
  },
  'random bytes': (_, at) =>
    Buffer.from(Array.from({ length: 3000 }, (_value, i) => Math.floor(((i + 1) * 7919 * (at + 0.1)) % 256))),
  'a symbolic link to itself': () => ({ symlink: 'package.json' }),
};

/** Files of the ecosystems that are read as text, and what costs a careless reader most. */
const NEWER: readonly { readonly path: string; readonly parts: readonly string[] }[] = [
  { path: 'Rakefile', parts: ['task :a ', 'sh "', "'*/**/{a,b}*.rake' ", '\n', 'namespace :a do\n'] },
  { path: 'Gemfile', parts: ['gem "', 'group :a do\n', '%w(', '<<~A\n'] },
  { path: 'fastlane/Fastfile', parts: ['\n', ' \n', 'lane :a do\n', 'import "./a"\n'] },
  { path: 'mix.exs', parts: ['do ', 'do\n', '[', 'defp a do\n', '~w(', '"#{'] },
  { path: 'rebar.config', parts: ['{', '[', '"', '%', '{alias, ['] },
  { path: 'gleam.toml', parts: ['a.', '[a]\n'] },
  { path: 'composer.json', parts: ['[', '{"a":', '"\\'] },
  { path: 'pubspec.yaml', parts: [']\n', '@\n', '? ', '"\n'] },
  { path: 'Package.swift', parts: ['(', '"', '.target(', '/*'] },
  { path: 'Podfile', parts: ['pod "', "target 'a' do\n"] },
  { path: 'MODULE.bazel', parts: ['a(', '"""', 'a(name = "', '['] },
  { path: 'BUILD.bazel', parts: ['a(', '"""', 'a(name = "', '#'] },
  { path: 'pants.toml', parts: ['[GLOBAL]\n', 'a = ['] },
  { path: 'main.tf', parts: ['terraform {', '"${', '<<A\n', '/*'] },
  { path: 'Chart.yaml', parts: ['{{', '- ', '}\n'] },
  { path: 'Dockerfile', parts: ['RUN a && ', 'a \\\n', '\\\n', 'FROM a AS a\n', '$'] },
  { path: 'compose.yaml', parts: ['  a:\n', '"'] },
  { path: 'template.yaml', parts: ['!Ref ', 'a: ]\n'] },
  { path: 'wrangler.jsonc', parts: ['//', '/*', '['] },
  { path: 'playbook.yml', parts: ['- hosts: a\n', '{{ '] },
  { path: 'build.xml', parts: ['<target name="a" depends="', '<exec>', '${a}'] },
  { path: 'App.sln', parts: ['Project("', '= "a", "b.csproj"\n'] },
  { path: 'App.csproj', parts: ['<a ', '$(', '<PackageReference Include="'] },
  { path: '.circleci/config.yml', parts: ['<< ', '- [', ']\n', 'a: &a *a\n'] },
  { path: '.buildkite/pipeline.yml', parts: ['.buildkite/a.sh ', '- [', '$$'] },
  { path: 'azure-pipelines.yml', parts: ['${{ ', '- [', '(', 'and('] },
  { path: 'Jenkinsfile', parts: ['stage(', '{', '"${', "'''", '/', 'sh "'] },
  { path: 'justfile', parts: ['a \\\n', '{{', 'a:\n  b\n', 'a := "'] },
  { path: 'tox.ini', parts: ['a \\\n', '[testenv:a]\n', '{', 'a,'] },
  { path: 'scripts/test.sh', parts: ['a \\\n', '<<A\n', '$('] },
  { path: 'mise.toml', parts: ['[tools]\n', 'a = "'] },
];

/** Every object has something of these names, and a table that is asked for them must not. */
const ON_EVERY_OBJECT: readonly (readonly [name: string, like: string])[] = [
  ['constructor', 'konstructor'],
  ['__proto__', '__Proto__'],
  ['toString', 'toStrynk'],
  ['hasOwnProperty', 'hasOwnPropertie'],
];
const NAMED: Readonly<Record<string, (name: string) => Readonly<Record<string, string>>>> = {
  'a file': (name) => ({ [name]: 'x\n', 'a.py': 'x\n', [`src/${name}`]: 'x\n' }),
  'an ending': (name) => ({ [`a.${name}`]: 'x\n', 'a.py': 'x\n' }),
  'a folder': (name) => ({
    [`${name}/a.py`]: 'x\n',
    [`${name}/package.json`]: '{ "name": "x", "scripts": { "test": "vitest" } }',
    [`${name}/main.tf`]: 'terraform {\n}\n',
  }),
  'a script': (name) => ({ 'package.json': `{ "scripts": { "${name}": "vitest run", "test": "npm run ${name}" } }` }),
  'a dependency': (name) => ({
    'package.json': `{ "devDependencies": { "${name}": "1" }, "engines": { "${name}": "1" } }`,
  }),
  'a script of Composer': (name) => ({
    'composer.json': `{ "name": "a/b", "require": { "${name}": "1" }, "scripts": { "${name}": "phpunit", "test": "@${name}" } }`,
  }),
  'a target of make': (name) => ({
    Makefile: `${name}:\n\tpytest\n\ntest: ${name}\n\t$(${name}) x\ninclude $(${name})/a.mk\n`,
  }),
  'a task of Rake': (name) => ({ Rakefile: `task :${name} do\n  sh "rspec"\nend\n` }),
  'a goal': (name) => ({
    'pom.xml': '<project/>',
    Makefile: `test:\n\tmvn ${name}\n\tgradle a:${name}\n\t${name} run\n`,
  }),
  'a lane': (name) => ({ 'fastlane/Fastfile': `lane :a do\n  ${name}\nend\nlane :${name} do\n  scan\nend\n` }),
  'an alias of mix': (name) => ({
    'mix.exs': `defmodule A do\n  use Mix.Project\n  def project do\n    [app: :a, aliases: ["${name}": ["test"]]]\n  end\nend\n`,
  }),
  'a tool of mise': (name) => ({ 'mise.toml': `[tools]\n"${name}" = "1.2.3"\n`, '.tool-versions': `${name} 1.2.3\n` }),
  'a tool of .NET': (name) => ({
    'A.csproj': '<Project Sdk="Microsoft.NET.Sdk"/>',
    '.config/dotnet-tools.json': `{ "tools": { "${name}": { "version": "1", "commands": ["${name}"] } } }`,
  }),
  'a module of Bazel': (name) => ({ 'MODULE.bazel': `module(name = "x")\nbazel_dep(name = "${name}")\n` }),
  'an orb': (name) => ({
    '.circleci/config.yml': `version: 2.1\norbs: { ${name}: a/b@1 }\njobs:\n  ${name}:\n    steps:\n      - ${name}/${name}\n      - ${name}\n      - run: ${name} test\nworkflows:\n  w:\n    jobs: [${name}]\n`,
  }),
};

const CASES = Object.entries(REAL_SHAPES).flatMap(([shape, files]) =>
  Object.keys(files).map((path) => ({ shape, path })),
);
const place = (folder: string, files: Readonly<Record<string, MemoryFile>>): Record<string, MemoryFile> =>
  Object.fromEntries(Object.entries(files).map(([path, file]) => [`${folder}/${path}`, file]));
const within = (facts: RepoFacts, folder: string): string[] =>
  facts.facts.filter(({ dir }) => dir === folder || dir.startsWith(`${folder}/`)).map((fact) => JSON.stringify(fact));

/** Manifests of the same kind are read together: which of two modules leads is a question about both. */
function sharesManifest(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = (files: Readonly<Record<string, string>>): Set<string> =>
    new Set(Object.keys(files).map((path) => path.replace(/^.*\//, '')));
  return names(a).intersection(names(b)).size > 0;
}

/** A link is no source: which language leads, and so whether charts are what it is all about, is a question about all files. */
async function leading(reader: RepoReader): Promise<string | undefined> {
  return mainLanguages(new PathIndex(await reader.paths()))[0]?.language;
}

describe('names that every object has', () => {
  it.each(Object.keys(NAMED))('as %s are like any other', async (what) => {
    const files = NAMED[what]!;
    for (const [name, like] of ON_EVERY_OBJECT) {
      const [odd, plain] = await Promise.all([name, like].map((each) => analyze(memoryRepository(files(each)))));
      expect(JSON.parse(JSON.stringify(odd).replaceAll(name, like))).toEqual(JSON.parse(JSON.stringify(plain)));
    }
  });
});

describe('broken files', () => {
  it('never crash or hang the engine, and cost nothing but their own facts', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CASES),
        fc.constantFrom(...Object.keys(MUTATIONS)),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        fc.constantFrom(...Object.keys(REAL_SHAPES)),
        async (broken, mutation, at, other) => {
          const shape = REAL_SHAPES[broken.shape]!;
          const mutated = { ...shape, [broken.path]: MUTATIONS[mutation]!(shape[broken.path]!, at) };
          // At the root, where everything is read ...
          const alone = await analyze(memoryRepository(mutated));
          for (const fact of alone.facts) {
            expect(fact.value).not.toBe('');
            expect(fact.evidence.length).toBeGreaterThan(0);
          }
          // ... and beside a healthy neighbour of another ecosystem, whose facts must not change.
          const neighbour = REAL_SHAPES[other]!;
          if (sharesManifest(shape, neighbour)) return;
          const both = (left: Readonly<Record<string, MemoryFile>>) =>
            memoryRepository({ ...place('left', left), ...place('right', neighbour) });
          if ((await leading(both(mutated))) !== (await leading(both(shape)))) return;
          const beside = (left: Readonly<Record<string, MemoryFile>>): Promise<RepoFacts> => analyze(both(left));
          expect(within(await beside(mutated), 'right')).toEqual(within(await beside(shape), 'right'));
        },
      ),
      { numRuns: 300 },
    );
  });

  // Of a lock file and of nextest.toml only the presence counts; a Compose file is read line by line.
  const PARSED = CASES.filter(
    ({ path }) => /\.(json|toml|ya?ml|xml)$/.test(path) && !/lock|nextest|compose/.test(path),
  );
  it.each(PARSED)('$shape/$path: what cannot be parsed is named', async ({ shape, path }) => {
    const garbage = path.endsWith('.xml')
      ? '<a><b></a>'
      : path.endsWith('.toml')
        ? 'a = = 1\n[[['
        : path.endsWith('.json')
          ? '{"a": [1, }'
          : 'a: [1, 2\nb: "x\n';
    const files = REAL_SHAPES[shape]!;
    const { problems } = await analyze(memoryRepository({ ...files, [path]: garbage }));
    expect(
      problems
        .filter((problem) => problem.path === path)
        .map(({ message }) => message)
        .join(),
    ).toMatch(/not valid|could not be parsed/);
  });

  it('a conflict, a file too large and a missing blob are named', async () => {
    const files = REAL_SHAPES.javascript!;
    const messages = async (file: MemoryFile): Promise<string> =>
      (await analyze(memoryRepository({ ...files, 'package.json': file }))).problems
        .filter(({ path }) => path === 'package.json')
        .map(({ message }) => message)
        .join('; ');
    expect(await messages('{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}')).toMatch(/merge conflict/);
    expect(await messages(`{"a": "${'x'.repeat(10 << 20)}"}`)).toMatch(/not read/);
    expect(await messages({ missing: true })).toMatch(/not read/);
  });

  const big = (text: string): string => text.repeat(Math.ceil(100_000 / text.length));
  const scripts = (text: string): string => JSON.stringify({ scripts: { test: text, lint: text.slice(0, 30_000) } });
  it.each([
    ...['- ', '*a', '/*', '> ', '`a', '[a](', '<b ', '1. '].map((text) => ['AGENTS.md', text, big(text)] as const),
    ...['{', '- a\n', 'cd a && ', '\\\r\n', '$(', '"', "'", '<<A\n', '${{'].map(
      (text) => ['package.json', text, scripts(big(text))] as const,
    ),
    ...['[', '**/', '?*'].map((text) => ['.gitattributes', text, `${big(text)} linguist-generated\n`] as const),
    ...['a:', 'a ', '$(x)', 'include ', '%:', '\\\n'].map((text) => ['Makefile', text, big(text)] as const),
    ...['a: &a [*a]\n', '- [', '? ', '&a ', 'a: |\n  '].map((text) => ['.gitlab-ci.yml', text, big(text)] as const),
    ...['[a]\n', 'a = [', 'a.'].map((text) => ['pyproject.toml', text, big(text)] as const),
    ...['<a>', '<!--', '&a;'].map((text) => ['pom.xml', text, big(text)] as const),
    ...NEWER.flatMap(({ path, parts }) => parts.map((text) => [path, text, big(text)] as const)),
  ])(
    '%s of a hundred thousand characters of %j takes no more than seconds',
    { timeout: 20_000 },
    async (path, _, text) => {
      const { facts, problems } = await analyze(
        memoryRepository({ 'go.mod': 'module x\n', 'x.go': 'package x\n', [path]: text }),
      );
      expect(problems.filter(({ message }) => message.includes('failed'))).toEqual([]);
      // What makes the file's language lead is its size: the manager of the other is still said.
      expect(facts.map(({ value }) => value)).toContain('go');
    },
  );
});
