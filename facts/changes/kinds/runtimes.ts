import { keyMateriality } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind } from '../comparison.ts';
import { fresh } from '../evidence.ts';
import { dirAfter, factsOf, isPeripheral } from '../places.ts';
import { leastVersion } from '../versions.ts';

/** Runtimes whose minor releases are what others call major ones. */
const BY_MINOR = /^(?:python|go|rust|ruby|php|elixir|dart|flutter|swift|kotlin|scala|zig|lua|perl|cmake|terraform)$/;

/**
 * The least version of a runtime that is asked for, or the release of a manager that is pinned, is another one: what an
 * agent installs and which features it may use. Patch releases are no news, nor minor ones of what promises to keep
 * working through them.
 */
export const runtimes: Kind = {
  id: 'runtime minimum raised',
  *find(comparison): Generator<FactChange> {
    const { before, after } = comparison;
    const seen = new Set<string>();
    for (const { key, dir } of before.survey.facts.facts) {
      if (!key.startsWith('runtime.') || seen.has(`${key}\0${dir}`) || isPeripheral(dir)) continue;
      seen.add(`${key}\0${dir}`);
      const to = dirAfter(dir, comparison);
      const old = factsOf(before, key, dir);
      const now = to === undefined ? [] : factsOf(after, key, to);
      const [was, is] = [
        old.find(({ value }) => !now.some((each) => each.value === value)),
        now.find(({ value }) => !old.some((each) => each.value === value)),
      ];
      if (!was || !is?.evidence.some((each) => fresh(each, comparison))) continue;
      const name = key.slice('runtime.'.length);
      const change = { key, dir: to!, from: was.value, to: is.value, evidence: is.evidence.slice(0, 2) };
      yield { ...change, materiality: isStep(name, was.value, is.value) ? keyMateriality(key) : 'low' };
    }
    yield* firstAsked(comparison);
  },
};

/** Released with packages, and told as what they are: a pinned one is no runtime that code needs. */
const MANAGERS = /^(?:npm|pnpm|yarn|uv|pip|poetry|pdm|bundler|composer)$/;

/** A least version that a manifest asks for where nothing asked for one: whoever has an older one is shut out. */
function* firstAsked({ before, after, touched }: Comparison): Generator<FactChange> {
  const known = new Set(before.survey.facts.facts.map(({ key }) => key));
  for (const { key, dir, value, evidence } of after.survey.facts.facts) {
    if (!key.startsWith('runtime.') || known.has(key) || MANAGERS.test(key.slice('runtime.'.length))) continue;
    const [at] = evidence.filter(({ path }) => touched.has(path) && before.survey.paths.isFile(path));
    if (!at || isPeripheral(dir) || !/^\W*[>^~=]/.test(value)) continue;
    yield { key, dir, from: null, to: value, materiality: keyMateriality(key), evidence: [at] };
  }
}

function isStep(name: string, was: string, is: string): boolean {
  const [a, b] = [leastVersion(was), leastVersion(is)];
  if (!a || !b) return false;
  return a[0] !== b[0] || (BY_MINOR.test(name) && a[1] !== b[1]);
}
