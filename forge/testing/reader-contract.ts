import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestFile } from '../git/testing/fast-import.ts';
import { DEFAULT_READ_LIMITS, type FileRead, type ReadLimits, type RepoReader } from '../reader.ts';

/** Makes a reader of a repository that holds exactly these files. */
export type OpenReader = (files: Readonly<Record<string, TestFile>>, limits?: ReadLimits) => Promise<RepoReader>;

/** What every `RepoReader` promises, whatever stands behind it. */
export function describeReaderContract(subject: string, open: OpenReader): void {
  describe(`RepoReader contract: ${subject}`, () => {
    const opened: RepoReader[] = [];
    const reader = async (files: Readonly<Record<string, TestFile>>, limits?: ReadLimits) => {
      const made = await open(files, limits);
      opened.push(made);
      return made;
    };
    afterEach(async () => {
      for (const made of opened.splice(0)) await made.close();
    });

    it('lists every path once with its kind, sorted by code unit', async () => {
      const { paths } = bound(
        await reader({
          'b.txt': 'b',
          'a/z.txt': 'z',
          'a.txt': 'a',
          'bin/run': { executable: '#!/bin/sh\n' },
          link: { symlink: 'a.txt' },
          'vendor/lib': { submodule: true },
          '\u{1f600}.md': 'astral: after U+FFxx in UTF-8, before it in code units',
          '\uff21.md': 'full width A',
        }),
      );
      expect(await paths()).toEqual([
        { path: 'a.txt', kind: 'file' },
        { path: 'a/z.txt', kind: 'file' },
        { path: 'b.txt', kind: 'file' },
        { path: 'bin/run', kind: 'executable' },
        { path: 'link', kind: 'symlink' },
        { path: 'vendor/lib', kind: 'submodule' },
        { path: '\u{1f600}.md', kind: 'file' },
        { path: '\uff21.md', kind: 'file' },
      ]);
      expect(await paths()).toBe(await paths());
    });

    describe('content and names', () => {
      let read: RepoReader['read'];
      let paths: RepoReader['paths'];
      let shared: RepoReader;
      beforeAll(async () => {
        const contents = CONTENTS.map(([name, file]) => [`contents/${name}`, file]);
        const named = NAMES.map((name) => [`names/${name}`, `content of ${name}`]);
        shared = await open(Object.fromEntries([['a.txt', 'a'], ...contents, ...named]));
        ({ read, paths } = bound(shared));
      });
      afterAll(() => shared.close());

      it.each(CONTENTS)('reads %s', async (name, _, answer) => {
        expect(await read([`contents/${name}`])).toEqual(new Map([[`contents/${name}`, answer]]));
      });

      it.each(NAMES)('lists and reads the name %j', async (name) => {
        const path = `names/${name}`;
        expect(await paths()).toContainEqual({ path, kind: 'file' });
        expect(await read([path])).toEqual(new Map([[path, text(`content of ${name}`)]]));
      });

      it.each(ABSENT)('calls %j absent', async (path) => {
        expect(await read([path])).toEqual(new Map([[path, unreadable('absent')]]));
      });
    });

    it('reads a file of exactly the limit and refuses one byte more', async () => {
      const limits = { fileBytes: 10, totalBytes: 1000 };
      const { read } = bound(await reader({ fits: 'x'.repeat(10), large: 'x'.repeat(11) }, limits));
      const answers = await read(['fits', 'large']);
      expect(answers.get('fits')).toEqual(text('x'.repeat(10)));
      expect(answers.get('large')).toEqual(unreadable('too-large', '11 bytes; the limit is 10'));
    });

    it('spends the total budget in the order asked, across reads, and never exceeds it', async () => {
      const limits = { fileBytes: 100, totalBytes: 100 };
      const files = { a: 'a'.repeat(60), b: 'b'.repeat(50), c: 'c'.repeat(40), d: 'd', large: 'x'.repeat(101) };
      const { read } = bound(await reader(files, limits));
      const first = await read(['large', 'b', 'a']);
      expect([...first.values()].map(reason)).toEqual(['too-large', 'ok', 'over-budget']);
      expect(first.get('a')).toEqual(unreadable('over-budget', '60 bytes; 50 of 100 are left'));
      expect([...(await read(['c', 'd', 'a'])).values()].map(reason)).toEqual(['ok', 'ok', 'over-budget']);
    });

    it('counts a file once, however often it is read', async () => {
      const { read } = bound(
        await reader({ a: 'a'.repeat(60), b: 'b'.repeat(40) }, { fileBytes: 100, totalBytes: 100 }),
      );
      await Promise.all([read(['a', 'a']), read(['a'])]);
      const answers = await read(['a', 'b']);
      expect([...answers.values()].map(reason)).toEqual(['ok', 'ok']);
    });

    it('answers each path once, and nothing for nothing', async () => {
      const { read } = bound(await reader({ a: 'a' }));
      expect(await read(['a', 'x', 'a'])).toEqual(
        new Map<string, FileRead>([
          ['a', text('a')],
          ['x', unreadable('absent')],
        ]),
      );
      expect(await read([])).toEqual(new Map());
    });

    it('serves concurrent reads', async () => {
      const names = Array.from({ length: 200 }, (_, at) => `d${at % 7}/f${at}`);
      const { read } = bound(await reader(Object.fromEntries(names.map((name) => [name, name.repeat(20)]))));
      const answers = await Promise.all(names.map((name, at) => read([name, names[(at * 31) % 200]!])));
      for (const [at, name] of names.entries()) expect(answers[at]!.get(name)).toEqual(text(name.repeat(20)));
    });

    it('reads 3,000 files at once', { timeout: 60_000 }, async () => {
      const names = Array.from({ length: 3000 }, (_, at) => `d${at % 50}/f${at}`);
      const content = (name: string) => `${name}\n`.repeat(1000);
      const { read } = bound(await reader(Object.fromEntries(names.map((name) => [name, content(name)]))));
      const answers = await read(names);
      expect(answers.size).toBe(3000);
      for (const name of names) expect(answers.get(name)).toEqual(text(content(name)));
    });

    it('says where symbolic links point, and of nothing else', async () => {
      const made = await reader({
        'CLAUDE.md': { symlink: 'AGENTS.md' },
        'a/up': { symlink: '../../etc/passwd' },
        'AGENTS.md': 'text',
        'vendor/lib': { submodule: true },
      });
      expect(await made.links(['CLAUDE.md', 'a/up', 'AGENTS.md', 'vendor/lib', 'absent', 'CLAUDE.md'])).toEqual(
        new Map([
          ['CLAUDE.md', 'AGENTS.md'],
          ['a/up', '../../etc/passwd'],
        ]),
      );
      expect(await made.links([])).toEqual(new Map());
    });

    it('can be closed twice and answers nothing afterwards', async () => {
      const made = await reader({ a: 'a' });
      await made.read(['a']);
      await made.close();
      await made.close();
      await expect(made.read(['a'])).rejects.toThrow('closed');
      await expect(made.paths()).rejects.toThrow('closed');
    });

    it('has default limits that a source file meets', async () => {
      const { read } = bound(await reader({ a: 'x'.repeat(DEFAULT_READ_LIMITS.fileBytes + 1) }));
      expect(reason((await read(['a'])).get('a')!)).toBe('too-large');
    });
  });
}

