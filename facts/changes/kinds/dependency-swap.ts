import { keyMateriality } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind } from '../comparison.ts';
import { type Declared, declaredIn } from '../dependencies.ts';
import { dirAfter } from '../places.ts';
import { isSource } from '../sources.ts';

/**
 * A library replaced: a direct dependency is gone and the code that used it was changed with it, for another library or
 * for what the runtime offers; or a new one replaces code that was copied into the repository. A new dependency alone is a
 * feature; one that is gone without a change of code was not used.
 */
export const dependencySwap: Kind = {
  id: 'dependency replaced',
  *find(comparison): Generator<FactChange> {
    const before = declaredIn(comparison.before);
    const after = declaredIn(comparison.after);
    const removed = [...before.values()].filter((was) => isGone(was, before, after, comparison));
    const added = [...after.values()].filter((is) => isNew(is, before, comparison));
    const copied = comparison.files.find(
      ({ status, path }) => status === 'deleted' && COPIED.test(path) && isSource(path),
    );
    const code = (dir: string): boolean =>
      comparison.files.some(
        ({ status, path }) =>
          status !== 'added' && path.startsWith(dir === '' ? '' : `${dir}/`) && isSource(path) && !COPIED.test(path),
      );
    const materiality = keyMateriality('dependency');
    const taken = new Set<Declared>();
    for (const was of removed) {
      const fits = added.filter((is) => is.registry === was.registry && is.dir === was.dir);
      const is = fits.find((each) => each.dev === was.dev && !taken.has(each)) ?? fits[0];
      if ((was.dev && !is) || !code(was.dir)) continue;
      if (is) taken.add(is);
      yield {
        key: 'dependency',
        dir: was.dir,
        from: was.name,
        to: is?.name ?? null,
        materiality,
        evidence: [is?.at ?? was.at],
      };
    }
    if (removed.length > 0 || !copied) return;
    for (const is of added) {
      if (is.dev || !code(is.dir)) continue;
      yield { key: 'dependency', dir: is.dir, from: copied.path, to: is.name, materiality, evidence: [is.at] };
    }
  },
};

/** Other people's code, kept in the repository. */
const COPIED = /(?:^|\/)_?(?:vendor(?:ed)?|third[-_]?party|vendored?_libs?)\//i;
/** Types and plugins come and go with what they belong to. */
const ACCESSORY = /^@types\/|(?:^|[-/])(?:plugin|preset|types|typings|stubs)(?:[-/]|$)/;

function isGone(
  was: Declared,
  before: ReadonlyMap<string, Declared>,
  after: ReadonlyMap<string, Declared>,
  comparison: Comparison,
): boolean {
  if (ACCESSORY.test(was.name) || !comparison.touched.has(was.at.path)) return false;
  const dir = dirAfter(was.dir, comparison);
  // The manifest is gone with its package, which is told as such.
  if (dir === undefined || !comparison.after.survey.paths.has(comparison.moves.file(was.at.path))) return false;
  if (after.has(`${dir}\0${was.registry}\0${was.library}`)) return false;
  // Moved to another package of the same repository.
  for (const is of after.values())
    if (
      is.library === was.library &&
      is.registry === was.registry &&
      !before.has(`${is.dir}\0${is.registry}\0${is.library}`)
    )
      return false;
  return true;
}

function isNew(is: Declared, before: ReadonlyMap<string, Declared>, { touched }: Comparison): boolean {
  if (ACCESSORY.test(is.name) || !touched.has(is.at.path)) return false;
  for (const was of before.values()) if (was.library === is.library && was.registry === is.registry) return false;
  return true;
}
