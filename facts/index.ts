import type { RepoReader } from '../forge/reader.ts';
import { chooseCommands } from './commands/choose.ts';
import { collectCandidates } from './commands/collect.ts';
import { confirm } from './commands/verify.ts';
import { detect } from './detect.ts';
import type { Ecosystem } from './ecosystem.ts';
import { ECOSYSTEMS } from './ecosystems/index.ts';
import type { Fact, RepoFacts } from './fact.ts';
import { keyOrder } from './keys.ts';
import { PathIndex } from './path-index.ts';
import { isPin } from './pins.ts';
import type { PlainFact, Prohibition, Signal } from './signal.ts';
import type { SourceFile } from './source-file.ts';

export type { Evidence, Fact, Problem, RepoFacts } from './fact.ts';

/** At most this many values of a key in one folder. */
const MOST = 3;
/** Keys that list: there every value counts. */
const LISTS = new Set(['workspace', 'env.required', 'ci.job', 'entrypoint', 'generated', 'vendored', 'migration']);
const MOST_OF_A_LIST = 200;

export interface AnalyzeOptions {
  /** Read AGENTS.md, CLAUDE.md and their like as facts of source `human`. Default: true. */
  readonly agentDocs?: boolean;
  /** The plugins that are asked; all of them unless told. */
  readonly ecosystems?: readonly Ecosystem[];
  /** Tell dependencies and own versions among the signals as well. Default: false. The facts are the same either way. */
  readonly dependencies?: boolean;
}

/** Works out what is true of a repository. Never executes or imports anything from it. */
export async function analyze(reader: RepoReader, options: AnalyzeOptions = {}): Promise<RepoFacts> {
  return (await survey(reader, options)).facts;
}

/** The facts, and everything they were made from: for those who judge what other people say of the repository. */
export interface Survey {
  readonly facts: RepoFacts;
  readonly paths: PathIndex;
  readonly signals: readonly Signal[];
  /** Every file that some plugin read. */
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** {@link analyze}, keeping what it read. */
export async function survey(reader: RepoReader, options: AnalyzeOptions = {}): Promise<Survey> {
  const paths = new PathIndex(await reader.paths());
  const plugins = (options.ecosystems ?? ECOSYSTEMS).filter(
    (plugin) => options.agentDocs !== false || plugin.id !== 'agent-docs',
  );
  const { signals, files, problems } = await detect(reader, paths, plugins);
  // Apart from the others: a plugin sees every file that was read, and facts must not depend on who else asked.
  const more = options.dependencies ? await detect(reader, paths, await dependencyPlugins(), files) : undefined;
  const plain = signals.filter((signal): signal is PlainFact => signal.kind === 'fact' && isSayable(signal));
  const { candidates, bodies, gates } = collectCandidates(signals);
  const commands = chooseCommands(candidates, {
    prohibitions: signals.filter((signal): signal is Prohibition => signal.kind === 'prohibition'),
    bodies,
    packages: packageDirs(signals),
    holds: (candidate) => confirm(candidate, files, paths),
  });
  const facts: RepoFacts = {
    schema: 'agentsmd/facts/1',
    repository: reader.name,
    commit: reader.commit,
    facts: order([...best([...plain, ...gates]), ...commands]),
    problems: problems.toSorted(
      (a, b) => compare(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || compare(a.message, b.message),
    ),
  };
  return {
    facts,
    paths,
    signals: more ? [...signals, ...more.signals] : signals,
    files: more?.files ?? files,
  };
}

/** Loaded where they are asked for: facts alone should not wait for them. */
async function dependencyPlugins(): Promise<readonly Ecosystem[]> {
  return (await import('./dependencies/index.ts')).DEPENDENCY_PLUGINS;
}

function isSayable({ key, value }: PlainFact): boolean {
  return value.trim() !== '' && (!key.startsWith('runtime.') || isPin(value));
}

/** Folders that are worked in: the root, and wherever a manifest or a task runner stands. */
function packageDirs(signals: readonly Signal[]): ReadonlySet<string> {
  const dirs = new Set(['']);
  for (const signal of signals)
    if (signal.kind === 'task' || signal.kind === 'command' || signal.kind === 'launcher') dirs.add(signal.dir);
  return dirs;
}

/** The best values of each key and folder. */
function best(facts: readonly PlainFact[]): readonly Fact[] {
  const slots = Map.groupBy(facts, ({ dir, key }) => `${dir}\0${key}`);
  return [...slots.values()].flatMap((slot) => {
    const seen = new Set<string>();
    const unique = slot
      .toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0))
      .filter(({ value }) => !seen.has(value) && seen.add(value));
    const kept = unique.slice(0, LISTS.has(slot[0]!.key) ? MOST_OF_A_LIST : MOST);
    return kept.map(({ key, value, dir, source, evidence }) => ({ key, value, dir, source, evidence }));
  });
}

/** Root first, then folders by path; within a folder the order of the keys; within a key the order given. */
function order(facts: readonly Fact[]): readonly Fact[] {
  return facts
    .map((fact, index) => ({ fact, index }))
    .sort(
      (a, b) =>
        compare(a.fact.dir, b.fact.dir) ||
        keyOrder(a.fact.key) - keyOrder(b.fact.key) ||
        compare(a.fact.key, b.fact.key) ||
        a.index - b.index,
    )
    .map(({ fact }) => fact);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
