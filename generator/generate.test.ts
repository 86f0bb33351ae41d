import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import { GENERATE_DEFAULTS } from './config.ts';
import { type GenerateResult, generate } from './index.ts';
import { readBack } from './testing/read-back.ts';

const WEB: Record<string, MemoryFile> = {
  'package.json': JSON.stringify(
    {
      name: 'shop',
      packageManager: 'pnpm@10.2.0',
      engines: { node: '>=22' },
      scripts: { build: 'tsc -b', test: 'vitest run', lint: 'eslint .', format: 'prettier --write .', dev: 'vite' },
      devDependencies: { vitest: '4.0.0', eslint: '9.0.0', prettier: '3.0.0', typescript: '5.9.0', vite: '7.0.0' },
    },
    null,
    2,
  ),
  'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n',
  '.github/workflows/ci.yml':
    'on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: pnpm lint\n      - run: pnpm test\n',
  '.gitattributes': 'src/gen/** linguist-generated\n',
  'src/gen/api.ts': 'export {};\n',
  '.env.example': 'DATABASE_URL=\n',
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`src/shop/m${i}.ts`, 'export {};\n'])),
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`tests/shop/m${i}.test.ts`, 'export {};\n'])),
};

const write = (files: Record<string, MemoryFile>, config = GENERATE_DEFAULTS): Promise<GenerateResult> =>
  generate(memoryRepository(files), { fresh: true, config });

