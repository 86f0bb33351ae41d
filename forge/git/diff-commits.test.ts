import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { diffCommits } from './diff-commits.ts';
import type { DiffedFile } from './diffed-file.ts';
import type { TestCommit } from './testing/fast-import.ts';
import { makeRepository, type TestRepository, testGit } from './testing/make-repo.ts';

const made: TestRepository[] = [];
afterAll(async () => {
  await Promise.all(made.map((repo) => repo.cleanup()));
});

afterEach(() => void vi.unstubAllEnvs());

async function repositoryOf(...commits: readonly TestCommit[]): Promise<TestRepository> {
  const repo = await makeRepository({ commits });
  made.push(repo);
  return repo;
}

async function diffOf(before: TestCommit['files'], after: TestCommit['files'], deleted: readonly string[] = []) {
  const repo = await repositoryOf({ files: before ?? {} }, { files: after ?? {}, deleted });
  return diffCommits(repo.dir, 'main~1', 'main', () => true);
}

const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join('');

describe('the diff of two commits', { timeout: 120_000 }, () => {
  it('tells what became of each file, with hunks where there is text', async () => {
    const files = await diffOf(
      {
        'binary.png': Buffer.from([0, 1, 2]),
        'empty.txt': '',
        'gone.txt': 'a\n',
        'link.txt': 'text\n',
        'mode.sh': 'echo\n',
        'moved.txt': lines(20),
        'moved-and-edited.txt': lines(30).replaceAll('line', 'word'),
        'nested/kept.txt': 'kept\n',
        vendored: { submodule: true },
      },
      {
        'binary.png': Buffer.from([0, 1, 3]),
        'empty.txt': 'no longer\n',
        'link.txt': { symlink: 'empty.txt' },
        'mode.sh': { executable: 'echo\n' },
        'new.txt': 'b\n',
        'to/moved.txt': lines(20),
        'to/moved-and-edited.txt': lines(30).replaceAll('line', 'word').replace('word 3\n', ''),
        vendored: 'a file now\n',
        'z-vendored': { submodule: true },
      },
      ['gone.txt', 'moved.txt', 'moved-and-edited.txt'],
    );
    const told = files.map(({ status, oldPath, newPath, content, hunks, old }) =>
      [status, newPath, oldPath === newPath ? '' : oldPath, content, hunks.length, old?.length ?? '-'].join(' '),
    );
    expect(told).toEqual([
      'modified binary.png  binary 0 -',
      'modified empty.txt  text 1 0',
      'deleted gone.txt  text 1 1',
      'modified link.txt  other-kind 0 -',
      'modified mode.sh  text 0 1',
      'added new.txt  text 1 -',
      'renamed to/moved-and-edited.txt moved-and-edited.txt text 1 30',
      'renamed to/moved.txt moved.txt text 0 20',
      'modified vendored  other-kind 0 -',
      'added z-vendored  submodule 0 -',
    ]);
    expect(hunk(files, 'gone.txt')).toEqual({ oldStart: 1, oldLines: 1, newStart: 0, newLines: 0, lines: ['-a'] });
    expect(hunk(files, 'to/moved-and-edited.txt').lines).toContain('-word 3');
  });

  it('counts bytes: ends of lines, and a missing one', async () => {
    const files = await diffOf(
      { crlf: 'a\nb\n', cr: 'a\rb\n', end: 'a\nb' },
      { crlf: 'a\r\nb\n', cr: 'a\rc\n', end: 'a\nb\n' },
    );
    expect(files.map(({ newPath, hunks: [only] }) => [newPath, only?.lines])).toEqual([
      ['cr', ['-a\rb', '+a\rc']],
      ['crlf', ['-a', '+a\r', ' b']],
      ['end', [' a', '-b', '+b']],
    ]);
  });

  it('is not fooled by content that looks like a diff', async () => {
    const lookalikes = [
      '@@ -1 +1 @@',
      '--- a/x',
      '+++ b/x',
      '\\ No newline at end of file',
      'diff --git a/x b/x',
      'Binary files a/x and b/x differ',
    ];
    const text = lookalikes.map((line) => `${line}\n`).join('');
    const [a, b, ...more] = await diffOf({ a: text, b: 'x\n' }, { a: `${text}end`, b: text });
    expect(more).toEqual([]);
    expect(a!.hunks).toHaveLength(1);
    expect(a!.hunks[0]!.lines).toEqual([...lookalikes.slice(3).map((line) => ` ${line}`), '+end']);
    expect(b!.hunks[0]!.lines).toEqual(['-x', ...lookalikes.map((line) => `+${line}`)]);
  });

  it('takes names as they are, and leaves out those that nothing sent as JSON can name', async () => {
    const names = [
      'a b',
      'é"\\',
      'line\nend',
      '@@ -1 +1 @@\n',
      'diff --git a/x b/x\n@@ -1 +1 @@\n+x',
      ':(glob)*',
      ':100644',
    ];
    const files: [string | Uint8Array, string][] = names.map((name) => [name, `${name}\n`]);
    files.push([Buffer.from([0x66, 0xff]), 'latin\n']);
    const diff = await diffOf({}, files);
    expect(new Set(diff.map(({ newPath }) => newPath))).toEqual(new Set(names));
    for (const { newPath, hunks } of diff) expect(hunks[0]!.lines[0]).toBe(`+${newPath.split('\n')[0]}`);
  });

  it('is the same whatever the configuration and the attributes of the machine and the repository say', async () => {
    const before = { 'a.txt': lines(30), 'b.txt': lines(20), 'c.sql': '-- one\n\n-- two\n' };
    const after = { 'a.txt': lines(30).replace('line 9\n', ''), 'c.sql': '-- two\n\n-- one\n', 'd.txt': lines(20) };
    const attributes = '* -diff\n*.txt diff=hostile binary linguist-generated filter=hostile\n*.sql -text eol=crlf\n';
    const repo = await repositoryOf(
      { files: { ...before, '.gitattributes': attributes } },
      { files: after, deleted: ['b.txt'] },
    );
    const plain = await repositoryOf({ files: before }, { files: after, deleted: ['b.txt'] });
    const settings = [
      ...[
        '[diff]',
        'noprefix = true',
        'mnemonicPrefix = true',
        'algorithm = patience',
        'renames = false',
        'context = 0',
      ],
      ...['interHunkContext = 50', 'external = "touch ran;"', 'orderFile = order', 'suppressBlankEmpty = true'],
      ...['[core]', 'quotePath = true', `attributesFile = ${join(repo.root, 'attributes')}`],
      ...['[diff "hostile"]', 'textconv = "touch ran;"', 'command = "touch ran;"', 'xfuncname = .*', 'binary = true'],
    ];
    const config = `${settings.join('\n')}\n`;
    await appendFile(join(repo.dir, '.git/config'), config);
    await writeFile(join(repo.root, 'config'), config);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(repo.root, 'config'));
    vi.stubEnv('XDG_CONFIG_HOME', repo.root);
    for (const folder of [join(repo.dir, '.git/info'), repo.root, join(repo.root, 'git')]) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'attributes'), attributes);
    }
    await writeFile(join(repo.dir, 'order'), '*.txt\n');
    const diff = await diffCommits(repo.dir, 'main~1', 'main', () => true);
    expect(diff).toEqual(await diffCommits(plain.dir, 'main~1', 'main', () => true));
    expect(diff.map(({ status, newPath, hunks }) => `${status} ${newPath} ${hunks.length}`)).toEqual([
      'modified a.txt 1',
      'modified c.sql 1',
      'renamed d.txt 0',
    ]);
    expect(await repo.git('status', '--porcelain')).toBe('?? order');
  });

  it('gives the old lines of the files that are asked for, and of none that GitLab would not read', async () => {
    const large = `${'x'.repeat(1023)}\n`.repeat(1025);
    const repo = await repositoryOf(
      { files: { a: 'a\n', b: 'b\r\nc', large } },
      { files: { a: 'A\n', b: 'B\n', large: `${large}y\n` } },
    );
    const oldOf = async (...paths: readonly string[]) => {
      const files = await diffCommits(repo.dir, 'main~1', 'main', ({ oldPath }) => paths.includes(oldPath));
      return files.map(({ old }) => old);
    };
    expect(await oldOf('b', 'large')).toEqual([undefined, ['b\r', 'c'], undefined]);
    expect(await oldOf()).toEqual([undefined, undefined, undefined]);
  });

  it('says what is missing, and fetches nothing', async () => {
    const repo = await repositoryOf({ files: { a: 'a\n' } }, { files: { a: 'A\n' } });
    await expect(diffCommits(repo.dir, 'main~1', 'nowhere')).rejects.toThrow(/unknown revision "nowhere"/);
    await repo.git('config', 'uploadpack.allowFilter', 'true');
    const partial = join(repo.root, 'partial');
    await testGit(repo.root, ['clone', '--quiet', '--bare', '--filter=blob:none', `file://${repo.dir}`, partial]);
    await expect(diffCommits(partial, 'main~1', 'main')).rejects.toThrow(
      /partial: cannot compare main~1 with main: .*/,
    );
  });
});

function hunk(files: readonly DiffedFile[], path: string) {
  return files.find(({ newPath }) => newPath === path)!.hunks[0]!;
}
