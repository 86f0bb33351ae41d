import type { RepoReader } from '../forge/reader.ts';
import type { Ecosystem, RepoView } from './ecosystem.ts';
import type { Problem } from './fact.ts';
import { matchFiles } from './match-files.ts';
import type { PathIndex } from './path-index.ts';
import type { Signal } from './signal.ts';
import { SourceFile } from './source-file.ts';

/** A file that follows from a file that follows from a file: includes nest, but not without end. */
const MAX_ROUNDS = 5;

/** What all ecosystems report of a repository, and the files they read. */
export interface Detection {
  readonly signals: readonly Signal[];
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly problems: readonly Problem[];
}

/**
 * Reads what the ecosystems ask for, in as few batches as their includes allow, and collects what they report.
 * A plugin that throws, and a file that cannot be read or parsed, end up in `problems`. `known` files are not read again.
 */
export async function detect(
  reader: Pick<RepoReader, 'read'>,
  paths: PathIndex,
  plugins: readonly Ecosystem[],
  known: ReadonlyMap<string, SourceFile> = new Map(),
): Promise<Detection> {
  const problems = new Map<string, Problem>();
  const report = (problem: Problem): void =>
    void problems.set(`${problem.path}\0${problem.line}\0${problem.message}`, problem);
  const files = new Map(known);
  const asked = new Set(known.keys());

  const load = async (wanted: Iterable<string>): Promise<void> => {
    const fresh = [...new Set(wanted)].filter((path) => !asked.has(path) && paths.isFile(path));
    for (const path of fresh) asked.add(path);
    for (const [path, read] of await reader.read(fresh)) {
      if (!read.ok) {
        report({ path, message: `not read: ${read.detail ?? read.reason}` });
        continue;
      }
      const file = new SourceFile(path, read.text, (message, line) =>
        report({ path, message, ...(line === undefined ? {} : { line }) }),
      );
      files.set(path, file);
      if (read.invalidUtf8) report({ path, message: 'not valid UTF-8: the broken bytes were replaced' });
      const conflict = read.text.includes('<<<<<<< ') ? file.find(/^<{7} /) : undefined;
      if (conflict) report({ path, line: conflict, message: 'unresolved merge conflict' });
    }
  };

  const active = plugins
    .map((plugin) => ({ plugin, wanted: matchFiles(plugin, paths) }))
    .filter(({ plugin, wanted }) => wanted.length > 0 || plugin.files.length === 0);
  await load(active.flatMap(({ wanted }) => wanted));
  const views = active.map(({ plugin, wanted }) => ({ plugin, view: viewOf(plugin, wanted, paths, files, report) }));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = asked.size;
    const more = views.flatMap(({ plugin, view }) => attempt(plugin, report, () => plugin.follow?.(view) ?? []));
    await load(more);
    if (asked.size === before) break;
  }
  const signals = views.flatMap(({ plugin, view }) => {
    const told = attempt(plugin, report, () => plugin.detect(view));
    return plugin.experimental ? told.map(demoted) : told;
  });
  return { signals, files, problems: [...problems.values()] };
}

/** What nobody tried on real repositories is said where there is nothing better. */
function demoted(signal: Signal): Signal {
  switch (signal.kind) {
    case 'fact':
      return { ...signal, weight: (signal.weight ?? 0) - 100 };
    case 'command':
    case 'task':
      return { ...signal, weight: (signal.weight ?? 0) - 5 };
    case 'step':
      return { ...signal, trigger: 'manual' };
    default:
      return signal;
  }
}

function viewOf(
  plugin: Ecosystem,
  wanted: readonly string[],
  paths: PathIndex,
  files: ReadonlyMap<string, SourceFile>,
  report: (problem: Problem) => void,
): RepoView {
  return {
    files: wanted.flatMap((path) => files.get(path) ?? []),
    paths,
    file: (path) => files.get(path),
    problem: (path, message, line) =>
      report({ path, message, ecosystem: plugin.id, ...(line === undefined ? {} : { line }) }),
  };
}

/** What was reported before an exception is kept. */
function attempt<T>(plugin: Ecosystem, report: (problem: Problem) => void, run: () => Iterable<T>): T[] {
  const results: T[] = [];
  try {
    for (const result of run()) results.push(result);
  } catch (error) {
    report({
      path: '',
      ecosystem: plugin.id,
      message: `the ${plugin.id} ecosystem failed: ${(error as Error).message}`,
    });
  }
  return results;
}
