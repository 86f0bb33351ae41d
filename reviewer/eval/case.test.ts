import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openChange } from '../../forge/git/change.ts';
import { runGit } from '../../forge/git/run.ts';
import { type EvalSetError, readCases } from './case.ts';
import { evalRepository } from './repository.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agentsmd-eval-set-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const DEFECT = '{ id: one, path: a.ts, lines: 2-3, category: security, severity: critical, what: It is. }';
function putCase(name: string, yaml = `title: A\ndefects:\n  - ${DEFECT}\n`): void {
  put(`${name}/case.yaml`, yaml);
  put(`${name}/before/a.ts`, 'one\n');
  put(`${name}/after/a.ts`, 'one\ntwo\nthree\n');
}
const problemOf = async (only: readonly string[] = []) =>
  await readCases(dir, only).then(
    () => 'none',
    (error: EvalSetError) => {
      expect(error).toMatchObject({ name: 'EvalSetError', exitCode: 2 });
      return error.message.replaceAll(dir, 'DIR');
    },
  );

describe('a folder of merge requests', () => {
  it('is read by name, with what is not told', async () => {
    putCase('b');
    putCase('a', 'title: A\nclean: true\ntwinOf: b\n');
    put('readme.md', 'no case');
    const [a, b] = await readCases(dir);
    expect(a).toMatchObject({ name: 'a', clean: true, twinOf: 'b', targetCommits: ['Import'], description: '' });
    expect(b!.defects).toEqual([
      {
        ...{ id: 'one', path: 'a.ts', lines: { from: 2, to: 3 }, side: 'new', alsoAt: [], category: 'security' },
        ...{ alsoAccept: [], severity: 'critical', what: 'It is.' },
      },
    ]);
    expect((await readCases(dir, ['b'])).map(({ name }) => name)).toEqual(['b']);
  });

  it('begins with a tree that several have', async () => {
    putCase('a', `title: A\nrepository: shared\ndefects:\n  - ${DEFECT}\n`);
    put('repositories/shared/b.ts', 'b\n');
    expect([...(await readCases(dir))[0]!.before.keys()]).toEqual(['b.ts']);
  });

  it.each([
    ['title: A\n', 'neither defects nor clean: true'],
    [`title: A\nclean: true\ndefects:\n  - ${DEFECT}\n`, 'clean, and yet it has defects'],
    [`title: A\ndefects:\n  - ${DEFECT}\n  - ${DEFECT}\n`, 'two defects have one id'],
    [
      `title: A\ndefects:\n  - ${DEFECT.replace('2-3', '3-2')}\n`,
      'defects.0.lines: the last line stands before the first',
    ],
    [`title: A\ndefects:\n  - ${DEFECT.replace('a.ts', '../a.ts')}\n`, 'defects.0.path: expected a path from the top'],
    [`title: A\ndefects:\n  - ${DEFECT.replace('security', 'safety')}\n`, 'defects.0.category'],
    ['title: A\nclean: true\ntwinOf: b\n', 'no merge request is called b'],
    ['title: A\nclean: true\ndeleted: [b.ts]\n', 'b.ts is not there before the change'],
    ['title: A\nclean: true\nlabels: []\n', 'Unrecognized key'],
    ['title: A\nclean: true\nrepository: gone\n', 'no such folder'],
    ['title: [\n', 'no YAML'],
  ])('is refused: %j', async (yaml, problem) => {
    putCase('a', yaml);
    expect(await problemOf()).toContain(problem);
  });

  it('is refused with all that is wrong, where names are unknown, and where there is none', async () => {
    expect(await problemOf()).toContain('no merge requests in it');
    putCase('a', 'title: 1\n');
    putCase('b', 'title: 2\n');
    expect((await problemOf()).split('\n').length).toBeGreaterThanOrEqual(2);
    expect(await problemOf(['a', 'c', 'd'])).toBe('DIR: no merge request is called c, d');
  });

  it('never follows a link', async () => {
    putCase('a');
    put('secret', 'x');
    symlinkSync(join(dir, 'secret'), join(dir, 'a/after/b.ts'));
    expect(await problemOf()).toBe('DIR/a/after/b.ts: neither a file nor a folder');
  });

  it('is another case when reviewers would see something else, and not when labels are mended', async () => {
    const hashes = new Set<string>();
    const note = async () => hashes.add((await readCases(dir))[0]!.hash).size;
    putCase('a');
    expect(await note()).toBe(1);
    putCase('a', `title: A\ndefects:\n  - ${DEFECT.replace('2-3', '3')}\n`);
    expect(await note()).toBe(1);
    putCase('a', `title: B\ndefects:\n  - ${DEFECT}\n`);
    expect(await note()).toBe(2);
    put('a/after/c.ts', '');
    expect(await note()).toBe(3);
    chmodSync(join(dir, 'a/after/c.ts'), 0o755);
    expect(await note()).toBe(4);
  });
});

describe('a stored merge request as a repository', () => {
  it('has the commits and files that were told, the same each time', async () => {
    putCase(
      'a',
      'title: A\nclean: true\ncommit: "Do it\\n\\nAt last"\ntargetCommits: [First, Second]\ndeleted: [old.ts]\n',
    );
    put('a/before/old.ts', 'old\n');
    put('a/after/b "c"/\u00e4\\.sh', '#!/bin/sh');
    chmodSync(join(dir, 'a/after/b "c"/\u00e4\\.sh'), 0o755);
    const [one] = await readCases(dir);
    const [made, again] = [await evalRepository(one!), await evalRepository(one!)];
    try {
      expect([made.base, made.head]).toEqual([again.base, again.head]);
      const log = await runGit(['log', '--format=%s', 'change'], { dir: made.dir });
      expect(log.toString().trim().split('\n')).toEqual(['Do it', 'Second', 'First']);
      const change = await openChange(made.dir, { base: made.base, rev: made.head });
      expect(change.files.map(({ path, status }) => [path, status])).toEqual([
        ['a.ts', 'modified'],
        ['b "c"/\u00e4\\.sh', 'added'],
        ['old.ts', 'deleted'],
      ]);
      expect((await change.after.paths()).find(({ path }) => path.endsWith('.sh'))!.kind).toBe('executable');
      const read = await change.after.read(['a.ts']);
      expect(read.get('a.ts')).toMatchObject({ ok: true, text: 'one\ntwo\nthree\n' });
      await change.close();
    } finally {
      await made.remove();
      await again.remove();
    }
  });
});
