import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderStamp, readFolder } from './folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agentsmd-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('readFolder', () => {
  it('lists files and links, and enters neither dot folders nor node_modules nor links', async () => {
    for (const path of ['b.md', 'a/x.md', 'a/.hidden/y.md', '.git/config', 'node_modules/m/z.md', '.env']) write(path);
    symlinkSync('b.md', join(root, 'link.md'));
    symlinkSync('..', join(root, 'a', 'up'));
    const reader = await readFolder(root);
    expect(await reader.paths()).toEqual([
      { path: '.env', kind: 'file' },
      { path: 'a/up', kind: 'symlink' },
      { path: 'a/x.md', kind: 'file' },
      { path: 'b.md', kind: 'file' },
      { path: 'link.md', kind: 'symlink' },
    ]);
    expect([reader.commit, reader.worktree]).toEqual([null, true]);
    expect((await reader.links(['link.md'])).get('link.md')).toBe('b.md');
    await reader.close();
  });

  it('reads a file when it is asked for, within limits, and through no link', async () => {
    write('a/x.md', 'text');
    write('big.md', 'x'.repeat(11));
    symlinkSync('/etc/hostname', join(root, 'out.md'));
    const reader = await readFolder(root, { fileBytes: 10, totalBytes: 100 });
    const answers = await reader.read(['a/x.md', 'big.md', 'out.md', 'none.md', '../x']);
    expect([...answers.values()].map((read) => (read.ok ? read.text : read.reason))).toEqual([
      'text',
      'too-large',
      'not-a-file',
      'absent',
      'absent',
    ]);
    await reader.close();
  });

  it('fails for a folder that is not there', async () => {
    await expect(readFolder(join(root, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});

describe('folderStamp', () => {
  const stamp = () => folderStamp(root, (path) => path.endsWith('.md'));
  beforeEach(() => {
    write('a/x.md', 'one');
    write('b.md', 'one');
    write('c.txt', 'one');
  });

  it('is the same as long as nothing that counts is touched', () => {
    const before = stamp();
    write('c.txt', 'two');
    write('d.txt');
    expect(stamp()).toEqual(before);
  });

  it.each([
    ['another size', () => write('b.md', 'three')],
    ['another time', () => utimesSync(join(root, 'b.md'), 1, 1)],
    ['a new file', () => write('c.md')],
    ['a file that went', () => rmSync(join(root, 'b.md'))],
    ['another name', () => renameSync(join(root, 'b.md'), join(root, 'e.md'))],
  ])('changes with %s', (_, change) => {
    const before = stamp();
    change();
    expect(stamp().hash).not.toBe(before.hash);
  });

  it('knows when a file was written last', () => {
    utimesSync(join(root, 'b.md'), 100, 4_000_000_000);
    expect(stamp().written).toBe(4_000_000_000_000);
  });
});
