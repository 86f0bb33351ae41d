import { statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { isPrefix } from '../codex/ids-next.ts';
import type { Standard } from '../codex/import/index.ts';
import {
  type FoundDocuments,
  ImportError,
  readDocuments,
  type StandardFormat,
} from '../codex/import/read-documents.ts';
import type { Level } from '../codex/rule.ts';
import { STARTER } from '../codex/source.ts';
import { isRemoteAddress } from '../forge/git/remote-address.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { type ProjectAddress, projectAddress } from './forges.ts';
import { ownCodexSource } from './open-codex.ts';
import { printableLine } from './printable.ts';

/** The codex that is to hold the rules: a folder, which may not be there yet, or a project of GitLab and a folder of it. */
export type CodexTarget =
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 'project';
      readonly address: ProjectAddress;
      readonly folder: string;
      /** What the codex is pinned to. */
      readonly rev?: string;
    };

/** What `codex distill` was asked for. */
export interface DistillWish {
  readonly standard: Standard;
  readonly format: StandardFormat;
  readonly target: CodexTarget;
  readonly prefix?: string;
  readonly level: Level;
  readonly rev?: string;
  readonly url?: string;
  /** Where the folder of the documents lies in the codex; absent: outside of it. */
  readonly inside?: string;
  /** What the standard is called where it does not say itself. */
  readonly name: string;
  readonly notes: readonly string[];
}

/** @throws {UsageError} @throws {ImportError} where there is nothing to read. */
export async function distillWish(input: CommandInput, loaded: LoadedConfig): Promise<DistillWish> {
  const target = targetOf(input, loaded);
  if (target.kind === 'folder' && input.flag('publish'))
    throw new UsageError('--publish needs a codex on GitLab: the address of its project in codex.from or --codex');
  if (target.kind === 'project' && input.flag('write'))
    throw new UsageError('--write needs a codex in a folder; --publish opens a merge request');
  const [prefix, rev, url] = [input.text('prefix'), input.text('sourceRev'), input.text('sourceUrl')];
  if (prefix !== undefined && !isPrefix(prefix))
    throw new UsageError(`--prefix ${prefix}: expected capitals, digits and hyphens, such as API-REST`);
  if (url !== undefined && !/^https?:\/\//.test(url))
    throw new UsageError(`--source-url ${url}: expected an address such as https://example.com/standard`);
  const paths = input.list('document');
  const format = (input.text('from') ?? formatOf(paths)) as StandardFormat;
  const { root, ...found } = await readAll(paths, format);
  const inside = target.kind === 'folder' ? insideOf(target.folder, root) : undefined;
  return {
    ...{ ...found, format, target, level: (input.text('level') ?? 'SHOULD') as Level },
    ...(prefix === undefined ? {} : { prefix }),
    ...(rev === undefined ? {} : { rev }),
    ...(url === undefined ? {} : { url }),
    ...(inside === undefined ? {} : { inside }),
  };
}

function targetOf(input: CommandInput, loaded: LoadedConfig): CodexTarget {
  const { from, rev, folder = '' } = ownCodexSource(input, loaded);
  if (from === STARTER)
    throw new UsageError('the starter codex is part of agentsmd and is not written; name your own with --codex');
  const address = projectAddress(from, loaded, process.env);
  if (address) return { kind: 'project', address, folder, ...(rev === undefined ? {} : { rev }) };
  if (isRemoteAddress(from))
    throw new UsageError(
      `${printableLine(from)}: no project of a configured GitLab instance; clone it and name the folder`,
    );
  if (rev !== undefined) throw new UsageError(`the codex is pinned to ${rev}, which cannot be written; name a folder`);
  const path = resolve(from, folder);
  if (statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`${from}: a file; give the folder of a codex`);
  return { kind: 'folder', folder: path };
}

function formatOf(paths: readonly string[]): StandardFormat {
  return paths.every((path) => /\.(?:adoc|asciidoc|asc)$/i.test(path)) ? 'asciidoc' : 'markdown';
}

/** All documents as if they lay in one folder: the nearest around them. */
async function readAll(
  paths: readonly string[],
  format: StandardFormat,
): Promise<Pick<DistillWish, 'standard' | 'name' | 'notes'> & { readonly root: string }> {
  const all: FoundDocuments[] = [];
  for (const path of paths) all.push(await readDocuments(path, format));
  const root = all.map((one) => one.root).reduce(around);
  const documents = new Map<string, string>();
  const named: string[] = [];
  for (const found of all) {
    const folder = relative(root, found.root).split(sep).join('/');
    const nameOf = (doc: string): string => (folder === '' ? doc : `${folder}/${doc}`);
    for (const [doc, text] of found.documents) documents.set(nameOf(doc), text);
    named.push(...found.named.map(nameOf).filter((doc) => !named.includes(doc)));
  }
  if (named.length === 0) throw new ImportError('there is nothing to read');
  const whole = paths.every((path) => statSync(path).isDirectory());
  const name =
    (paths[0] ?? '')
      .replace(/[/\\]+$/, '')
      .replace(/^.*[/\\]/, '')
      .replace(/\.\w+$/, '') || 'standard';
  return { root, standard: { documents, named, whole }, name, notes: all.flatMap(({ notes }) => notes) };
}

/** The nearest folder that holds both. */
function around(a: string, b: string): string {
  let folder = a;
  while (relative(folder, b).startsWith('..') && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function insideOf(codex: string, root: string): string | undefined {
  const path = relative(codex, root);
  return path === '' || (!path.startsWith('..') && resolve(path) !== path) ? path.split(sep).join('/') : undefined;
}
