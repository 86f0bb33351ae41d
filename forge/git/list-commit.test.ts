import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../testing/reader-contract.ts';
import { listCommit, parseTree } from './list-commit.ts';
import { locateRepository } from './locate.ts';
import { openRepository } from './open.ts';
import { makeRepository, type RepositorySpec, type TestRepository, testGit } from './testing/make-repo.ts';

const made: TestRepository[] = [];
afterEach(async () => {
  for (const repository of made.splice(0)) await repository.cleanup();
});

describe('listCommit', () => {
  it('lists and reads names that are not UTF-8, each apart from the others', async () => {
    const names = ['caf\xe9', 'caf\xe8', 'd\xff/x', 'back\\slash\xff', '\xc3\xa9'];
    const files = names.map((name) => [Buffer.from(name, 'latin1'), `content of ${name}`] as const);
    const { dir } = await bare({ files: [...files, ['plain', 'plain']] });
    const shown = ['caf\\xe9', 'caf\\xe8', 'd\\xff/x', 'back\\x5cslash\\xff', 'é'];
    const reader = await openRepository(dir);
    expect((await reader.paths()).map((entry) => entry.path)).toEqual([...shown, 'plain'].sort());
    const answers = await reader.read(shown);
    for (const [at, name] of shown.entries()) expect(answers.get(name)).toEqual(text(`content of ${names[at]}`));
    await reader.close();
  });

  it('lets a name that is spelled with \\xff win over one that is only shown so', async () => {
    const { dir } = await bare({
      files: [
        [Buffer.from('a\xff', 'latin1'), 'shown'],
        ['a\\xff', 'spelled'],
      ],
    });
    const reader = await openRepository(dir);
    expect(await reader.paths()).toEqual([{ path: 'a\\xff', kind: 'file' }]);
    expect(await reader.read(['a\\xff'])).toEqual(new Map([['a\\xff', text('spelled')]]));
    await reader.close();
  });

  it('leaves out the names of crafted trees that would lead elsewhere, and lists a doubled one once', async () => {
    const { dir, git } = await bare({ files: { a: 'a' } });
    const blob = await git('rev-parse', 'main:a');
    const inner = await tree(dir, [`100644 blob ${blob}\tconfig`]);
    const entries = ['.', '..', '.git', '.GIT', 'ok', 'ok'].map((name) => `100644 blob ${blob}\t${name}`);
    const outer = await tree(dir, [...entries, `040000 tree ${inner}\t..`, `040000 tree ${inner}\t.git`]);
    const reader = await openRepository(dir, { rev: await git('commit-tree', '-m', 'crafted', outer) });
    expect(await reader.paths()).toEqual([{ path: 'ok', kind: 'file' }]);
    await reader.close();
  });

  it('reads no object that is not a file, whatever the tree calls it', async () => {
    const { dir, git, commit } = await bare({ files: { a: 'a' } });
    const crafted = await tree(dir, [`100644 blob ${commit}\tlie`]).catch(() => null);
    // mktree compares the types; written as bytes the lie goes through.
    expect(crafted).toBeNull();
    const bytes = Buffer.concat([Buffer.from('100644 lie\0'), Buffer.from(commit, 'hex')]);
    const lie = await testGit(dir, ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], [bytes]);
    const reader = await openRepository(dir, { rev: await git('commit-tree', '-m', 'lie', lie) });
    expect(await reader.read(['lie'])).toEqual(
      new Map([['lie', { ok: false, reason: 'missing-blob', detail: 'a commit' }]]),
    );
    await reader.close();
  });

  it('lists 100,000 paths', { timeout: 60_000 }, async () => {
    const count = 100_000;
    const name = (at: number) => `packages/p${at % 300}/src/module-${at % 7}/file-${at}.ts`;
    const files = (function* () {
      for (let at = 0; at < count; at++) yield [name(at), 'same'] as const;
    })();
    const { dir, commit } = await bare({ files });
    const entries = await listCommit(await locateRepository(dir), commit);
    expect(new Set(entries.map((entry) => entry.path)).size).toBe(count);
    expect(new Set(entries.map((entry) => entry.blob)).size).toBe(1);
  });
});

describe('parseTree', () => {
  it('knows every mode that is a path, and leaves out what git does not know', () => {
    const modes = ['100644', '100664', '100755', '120000', '160000', '040000', '100000'];
    const output = modes.map((mode) => `${mode} type ${'a'.repeat(40)}\t${mode}\0`).join('');
    expect(parseTree(Buffer.from(output)).map((entry) => [entry.path, entry.kind, entry.blob])).toEqual([
      ['100644', 'file', 'a'.repeat(40)],
      ['100664', 'file', 'a'.repeat(40)],
      ['100755', 'executable', 'a'.repeat(40)],
      ['120000', 'symlink', 'a'.repeat(40)],
      ['160000', 'submodule', 'a'.repeat(40)],
    ]);
  });
});

async function bare(spec: RepositorySpec): Promise<TestRepository> {
  const repository = await makeRepository(spec, { bare: true });
  made.push(repository);
  return repository;
}

function tree(dir: string, lines: readonly string[]): Promise<string> {
  return testGit(
    dir,
    ['mktree'],
    lines.map((line) => `${line}\n`),
  );
}
