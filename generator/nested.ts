import type { Fact } from '../facts/index.ts';
import { homeOf } from './compose.ts';

/** More nested files than this and nobody keeps them in mind. */
const MOST = 8;
/** What a manifest alone implies is no reason for a file. */
const PROVEN: ReadonlySet<string> = new Set(['ci', 'task', 'human', 'config']);
/** A package whose answers to these differ is worked on differently. */
const KEYS = ['command.install', 'command.build', 'command.test', 'command.lint'];

/**
 * Packages that get a file of their own: those worked on with another package manager than the root's. Packages that
 * only have scripts of the same manager are reached from the root, and saying so once there is enough.
 */
export function nestedDirs(facts: readonly Fact[]): readonly string[] {
  const home = homeOf(facts);
  const managers = Map.groupBy(
    facts.filter(({ key }) => key === 'package-manager'),
    ({ dir }) => dir,
  );
  const own = new Set((managers.get(home) ?? managers.get('') ?? []).map(({ value }) => value));
  if (own.size === 0) return [];
  const dirs = [...managers.keys()].filter((dir) => {
    if (dir === '' || dir === home) return false;
    const manager = managers.get(dir)![0]!.value;
    const proven = facts.some(
      ({ key, dir: at, source }) => at === dir && key.startsWith('command.') && PROVEN.has(source),
    );
    const answers = KEYS.filter((key) => facts.some((fact) => fact.key === key && fact.dir === dir));
    return proven && !own.has(manager) && answers.length >= 2 && answers.includes('command.test');
  });
  // Nothing below a folder that has its own file: one level of nesting is all that every consumer understands.
  const sorted = dirs.sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
  const kept: string[] = [];
  for (const dir of sorted) if (!kept.some((other) => dir.startsWith(`${other}/`))) kept.push(dir);
  return kept.slice(0, MOST);
}
