import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { type Include, includesOf } from './includes.ts';
import { type Entries, merged, type Source, textOf, toValue, type Value } from './values.ts';

/** A pipeline's configuration after all includes: GitLab's "merged YAML", before `extends`. */
export interface Configuration {
  readonly top: Entries;
  /** Some of it comes from elsewhere, so that what is missing here may well be there. */
  readonly open: boolean;
  /** Every file of this repository it is made of, read or not. */
  readonly paths: ReadonlySet<string>;
}

/** Hears of everything that is wrong with a configuration. */
export type Report = (at: Evidence, message: string) => void;

/** GitLab's own limit for one pipeline. */
const MAX_INCLUDES = 150;

/** Reads the files that includes name, and what those include in turn. */
export function loadConfiguration(repo: RepoView, includes: readonly Include[], report: Report): Configuration {
  const loading: Loading = { repo, report, paths: new Set(), count: 0, open: false };
  const top = mergeAll(includes, { inputs: new Map(), gates: [], trail: [] }, loading);
  return { top, open: loading.open, paths: loading.paths };
}

interface Loading {
  readonly repo: RepoView;
  readonly report: Report;
  readonly paths: Set<string>;
  count: number;
  open: boolean;
}

/** What an including file hands down. */
interface Inclusion extends Omit<Source, 'file'> {
  readonly trail: readonly string[];
}

function mergeAll(includes: readonly Include[], from: Inclusion, loading: Loading): Entries {
  let top: Entries = new Map();
  for (const include of includes) {
    if (include.paths === undefined) loading.open = true;
    if (include.missing !== undefined) loading.report(include.at, include.missing);
    const gates = include.rules === undefined ? from.gates : [...from.gates, include.rules];
    for (const path of include.paths ?? [])
      top = merged(top, load(path, { inputs: include.inputs, gates, trail: from.trail }, include, loading));
  }
  return top;
}

/** The file's own keys win over those of its includes. */
function load(path: string, from: Inclusion, include: Include, loading: Loading): Entries {
  const { repo, paths, report } = loading;
  paths.add(path);
  if (from.trail.includes(path)) {
    report(include.at, `includes ${path}, which includes it in turn`);
    return new Map();
  }
  if (++loading.count > MAX_INCLUDES) {
    loading.open = true;
    if (loading.count === MAX_INCLUDES + 1)
      report(include.at, `more than ${MAX_INCLUDES} includes: the rest was left out`);
    return new Map();
  }
  const file = repo.file(path);
  if (file === undefined) {
    loading.open = true;
    report(include.at, `includes ${path}, which was not read`);
    return new Map();
  }
  const { header, content } = documentsOf(file.yamlDocuments());
  if (content?.kind !== 'map') return new Map();
  const declaring: Source = { file, inputs: new Map(), gates: from.gates };
  const source: Source = { file, inputs: inputsOf(header, declaring, from.inputs), gates: from.gates };
  const own = toValue(content, source).entries!;
  const includes = includesOf(repo, own.get('include'));
  return merged(mergeAll(includes, { ...source, trail: [...from.trail, path] }, loading), own);
}

/** A first document with `spec` declares what the second one takes. */
function documentsOf(documents: readonly Tree[]): { header: Tree | undefined; content: Tree | undefined } {
  const [first, second] = documents;
  return first?.get('spec') !== undefined && documents.length > 1
    ? { header: first, content: second }
    : { header: undefined, content: first };
}

/** What is given, else the declared default. */
function inputsOf(header: Tree | undefined, declaring: Source, given: Entries): Entries {
  const inputs = new Map<string, Value>();
  for (const [name, declared] of header?.get('spec', 'inputs')?.entries() ?? []) {
    const fallback = declared.get('default');
    const value = given.get(name) ?? (fallback && toValue(fallback, declaring));
    if (value !== undefined) inputs.set(name, value);
  }
  return inputs;
}

/** The variables that a configuration itself gives, by name: their text, or `undefined` where it is put together from others. */
export function variablesOf(value: Value | undefined): ReadonlyMap<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  for (const [name, variable] of value?.entries ?? []) {
    const text = textOf(variable) ?? textOf(variable.entries?.get('value'));
    variables.set(name, text?.includes('$') ? undefined : text);
  }
  return variables;
}
