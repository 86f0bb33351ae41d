import { isAside } from '../../facts/path-index.ts';
import type { RequiredFileCheck } from '../checks/check.ts';
import { globs } from '../globs.ts';
import type { Rule } from '../rule.ts';
import { type AskedRule, planOf } from '../scan-plan.ts';
import type { Stack } from '../stack.ts';

/** What a check looked at: what "kept" rests on. */
export interface Looked {
  /** `12 files`, `38 dependencies in 2 manifests`. */
  readonly at: string;
  /** Some of the paths, which are there. */
  readonly paths: readonly string[];
  /** Nothing at all: there is nothing that the rule could be broken by. */
  readonly nothing: boolean;
  /** Files that it wanted. */
  readonly wanted: ReadonlySet<string>;
}

const MOST_PATHS = 3;
const NONE: ReadonlySet<string> = new Set();

/** What the checks of files look at, by the IDs of their rules. */
export function lookedAtFiles(asked: readonly AskedRule[], { paths }: Stack): ReadonlyMap<string, Looked> {
  const wanted = new Map(asked.map(({ rule }) => [rule.id, new Set<string>()]));
  for (const planned of planOf(paths.entries, asked))
    for (const { rule } of planned.asked) wanted.get(rule.id)?.add(planned.path);
  return new Map(
    Array.from(wanted, ([id, files]) => [
      id,
      {
        at: count(files.size, 'file'),
        paths: [...files].slice(0, MOST_PATHS),
        nothing: files.size === 0,
        wanted: files,
      },
    ]),
  );
}

/** The same of a check that looks at the repository as a whole. */
export async function lookedAtAll({ check }: Rule, stack: Stack): Promise<Looked> {
  if (check?.kind === 'required-file') {
    const there = whatIsThere(check, stack);
    const all = count(stack.paths.entries.length, 'path');
    return {
      at: there.length > 0 ? `${there.join(', ')} among ${all}` : all,
      paths: there,
      nothing: false,
      wanted: NONE,
    };
  }
  const dependencies = (await stack.dependencies()).filter(({ at }) => !isAside(at.path));
  const manifests = [...new Set(dependencies.map(({ at }) => at.path))];
  return {
    at: `${count(dependencies.length, 'dependency', 'dependencies')} in ${count(manifests.length, 'manifest')}`,
    paths: manifests.slice(0, MOST_PATHS),
    nothing: false,
    wanted: NONE,
  };
}

/** Of each group the first file that is there. */
function whatIsThere({ groups }: RequiredFileCheck, { paths }: Stack): readonly string[] {
  return groups.flatMap((group) => {
    const isOne = globs(group);
    const found = paths.entries.find(({ path }) => isOne(path) && (!isAside(path) || group.some(isAside)));
    return found ? [found.path] : [];
  });
}

export function count(number: number, thing: string, things = `${thing}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? thing : things}`;
}
