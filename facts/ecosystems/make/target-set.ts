import type { TargetSet } from '../../signal.ts';
import { namePattern, targetSet } from '../../target-set.ts';
import type { Makefile } from './load.ts';
import type { Targets } from './targets.ts';

/** Every name that `make` takes in a folder: files and hidden targets too, and pattern rules as patterns. */
export function makeSet(makefile: Makefile, { names, patterns, computed, catchAll, open }: Targets): TargetSet {
  return targetSet('make', makefile.dir, makefile.root.at(makefile.rules[0]?.line ?? 1), names, {
    // `%: common-%` is resolved name by name.
    patterns: [...new Set([...patterns.map(({ targets }) => targets), ...computed])]
      .filter((target) => target !== '%')
      .map((target) => namePattern(target, /%/)),
    complete: makefile.whole && !open && catchAll.length === 0,
  });
}
