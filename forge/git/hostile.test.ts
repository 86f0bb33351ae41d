import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text, unreadable } from '../testing/reader-contract.ts';
import { openRepository } from './open.ts';
import { runGit } from './run.ts';
import { makeRepository, type TestRepository, testGit } from './testing/make-repo.ts';

/** A partial clone whose origin is gone: `have` and the trees are there, the other contents are not. */
async function partialClone(origin: TestRepository): Promise<string> {
  await origin.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(origin.root, 'clone');
  await testGit(origin.root, ['clone', '-q', '--filter=blob:none', '--no-checkout', `file://${origin.dir}`, clone]);
  await testGit(clone, ['cat-file', '-p', 'HEAD:have']);
  await rm(origin.dir, { recursive: true });
  return clone;
}

let origin: TestRepository;
let clone: string;
const lost = Array.from({ length: 400 }, (_, at) => `lost/${at}`);
beforeEach(async () => {
  origin = await makeRepository({ files: { have: 'here', ...Object.fromEntries(lost.map((path) => [path, path])) } });
  clone = await partialClone(origin);
});
afterEach(() => origin.cleanup());

describe('a partial clone whose origin is gone', () => {
  it('answers missing-blob for what is not there, and the rest as ever', async () => {
    await expect(testGit(clone, ['cat-file', '-p', 'HEAD:lost/0'])).rejects.toThrow('could not fetch');
    const reader = await openRepository(clone, { rev: 'HEAD' });
    expect(await reader.paths()).toHaveLength(401);
    const answers = await reader.read([...lost.slice(0, 200), 'have', ...lost.slice(200)]);
    expect(answers.get('have')).toEqual(text('here'));
    for (const path of lost) expect(answers.get(path)).toEqual(unreadable('missing-blob'));
    await reader.close();
  });

  it('answers the same for what a sparse checkout left out', async () => {
    await testGit(clone, ['sparse-checkout', 'set', '--no-cone', '/have']);
    await testGit(clone, ['checkout', '-q', 'main']);
    const reader = await openRepository(clone);
    expect(reader.worktree).toBe(true);
    expect(await reader.read(['lost/1', 'have'])).toEqual(
      new Map([
        ['lost/1', unreadable('missing-blob')],
        ['have', text('here')],
      ]),
    );
    await reader.close();
  });
});

describe('a repository whose configuration names programs', () => {
  let marker: string;
  beforeEach(async () => {
    marker = join(origin.root, 'executed');
    const script = join(origin.root, 'evil.sh');
    const hooks = join(origin.root, 'hooks');
    await mkdir(hooks);
    for (const file of [script, ...HOOKS.map((hook) => join(hooks, hook))]) {
      await writeFile(file, `#!/bin/sh\ntouch ${marker}\n`);
      await chmod(file, 0o755);
    }
    await testGit(clone, ['sparse-checkout', 'set', '--no-cone', '/have']);
    await testGit(clone, ['checkout', '-q', 'main']);
    await writeFile(join(clone, '.gitattributes'), '* filter=evil diff=evil\n');
    await writeFile(join(clone, 'have'), 'changed');
    const settings = {
      'remote.origin.url': `ext::sh -c touch% ${marker}`,
      'protocol.allow': 'always',
      'protocol.ext.allow': 'always',
      'core.fsmonitor': script,
      'core.hooksPath': hooks,
      'core.sshCommand': script,
      'core.gitProxy': script,
      'core.askPass': script,
      'core.pager': script,
      'core.editor': script,
      'core.alternateRefsCommand': script,
      'credential.helper': script,
      'diff.external': script,
      'diff.evil.textconv': script,
      'diff.evil.command': script,
      'filter.evil.clean': script,
      'filter.evil.smudge': script,
      'filter.evil.process': script,
      'filter.evil.required': 'true',
      'gpg.program': script,
      'log.showSignature': 'true',
      'uploadpack.packObjectsHook': script,
    };
    for (const [name, value] of Object.entries(settings)) await testGit(clone, ['config', name, value]);
    expect(existsSync(marker)).toBe(false);
  });

  it('executes none of them, reading the working tree or a revision', async () => {
    for (const options of [{}, { rev: 'HEAD' }, { rev: 'origin/main~0' }]) {
      const reader = await openRepository(clone, options);
      const answers = await reader.read((await reader.paths()).map((entry) => entry.path));
      expect(answers.get('lost/7')).toEqual(unreadable('missing-blob'));
      expect(answers.get('have')).toEqual(text(reader.worktree ? 'changed' : 'here'));
      await reader.close();
    }
    await expect(openRepository(clone, { rev: 'main:lost/1' })).rejects.toThrow('is no commit');
    expect(existsSync(marker)).toBe(false);
  });

  it('fetches nothing even where git is run in the repository itself', async () => {
    await expect(runGit(['cat-file', '-p', 'HEAD:lost/1'], { dir: clone })).rejects.toThrow();
    await expect(runGit(['fetch'], { dir: clone })).rejects.toThrow("transport 'ext' not allowed");
    await runGit(['log', '-1', await signedCommit()], { dir: clone });
    await runGit(['update-ref', 'refs/heads/new', 'HEAD'], { dir: clone });
    expect(existsSync(marker)).toBe(false);
  });

  it('would have executed them under plain git: these tests can fail', async () => {
    const signed = await signedCommit();
    const commands = [
      ['ls-files', '--others'],
      ['-c', 'core.fsmonitor=false', 'cat-file', '-p', 'HEAD:lost/1'],
      ['log', '-1', signed],
      ['update-ref', 'refs/heads/new', 'HEAD'],
    ];
    for (const command of commands) {
      await testGit(clone, command).catch(() => {});
      expect([command, existsSync(marker)]).toEqual([command, true]);
      await unlink(marker);
    }
  });

  /** With `log.showSignature`, git hands its signature to `gpg.program`. */
  async function signedCommit(): Promise<string> {
    const [tree = '', author = '', committer = ''] = (await testGit(clone, ['cat-file', '-p', 'HEAD'])).split('\n');
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----';
    const commit = [tree, author, committer, signature, '', 'signed', ''].join('\n');
    return testGit(clone, ['hash-object', '-w', '-t', 'commit', '--stdin'], [commit]);
  }
});

const HOOKS = ['post-index-change', 'reference-transaction', 'fsmonitor-watchman', 'post-checkout', 'pre-auto-gc'];
