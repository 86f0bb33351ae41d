import { existsSync } from 'node:fs';
import type { CodexTexts } from '../codex/import/index.ts';
import { readFolder } from '../forge/folder.ts';
import type { RepoReader } from '../forge/reader.ts';

/** The codex as it lies in a folder, which may not be there yet. A file that cannot be read is missed when it would be written. */
export async function textsOf(folder: string): Promise<CodexTexts> {
  if (!existsSync(folder)) return new Map();
  const reader = await readFolder(folder, { fileBytes: 4 << 20, totalBytes: 512 << 20 });
  try {
    return await textsIn(reader, '');
  } finally {
    await reader.close();
  }
}

/** The same of a repository. @param folder of it that holds the codex; '': all of it. */
export async function textsIn(reader: RepoReader, folder: string): Promise<CodexTexts> {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const paths = (await reader.paths())
    .filter(({ path, kind }) => kind === 'file' && path.startsWith(prefix) && PART.test(path.slice(prefix.length)))
    .map(({ path }) => path);
  const texts = new Map<string, string>();
  for (const [path, read] of await reader.read(paths)) if (read.ok) texts.set(path.slice(prefix.length), read.text);
  return texts;
}

const PART = /(?:\.md|(?:^|\/)codex\.yaml|(?:^|\/)ids\.json)$/;
