import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChangedFile } from '../change/change-set.ts';
import { numberedPatch, PATCH_INDEX, patchesOf, withoutPatch, writePatches } from './patches.ts';

const FILE: ChangedFile = {
  ...{ status: 'modified', path: 'src/a.ts', kind: 'file', added: 1, removed: 1 },
  hunks: [
    { oldStart: 9, oldLines: 3, newStart: 9, newLines: 3, lines: [' same', '-gone', '+\tcame  ', ' end\u200b'] },
    { oldStart: 100, oldLines: 0, newStart: 101, newLines: 1, lines: ['+last'] },
  ],
};

describe('a patch with numbers', () => {
  it('has those of both sides on each line, and the text as it is', () => {
    expect(numberedPatch(FILE).split('\n')).toEqual([
      'modified, +1 -1',
      '@@ -9,3 +9,3 @@',
      '9  same',
      '10 -gone',
      '10 +\tcame  ',
      '11  end\u200b',
      '@@ -100,0 +101,1 @@',
      '101 +last',
    ]);
  });

  it('says what else became of a file', () => {
    const [first] = numberedPatch({ ...FILE, status: 'renamed', from: 'b.ts', kind: 'executable', was: 'file' }).split(
      '\n',
    );
    expect(first).toBe('renamed from b.ts, executable, was a file, +1 -1');
  });
});

describe('files of a change', () => {
  const files: readonly ChangedFile[] = [
    FILE,
    { ...FILE, path: 'yarn.lock', noise: 'lock-file', hunks: [] },
    { ...FILE, path: 'big.ts', unread: 'too-large', added: 0, removed: 0, hunks: [] },
    { ...FILE, path: 'a\nb.ts', status: 'deleted', added: 0, removed: 0, hunks: [] },
  ];

  it('have a patch, or are named with the reason on one line', () => {
    expect(patchesOf(files).map(({ path }) => path)).toEqual(['src/a.ts']);
    expect(withoutPatch(files)).toEqual([
      'yarn.lock: modified, +1 -1 (lock-file)',
      'big.ts: modified, cannot be shown: too-large',
      'a b.ts: deleted',
    ]);
  });

  it('are written where their paths lead nowhere', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'agentsmd-patches-'));
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    await writePatches(folder, [
      { path: '../../etc/passwd', patch: 'one' },
      { path: 'index.json', patch: 'two' },
    ]);
    expect((await readdir(folder)).sort()).toEqual(['0.patch', '1.patch', PATCH_INDEX]);
    expect(JSON.parse(await readFile(join(folder, PATCH_INDEX), 'utf8'))).toEqual({
      '../../etc/passwd': '0.patch',
      'index.json': '1.patch',
    });
    expect(await readFile(join(folder, '1.patch'), 'utf8')).toBe('two');
  });
});