describe('generate', () => {
  it('writes a short file in which every bullet has evidence', async () => {
    const { files, items } = await write(WEB);
    expect(files.map(({ path }) => path)).toEqual(['AGENTS.md']);
    expect(files[0]!.text).toBe(`# AGENTS.md

## Repository

- Runtime: Node.js >=22 and pnpm 10
- Install: \`pnpm install\`
- Build: \`pnpm build\`
- Test: \`pnpm test\`; a single one: \`pnpm test <file>\`
- Lint: \`pnpm lint\`
- Format: \`pnpm format\`
- Run: \`pnpm dev\`
- Environment: set \`DATABASE_URL\`; see \`.env.example\`

## How to navigate this codebase

- Tests mirror the sources: \`src/<path>/<name>.ts\` is tested by \`tests/<path>/<name>.test.ts\`

## Conventions

- Tests are written with Vitest
- The pull-request pipeline checks lint and test: run them before you push

## Boundaries

- Generated, never edit: \`src/gen/\`
`);
    for (const { evidence } of items) expect(evidence.length).toBeGreaterThan(0);
  });

  it('gives the same bytes for the same commit', async () => {
    expect((await write(WEB)).files).toEqual((await write(Object.fromEntries(Object.entries(WEB).reverse()))).files);
  });

  it('says nothing that its paths and commands do not bear out', async () => {
    const { files } = await write(WEB);
    expect(await readBack(files[0]!.text, '', memoryRepository(WEB))).toEqual([]);
    // The reading really reads: a changed name is found out.
    const wrong = files[0]!.text.replace('pnpm lint', 'pnpm lind').replace('.env.example', '.env.sample');
    expect((await readBack(wrong, '', memoryRepository(WEB))).map(({ span }) => span)).toEqual([
      'pnpm lind',
      '.env.sample',
    ]);
  });

  it('leaves out prose that the README says already, never commands', async () => {
    const { files, omitted } = await write({
      ...WEB,
      'README.md': '# Shop\n\nIntro.\n\nSet `DATABASE_URL` as in `.env.example`. Run `pnpm test`.\n',
    });
    expect(files[0]!.text).not.toContain('DATABASE_URL');
    expect(files[0]!.text).toContain('`pnpm test`');
    expect(omitted).toContainEqual(expect.objectContaining({ reason: 'README.md:5 says it' }));
  });

  it('stays within its limits, and the least valuable bullets go first', async () => {
    const { files, omitted } = await write(WEB, { ...GENERATE_DEFAULTS, maxLines: 12 });
    const text = files[0]!.text;
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(12);
    expect(text).toContain('- Test:');
    expect(text).not.toContain('written with');
    expect(omitted.filter(({ reason }) => reason === 'the file would be too long').length).toBeGreaterThan(0);
    const small = (await write(WEB, { ...GENERATE_DEFAULTS, maxBytes: 200 })).files[0]!.text;
    expect(Buffer.byteLength(small)).toBeLessThanOrEqual(200);
  });

  it('says so and writes nothing where there is too little to say', async () => {
    const result = await write({ 'README.md': '# Notes\n', 'notes/a.md': 'x\n' });
    expect(result.files).toEqual([]);
    expect(result.nothing).toMatch(/no command/);
  });

  it('gives a package of another kind its own file, which repeats nothing of the root', async () => {
    const { files } = await write({
      ...WEB,
      'tools/lint/pyproject.toml':
        '[project]\nname = "lint"\n[dependency-groups]\ndev = ["pytest"]\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
      'tools/lint/uv.lock': 'version = 1\n',
      'tools/lint/src/lint.py': 'x = 1\n',
      'tools/lint/tests/test_lint.py': 'def test_x(): pass\n',
    });
    expect(files.map(({ path }) => path)).toEqual(['AGENTS.md', 'tools/lint/AGENTS.md']);
    expect(files[1]!.text).toContain('`uv run pytest`');
    expect(files[1]!.text).not.toContain('pnpm');
    const one = await write(
      { ...WEB, 'tools/lint/pyproject.toml': '[project]\nname = "lint"\n' },
      { ...GENERATE_DEFAULTS, nested: false },
    );
    expect(one.files.map(({ path }) => path)).toEqual(['AGENTS.md']);
  });

  it('gives the commands of the only folder that has any, and says where they run', async () => {
    const { files } = await write({
      'README.md': 'x\n',
      'engine/Cargo.toml': '[package]\nname = "engine"\nversion = "0.1.0"\n',
      'engine/src/lib.rs': 'pub fn x() {}\n',
      'engine/src/a.rs': 'pub fn x() {}\n',
      'engine/src/b.rs': 'pub fn x() {}\n',
    });
    expect(files[0]!.text).toContain('- All commands run in `engine/`\n');
    expect(files[0]!.text).toContain('`cargo test`');
  });

  it('does not send everybody into one of many projects', async () => {
    const sample = (name: string): Record<string, string> => ({
      [`${name}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "0.1.0"\n`,
      [`${name}/Cargo.lock`]: 'version = 4\n',
      [`${name}/src/lib.rs`]: 'pub fn x() {}\n',
    });
    const engine = { ...sample('engine'), 'engine/src/a.rs': 'pub fn x() {}\n', 'engine/src/b.rs': 'pub fn x() {}\n' };
    const said = async (...names: readonly string[]): Promise<string> => {
      const { files } = await write(Object.assign({ 'README.md': 'x\n' }, engine, ...names.map(sample)));
      return files.find(({ path }) => path === 'AGENTS.md')?.text ?? '';
    };
    expect(await said('tool')).toContain('- All commands run in `engine/`\n');
    expect(await said('auth', 'chat', 'http')).not.toContain('All commands run');
  });

  it('reads agent documents unless told to write afresh', async () => {
    const files = { ...WEB, 'GEMINI.md': '# Shop\n\nNever run `pnpm lint`. Test with `pnpm test`.\n' };
    const read = await generate(memoryRepository(files), { fresh: false });
    expect(read.items.find(({ key }) => key === 'command.test')?.evidence.map(({ path }) => path)).toContain(
      'GEMINI.md',
    );
    expect(read.files[0]!.text).not.toContain('pnpm lint');
    const fresh = await generate(memoryRepository({ ...files, 'AGENTS.md': '# Ours\n' }), { fresh: true });
    expect(fresh.items.flatMap(({ evidence }) => evidence).map(({ path }) => path)).not.toContain('GEMINI.md');
    expect(fresh.files[0]!.text).toContain('pnpm lint');
    expect(fresh.files[0]!.existing).toBe('# Ours\n');
  });

  it('says where a new file has to be entered, as the history and the list show it', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `job-${'abcdefgh'[i]}`);
    const files = {
      ...WEB,
      ...Object.fromEntries(names.map((name) => [`jobs/${name}.ts`, 'export {};\n'])),
      'src/registry.ts': names.map((name) => `export * from '../jobs/${name}.ts';\n`).join(''),
      'src/runner.ts': names.map((name, i) => `${'if (x) '.repeat(i)}run('${name}', ${i});\n`).join(''),
    };
    const entered = names.map((name) => ({
      commit: name,
      added: [`jobs/${name}.ts`],
      modified: ['src/registry.ts', 'src/runner.ts'],
      deleted: [],
    }));
    const without = Array.from({ length: 400 }, (_, i) => ({
      commit: `${i}`,
      added: [],
      modified: [`src/shop/m${i % 8}.ts`],
      deleted: [],
    }));
    const { items, omitted } = await generate(memoryRepository(files), {
      fresh: true,
      history: { complete: true, fates: async () => new Map(), changes: async () => [...entered, ...without] },
    });
    expect(items.filter(({ key }) => key === 'changes-with').map(({ text }) => text)).toEqual([
      'A new `jobs/*.ts` also needs its entry in `src/registry.ts`',
    ]);
    expect(omitted).toContainEqual(
      expect.objectContaining({
        text: 'jobs/*.ts changes with src/runner.ts',
        reason: 'it uses them, and lists nothing',
      }),
    );
  });

  it('keeps a hostile repository’s text inside its code spans', async () => {
    const { files } = await write({
      'package.json': JSON.stringify({
        scripts: { test: 'vitest', 'lint`](http://x)\u202E': 'eslint .', lint: 'eslint .' },
      }),
      'package-lock.json': '{}',
      '.gitattributes': '"gen/`x`" linguist-generated\nsrc/a\u200Bb/** linguist-generated\n',
      'gen/`x`': '',
      'src/a\u200Bb/c.ts': '',
    });
    expect(files[0]!.text).not.toMatch(/[\u200B\u202E]/);
    expect(files[0]!.text).not.toMatch(/(?<!`)\]\(http/);
  });
});
