import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import type { RepoFacts } from './fact.ts';
import { analyze } from './index.ts';
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
          const beside = (left: Readonly<Record<string, MemoryFile>>): Promise<RepoFacts> =>
            analyze(memoryRepository({ ...place('left', left), ...place('right', neighbour) }));
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
  ])(
    '%s of a hundred thousand characters of %j takes no more than seconds',
    { timeout: 20_000 },
    async (path, _, text) => {
      const { facts } = await analyze(
        memoryRepository({ 'go.mod': 'module x\n', 'x.go': 'package x\n', [path]: text }),
      );
      expect(facts.map(({ value }) => value)).toContain('go build ./...');
    },
  );
});
