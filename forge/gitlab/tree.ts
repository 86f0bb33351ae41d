import type { Listed } from '../bounded-reader.ts';
import { ForgeError } from '../errors.ts';
import { kindOfMode } from '../git/list-commit.ts';
import { objectId } from '../object-id.ts';
import { isPlainPath } from '../plain-path.ts';
import type { Project } from '../port.ts';
import type { Capabilities } from './capabilities.ts';
import type { GitlabHttp } from './http/port.ts';
import { projectPath } from './project.ts';
import { type RestTree, restTree, understood } from './schema.ts';

/** A file of a tree: where it stands, for GraphQL, and its object. */
export interface TreeBlob {
  readonly path: string;
  readonly oid: string;
}

export interface Tree {
  readonly files: readonly Listed<TreeBlob>[];
  /** Whether every name is known to be as it is in git. GitLab sends JSON: a name that is not UTF-8 comes changed. */
  readonly exact: boolean;
}

/** About two million paths. */
const MOST_BYTES = 400 << 20;

/**
 * Every path of a commit: in one request where the instance takes `pagination=none`, else in pages of 100.
 *
 * @throws {ForgeError} `not-found`: no such commit …
 */
export async function listTree(
  http: GitlabHttp,
  capabilities: Capabilities,
  project: Pick<Project, 'id' | 'path'>,
  commit: string,
): Promise<Tree> {
  const path = `${projectPath(project)}/repository/tree`;
  const call = { method: 'GET', path, about: project.path, maxBytes: MOST_BYTES } as const;
  const query = { ref: commit, recursive: true, per_page: 100 };
  const where = `${http.instance}: GET ${path}`;
  if (capabilities.wholeTree) {
    try {
      const answer = await http.send({ ...call, query: { ...query, pagination: 'none' } });
      return treeOf(understood(restTree, answer.json(), where));
    } catch (error) {
      // Versions before 15.2 do not know it.
      if (!(error instanceof ForgeError && error.reason === 'invalid')) throw error;
      capabilities.wholeTree = false;
    }
  }
  const entries: RestTree = [];
  for await (const page of http.pages({ ...call, query: { ...query, pagination: 'keyset' } }))
    entries.push(...understood(restTree, page.json(), where));
  return treeOf(entries);
}

function treeOf(entries: RestTree): Tree {
  const files: Listed<TreeBlob>[] = [];
  for (const { path, mode, id } of entries) {
    const kind = kindOfMode(mode);
    if (kind !== null && isPlainPath(path)) files.push({ path, kind, blob: { path, oid: id } });
  }
  return { files, exact: hasExactNames(entries) };
}

/**
 * Folders that hold a name beyond ASCII are put together again: only with the very bytes of each name they get the id that
 * GitLab tells of them. Nothing tells the id of the root.
 */
function hasExactNames(entries: RestTree): boolean {
  const odd = new Set<string>();
  for (const { path } of entries) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!ASCII.test(name)) odd.add(folderOf(path));
  }
  if (odd.size === 0) return true;
  const ids = new Map(entries.flatMap(({ path, type, id }) => (type === 'tree' ? [[path, id] as const] : [])));
  const children = Map.groupBy(entries, ({ path }) => folderOf(path));
  return odd.values().every((folder) => {
    const id = ids.get(folder);
    return id !== undefined && objectId('tree', treeObject(children.get(folder) ?? []), id) === id;
  });
}

const ASCII = /^[\x00-\x7f]*$/;

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** `MODE NAME<NUL>ID…`, in the order of git, for which the name of a folder ends in a slash. */
function treeObject(entries: RestTree): Buffer {
  const lines = entries.map(({ path, mode, type, id }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return {
      order: Buffer.from(type === 'tree' ? `${name}/` : name),
      bytes: Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(id, 'hex')]),
    };
  });
  return Buffer.concat(lines.sort((a, b) => Buffer.compare(a.order, b.order)).map(({ bytes }) => bytes));
}
