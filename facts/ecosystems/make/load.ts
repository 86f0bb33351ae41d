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
  /** Every rule was read: no include is missing or computed, no line becomes rules only when make expands it. */
  readonly whole: boolean;
}

const MAX_INCLUDES = 100;

/** Reads a Makefile and follows its includes as far as they have been read. */
export function loadMakefile(repo: RepoView, root: SourceFile): Makefile {
  const rules: Rule[] = [];
  const known = variables();
  const included = new Set<string>();
  let defaultGoal: string | undefined;
  let whole = true;

  const read = (file: SourceFile): void => {
    for (const statement of parseMakefile(file)) {
      if (statement.kind === 'rule') rules.push(statement);
      else if (statement.kind === 'assignment') {
        if (statement.name === '.DEFAULT_GOAL') defaultGoal = statement.value;
        known.assign(pathSafe(statement, file, root.dir));
      } else if (statement.kind === 'expansion') whole = false;
      else {
        const scope = { dir: root.dir, file: relativeTo(root.dir, file.path) };
        const paths = includedPaths(repo, statement.paths, known, scope);
        whole &&= paths.whole;
        for (const path of paths.found) {
          if (path === root.path || included.has(path)) continue;
          const next = included.size < MAX_INCLUDES ? repo.file(path) : undefined;
          if (included.size < MAX_INCLUDES) included.add(path);
          if (next) read(next);
          else whole = false;
        }
      }
    }
  };
  read(root);
  return { root, dir: root.dir, rules, variables: known, defaultGoal, included, whole };
}

/** `MAKEFILE_LIST` means another file in each file: it is settled where it stands. */
function pathSafe(assignment: Assignment, file: SourceFile, dir: string): Assignment {
  const value = assignment.value.replace(/\$[({]MAKEFILE_LIST[)}]/g, relativeTo(dir, file.path));
  return { ...assignment, value };
}

/**
 * The regular files an `include` line names; wildcards are matched against the repository. It is not `whole` where one
 * is computed or absent and may hold rules for people: files of variables and the compiler's lists of headers hold none.
 */
function includedPaths(
  repo: RepoView,
  raw: string,
  known: Variables,
  scope: Scope,
): { readonly found: readonly string[]; readonly whole: boolean } {
  const found: string[] = [];
  let whole = true;
  for (const word of known.expand(raw, { ...scope, globs: true }).split(/\s+/)) {
    if (word === '' || NO_RULES.test(word)) continue;
    const path = /\$|^\//.test(word) ? undefined : joinPath(scope.dir, word);
    if (path !== undefined && /[*?]/.test(path)) found.push(...globbed(repo, path));
    else if (path !== undefined && repo.paths.isFile(path)) found.push(path);
    else whole = false;
  }
  return { found, whole };
}

const NO_RULES =
  /(?:^|\/)\.env|\.(?:env|d|deps?)$|^\$[({](?:DEP|[A-Z_]*DEPS|[A-Z_]*DEPENDS?|[A-Z_]*DEPFILES?)(?:[:)}]|$)/;

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
