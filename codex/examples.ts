import type { FileChange } from '../forge/history.ts';
import { memoryRepository } from '../forge/memory.ts';
import { isPlainPath } from '../forge/plain-path.ts';
import type { prepareCheck } from './checks/kinds.ts';
import type { CodexFinding } from './finding.ts';
import type { Example, Rule } from './rule.ts';
import { scan } from './scan.ts';

export interface ExampleRun {
  /** What the rules find in the example, in the order of a scan. */
  readonly hits: readonly CodexFinding[];
  /** Why one of the rules could not be checked: then no hit proves nothing. */
  readonly notChecked: readonly string[];
}

/**
 * Runs rules over an example, which is a repository of its own in memory; its `changed` files are the change. The scope of
 * the rules holds; an example of a rule itself is asked with {@link byPathsAlone}.
 *
 * @param prepare see `ScanOptions.prepare`
 * @throws Error where no repository can hold the example's files; {@link impossibleExample} tells before.
 */
export async function runExample(
  rules: readonly Rule[],
  example: Example,
  prepare?: typeof prepareCheck,
): Promise<ExampleRun> {
  const reader = memoryRepository(example.files, { name: 'example' });
  try {
    const options = { changes: changesOf(example), ...(prepare === undefined ? {} : { prepare }) };
    const { findings, notChecked } = await scan(reader, rules, options);
    return { hits: findings, notChecked: notChecked.map(({ reason }) => reason) };
  } finally {
    await reader.close();
  }
}

/** The rule with nothing of its scope but paths: an example has no manifests that would show its frameworks. */
export function byPathsAlone(rule: Rule): Rule {
  return { ...rule, appliesTo: { ...rule.appliesTo, languages: [], frameworks: [], catalog: {} } };
}

/** Why no repository can look like the example; `undefined` where one can. */
export function impossibleExample({ files, changed = [], added = [] }: Example): string | undefined {
  const paths = Object.keys(files);
  if (paths.length === 0 && changed.length === 0) return 'has no files';
  const all = new Set(paths);
  const odd = [...paths, ...changed, ...added].find((path) => !isPlainPath(path) || path.includes('\\'));
  if (odd !== undefined) return `${JSON.stringify(odd)} is no path from the root of a repository`;
  const folder = paths.find((path) => [...all].some((other) => other.startsWith(`${path}/`)));
  if (folder !== undefined) return `${JSON.stringify(folder)} is a file and a folder`;
  const unknown = added.find((path) => !all.has(path));
  return unknown === undefined ? undefined : `added names ${JSON.stringify(unknown)}, which is not among its files`;
}

function changesOf({ files, changed, added = [] }: Example): readonly FileChange[] {
  const touched = changed ?? Object.keys(files);
  return [...new Set([...touched, ...added])].map((path) => ({
    status: !Object.hasOwn(files, path) ? 'deleted' : added.includes(path) ? 'added' : 'modified',
    path,
  }));
}
