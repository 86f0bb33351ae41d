import { describe, expect, it } from 'vitest';
import type { ChangeSet, History } from '../../forge/history.ts';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import { GENERATE_DEFAULTS } from '../config.ts';
import { type GenerateOptions, type GenerateResult, generate } from '../index.ts';
import { LEDGER_PATH, type Ledger, serializeLedger } from './ledger.ts';
import { ledgerFile } from './ledger-file.ts';

type Files = Record<string, MemoryFile>;

const manifest = (scripts: Record<string, string>): string =>
  JSON.stringify({ name: 'shop', scripts, devDependencies: { eslint: '9.0.0' } }, null, 2);
const SHOP: Files = {
  'package.json': manifest({ test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b' }),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'tools/test.js': 'run();\n',
  '.gitattributes': 'src/gen/** linguist-generated\n',
  'src/gen/api.ts': 'export {};\n',
};

const run = (files: Files, options: Partial<GenerateOptions> = {}): Promise<GenerateResult> =>
  generate(memoryRepository(files), { fresh: false, ...options });

/** What `--write` would leave behind. */
async function written(files: Files, options: Partial<GenerateOptions> = {}): Promise<Files> {
  const reader = memoryRepository(files);
  const result = await generate(reader, { fresh: false, ...options });
  const ledger = await ledgerFile(reader, result, options.adopt);
  const all = [...result.files, ...(ledger ? [ledger] : [])];
  return { ...files, ...Object.fromEntries(all.map(({ path, text }) => [path, text])) };
}

const kinds = ({ changes }: GenerateResult) => changes.map(({ kind, key }) => `${kind} ${key}`);
const added = ({ changes }: GenerateResult) => changes.flatMap(({ kind, after }) => (kind === 'added' ? [after] : []));

describe('generate where there is a file', () => {
  it('has nothing to do a second time, not even in the ledger', async () => {
    const first = await written(SHOP);
    expect(first['AGENTS.md']).toContain('`npm test`');
    const again = await run(first);
    expect(again.mode).toBe('refresh');
    expect(again.files.map(({ text, existing }) => text === existing)).toEqual([true]);
    expect(await written(first)).toEqual(first);
  });

  it('follows a fact that changed, keeps what people wrote, and buries what they took out', async () => {
    const first = await written(SHOP);
    const edited = (first['AGENTS.md'] as string)
      .replace(/^- Lint: .*\n/m, '')
      .replace(/^(- Test: .*)$/m, '$1 (needs Docker)')
      .concat('\n## Team\n\nAsk Ada.\n');
    const changed = manifest({ test: 'vitest run', lint: 'eslint .', build: 'tsc -b', typecheck: 'tsc --noEmit' });
    const result = await run({ ...first, 'AGENTS.md': edited, 'package.json': changed });
    const { text } = result.files[0]!;
    expect(text).toContain('(needs Docker)');
    expect(text).toContain('- Typecheck: `npm run typecheck`\n');
    expect(text).toContain('\n## Team\n\nAsk Ada.\n');
    expect(text).not.toContain('Lint:');
    expect(kinds(result)).toContain('tombstoned command.lint');
    expect(kinds(result)).toContain('added command.typecheck');
    expect(result.ledger.files['AGENTS.md']!.tombstones.map(({ key }) => key)).toEqual(['command.lint']);
  });

  it.each([
    ['is no JSON', 'xxxx\n'],
    ['holds conflict markers', `<<<<<<< HEAD\n${manifest({ a: 'x' })}=======\n{}\n>>>>>>> other\n`],
    ['lies in Git LFS', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`],
    ['is binary', '\0\0'],
  ])('changes no bullet that rests on a manifest that %s', async (_, broken) => {
    const first = await written(SHOP);
    const files: Files = { ...first, 'package.json': broken };
    const result = await run(files);
    expect(result.files[0]!.text).toBe(first['AGENTS.md']);
    expect(result.changes.find(({ key }) => key === 'command.test')).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('package.json'),
    });
    expect(await written(files)).toEqual(files);
    expect(await written({ ...files, 'package.json': SHOP['package.json']! })).toEqual(first);
  });

  it('changes no bullet that rests on a file with conflict markers, though it can be parsed', async () => {
    const make = 'lint:\n\tshellcheck run.sh\n\ntest:\n\tbats tests\n';
    const first = await written({ Makefile: make, 'run.sh': 'true\n', 'tests/run.bats': '' });
    expect(first['AGENTS.md']).toContain('`make lint`');
    const torn = `<<<<<<< HEAD\n=======\n>>>>>>> other\n${make.slice(make.indexOf('test:'))}`;
    expect(await written({ ...first, Makefile: torn })).toEqual({ ...first, Makefile: torn });
  });

  it('takes what it wrote itself for no evidence', async () => {
    const first = await written(SHOP);
    const without: Files = { ...first, 'package.json': manifest({ test: 'vitest run', build: 'tsc -b' }) };
    expect((await run(without)).files[0]!.text).not.toContain('lint');
    const { ledger } = await run(first);
    const paths = ledger.files['AGENTS.md']!.items.flatMap(({ evidence }) => evidence.map(({ path }) => path));
    expect(paths).not.toContain('AGENTS.md');
  });

  it('does not write again a file that was deleted', async () => {
    const { 'AGENTS.md': _, ...rest } = await written(SHOP);
    const result = await run(rest);
    expect(result.files).toEqual([]);
    expect(result.reports).toEqual([
      expect.objectContaining({ path: 'AGENTS.md', message: expect.stringContaining('--fresh') }),
    ]);
    expect(await written(rest)).toEqual(rest);
  });

  it('reports a line of people that is false now, and leaves it', async () => {
    const theirs = '# Shop\n\nRun `npm run gone` first.\n';
    const result = await run({ ...SHOP, 'AGENTS.md': theirs });
    expect(result.reports).toEqual([
      expect.objectContaining({ path: 'AGENTS.md', line: 3, rule: 'AMD102', subject: expect.stringContaining('gone') }),
    ]);
    expect(result.files[0]!.text.startsWith(theirs)).toBe(true);
  });
});

describe('generate where people have a file', () => {
  it('only adds what it does not say', async () => {
    const theirs =
      '# Shop\n\nRun the tests with `npm run test` and fix style with `npx eslint --fix .`.\n\nNever edit `src/gen`.\n';
    const result = await run({ ...SHOP, 'AGENTS.md': theirs });
    expect(result.mode).toBe('adopt');
    expect(result.files[0]!.text.startsWith(theirs)).toBe(true);
    expect(added(result)).toEqual(['Build: `npm run build`']);
    expect(result.omitted.map(({ reason }) => reason)).toContain('AGENTS.md:3 gives a command for it');
  });

  it('knows the next time what it added, and that nothing else is its own', async () => {
    const theirs = '# Shop\n\nTest with `npm test`.\n';
    const first = await written({ ...SHOP, 'AGENTS.md': theirs });
    const entry = (JSON.parse(first[LEDGER_PATH] as string) as Ledger).files['AGENTS.md']!;
    expect(entry.origin).toBe('adopted');
    expect(entry.items.map(({ key }) => key)).toEqual(['command.build', 'command.lint', 'generated']);
    expect(await written(first)).toEqual(first);
    const renamed = { ...first, 'package.json': manifest({ test: 'x', lint: 'eslint .', compile: 'tsc -b' }) };
    const { text } = (await run(renamed)).files[0]!;
    expect(text.startsWith(theirs)).toBe(true);
    expect(text).not.toContain('npm run build');
  });

  it('keeps its byte order mark and its line ends', async () => {
    const theirs = '\uFEFF# Shop\r\n\r\nTest with `npm test`.\r\n';
    const { files } = await run({ ...SHOP, 'AGENTS.md': theirs });
    expect(files[0]!.existing).toBe(theirs);
    expect(files[0]!.text.startsWith(theirs)).toBe(true);
    expect(files[0]!.text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it.each([
    ['not UTF-8', Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x0a]), 2, /^AGENTS\.md: not valid UTF-8.*save it as UTF-8$/],
    ['UTF-16', Buffer.from('\uFEFF# Shop\n', 'utf16le'), 2, /^AGENTS\.md: in UTF-16LE/],
    ['binary', Buffer.from([0x23, 0x00, 0x0a]), 2, /^AGENTS\.md: .*not refreshed/],
    ['too large', '# A\n'.repeat(300_000), 2, /^AGENTS\.md: .*not refreshed/],
    ['too much for the parser', 'words '.repeat(30_000), 2, /^AGENTS\.md: larger than 128 KiB/],
    ['a conflict', '# A\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n', 2, /^AGENTS\.md:2: an unresolved merge conflict/],
    ['content that is not there', { missing: true } as const, 3, /^AGENTS\.md: could not be read/],
  ])('refuses one that would not survive: %s', async (_, file, exitCode, message) => {
    const result = run({ ...SHOP, 'AGENTS.md': file });
    await expect(result).rejects.toThrow(message);
    await expect(result).rejects.toMatchObject({ exitCode });
  });

  it('says what to do about a link that leads out', async () => {
    const result = run({ ...SHOP, 'AGENTS.md': { symlink: '../AGENTS.md' } });
    await expect(result).rejects.toThrow(/remove the link, or make it a regular file$/);
  });

  it('leaves a file to the tool that writes it, and says so', async () => {
    const result = await run({ ...SHOP, 'AGENTS.md': '<!-- Generated by Ruler -->\n# Rules\n' });
    expect(result).toMatchObject({ mode: 'adopt', files: [], ledger: { files: {} } });
    expect(result.reports).toEqual([
      { path: 'AGENTS.md', line: 1, message: expect.stringContaining('another tool writes it') },
    ]);
  });

  it('makes no file for a package where people did not', async () => {
    const python: Files = {
      'tools/lint/pyproject.toml':
        '[project]\nname = "lint"\n[dependency-groups]\ndev = ["pytest"]\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
      'tools/lint/uv.lock': 'version = 1\n',
      'tools/lint/tests/test_lint.py': 'def test_x(): pass\n',
    };
    expect((await run({ ...SHOP, ...python })).files.map(({ path }) => path)).toEqual([
      'AGENTS.md',
      'tools/lint/AGENTS.md',
    ]);
    const theirs = { ...SHOP, ...python, 'AGENTS.md': '# Shop\n' };
    expect((await run(theirs)).files.map(({ path }) => path)).toEqual(['AGENTS.md']);
    // Nor after its own bullets stand in theirs.
    expect(Object.keys(await written(await written(theirs)))).not.toContain('tools/lint/AGENTS.md');
    const both = { ...theirs, 'tools/lint/AGENTS.md': '# Lint\n' };
    expect((await run(both)).files.map(({ path }) => path)).toEqual(['AGENTS.md', 'tools/lint/AGENTS.md']);
  });
});

describe('generate among the documents of other agents', () => {
  const theirs = '# Shop\n\nTest with `npm test`.\n';

  it.each([
    ['AGENTS.md is a link to CLAUDE.md', { 'CLAUDE.md': theirs, 'AGENTS.md': { symlink: 'CLAUDE.md' } }, 'CLAUDE.md'],
    ['CLAUDE.md is a link to AGENTS.md', { 'AGENTS.md': theirs, 'CLAUDE.md': { symlink: 'AGENTS.md' } }, 'AGENTS.md'],
    ['CLAUDE.md imports AGENTS.md', { 'AGENTS.md': theirs, 'CLAUDE.md': '@AGENTS.md\n' }, 'AGENTS.md'],
    ['AGENTS.md imports CLAUDE.md', { 'CLAUDE.md': theirs, 'AGENTS.md': '@CLAUDE.md\n' }, 'CLAUDE.md'],
    [
      'AGENTS.md sends to CLAUDE.md',
      { 'CLAUDE.md': theirs, 'AGENTS.md': '# Agents\n\nRead [CLAUDE.md](./CLAUDE.md) first.\n' },
      'CLAUDE.md',
    ],
    ['there is only a CLAUDE.md', { 'CLAUDE.md': theirs }, 'CLAUDE.md'],
    ['there is an agents.md', { 'agents.md': theirs }, 'agents.md'],
    ['there is an AGENT.md', { 'AGENT.md': theirs, 'CLAUDE.md': '@AGENT.md\n' }, 'AGENT.md'],
  ])('writes into the one that people wrote: %s', async (_, files: Files, path) => {
    const result = await run({ ...SHOP, ...files });
    expect(result.files.map((file) => [file.path, file.existing])).toEqual([[path, theirs]]);
    expect(result.files[0]!.text.startsWith(theirs)).toBe(true);
    expect(Object.keys(result.ledger.files)).toEqual([path]);
    const first = await written({ ...SHOP, ...files });
    expect(await written(first)).toEqual(first);
  });

  it.each([
    'See CONTRIBUTING.md.\n',
    '# Shop\n\n- See [how](CONTRIBUTING.md)\n',
  ])('leaves one alone that sends to a document for people: %j', async (text) => {
    const result = await run({ ...SHOP, 'AGENTS.md': text, 'CONTRIBUTING.md': '# How\n' });
    expect(result.files).toEqual([]);
    expect(result.reports).toEqual([
      {
        path: 'AGENTS.md',
        line: text.split('\n').length - 1,
        message: 'left alone: it only points at CONTRIBUTING.md',
      },
    ]);
  });

  it('refreshes a short one that says something besides', async () => {
    const text = '# Shop\n\n- Run `npm run nope` first\n- See [how](CONTRIBUTING.md)\n';
    const result = await run({ ...SHOP, 'AGENTS.md': text, 'CONTRIBUTING.md': '# How\n' });
    expect(result.files.map(({ path }) => path)).toEqual(['AGENTS.md']);
    expect(added(result)).toContain('Test: `npm test`');
  });

  it('writes a whole AGENTS.md where only another tool has a file', async () => {
    const result = await run({ ...SHOP, 'GEMINI.md': theirs });
    expect(result.files.map(({ path }) => path)).toEqual(['AGENTS.md']);
    expect(result.files[0]!.text).toContain('- Test: `npm test`');
  });

  it('proposes nothing that a sibling or a document named there says', async () => {
    const files = {
      ...SHOP,
      'AGENTS.md': '# Shop\n\nHow to work here is in CONTRIBUTING.md.\n\n## Style\n\nShort.\n',
      'CONTRIBUTING.md': 'Build with `npm run build`.\n',
      'CLAUDE.md': theirs,
    };
    expect(added(await run(files))).toEqual(['Lint: `npm run lint`', 'Generated, never edit: `src/gen/`']);
  });

  it('writes nothing into a block of another tool, and takes no bullet of it for its own', async () => {
    const block = '<!-- x configuration start-->\n\n- Lint: `npm run lint`\n\n<!-- x configuration end-->\n';
    const first = await written({ ...SHOP, 'AGENTS.md': `# Shop\n\n## Repository\n\n- Short.\n\n${block}` });
    const text = first['AGENTS.md'] as string;
    expect(text).toContain(block);
    expect(text.indexOf('npm run build')).toBeGreaterThan(text.indexOf(block));
    const gone = { ...first, 'package.json': manifest({ test: 'x' }) };
    expect((await run(gone)).files[0]!.text).toContain(block);
  });

  it('takes its bullets along when a file is renamed', async () => {
    const { 'AGENTS.md': text, ...rest } = await written(SHOP);
    const result = await run({ ...rest, 'CLAUDE.md': text! });
    expect(result.files.map(({ path }) => path)).toEqual(['CLAUDE.md']);
    expect(result.files[0]!.text).toBe(text);
    expect(Object.keys(result.ledger.files)).toEqual(['CLAUDE.md']);
  });
});

describe('generate after a package was moved', () => {
  const python = (dir: string): Files => ({
    [`${dir}/pyproject.toml`]:
      '[project]\nname = "lint"\n[dependency-groups]\ndev = ["pytest", "ruff", "mypy"]\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n[tool.ruff]\n[tool.mypy]\n',
    [`${dir}/uv.lock`]: 'version = 1\n',
    [`${dir}/tests/test_lint.py`]: 'def test_x(): pass\n',
  });

  it('knows its file again, and what people took out of it', async () => {
    const first = await written({ ...SHOP, ...python('services/py') });
    const bullets = (first['services/py/AGENTS.md'] as string).match(/^- .*\n/gm)!;
    expect(bullets.length).toBeGreaterThan(1);
    const { 'services/py/AGENTS.md': text, ...rest } = first;
    const kept = Object.fromEntries(Object.entries(rest).filter(([path]) => !path.startsWith('services/py/')));
    const moved = {
      ...kept,
      ...python('services/py2'),
      'services/py2/AGENTS.md': (text as string).replace(bullets.at(-1)!, ''),
    };
    const result = await run(moved);
    expect(Object.keys(result.ledger.files).sort()).toEqual(['AGENTS.md', 'services/py2/AGENTS.md']);
    const entry = result.ledger.files['services/py2/AGENTS.md']!;
    expect(entry.origin).toBe('generated');
    expect(entry.tombstones).toHaveLength(1);
    expect(result.files.find(({ path }) => path === 'services/py2/AGENTS.md')!.text).not.toContain(bullets.at(-1)!);
    const settled = await written(moved);
    expect(await written(settled)).toEqual(settled);
  });

  it('takes no file for it that says something else', async () => {
    const { 'services/py/AGENTS.md': _, ...rest } = await written({ ...SHOP, ...python('services/py') });
    const kept = Object.fromEntries(Object.entries(rest).filter(([path]) => !path.startsWith('services/py/')));
    const { ledger } = await run({ ...kept, ...python('other'), 'other/AGENTS.md': '# Other\n\n- Ask Ada.\n' });
    expect(ledger.files['other/AGENTS.md']?.origin).not.toBe('generated');
  });
});

describe('generate with a companion', () => {
  const config = { ...GENERATE_DEFAULTS, companion: 'claude' } as const;

  it('writes a CLAUDE.md of one line where there is none, once', async () => {
    const first = await written(SHOP, { config });
    expect(first['CLAUDE.md']).toBe('@AGENTS.md\n');
    expect(await written(first, { config })).toEqual(first);
    const { 'CLAUDE.md': _, ...deleted } = first;
    expect(await written(deleted, { config })).toEqual(deleted);
  });

  it.each(['CLAUDE.md', '.claude/CLAUDE.md', 'claude.md'])('leaves %s', async (path) => {
    const result = await run({ ...SHOP, [path]: '@AGENTS.md\n', 'AGENTS.md': '# Shop\n' }, { config });
    expect(result.files.map((file) => file.path)).toEqual(['AGENTS.md']);
  });
});

describe('generate with a ledger that is none', () => {
  const other = { ...SHOP, 'AGENTS.md': '# Shop\n', [LEDGER_PATH]: '{"schema":"agentsmd/ledger/9"}\n' };

  it('refuses, also to replace it, until told to adopt', async () => {
    await expect(run(other)).rejects.toThrow(/agentsmd\/ledger\/9/);
    const fresh = await run(other, { fresh: true });
    await expect(ledgerFile(memoryRepository(other), fresh)).rejects.toThrow(/agentsmd\/ledger\/9/);
    const adopted = await written(other, { adopt: true });
    expect(adopted[LEDGER_PATH]).toContain('agentsmd/ledger/1');
    expect((adopted['AGENTS.md'] as string).startsWith('# Shop\n')).toBe(true);
  });

  it.each([{ symlink: 'tools' }, { symlink: 'nowhere' }, 'a file'])('refuses a folder that is none', async (file) => {
    const files = { ...SHOP, '.agentsmd': file };
    for (const adopt of [false, true]) {
      await expect(run(files, { adopt })).rejects.toThrow(/^\.agentsmd: .* make it a regular folder$/);
      await expect(run(files, { adopt })).rejects.toMatchObject({ exitCode: 2 });
    }
  });

  it('brings nothing back that was taken out, also when told to adopt', async () => {
    const without = (files: Files, name: string): Files => ({
      ...files,
      'AGENTS.md': (files['AGENTS.md'] as string).replace(new RegExp(`^- ${name}: .*\\n`, 'm'), ''),
    });
    const buried = await written(without(await written(SHOP), 'Lint'));
    const adopted = await run(without(buried, 'Build'), { adopt: true });
    expect(adopted.mode).toBe('adopt');
    expect(adopted.files[0]!.text).not.toMatch(/Lint:|Build:/);
    const entry = adopted.ledger.files['AGENTS.md']!;
    expect(entry).toMatchObject({ origin: 'adopted', items: [] });
    expect(entry.tombstones.map(({ key }) => key).sort()).toEqual(['command.build', 'command.lint']);
  });

  it('takes one that is given instead of the repository’s', async () => {
    const { ledger } = await run(SHOP);
    const files = { ...(await written(SHOP)), [LEDGER_PATH]: 'broken' };
    expect((await run(files, { ledger })).mode).toBe('refresh');
    expect((await run(files, { ledger: null })).mode).toBe('adopt');
  });

  it('keeps entries of files that it does not touch, as long as their folder is there', async () => {
    const first = await written(SHOP);
    const ledger = JSON.parse(first[LEDGER_PATH] as string) as Ledger;
    const entry = ledger.files['AGENTS.md']!;
    const more = { ...ledger, files: { ...ledger.files, 'tools/AGENTS.md': entry, 'gone/AGENTS.md': entry } };
    const { ledger: next } = await run({ ...first, [LEDGER_PATH]: serializeLedger(more) });
    expect(Object.keys(next.files).sort()).toEqual(['AGENTS.md', 'tools/AGENTS.md']);
  });
});

describe('generate without the history', () => {
  const names = [...'abcdefgh'].map((name) => `job-${name}`);
  const files: Files = {
    ...SHOP,
    ...Object.fromEntries(names.map((name) => [`jobs/${name}.ts`, 'export {};\n'])),
    'src/registry.ts': names.map((name) => `export * from '../jobs/${name}.ts';\n`).join(''),
  };
  const changes: readonly ChangeSet[] = [
    ...names.map((name) => ({ commit: name, added: [`jobs/${name}.ts`], modified: ['src/registry.ts'], deleted: [] })),
    ...Array.from({ length: 400 }, (_, i) => ({ commit: `${i}`, added: [], modified: ['package.json'], deleted: [] })),
  ];
  const history: History = { complete: true, fates: async () => new Map(), changes: async () => changes };
  const SENTENCE = 'A new `jobs/*.ts` also needs its entry in `src/registry.ts`';

  it('keeps what the history showed while its line stands, and not longer', async () => {
    const first = await written(files, { history });
    expect(first['AGENTS.md']).toContain(SENTENCE);
    expect((await run(first)).files[0]!.text).toBe(first['AGENTS.md']);
    const moved = { ...first, 'src/registry.ts': `// moved\n${first['src/registry.ts']}` };
    expect((await run(moved)).files[0]!.text).toContain(SENTENCE);
    expect((await run({ ...first, 'src/registry.ts': '' })).files[0]!.text).not.toContain(SENTENCE);
    expect((await run({ ...first, 'src/registry.ts': '' }, { history })).files[0]!.text).not.toContain(SENTENCE);
  });
});
