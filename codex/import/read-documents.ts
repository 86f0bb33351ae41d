import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { decodeBlob } from '../../forge/decode-blob.ts';
import type { Documents } from './section.ts';

export type StandardFormat = 'asciidoc' | 'markdown';

/** The document that was named cannot be imported. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly exitCode = 2;
}

/** Far above any standard; what is beyond is named and left out. */
const MOST_FILES = 5000;
const FILE_BYTES = 4 << 20;
const TOTAL_BYTES = 64 << 20;

const ENDINGS: Readonly<Record<StandardFormat, RegExp>> = {
  asciidoc: /\.(?:adoc|asciidoc|asc)$/i,
  markdown: /\.(?:md|markdown)$/i,
};

export interface FoundDocuments {
  /** The folder that paths are counted from. */
  readonly root: string;
  readonly documents: Documents;
  /** The documents to begin with: one where a file was named. Others are only included. */
  readonly named: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Reads a document, or every one below a folder, with what they include from within that folder. Symbolic links and dot
 * folders are not followed.
 *
 * @throws {ImportError} where there is nothing to import.
 */
export async function readDocuments(path: string, format: StandardFormat): Promise<FoundDocuments> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ImportError(`${path}: no such file or folder`);
  const root = found.isDirectory() ? path : dirname(path);
  const reading = new Reading(await realpath(root));
  if (found.isDirectory()) await reading.folder('', ENDINGS[format]);
  else await reading.file(basename(path));
  const named = [...reading.documents.keys()];
  if (named.length === 0)
    throw new ImportError(
      `${path}: no ${format} document${reading.notes.length > 0 ? `: ${reading.notes[0]}` : ' is there'}`,
    );
  if (format === 'asciidoc') await reading.includes();
  return { root: resolve(root), documents: reading.documents, named, notes: reading.notes };
}

class Reading {
  readonly documents = new Map<string, string>();
  readonly notes: string[] = [];
  readonly #root: string;
  #bytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  async folder(prefix: string, ending: RegExp): Promise<void> {
    const entries = await readdir(join(this.#root, prefix), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) await this.folder(`${path}/`, ending);
      else if (entry.isFile() && ending.test(entry.name)) await this.file(path);
    }
  }

  async file(path: string): Promise<void> {
    const full = join(this.#root, path);
    const found = await lstat(full).catch(() => undefined);
    if (!found?.isFile()) return;
    // A folder on the way may be a link that leads out.
    if (relative(this.#root, await realpath(full)) !== path.split('/').join(sep)) return;
    const reason =
      this.documents.size >= MOST_FILES
        ? `more than ${MOST_FILES} files`
        : found.size > FILE_BYTES
          ? `larger than ${FILE_BYTES >> 20} MiB`
          : this.#bytes + found.size > TOTAL_BYTES
            ? `more than ${TOTAL_BYTES >> 20} MiB in all`
            : undefined;
    if (reason !== undefined) {
      this.notes.push(`${path}: not read: ${reason}`);
      return;
    }
    this.#bytes += found.size;
    const read = decodeBlob(await readFile(full));
    if (!read.ok || read.invalidUtf8) this.notes.push(`${path}: not read: ${read.ok ? 'not UTF-8' : 'no text'}`);
    else this.documents.set(path, read.text.replace(/\r\n?/g, '\n'));
  }

  /** What documents include, and what that includes. */
  async includes(): Promise<void> {
    const asked = new Set<string>();
    // The map grows while it is walked: what is included is looked at as well.
    for (const [path, text] of this.documents) {
      for (const [, target] of text.matchAll(/^include::([^[\n]{1,500})\[/gm)) {
        const included = includedPath(path, target!);
        if (included === undefined || asked.has(included) || this.documents.has(included)) continue;
        asked.add(included);
        await this.file(included);
      }
    }
  }
}

/** The path that an include of a document means; `undefined` where it leads out of the folder. */
export function includedPath(from: string, target: string): string | undefined {
  const path = posix.normalize(posix.join(posix.dirname(from), target.trim()));
  return path.startsWith('../') || path === '..' || path.startsWith('/') || /^[a-z]+:/i.test(target) ? undefined : path;
}
