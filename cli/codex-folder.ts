import { lstatSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type CodexSource, STARTER } from '../codex/source.ts';
import type { CommandInput } from './command.ts';
import { loadConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { ownCodexSource } from './open-codex.ts';
import { printableLine } from './printable.ts';

/** The codex that a command about a codex means: its argument, else as {@link ownCodexSource} says. @throws {UsageError} */
export async function codexArgument(input: CommandInput): Promise<CodexSource> {
  const given = input.argument('codex');
  if (given !== undefined && input.text('codex') !== undefined)
    throw new UsageError(`${printableLine(given)} and --codex exclude each other`);
  if (given !== undefined) return { from: given };
  return ownCodexSource(input, await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile }));
}

/** The folder of a codex on this disk, absolute; `undefined` for the embedded one, a git address or a pinned revision. */
function localFolder({ from, rev, folder = '' }: CodexSource): string | undefined {
  if (from === STARTER || rev !== undefined) return undefined;
  const root = resolve(from);
  return lstatSync(root, { throwIfNoEntry: false }) ? join(root, folder) : undefined;
}

/** The same for a command that writes. @throws {UsageError} */
export function folderToWrite(source: CodexSource): string {
  const root = localFolder(source);
  if (root !== undefined) return root;
  if (source.from === STARTER)
    throw new UsageError('the starter codex is part of agentsmd and is not written; name the folder of your codex');
  if (source.rev !== undefined)
    throw new UsageError(`the codex is pinned to ${source.rev}, which cannot be written; name a folder`);
  throw new UsageError(`${source.from}: no such folder; only a codex in a folder can be written`);
}

/** What stands before paths of the codex for somebody in the current folder: `rules/`; nothing where it is not below it. */
export function pathPrefix(source: CodexSource): string {
  const root = localFolder(source);
  if (root === undefined) return '';
  const path = relative(process.cwd(), root).split(sep).join('/');
  return path === '' || path.startsWith('..') ? '' : `${path}/`;
}
