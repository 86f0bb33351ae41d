import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';

/**
 * The members of a uv workspace whose root is `dir`, as folders. `*` stands for one part of a path, `**` for any number.
 * Source: https://docs.astral.sh/uv/concepts/projects/workspaces/
 */
export function workspaceMembers(repo: RepoView, dir: string): readonly string[] {
  const workspace = workspaceTable(repo, dir);
  const found = new Set((workspace?.get('members')?.texts() ?? []).flatMap((glob) => matching(repo, dir, glob)));
  for (const glob of workspace?.get('exclude')?.texts() ?? []) {
    for (const member of matching(repo, dir, glob)) found.delete(member);
  }
  return [...found].sort();
}

/** The nearest folder above whose workspace a folder is a member of. */
export function workspaceRootOf(repo: RepoView, dir: string): string | undefined {
  for (let at = dir; at !== ''; ) {
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    if (workspaceTable(repo, at) && workspaceMembers(repo, at).includes(dir)) return at;
  }
  return undefined;
}

/** A fact for each member; a problem for each entry that leads nowhere. */
export function* workspaceSignals(repo: RepoView, dir: string): Iterable<Signal> {
  const table = workspaceTable(repo, dir);
  const list = table?.get('members');
  if (!table || !list) return;
  const path = joinPath(dir, 'pyproject.toml')!;
  for (const item of list.items()) {
    if (item.text !== undefined && matching(repo, dir, item.text).length === 0) {
      repo.problem(path, `dead workspace member: "${item.text}" has no pyproject.toml`, item.line);
    }
  }
  for (const member of workspaceMembers(repo, dir)) {
    const file = repo.file(`${member}/pyproject.toml`);
    const name = file?.toml()?.get('project', 'name');
    yield {
      kind: 'fact',
      key: 'workspace',
      value: name?.text || member,
      dir: member,
      source: 'config',
      evidence: [file && name?.text ? file.at(name.line) : { path, line: list.keyLine }],
    };
  }
}

function workspaceTable(repo: RepoView, dir: string): Tree | undefined {
  return repo
    .file(dir === '' ? 'pyproject.toml' : `${dir}/pyproject.toml`)
    ?.toml()
    ?.get('tool', 'uv', 'workspace');
}

/** The folders with a pyproject.toml that a glob of a workspace means; never the workspace's own root. */
function matching(repo: RepoView, dir: string, glob: string): readonly string[] {
  const base = joinPath(dir, glob.replace(/\*.*$/s, ''));
  if (base === undefined) return [];
  if (!glob.includes('*')) return base !== dir && repo.paths.isFile(`${base}/pyproject.toml`) ? [base] : [];
  const parts = [...dir.split('/'), ...glob.split('/')].filter((part) => part !== '' && part !== '.');
  return repo.paths.named('pyproject.toml').flatMap((path) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    return folder !== dir && fits(parts, folder.split('/')) && repo.paths.isFile(path) ? [folder] : [];
  });
}

/** Whether a path's parts fit a glob's: each step keeps the set of places in the glob that are still possible. */
function fits(glob: readonly string[], path: readonly string[]): boolean {
  let places = reach(glob, new Set([0]));
  for (const part of path) {
    const next = new Set<number>();
    for (const place of places) {
      const wanted = glob[place];
      if (wanted === '**') next.add(place);
      else if (wanted !== undefined && fitsPart(wanted, part)) next.add(place + 1);
    }
    places = reach(glob, next);
  }
  return places.has(glob.length);
}

/** `**` may stand for nothing. */
function reach(glob: readonly string[], places: Set<number>): Set<number> {
  for (const place of places) if (glob[place] === '**') places.add(place + 1);
  return places;
}

/** Wildcards within one part, left to right without going back: enough for names. */
function fitsPart(wanted: string, part: string): boolean {
  const pieces = wanted.split('*');
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return wanted === part;
  if (!part.startsWith(first) || !part.endsWith(last) || part.length < first.length + last.length) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = part.indexOf(piece, from);
    if (found < 0 || found + piece.length > part.length - last.length) return false;
    from = found + piece.length;
  }
  return true;
}
