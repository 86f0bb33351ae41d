import { keyMateriality } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind } from '../comparison.ts';
import { type Declared, declaredIn, majorInName } from '../dependencies.ts';
import { dirAfter } from '../places.ts';
import { leastVersion } from '../versions.ts';

/**
 * A direct dependency whose least allowed major version is another one: another API. A wider range, a minor release and
 * what only a lock file pins are none, unless the manifest leaves the version open.
 */
export const dependencyMajor: Kind = {
  id: 'dependency major version changed',
  *find(comparison): Generator<FactChange> {
    const now = declaredIn(comparison.after);
    for (const was of declaredIn(comparison.before).values()) {
      const is = counterpart(was, now, comparison);
      if (!is || !comparison.touched.has(is.at.path)) continue;
      const [a, b] = [majorOf(was), majorOf(is)];
      if (a === undefined || b === undefined || a === b) continue;
      yield {
        key: 'dependency',
        dir: is.dir,
        from: label(was),
        to: label(is),
        materiality: keyMateriality('dependency'),
        evidence: [is.at],
      };
    }
  },
};

function counterpart(was: Declared, now: ReadonlyMap<string, Declared>, comparison: Comparison): Declared | undefined {
  const dir = dirAfter(was.dir, comparison);
  return dir === undefined ? undefined : now.get(`${dir}\0${was.registry}\0${was.library}`);
}

function majorOf({ name, registry, range, locked }: Declared): number | undefined {
  if (registry === 'go') return majorInName(name) ?? 1;
  return (leastVersion(range ?? '') ?? leastVersion(locked ?? ''))?.[0];
}

function label({ name, range, locked }: Declared): string {
  const version = range ?? locked;
  return version === undefined ? name : `${name} ${version}`;
}
