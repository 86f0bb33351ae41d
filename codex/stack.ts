import type { Evidence, Problem } from '../facts/index.ts';
import table from '../facts/languages/table.json' with { type: 'json' };
import { isAside, lastName, PathIndex } from '../facts/path-index.ts';
import type { Dependency } from '../facts/signal.ts';
import type { RepoReader } from '../forge/reader.ts';
import { frameworkNames } from './frameworks.ts';

const EXTENSIONS: Readonly<Record<string, string>> = table.extensions;
const NAMES: Readonly<Record<string, string>> = table.names;

/** What of a repository decides which rules apply to it. Cheap until frameworks are asked for: those need the manifests. */
export interface Stack {
  readonly paths: PathIndex;
  /** Languages in lower case, and the shallowest file of each; other people's code and fixtures do not count. */
  readonly languages: ReadonlyMap<string, string>;
  dependencies(): Promise<readonly Dependency[]>;
  /** Manifests and lock files that could not be read: what they name nobody knows. */
  unreadManifests(): Promise<readonly Problem[]>;
  /** Frameworks by their names in `frameworks.ts`, and `registry:name` of every direct dependency. */
  frameworks(): Promise<ReadonlyMap<string, Evidence>>;
}

/** The stack of a repository; what a `Survey` with dependencies already knows is not read again. */
export async function stackOf(
  reader: Pick<RepoReader, 'paths' | 'read'>,
  known: { readonly paths?: PathIndex; readonly dependencies?: readonly Dependency[] } = {},
): Promise<Stack> {
  const paths = known.paths ?? new PathIndex(await reader.paths());
  let languages: ReadonlyMap<string, string> | undefined;
  let manifests: Promise<Manifests> | undefined;
  let frameworks: Promise<ReadonlyMap<string, Evidence>> | undefined;
  const read = (): Promise<Manifests> => {
    manifests ??= readManifests(reader, paths);
    return manifests;
  };
  const stack: Stack = {
    paths,
    // A change of a few files does without.
    get languages() {
      languages ??= languagesOf(paths);
      return languages;
    },
    dependencies: async () => (known.dependencies ? known.dependencies : (await read()).dependencies),
    unreadManifests: async () => (known.dependencies ? [] : (await read()).unread),
    frameworks: () => {
      frameworks ??= stack.dependencies().then(frameworksOf);
      return frameworks;
    },
  };
  return stack;
}

/** The language of a file by its name, in lower case as rules write it; `undefined` for what is no code. */
export function languageOf(path: string): string | undefined {
  const name = lastName(path);
  if (Object.hasOwn(NAMES, name)) return ruleName(NAMES[name]!);
  const dot = name.lastIndexOf('.');
  const language = dot > 0 ? EXTENSIONS[name.slice(dot).toLowerCase()] : undefined;
  return language === undefined ? noProgram(name) : ruleName(language);
}

/** Linguist tells `.tsx` from `.ts`, and knows SQL by its dialects; for rules they are TypeScript and SQL. */
function ruleName(language: string): string {
  return RULE_NAMES[language] ?? language.toLowerCase();
}
const RULE_NAMES: Readonly<Record<string, string>> = { TSX: 'typescript', PLpgSQL: 'sql', PLSQL: 'sql', SQLPL: 'sql' };

/** What the table leaves out as no programming language and rules speak of: `Dockerfile.dev`, `api.dockerfile`, `V1__init.sql`. */
function noProgram(name: string): string | undefined {
  if (/\.sql$/i.test(name)) return 'sql';
  const isOne = /^(?:Docker|Container)file(?:\.[\w-]+)*$|\.(?:docker|container)file$/i.test(name);
  return isOne && !/\.(?:dockerignore|md|txt|ya?ml|json)$/i.test(name) ? 'dockerfile' : undefined;
}

/** Every name of a language that a rule may use. */
export function knownLanguages(): ReadonlySet<string> {
  return new Set([...Object.values(EXTENSIONS), ...Object.values(NAMES)].map(ruleName)).add('dockerfile').add('sql');
}

function languagesOf(paths: PathIndex): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, kind } of paths.entries) {
    if (kind !== 'file' && kind !== 'executable') continue;
    const language = languageOf(path);
    if (language === undefined || isAside(path)) continue;
    const known = found.get(language);
    if (known === undefined || path.length < known.length) found.set(language, path);
  }
  return found;
}

interface Manifests {
  readonly dependencies: readonly Dependency[];
  readonly unread: readonly Problem[];
}

async function readManifests(reader: Pick<RepoReader, 'read'>, paths: PathIndex): Promise<Manifests> {
  // The readers of manifests take longer to load than most repositories to match.
  const [{ detect }, { DEPENDENCY_PLUGINS }] = await Promise.all([
    import('../facts/detect.ts'),
    import('../facts/dependencies/index.ts'),
  ]);
  const { signals, problems } = await detect(reader, paths, DEPENDENCY_PLUGINS);
  return {
    dependencies: signals.filter((signal): signal is Dependency => signal.kind === 'dependency'),
    unread: problems.filter(({ path, message }) => message.startsWith('not read: ') && !isAside(path)),
  };
}

function frameworksOf(dependencies: readonly Dependency[]): ReadonlyMap<string, Evidence> {
  const found = new Map<string, Evidence>();
  for (const dependency of dependencies) {
    if (dependency.indirect || isAside(dependency.at.path)) continue;
    for (const name of frameworkNames(dependency)) if (!found.has(name)) found.set(name, dependency.at);
  }
  return found;
}
