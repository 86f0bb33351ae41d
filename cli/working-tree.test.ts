import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from './errors.ts';
import { writeWorkingTree } from './working-tree.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agentsmd-tree-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string) => join(root, path);
const read = (path: string) => readFileSync(at(path), 'utf8');

describe('writeWorkingTree', () => {
  it('creates files and says so, and leaves nothing else behind', () => {
    mkdirSync(at('packages/a'), { recursive: true });
    const files = [
      { path: 'AGENTS.md', text: 'root\n' },
      { path: 'packages/a/AGENTS.md', text: 'a\n' },
    ];
    expect(writeWorkingTree(root, files, false)).toEqual([
      { path: 'AGENTS.md', outcome: 'created' },
      { path: 'packages/a/AGENTS.md', outcome: 'created' },
    ]);
    expect([read('AGENTS.md'), read('packages/a/AGENTS.md')]).toEqual(['root\n', 'a\n']);
    expect(readdirSync(root).sort()).toEqual(['AGENTS.md', 'packages']);
  });

  it('touches nothing where one of the files exists with other content', () => {
    mkdirSync(at('a'));
    writeFileSync(at('a/AGENTS.md'), 'by hand\n');
    const files = ['AGENTS.md', 'a/AGENTS.md'].map((path) => ({ path, text: 'new\n' }));
    expect(() => writeWorkingTree(root, files, false)).toThrow(
      new UsageError('a/AGENTS.md exists and would change; --diff shows how, --fresh --write replaces what is there'),
    );
    expect(existsSync(at('AGENTS.md'))).toBe(false);
    expect(read('a/AGENTS.md')).toBe('by hand\n');
  });

  it('leaves a file that already says the same', () => {
    writeFileSync(at('AGENTS.md'), 'same\n');
    const before = statSync(at('AGENTS.md')).ino;
    expect(writeWorkingTree(root, [{ path: 'AGENTS.md', text: 'same\n' }], false)).toEqual([
      { path: 'AGENTS.md', outcome: 'unchanged' },
    ]);
    expect(statSync(at('AGENTS.md')).ino).toBe(before);
  });

  it('makes folders that are missing', () => {
    writeWorkingTree(root, [{ path: '.agentsmd/ledger.json', text: '{}\n', existing: null }], true);
    expect(read('.agentsmd/ledger.json')).toBe('{}\n');
  });

  it('writes only over what it was worked out from', () => {
    writeFileSync(at('AGENTS.md'), '\uFEFFold\n');
    const files = (existing: string | null) => [
      { path: 'new.md', text: 'x', existing: null },
      { path: 'AGENTS.md', text: 'new\n', existing },
    ];
    expect(() => writeWorkingTree(root, files('older\n'), true)).toThrow(/AGENTS\.md is no longer what was read/);
    expect(() => writeWorkingTree(root, files(null), true)).toThrow(/AGENTS\.md is there, and was not read/);
    expect(existsSync(at('new.md'))).toBe(false);
    writeWorkingTree(root, files('old\n'), true);
    expect([read('AGENTS.md'), read('new.md')]).toEqual(['new\n', 'x']);
  });

  it('takes everything back where one of the files cannot be written', () => {
    writeFileSync(at('AGENTS.md'), 'old\n');
    // A name that no file system takes, after one that it does.
    const long = 'x'.repeat(300);
    const files = ['a/AGENTS.md', 'AGENTS.md', `${long}.md`].map((path) => ({ path, text: 'new\n' }));
    expect(() => writeWorkingTree(root, files, true)).toThrow(/ENAMETOOLONG/);
    expect(read('AGENTS.md')).toBe('old\n');
    expect(existsSync(at('a/AGENTS.md'))).toBe(false);
    expect(readdirSync(root, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
  });

  it('replaces when told to, and keeps the permissions', () => {
    writeFileSync(at('AGENTS.md'), 'old\n');
    chmodSync(at('AGENTS.md'), 0o640);
    expect(writeWorkingTree(root, [{ path: 'AGENTS.md', text: 'new\n' }], true)).toEqual([
      { path: 'AGENTS.md', outcome: 'replaced' },
    ]);
    expect(read('AGENTS.md')).toBe('new\n');
    expect(statSync(at('AGENTS.md')).mode & 0o777).toBe(0o640);
  });

  it.each([true, false])('writes through no link, neither the file nor a folder above it (replace: %s)', (replace) => {
    const outside = mkdtempSync(join(tmpdir(), 'agentsmd-outside-'));
    writeFileSync(join(outside, 'target'), 'untouched');
    symlinkSync(join(outside, 'target'), at('AGENTS.md'));
    symlinkSync(outside, at('pkg'));
    for (const path of ['AGENTS.md', 'pkg/AGENTS.md']) {
      expect(() => writeWorkingTree(root, [{ path, text: 'x' }], replace)).toThrow('is a symbolic link');
    }
    expect(readdirSync(outside)).toEqual(['target']);
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('untouched');
    rmSync(outside, { recursive: true });
  });

  it('refuses a folder in the place of the file', () => {
    mkdirSync(at('AGENTS.md'));
    expect(() => writeWorkingTree(root, [{ path: 'AGENTS.md', text: 'x' }], true)).toThrow('not a regular file');
  });

  it.each([
    '../AGENTS.md',
    '/etc/AGENTS.md',
    '.git/AGENTS.md',
    'a/../../AGENTS.md',
    'a/.GIT/hooks/x',
  ])('never writes to %s', (path) => {
    expect(() => writeWorkingTree(root, [{ path, text: 'x' }], true)).toThrow('not a path to write to');
  });
});