const LFS = 'version https://git-lfs.github.com/spec/v1\n';

/** What it is (and its name), the file, the answer. */
const CONTENTS: [string, TestFile, FileRead][] = [
  ['plain text', 'hello\n', text('hello\n')],
  ['an empty file', '', text('')],
  ['CRLF as it is', 'a\r\nb\r\n', text('a\r\nb\r\n')],
  ['an executable', { executable: '#!/bin/sh\n' }, text('#!/bin/sh\n')],
  ['UTF-8 without its byte order mark', '\ufeffhéllo', text('héllo', 'utf-8')],
  ['a byte order mark that is not the first', '\ufeff\ufeffx', text('\ufeffx', 'utf-8')],
  ['UTF-16 little endian', Buffer.from('\ufeff<?xml é?>\r\n', 'utf16le'), text('<?xml é?>\r\n', 'utf-16le')],
  ['UTF-16 big endian', Buffer.from('\ufeff<?xml é?>', 'utf16le').swap16(), text('<?xml é?>', 'utf-16be')],
  ['UTF-32', Buffer.from('fffe000061000000', 'hex'), unreadable('binary')],
  ['an odd number of bytes after a UTF-16 mark', Buffer.from('fffe6100ff', 'hex'), unreadable('binary')],
  ['Latin-1 with replacements', Buffer.from('caf\xe9', 'latin1'), { ok: true, text: 'caf\ufffd', invalidUtf8: true }],
  ['NUL as byte 8000', `${'x'.repeat(7999)}\0`, unreadable('binary')],
  ['NUL as byte 8001', `${'x'.repeat(8000)}\0`, text(`${'x'.repeat(8000)}\0`)],
  ['an LFS pointer', `${LFS}oid sha256:${'a'.repeat(64)}\nsize 12\n`, unreadable('lfs-pointer')],
  ['a page about LFS', `${LFS}${'docs '.repeat(300)}`, text(`${LFS}${'docs '.repeat(300)}`)],
  ['a symbolic link', { symlink: 'plain text' }, unreadable('not-a-file', 'a symlink')],
  ['a link out of the repository', { symlink: '/etc/passwd' }, unreadable('not-a-file', 'a symlink')],
  ['a link to itself', { symlink: 'a link to itself' }, unreadable('not-a-file', 'a symlink')],
  ['a link to a folder', { symlink: '../names' }, unreadable('not-a-file', 'a symlink')],
  ['a submodule', { submodule: true }, unreadable('not-a-file', 'a submodule')],
];

const NAMES = [
  ...['"quoted"', 'line\nend', 'tab\there', ' space ', 'back\\slash', '\\xff', '-rf', '--help/-x', 'ünï', "it's"],
  ...['*?[x]', ':(top)x', 'a => b', '\ufffd', '\u{1f600}'],
];

/** No paths of files in the repository, though some would lead to one. */
const ABSENT = [
  ...['nothing', 'names', 'names/', '', '.', './a.txt', '/a.txt', '../repo/a.txt', '/etc/passwd', '.git/config'],
  ...['contents/a link to a folder/ünï', 'a\0b', 'HEAD:a.txt'],
];

export function text(content: string, bom?: Extract<FileRead, { ok: true }>['bom']): FileRead {
  return { ok: true, text: content, invalidUtf8: false, ...(bom === undefined ? {} : { bom }) };
}

export function unreadable(why: Extract<FileRead, { ok: false }>['reason'], detail?: string): FileRead {
  return detail === undefined ? { ok: false, reason: why } : { ok: false, reason: why, detail };
}

function reason(answer: FileRead): string {
  return answer.ok ? 'ok' : answer.reason;
}

function bound(reader: RepoReader): Pick<RepoReader, 'paths' | 'read'> {
  return { paths: () => reader.paths(), read: (paths) => reader.read(paths) };
}
