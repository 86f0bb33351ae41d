import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { runCli } from '../cli/run-cli.ts';
import { startGitlab } from '../gitlab/start.ts';
import { ask } from '../models/ask.ts';
import { startModels } from '../models/index.ts';
import { AMBIENT, canary, canaryIn } from './canary.ts';
import { takeHits, watch, watchFiles } from './watch.ts';

const secret = canary('glpat-');
const LINES = Array.from({ length: 200 }, (_, at) => `line ${at} of ${at * at}\n`).join('');

// What is found here on purpose is no finding about this file; what a test forgot to take is one.
afterEach(() => expect(takeHits()).toEqual([]));

describe('canaryIn', () => {
  it('finds a secret in texts and bytes, also where it was escaped', () => {
    expect(canaryIn(`PRIVATE-TOKEN: ${secret}`)).toContain('PRIVATE-TOKEN: glpat-');
    expect(canaryIn(Buffer.from(`\0\xff${secret}`))).toBeDefined();
    expect(canaryIn(encodeURIComponent(JSON.stringify({ secret })))).toBeDefined();
  });

  it.each([
    'a',
    'ab',
    'abc',
    'oauth2',
  ])('finds it in the base64 of basic authentication, behind the name %s', (name) => {
    expect(canaryIn(`Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`)).toBeDefined();
  });

  it('finds nothing in what only looks like one', () => {
    expect(canaryIn(`glpat-${'aB3dE6gH9j'.repeat(2)}`)).toBeUndefined();
    expect(canaryIn('')).toBeUndefined();
  });
});

describe('what is watched', () => {
  it('is a folder that is taken away, whoever does it', async () => {
    const one = mkdtempSync(join(tmpdir(), 'agentsmd-canary-'));
    mkdirSync(join(one, 'state/deep'), { recursive: true });
    writeFileSync(join(one, 'state/deep/a.log'), `asked with ${secret}\n`);
    rmSync(one, { recursive: true });
    expect(takeHits()).toEqual([expect.stringContaining('state/deep/a.log: …asked with glpat-')]);
    const other = await mkdtemp(join(tmpdir(), 'agentsmd-canary-'));
    writeFileSync(join(other, 'audit.jsonl'), secret);
    await rm(other, { recursive: true });
    expect(takeHits()).toEqual([expect.stringContaining('audit.jsonl: ')]);
  });

  it.each([
    ['as it is', []],
    ['packed', ['repack', '-adq']],
    // The newer text is longer: the older one is kept as what it has otherwise.
    ['packed, by the place of what a delta rests on', ['repack', '-adfq']],
    ['packed, by its name', ['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq']],
  ])('is what git keeps, %s, also what was taken out again', async (_, pack) => {
    for (const format of ['sha1', 'sha256']) {
      const root = mkdtempSync(join(tmpdir(), 'agentsmd-canary-'));
      const git = (...args: readonly string[]) => testGit(root, args);
      await git('init', '-q', `--object-format=${format}`);
      const commit = async (text: string, message = 'x') => {
        writeFileSync(join(root, 'notes.txt'), text);
        await git('add', '.');
        await git('commit', '-qm', message);
      };
      await commit(`${LINES}token=${secret}\n`);
      await commit(LINES + LINES);
      if (pack.length > 0) await git(...pack);
      rmSync(join(root, 'notes.txt'));
      rmSync(root, { recursive: true });
      const where =
        pack.length > 0
          ? /\/objects\/pack\/pack-\w+\.pack: ….*token=glpat-/s
          : /\/objects\/\w\w\/\w+: ….*token=glpat-/s;
      expect(takeHits(), format).toEqual([expect.stringMatching(where)]);
    }
  });

  it('is what a commit says, also in a repository with many that say nothing', async () => {
    const repository = await makeRepository({ files: { a: LINES } });
    watchFiles(repository.root);
    expect(takeHits()).toEqual([]);
    const other = await makeRepository({ files: { a: LINES } });
    await other.git('commit', '--allow-empty', '-qm', `with ${secret}`);
    await repository.cleanup();
    await other.cleanup();
    const inObjects = takeHits().filter((hit) => hit.includes('/objects/'));
    expect(inObjects).toEqual([expect.stringMatching(/\/objects\/\w\w\/\w+: ….*committer .*with glpat-/s)]);
  });

  it('is nothing that is not there, and no error where an object is damaged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-canary-'));
    mkdirSync(join(folder, 'objects/pack'), { recursive: true });
    mkdirSync(join(folder, 'objects/aa'));
    writeFileSync(join(folder, `objects/pack/pack-${'a'.repeat(40)}.pack`), 'PACK');
    writeFileSync(join(folder, `objects/aa/${'a'.repeat(38)}`), 'no zlib');
    watchFiles(join(folder, 'nothing'));
    rmSync(folder, { recursive: true });
  });

  it('is every error, of whatever class, and it stays what it is', () => {
    class OurError extends Error {}
    const error = new OurError(`401 for ${secret}`, { cause: 1 });
    expect(takeHits()).toEqual([expect.stringMatching(/^OurError: …401 for glpat-/)]);
    expect([error instanceof Error, error.cause, error.message]).toEqual([true, 1, `401 for ${secret}`]);
    expect(error.stack).not.toContain('canary/setup.ts');
  });

  it('is what the program prints', () => {
    runCli(['config', 'show', '--no-such-option', secret]);
    watch('a plain sentence', 'without any');
    expect(takeHits()).toEqual([]);
    runCli([secret]);
    expect(takeHits().join()).toContain('stderr of ');
  });

  it('is what GitLab and models are asked, but for their headers', async () => {
    const gitlab = await startGitlab();
    const token = gitlab.addToken({ user: 'ada' });
    const send = (path: string, body?: object) =>
      fetch(`${gitlab.url}/api/v4${path}`, {
        headers: { 'PRIVATE-TOKEN': token, 'Content-Type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
    await send('/projects');
    expect(takeHits()).toEqual([]);
    await send('/projects/1/issues', { title: `with ${token}` });
    expect(takeHits()).toEqual([expect.stringContaining('POST /api/v4/projects/1/issues of GitLab')]);
    await gitlab.close();
    await using server = await startModels();
    await ask(server, { model: 'small-1', messages: [{ role: 'user', content: 'hello' }] });
    expect(takeHits()).toEqual([]);
    await ask(server, { model: 'small-1', messages: [{ role: 'user', content: server.key }] });
    expect(takeHits()).toEqual([expect.stringContaining('a request of ')]);
  });

  it('has secrets of others beside it, in this process and in those of the program', () => {
    for (const [name, value] of Object.entries(AMBIENT)) expect(process.env[name]).toBe(value);
    const show = ['--import', `data:text/javascript,console.log(process.env.NPM_TOKEN)`];
    expect(runCli(['--version'], { node: show }).stdout).toContain(AMBIENT.NPM_TOKEN);
    expect(takeHits()).toEqual([expect.stringContaining('stdout of --version')]);
  });
});
