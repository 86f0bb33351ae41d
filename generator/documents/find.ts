import { isAside, joinPath, parentDir } from '../../facts/path-index.ts';
import type { RepoEntry, RepoReader } from '../../forge/reader.ts';
import type { AgentDocument, DocumentKind, UnreadDocument } from './document.ts';
import { documentOf } from './parse.ts';

/** The agent documents of a repository: root first, then by path; a file reached by several names once. */
export interface FoundDocuments {
  readonly documents: readonly AgentDocument[];
  readonly unread: readonly UnreadDocument[];
}

/** Symbolic links may point at symbolic links, this often. */
const MOST_LINKS = 8;

/**
 * Finds and parses the agent documents. Documents of fixtures, templates and vendored code are other people's; `also` is taken
 * for one whatever its name and place.
 */
export async function findDocuments(
  reader: Pick<RepoReader, 'paths' | 'read' | 'links'>,
  also?: string,
): Promise<FoundDocuments> {
  const entries = await reader.paths();
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  const named = entries.filter(
    ({ path, kind }) => kind !== 'submodule' && (path === also || (kindOf(path) && !isAside(path))),
  );
  const { files, broken } = await realFiles(named, kinds, reader);
  const reads = await reader.read([...files.keys()]);
  const documents: AgentDocument[] = [];
  const unread: UnreadDocument[] = [...broken];
  for (const [path, names] of files) {
    const read = reads.get(path);
    const [first = path] = names.toSorted((a, b) => rank(a) - rank(b));
    if (!read?.ok)
      unread.push({ path, cause: read?.reason ?? 'absent', reason: read?.detail ?? read?.reason ?? 'absent' });
    else
      documents.push(
        documentOf(read.text, {
          path,
          aliases: names.filter((name) => name !== path).sort(),
          kind: kindOf(first) ?? 'agents',
          dir: speaksFor(first),
          faithful: !read.invalidUtf8 && (read.bom === undefined || read.bom === 'utf-8'),
        }),
      );
  }
  return { documents: documents.sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1)), unread };
}

const KINDS: readonly { readonly kind: DocumentKind; readonly path: RegExp }[] = [
  { kind: 'agents', path: /(?:^|\/)AGENTS?\.md$|^agents\.md$/ },
  { kind: 'override', path: /(?:^|\/)AGENTS\.(?:override|local)\.md$/ },
  { kind: 'claude', path: /(?:^|\/)CLAUDE(?:\.local)?\.md$/ },
  { kind: 'gemini', path: /(?:^|\/)GEMINI\.md$/ },
  { kind: 'copilot', path: /^\.github\/(?:copilot-instructions\.md|instructions\/.+\.instructions\.md)$/ },
  { kind: 'cursor', path: /^(?:\.cursorrules|(?:.+\/)?\.cursor\/rules\/.+\.mdc?)$/ },
  { kind: 'windsurf', path: /^(?:\.windsurfrules|\.windsurf\/rules\/.+\.md)$/ },
];

/** What a file of this name is to agents; nothing for any other file. */
export function kindOf(path: string): DocumentKind | undefined {
  return KINDS.find((each) => each.path.test(path))?.kind;
}

function rank(path: string): number {
  const at = KINDS.findIndex((each) => each.path.test(path));
  return at < 0 ? KINDS.length : at;
}

/** The folder a document speaks for: its own, tools' own folders left out. */
function speaksFor(path: string): string {
  const dir = parentDir(path);
  return dir.replace(/(?:^|\/)\.(?:github|cursor|claude|windsurf)(?:\/.*)?$/, '');
}

function depth({ dir }: AgentDocument): number {
  return dir === '' ? 0 : dir.split('/').length;
}

/** Each regular file with the names that lead to it. */
async function realFiles(
  named: readonly RepoEntry[],
  kinds: ReadonlyMap<string, RepoEntry['kind']>,
  reader: Pick<RepoReader, 'links'>,
): Promise<{ readonly files: ReadonlyMap<string, string[]>; readonly broken: readonly UnreadDocument[] }> {
  const files = new Map<string, string[]>();
  const broken: UnreadDocument[] = [];
  for (const { path } of named) {
    const end = await follow(path, kinds, reader);
    if (typeof end === 'string') files.set(end, [...(files.get(end) ?? []), path]);
    else broken.push({ path, ...end });
  }
  return { files, broken };
}

/** The regular file that a path is or leads to, or why there is none. */
async function follow(
  path: string,
  kinds: ReadonlyMap<string, RepoEntry['kind']>,
  reader: Pick<RepoReader, 'links'>,
): Promise<string | Omit<UnreadDocument, 'path'>> {
  let at = path;
  for (let links = 0; kinds.get(at) === 'symlink'; links++) {
    if (links === MOST_LINKS) return { cause: 'dead-link', reason: 'a symbolic link that leads back to itself' };
    const target = (await reader.links([at])).get(at);
    if (target === undefined) return { cause: 'missing-blob', reason: 'a symbolic link whose target cannot be read' };
    const next = target.startsWith('/') ? undefined : joinPath(parentDir(at), target);
    if (next === undefined) return { cause: 'far-link', reason: `a symbolic link out of the repository, to ${target}` };
    at = next;
  }
  const kind = kinds.get(at);
  if (kind === 'file' || kind === 'executable') return at;
  for (let dir = at; dir !== ''; dir = parentDir(dir))
    if (kinds.get(dir) === 'symlink' || kinds.get(dir) === 'submodule')
      return { cause: 'far-link', reason: `a symbolic link through ${dir}, which is not looked into` };
  return { cause: 'dead-link', reason: `a symbolic link to ${at || 'the root'}, which is no file of the repository` };
}
