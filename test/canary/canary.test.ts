import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { startGitlab } from '../gitlab/start.ts';
import { ask } from '../models/ask.ts';
import { startModels } from '../models/index.ts';
import { AMBIENT, canary, canaryIn } from './canary.ts';
import { takeHits, watch, watchFiles } from './watch.ts';

const secret = canary('glpat-');

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

  it('is no object of git, and nothing that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-canary-'));
    mkdirSync(join(folder, 'objects/pack'), { recursive: true });
    writeFileSync(join(folder, 'objects/pack/a.pack'), secret);
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
