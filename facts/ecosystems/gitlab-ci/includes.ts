import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { joinPath } from '../../path-index.ts';
import { type Entries, textOf, toValue, type Value } from './values.ts';
import { matchesWildcards } from './wildcards.ts';

/** One entry of `include:` (or of `trigger:include`). */
export interface Include {
  /** The files of this repository it names; `undefined` where it names something elsewhere. */
  readonly paths: readonly string[] | undefined;
  readonly inputs: Entries;
  readonly rules: Value | undefined;
  readonly at: Evidence;
  /** What is wrong with it. */
  readonly missing?: string;
}

/** The entries of an `include:` value: a text, a map, or a list of both. */
export function includesOf(repo: RepoView, include: Value | undefined): readonly Include[] {
  if (include === undefined) return [];
  if (include.tree.kind === 'list') {
    return include.tree.items().flatMap((item) => includesOf(repo, toValue(item, include.source)));
  }
  const text = textOf(include);
  if (text !== undefined) return [/^https?:\/\//i.test(text) ? elsewhere(include) : local(repo, text, include)];
  const { entries } = include;
  if (entries === undefined) return [];
  const path = textOf(entries.get('local'));
  if (path !== undefined) return [local(repo, path, include)];
  const component = textOf(entries.get('component'));
  if (component !== undefined) return [ownComponent(repo, component, include) ?? elsewhere(include)];
  const file = entries.get('file');
  if (file !== undefined && OWN_PROJECT.test(textOf(entries.get('project')) ?? ''))
    return file.tree.texts().map((each) => local(repo, each, include));
  return [elsewhere(include)];
}

/** The include of a whole file by its path. */
export function rootInclude(path: string): Include {
  return { paths: [path], inputs: new Map(), rules: undefined, at: { path, line: 1 } };
}

const OWN_PROJECT = /^\$\{?CI_PROJECT_PATH\}?$/;

function elsewhere(include: Value): Include {
  return { ...common(include), paths: undefined };
}

function common(include: Value): Omit<Include, 'paths'> {
  const { tree, source, entries } = include;
  return {
    inputs: entries?.get('inputs')?.entries ?? new Map(),
    rules: entries?.get('rules'),
    at: source.file.at(entries?.get('local')?.tree.line ?? tree.line),
  };
}

/** Paths are always from the root, with or without a slash; `*` and `**` are wildcards. */
function local(repo: RepoView, written: string, include: Value): Include {
  const pattern = joinPath('', written.replace(/^\/+/, ''));
  // A variable in a path is only known in a run.
  if (pattern === undefined || /\$/.test(pattern)) return elsewhere(include);
  const wild = pattern.includes('*');
  const paths = wild ? matching(repo, pattern) : [pattern].filter((path) => repo.paths.isFile(path));
  if (paths.length > 0) return { ...common(include), paths };
  return {
    ...common(include),
    paths,
    missing: `includes ${written}, which ${wild ? 'names no file' : 'is not there'}`,
  };
}

function matching(repo: RepoView, pattern: string): readonly string[] {
  const fixed = pattern.slice(0, pattern.indexOf('*'));
  const dir = fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')));
  return repo.paths
    .under(dir)
    .flatMap(({ path }) =>
      /\.ya?ml$/.test(path) && repo.paths.isFile(path) && matchesWildcards(path, pattern) ? [path] : [],
    );
}

/** A component project tests its own components: `$CI_SERVER_FQDN/$CI_PROJECT_PATH/name@$CI_COMMIT_SHA`. */
function ownComponent(repo: RepoView, component: string, include: Value): Include | undefined {
  const name = /\$\{?CI_PROJECT_PATH\}?\/([\w-]+)@/.exec(component)?.[1];
  if (name === undefined) return undefined;
  const path = [`templates/${name}.yml`, `templates/${name}/template.yml`].find((each) => repo.paths.isFile(each));
  return path === undefined ? undefined : { ...common(include), paths: [path] };
}
