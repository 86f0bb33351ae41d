import { isAside, PathIndex } from '../facts/path-index.ts';
import type { FileChange } from '../forge/history.ts';
import { globs } from './globs.ts';
import type { Rule } from './rule.ts';
import { scopeOf } from './scope.ts';
import { languageOf } from './stack.ts';

/**
 * What a rule has to do with a few files: `file` where it looks at one of them, `repository` where its check looks at the
 * whole and they can make a difference to it. Never `no` for a rule that they could break.
 *
 * @param touched files that are there, by their paths
 * @param changes what a change did; nothing where single files are checked without one
 */
export async function mayConcern(
  rule: Rule,
  touched: readonly string[],
  changes: readonly FileChange[] | undefined,
): Promise<'file' | 'repository' | 'no'> {
  const { check } = rule;
  switch (check?.kind) {
    case 'dependency-ban':
    case 'dependency-require':
      return (await holdManifest(changes?.flatMap(pathsOf) ?? touched)) ? 'repository' : 'no';
    case 'required-file':
      // A file is missing because it went, or because what calls for it came.
      return changes?.some(({ status }) => status !== 'modified') ? 'repository' : 'no';
    case 'forbidden-edit':
      return changes?.flatMap(pathsOf).some(globs(check.files)) ? 'repository' : 'no';
    default:
      return looksAtOneOf(rule, touched) ? 'file' : 'no';
  }
}

function pathsOf({ path, from }: FileChange): readonly string[] {
  return from === undefined ? [path] : [path, from];
}

/** Whether a rule's check of files may look at one of them. Languages first: globs take longer to make than to use. */
function looksAtOneOf({ appliesTo, check }: Rule, touched: readonly string[]): boolean {
  const { languages } = appliesTo;
  const left = touched.filter(
    (path) => !isAside(path) && (languages.length === 0 || languages.includes(languageOf(path) ?? '')),
  );
  if (left.length === 0) return false;
  const inScope = scopeOf(appliesTo);
  const wanted = check && 'files' in check ? globs(check.files) : () => true;
  return left.some((path) => wanted(path) && inScope(path));
}

/** What manifests are called, and many other files: the plugins that know them better take long to load. */
const LIKE_MANIFESTS =
  /(?:\.(?:bazel|cfg|dependencies|gemspec|gradle|gradle\.kts|in|jsonc?|lock|lockb|mod|properties|[a-z]{1,2}proj|props|resolved|toml|txt|xml|ya?ml)|(?:^|\/)(?:Gemfile|Package\.swift|Pipfile|mix\.exs|setup\.py|version\.rb))$/;

async function holdManifest(paths: readonly string[]): Promise<boolean> {
  const likely = paths.filter((path) => LIKE_MANIFESTS.test(path));
  if (likely.length === 0) return false;
  const [{ DEPENDENCY_PLUGINS }, { matchFiles }] = await Promise.all([
    import('../facts/dependencies/index.ts'),
    import('../facts/match-files.ts'),
  ]);
  const index = new PathIndex(likely.toSorted().map((path) => ({ path, kind: 'file' })));
  return DEPENDENCY_PLUGINS.some((plugin) => matchFiles(plugin, index).length > 0);
}
