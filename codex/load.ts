import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readFolder } from '../forge/folder.ts';
import type { Codex } from './codex.ts';
import { type CodexFiles, readCodex } from './read-codex.ts';

/** Where a codex comes from. */
export interface CodexSource {
  /** `starter`, a folder, or the address of a git repository. */
  readonly from: string;
  /** A commit, tag or branch of a git repository. */
  readonly rev?: string;
  /** The folder in the repository that holds the codex. */
  readonly folder?: string;
}

/** The codex cannot be had at all: nothing may be said of any rule, least of all that it is kept. */
export class CodexError extends Error {
  override readonly name = 'CodexError';
  readonly exitCode: 2 | 3;

  /** 2: the user named something that is no codex. 3: it is out of reach right now. */
  constructor(message: string, exitCode: 2 | 3, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export const STARTER = 'starter';
const STARTER_FOLDER = join(import.meta.dirname, 'starter');

/** Loads a codex, from the cache where it can be. @throws {CodexError} */
export async function loadCodex(source: CodexSource): Promise<Codex> {
  return (await loadCodexFiles(source)).codex;
}

/** Loads a codex with everything lint wants to know; never from the cache. @throws {CodexError} */
export async function loadCodexFiles({ from, folder = '' }: CodexSource): Promise<CodexFiles> {
  const root = from === STARTER ? STARTER_FOLDER : from;
  if (!existsSync(root)) throw new CodexError(`${from}: no such folder`, 2);
  const reader = await readFolder(root);
  try {
    return await readCodex(reader, { origin: from, folder });
  } finally {
    await reader.close();
  }
}
