import type { RepoView } from '../../ecosystem.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { globMatcher } from '../generated/glob.ts';
import { type Scope, type Variables, variables } from './expand.ts';
import { type Assignment, parseMakefile, type Rule } from './parse.ts';

/** A Makefile with everything it includes, as make sees it in one folder. */
export interface Makefile {
  readonly root: SourceFile;
  /** Where make runs; include paths and recipes are relative to it. */
  readonly dir: string;
  readonly rules: readonly Rule[];
  readonly variables: Variables;
  /** `.DEFAULT_GOAL`, unexpanded. */
  readonly defaultGoal: string | undefined;
  /** Every file it includes, read or not. */
  readonly included: ReadonlySet<string>;
}

const MAX_INCLUDES = 100;

/** Reads a Makefile and follows its includes as far as they have been read. */
export function loadMakefile(repo: RepoView, root: SourceFile): Makefile {
  const rules: Rule[] = [];
  const known = variables();
  const included = new Set<string>();
  let defaultGoal: string | undefined;

  const read = (file: SourceFile): void => {
    for (const statement of parseMakefile(file)) {
      if (statement.kind === 'rule') rules.push(statement);
      else if (statement.kind === 'assignment') {
        if (statement.name === '.DEFAULT_GOAL') defaultGoal = statement.value;
        known.assign(pathSafe(statement, file, root.dir));
      } else {
        const scope = { dir: root.dir, file: relativeTo(root.dir, file.path) };
        for (const path of includedPaths(repo, statement.paths, known, scope)) {
          if (path === root.path || included.has(path) || included.size >= MAX_INCLUDES) continue;
          included.add(path);
          const next = repo.file(path);
          if (next) read(next);
        }
      }
    }
  };
  read(root);
  return { root, dir: root.dir, rules, variables: known, defaultGoal, included };
}

/** `MAKEFILE_LIST` means another file in each file: it is settled where it stands. */
function pathSafe(assignment: Assignment, file: SourceFile, dir: string): Assignment {
  const value = assignment.value.replace(/\$[({]MAKEFILE_LIST[)}]/g, relativeTo(dir, file.path));
  return { ...assignment, value };
}

/** The regular files an `include` line names; wildcards are matched against the repository. */
function includedPaths(repo: RepoView, raw: string, known: Variables, scope: Scope): readonly string[] {
  const found: string[] = [];
  for (const word of known.expand(raw, { ...scope, globs: true }).split(/\s+/)) {
    const path = word === '' || /[$]|^\/|^\.env|\/\.env/.test(word) ? undefined : joinPath(scope.dir, word);
    if (path === undefined) continue;
    if (/[*?]/.test(path)) found.push(...globbed(repo, path));
    else if (repo.paths.isFile(path)) found.push(path);
  }
  return found;
}

function globbed(repo: RepoView, pattern: string): readonly string[] {
  const stars = pattern.split('*').length - 1;
  if (stars > 3) return [];
  const fixed = pattern.slice(0, pattern.search(/[*?]/));
  const wanted = globMatcher(pattern.replace(/\*+/g, '*'));
  const below = repo.paths.under(fixed.slice(0, Math.max(0, fixed.lastIndexOf('/'))));
  return below.flatMap(({ path }) => (wanted(path) && repo.paths.isFile(path) ? [path] : []));
}

/** A path as it looks from a folder above it or beside it. */
function relativeTo(dir: string, path: string): string {
  if (dir === '') return path;
  const from = dir.split('/');
  const to = path.split('/');
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}
