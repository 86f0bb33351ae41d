import { badRequest, invalid } from './api.ts';
import { git, gitLine } from './git.ts';
import type { Change } from './make-commit.ts';
import type { Project } from './state.ts';
import type { World } from './world.ts';

/** One of the `actions` of POST commits: doc/api/commits.md. */
export interface FileAction {
  readonly action: 'create' | 'update' | 'delete' | 'move' | 'chmod';
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly content: Uint8Array | undefined;
  readonly lastCommitId: string | undefined;
  readonly executable: boolean | undefined;
}

/** @throws {ApiError} 400 `{"error": …}` as GitLab's lib/api/commits.rb declares its parameters. */
export function fileActions(world: World, actions: unknown): FileAction[] {
  if (actions === undefined) throw invalid('actions is missing');
  const list = Array.isArray(actions) ? actions : undefined;
  if (!list?.every((item) => typeof item === 'object' && item !== null)) throw invalid('actions is invalid');
  return list.map((item: Record<string, unknown>, at) => fileAction(world, item, `actions[${at}]`));
}

const ACTIONS = ['create', 'update', 'delete', 'move', 'chmod'] as const;

function fileAction(world: World, item: Record<string, unknown>, at: string): FileAction {
  const text = (name: string) => (typeof item[name] === 'string' ? item[name] : undefined);
  const needed = (name: string) => {
    if (item[name] === undefined && world.rule('action-needs')) throw invalid(`${at}[${name}] is missing`);
    return text(name) ?? '';
  };
  const action = ACTIONS.find((known) => known === needed('action'));
  if (!action) throw invalid(`${at}[action] does not have a valid value`);
  const encoding = text('encoding') ?? 'text';
  if (encoding !== 'text' && encoding !== 'base64') throw invalid(`${at}[encoding] does not have a valid value`);
  if (action === 'update') needed('content');
  if (action === 'move') needed('previous_path');
  if (action === 'chmod') needed('execute_filemode');
  const content = text('content');
  return {
    action,
    path: needed('file_path'),
    previousPath: text('previous_path'),
    content: content === undefined ? undefined : Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'),
    lastCommitId: text('last_commit_id'),
    executable: typeof item.execute_filemode === 'boolean' ? item.execute_filemode : undefined,
  };
}

/** A file as it would be after the actions so far; `null` where there is none. */
type Entry = { readonly mode: string; readonly content: Uint8Array } | { readonly mode: string; readonly oid: string };

/**
 * What the actions make of the files of a commit (`null`: an empty repository), one after the other.
 * @throws {ApiError} 400 in the words of Gitaly and of GitLab's app/services/files/multi_service.rb.
 */
export async function plannedChanges(
  world: World,
  project: Project,
  start: string | null,
  actions: readonly FileAction[],
): Promise<Change[]> {
  for (const action of actions) await checkUnchanged(world, project, start, action);
  const files = new Map<string, Entry | null>();
  const at = async (path: string) => {
    if (!files.has(path)) files.set(path, start === null ? null : await entryAt(project, start, path));
    return files.get(path) ?? null;
  };
  for (const action of actions) {
    const path = plainPath(action.path);
    const source = action.action === 'move' ? plainPath(action.previousPath ?? '') : path;
    const old = await at(source);
    if (action.action === 'create' || action.action === 'move') {
      const taken = await at(path);
      if (taken && world.rule('create-on-existing')) {
        throw badRequest(taken.mode === FOLDER ? FOLDER_EXISTS : 'A file with this name already exists');
      }
    }
    if (action.action !== 'create' && (!old || old.mode === FOLDER) && world.rule('change-of-missing')) {
      throw badRequest("A file with this name doesn't exist");
    }
    if (action.action === 'delete') files.set(path, null);
    if (action.action === 'create') files.set(path, { mode: FILE, content: action.content ?? Buffer.alloc(0) });
    if (action.action === 'update')
      files.set(path, { mode: old?.mode ?? FILE, content: action.content ?? Buffer.alloc(0) });
    if (action.action === 'chmod' && old) files.set(path, { ...old, mode: action.executable ? '100755' : FILE });
    if (action.action === 'move') {
      files.set(source, null);
      const mode = old?.mode ?? FILE;
      if (action.content) files.set(path, { mode, content: action.content });
      else if (old) files.set(path, old);
    }
  }
  return [...files].map(([path, entry]) => (entry ? { path, ...entry } : { path, content: null }));
}

const FILE = '100644';
const FOLDER = '040000';
const FOLDER_EXISTS = 'A directory with this name already exists';

async function entryAt(project: Project, commit: string, path: string): Promise<Entry | null> {
  const listed = await git(project.gitDir, ['ls-tree', '-z', '--full-tree', commit, '--', path]);
  const [, mode, oid] = /^(\d+) \w+ (\w+)\t/.exec(listed.toString('utf8')) ?? [];
  return mode && oid ? { mode, oid } : null;
}

/** `last_commit_id` names the last commit that touched the file, from where the new commit starts. */
async function checkUnchanged(world: World, project: Project, start: string | null, action: FileAction): Promise<void> {
  const path = action.previousPath ?? action.path;
  if (!action.lastCommitId || start === null || !['update', 'move', 'delete'].includes(action.action)) return;
  const last = await lastCommitOf(project, start, path);
  if (last && last !== action.lastCommitId && world.rule('last-commit-id')) {
    throw badRequest(`The file has changed since you started editing it: ${path}`);
  }
}

/** The last commit from there on back that touched the file. */
export function lastCommitOf(project: Project, commit: string, path: string): Promise<string | undefined> {
  return gitLine(project.gitDir, ['rev-list', '-1', commit, '--', path], { env: { GIT_LITERAL_PATHSPECS: '1' } });
}

/** @throws {ApiError} 400 for a path that leaves the repository or is git's own. */
function plainPath(path: string): string {
  const parts = path.split('/');
  if (path === '') throw badRequest('You must provide a file path');
  if (parts.includes('..')) throw badRequest('Path cannot include directory traversal');
  if (parts.some((part) => part === '' || part === '.' || part.toLowerCase() === '.git')) {
    throw badRequest(`invalid path: '${path}'`);
  }
  return path;
}
