import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../forge/git/testing/make-repo.ts';
import { cacheFolder } from './cache.ts';
import { CodexError, type CodexSource, loadCodex, loadCodexFiles, STARTER } from './load.ts';

let root: string;
let cache: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-load-')));
  cache = join(root, 'cache');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const rule = (id: string, title = `Keep ${id}`): string =>
  `---\nid: ${id}\ntitle: ${title}\nlevel: MUST\nstatus: active\n---\n\nBecause of ${id}.\n`;
const load = (source: CodexSource) => loadCodex(source, { cache });
const ids = async (source: CodexSource) => (await load(source)).rules.map(({ id }) => id);

/** Written a while ago: a folder that was written just now is not kept. */
function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    utimesSync(join(folder, path), 1_700_000_000, 1_700_000_000);
  }
}

const kept = (): string[] => {
  const folder = join(cache, 'codex');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

const failure = async (source: CodexSource): Promise<CodexError> => {
  try {
    await load(source);
  } catch (error) {
    if (error instanceof CodexError) return error;
    throw error;
  }
  throw new Error('it was loaded');
};

describe('loadCodex', () => {
  it('loads the embedded codex', async () => {
    const { rules, problems, origin, revision } = await load({ from: STARTER });
    expect(rules.length).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    expect(origin).toBe('starter');
    expect(revision).toMatch(/^sha256:[0-9a-f]{12}$/);
    expect(await failure({ from: STARTER, rev: 'v1' })).toMatchObject({ exitCode: 2 });
  });

  it('loads a folder that lies in no repository, and one in it', async () => {
    write(join(root, 'codex'), { 'api/A-1.md': rule('A-1'), 'README.md': '# Codex' });
    expect(await ids({ from: join(root, 'codex') })).toEqual(['A-1']);
    expect(await ids({ from: root, folder: 'codex/api/' })).toEqual(['A-1']);
  });

  describe('of a git repository', () => {
    let repo: TestRepository;
    beforeEach(async () => {
      repo = await makeRepository({
        commits: [
          { files: { 'docs/codex/A-1.md': rule('A-1', 'Old'), 'docs/codex/codex.yaml': 'title: Ours\n' } },
          { files: { 'docs/codex/A-1.md': rule('A-1', 'New'), 'docs/codex/A-2.md': rule('A-2') } },
        ],
      });
      await repo.git('tag', 'v1', 'main~1');
    });
    afterEach(() => repo.cleanup());

    it('reads the working tree without a revision, and git objects with one', async () => {
      const codex = join(repo.dir, 'docs/codex');
      writeFileSync(join(codex, 'A-3.md'), rule('A-3'));
      expect(await ids({ from: codex })).toEqual(['A-1', 'A-2', 'A-3']);
      const old = await load({ from: codex, rev: 'v1' });
      expect(old.rules.map(({ title }) => title)).toEqual(['Old']);
      expect(old.manifest.title).toBe('Ours');
      expect(old.revision).toBe(await repo.git('rev-parse', 'v1'));
      expect(old.origin).toBe(`${codex}@v1`);
      expect(await ids({ from: repo.dir, rev: 'main', folder: 'docs/codex' })).toEqual(['A-1', 'A-2']);
    });

    it('reads a bare repository at a revision', async () => {
      const bare = join(root, 'bare.git');
      execFileSync('git', ['clone', '--quiet', '--bare', repo.dir, bare]);
      expect(await ids({ from: bare, rev: 'v1', folder: 'docs/codex' })).toEqual(['A-1']);
    });

    it('fetches an address, and follows its branch', async () => {
      const from = `file://${repo.dir}`;
      const source = { from, rev: 'main', folder: 'docs/codex' };
      const first = await load(source);
      expect(first.origin).toBe(`${from}@main`);
      expect(first.revision).toBe(repo.commit);
      writeFileSync(join(repo.dir, 'docs/codex/A-4.md'), rule('A-4'));
      await repo.git('add', '.');
      await repo.git('commit', '--quiet', '-m', 'four');
      expect(await ids(source)).toEqual(['A-1', 'A-2', 'A-4']);
      expect(await ids({ ...source, rev: 'v1' })).toEqual(['A-1']);
    });

    it('out of reach: never an older state of a branch, but a full commit that was kept', async () => {
      const from = `file://${repo.dir}`;
      await load({ from, rev: 'main', folder: 'docs/codex' });
      await load({ from, rev: repo.commit, folder: 'docs/codex' });
      rmSync(repo.dir, { recursive: true });
      const error = await failure({ from, rev: 'main', folder: 'docs/codex' });
      expect(error.exitCode).toBe(3);
      expect(error.message).toMatch(/^codex: file:\/\/.*: "main" could not be fetched: /);
      expect(error.message).not.toContain('\n');
      expect(await ids({ from, rev: repo.commit, folder: 'docs/codex' })).toEqual(['A-1', 'A-2']);
      rmSync(join(cache, 'codex'), { recursive: true });
      expect(await ids({ from, rev: repo.commit, folder: 'docs/codex' })).toEqual(['A-1', 'A-2']);
    });

    it.each([
      [{ rev: 'v9', folder: 'docs/codex' }, /unknown revision "v9"/],
      [{ rev: 'v1', folder: 'doc' }, /@v1: no folder doc in it$/],
      [{ rev: 'v1', folder: '../x' }, /must lie in the repository$/],
      [{ folder: 'doc' }, /: no such folder; check codex.folder$|: no folder doc in it$/],
    ])('tells what is not there: %j', async (where, message) => {
      for (const from of [repo.dir, `file://${repo.dir}`]) {
        const error = await failure({ from, ...where });
        expect(error.exitCode).toBe(2);
        expect(error.message).toMatch(message);
      }
    });

    it('needs a place for copies of addresses', async () => {
      await expect(loadCodex({ from: `file://${repo.dir}` }, { cache: null })).rejects.toMatchObject({ exitCode: 3 });
    });
  });

  it.each([
    ['http://host/x', 2, /no address to fetch from/],
    ['ext::sh -c id', 2, /no address to fetch from/],
    ['./nowhere', 2, /^\.\/nowhere: no such folder; give a folder, a git address, or starter$/],
    [import.meta.filename, 2, /: a file; give the folder of a codex$/],
  ])('refuses %s', async (from, exitCode, message) => {
    const error = await failure({ from });
    expect(error.exitCode).toBe(exitCode);
    expect(error.message).toMatch(message);
  });

  it('refuses a revision of what is in no git repository', async () => {
    write(join(root, 'codex'), { 'A-1.md': rule('A-1') });
    expect(await failure({ from: join(root, 'codex'), rev: 'v1' })).toMatchObject({ exitCode: 2 });
  });

  it('refuses a folder without a rule, and one in which none can be read', async () => {
    write(join(root, 'empty'), { 'README.md': '# Nothing' });
    expect((await failure({ from: join(root, 'empty') })).message).toMatch(
      /^no rules found in .*; a rule is a Markdown/,
    );
    write(join(root, 'broken'), { 'A-1.md': '---\nid: A-1\n---\n' });
    expect((await failure({ from: join(root, 'broken') })).message).toMatch(
      /no rule can be read, the first fault is in A-1\.md:1: title: is missing/,
    );
    const { codex } = await loadCodexFiles({ from: join(root, 'broken') }, { cache });
    expect(codex.problems.map(({ message }) => message)).toEqual([
      'title: is missing',
      'level: is missing',
      'status: is missing',
    ]);
  });

  it('names what it cannot read, and reads the rest', async () => {
    write(join(root, 'codex'), {
      'A-1.md': rule('A-1'),
      'latin.md': Buffer.from(rule('A-2', 'Gr\u00fc\u00dfe'), 'latin1'),
      'huge.md': rule('A-3') + 'x'.repeat(1 << 20),
      'zero.md': Buffer.from('---\nid: \0\n---\n'),
      '.github/template.md': '---\nname: Bug\n---\n',
      'node_modules/x/readme-x.md': '---\ntitle: X\n---\n',
    });
    symlinkSync('A-1.md', join(root, 'codex', 'link.md'));
    symlinkSync('A-1.md', join(root, 'codex', 'CLAUDE.md'));
    symlinkSync('/', join(root, 'codex', 'loop'));
    const { rules, problems } = await load({ from: join(root, 'codex') });
    expect(rules.map(({ id }) => id)).toEqual(['A-1']);
    expect(problems.map(({ file, message }) => `${file}: ${message.slice(0, 30)}`)).toEqual([
      'link.md: not read: a symbolic link, whi',
      'huge.md: not read: 1048652 bytes; the l',
      'latin.md: not read: not valid UTF-8; sav',
      'zero.md: not read: binary',
    ]);
  });
});

describe('the cache', () => {
  const codex = () => join(root, 'codex');
  beforeEach(() => write(codex(), { 'A-1.md': rule('A-1'), 'A-2.md': rule('A-2') }));

  /** Makes every rule in the cache another one, where the files stay what they are: a read from the cache shows it. */
  const mark = (): void => {
    for (const file of kept()) {
      const [head = '', body = ''] = readFileSync(file, 'utf8').split('\n');
      const marked = body.replaceAll('Keep A', 'Kept A');
      const hash = createHash('sha256').update(marked).digest('hex');
      writeFileSync(file, `${JSON.stringify({ ...JSON.parse(head), body: hash })}\n${marked}`);
    }
  };
  const titles = async () => (await load({ from: codex() })).rules.map(({ title }) => title);

  it('keeps what the ledger knows of rules that are gone', async () => {
    const entry = { rev: 1, title: 'Keep it', level: 'MUST', status: 'removed', meaning: 'x' };
    const ledger = JSON.stringify({ schema: 'agentsmd/codex-ids/1', ids: { 'A-9': entry } });
    const folder = join(root, 'with-ledger');
    write(folder, { 'A-1.md': rule('A-1'), 'ids.json': ledger });
    const first = await load({ from: folder });
    expect(first.ledger).toEqual({ removed: [{ id: 'A-9', title: 'Keep it' }] });
    expect(kept()).toHaveLength(1);
    expect(await load({ from: folder })).toEqual(first);
  });

  it('answers the second time, with the same codex', async () => {
    const first = await load({ from: codex() });
    expect(await load({ from: codex() })).toEqual(first);
    mark();
    expect(await titles()).toEqual(['Kept A-1', 'Kept A-2']);
  });

  it('loads no YAML parser and no zod then', async () => {
    await load({ from: codex() });
    const loaded = (folder: string): string => {
      const script = `
        import { registerHooks } from 'node:module';
        const found = new Set();
        registerHooks({ load(url, context, next) { found.add(url); return next(url, context); } });
        const { loadCodex } = await import(${JSON.stringify(join(import.meta.dirname, 'load.ts'))});
        await loadCodex({ from: ${JSON.stringify(codex())} }, { cache: ${JSON.stringify(folder)} });
        console.log([...found].join(' '));`;
      return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    };
    expect(loaded(join(root, 'other'))).toMatch(/node_modules\/zod/);
    expect(loaded(cache)).not.toMatch(/node_modules\/(?:zod|yaml|gray-matter)/);
  });

  it('sees a file that was changed, added, removed or renamed', async () => {
    await titles();
    mark();
    write(codex(), { 'A-1.md': rule('A-1', 'Changed') });
    expect(await titles()).toEqual(['Changed', 'Keep A-2']);
    write(codex(), { 'A-3.md': rule('A-3') });
    expect(await titles()).toHaveLength(3);
    rmSync(join(codex(), 'A-3.md'));
    expect(await titles()).toEqual(['Changed', 'Keep A-2']);
    expect(kept()).toHaveLength(1);
  });

  it('keeps nothing of files that were written just now: their time could stay the same', async () => {
    writeFileSync(join(codex(), 'A-1.md'), rule('A-1'));
    await titles();
    expect(kept()).toEqual([]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    ['no JSON', () => Buffer.from('{')],
    ['changed in its middle', (bytes: Buffer) => Buffer.from(bytes.toString().replace('Keep A-1', 'Keep B-1'))],
    ['of another version', (bytes: Buffer) => Buffer.from(bytes.toString().replace('codex-cache/1', 'codex-cache/0'))],
    ['of other sources', (bytes: Buffer) => Buffer.from(bytes.toString().replace(/"reader":"\w/, '"reader":"x'))],
  ])('passes over a file that is %s, and writes it again', async (_, damage) => {
    await titles();
    const file = kept()[0]!;
    const whole = readFileSync(file);
    writeFileSync(file, damage(whole));
    expect(await titles()).toEqual(['Keep A-1', 'Keep A-2']);
    expect(readFileSync(file)).toEqual(whole);
    expect(kept()).toEqual([file]);
  });

  it('may be out of reach', async () => {
    writeFileSync(cache, 'a file');
    expect(await titles()).toEqual(['Keep A-1', 'Keep A-2']);
    expect((await loadCodex({ from: codex() }, { cache: null })).rules).toHaveLength(2);
  });
});

describe('cacheFolder', () => {
  it.each([
    [{ AGENTSMD_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, '/a'],
    [{ AGENTSMD_CACHE_DIR: '', XDG_CACHE_HOME: '/b' }, join('/b', 'agentsmd')],
  ])('%j is %s', (env, expected) => {
    expect(cacheFolder(env)).toBe(expected);
  });

  it('is in the home of the user else', () => {
    expect(cacheFolder({})).toMatch(/agentsmd$/);
  });
});

describe('very many rules', () => {
  it('are read in several threads with the same result', async () => {
    const many = join(root, 'many');
    const texts = Array.from({ length: 1600 }, (_, at) => [`d${at % 7}/A-${at}.md`, rule(`A-${at}`)] as const);
    write(many, {
      ...Object.fromEntries(texts),
      'd1/broken.md': '---\nid: A-1\nid: A-2\n---\n',
      'd9/twice.md': rule('A-1599'),
    });
    const { codex, read } = await loadCodexFiles({ from: many }, { cache });
    expect(codex.rules).toHaveLength(1600);
    expect(codex.problems).toEqual([
      { kind: 'front-matter', file: 'd1/broken.md', line: 3, message: expect.stringContaining('unique') },
      { kind: 'duplicate', file: 'd9/twice.md', line: 2, message: 'id: A-1599 is already the ID of d3/A-1599.md' },
    ]);
    for (const { rule: one, text, lineOf, bodyLine } of [read[0]!, read[1500]!]) {
      expect(text).toContain(`id: ${one.id}\n`);
      expect(lineOf(['level'])).toBe(4);
      expect(bodyLine).toBe(8);
      expect(one.body).toBe(`Because of ${one.id}.`);
    }
  });
});
