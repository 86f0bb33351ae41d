import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { includedPath, readDocuments } from './read-documents.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'documents-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('documents', () => {
  it('are those of the format below a folder, and what they include', async () => {
    write({
      's/a.adoc': 'include::../y/b.yaml[]\ninclude::c.adoc[]',
      's/c.adoc': 'c',
      'y/b.yaml': 'b: 1',
      'y/other.yaml': 'no',
      '.hidden/d.adoc': 'no',
      'node_modules/e.adoc': 'no',
      'x.md': 'no',
    });
    const { documents, named, notes } = await readDocuments(root, 'asciidoc');
    expect([...documents.keys()]).toEqual(['s/a.adoc', 's/c.adoc', 'y/b.yaml']);
    expect([named, notes]).toEqual([['s/a.adoc', 's/c.adoc'], []]);
  });

  it('are one file where one is named, with what it includes from its folder', async () => {
    write({
      'secret.adoc': 'no',
      's/a.adoc': 'include::../secret.adoc[]\ninclude::c.adoc[]',
      's/c.adoc': 'c',
      's/d.adoc': 'no',
    });
    const { documents, named } = await readDocuments(join(root, 's/a.adoc'), 'asciidoc');
    expect([[...documents.keys()], named]).toEqual([['a.adoc', 'c.adoc'], ['a.adoc']]);
  });

  it('are never read through symbolic links', async () => {
    write({ 'outside/secret.yaml': 'token', 's/a.adoc': 'include::link.yaml[]\ninclude::dir/secret.yaml[]' });
    symlinkSync(join(root, 'outside/secret.yaml'), join(root, 's/link.yaml'));
    symlinkSync(join(root, 'outside'), join(root, 's/dir'));
    symlinkSync(join(root, 'outside/secret.yaml'), join(root, 's/b.adoc'));
    const { documents } = await readDocuments(join(root, 's'), 'asciidoc');
    expect([...documents.keys()]).toEqual(['a.adoc']);
  });

  it('are text: others are named and left out', async () => {
    write({ 'a.md': '# A', 'binary.md': '# B\0\u0001' });
    writeFileSync(join(root, 'latin.md'), Buffer.from('# Stra\u00dfe', 'latin1'));
    const { documents, notes } = await readDocuments(root, 'markdown');
    expect([...documents.keys()]).toEqual(['a.md']);
    expect(notes).toEqual(['binary.md: not read: no text', 'latin.md: not read: not UTF-8']);
    await expect(readDocuments(join(root, 'latin.md'), 'markdown')).rejects.toThrow(/latin\.md: not read: not UTF-8/);
  });

  it('have plain line ends and no byte order mark', async () => {
    write({ 'a.md': '\ufeff# A\r\ntext\rmore' });
    expect((await readDocuments(root, 'markdown')).documents.get('a.md')).toBe('# A\ntext\nmore');
  });

  it('that are too large are named', async () => {
    write({ 'a.md': 'a', 'b.md': 'b'.repeat((4 << 20) + 1) });
    expect((await readDocuments(root, 'markdown')).notes).toEqual(['b.md: not read: larger than 4 MiB']);
  });

  it.each([
    ['nothing', 'no such file or folder'],
    ['', 'no asciidoc document is there'],
  ])('%j: %s', async (path, message) => {
    await expect(readDocuments(join(root, path), 'asciidoc')).rejects.toThrow(message);
  });
});

it.each([
  ['a/b.adoc', '../c.adoc', 'c.adoc'],
  ['a/b.adoc', '../../c.adoc', undefined],
  ['b.adoc', '/etc/passwd', 'etc/passwd'],
  ['b.adoc', 'https://example.com/x', undefined],
])('an include in %s of %s is %s', (from, target, path) => {
  expect(includedPath(from, target)).toBe(path);
});
