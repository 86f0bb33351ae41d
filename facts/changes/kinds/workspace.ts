import { keyMateriality, lesser } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { dirAfter, isPeripheral, isShown } from '../places.ts';

/**
 * Packages of a monorepo that are gone, moved or got another name: documents name them by their folder, and commands pick
 * them by their name. Examples and fixtures are members often, and nobody's way to work. One more package is no news, unless
 * it was made of a folder of another one.
 */
export const workspace: Kind = {
  id: 'workspace package removed or moved',
  *find(comparison) {
    const { before, after, touched } = comparison;
    const old = packagesOf(before);
    const now = packagesOf(after);
    const materiality = keyMateriality('workspace');
    for (const [dir, { name, evidence }] of old) {
      if (dir === '' || isShown(dir) || !evidence.some(({ path }) => touched.has(path) || dirGone(dir, comparison)))
        continue;
      const to = dirAfter(dir, comparison);
      const there = to === undefined ? undefined : now.get(to);
      if (there && to === dir && there.name === name) continue;
      if (there)
        yield {
          key: 'workspace',
          dir,
          from: label(dir, name),
          to: label(to!, there.name),
          materiality,
          evidence: there.evidence.slice(0, 2),
        };
      else if (dirGone(dir, comparison) || !hasManifest(after, dir, evidence))
        yield { key: 'workspace', dir, from: label(dir, name), to: null, materiality, evidence: evidence.slice(0, 2) };
    }
    for (const [dir, { name, evidence }] of now) {
      if (dir === '' || isShown(dir) || old.has(dir) || old.size === 0) continue;
      if ([...old].some(([from]) => comparison.moves.dir(from) === dir)) continue;
      const origin = originOf(dir, comparison);
      if (origin !== undefined) {
        yield { key: 'workspace', dir: origin, from: origin, to: label(dir, name), materiality, evidence };
        continue;
      }
      yield { key: 'workspace', dir, from: null, to: name, materiality: lesser(lesser(materiality)), evidence };
    }
  },
};

function label(at: string, of: string): string {
  return at === of ? at : `${of} (${at})`;
}

/** As many files as a folder below the root is known from, and most of what it held. */
const LEAST = 5;
const MOST = 0.6;

/** The folder of an older package that a new package was made of. */
function originOf(dir: string, { before, moves }: Comparison): string | undefined {
  for (const { from, to, files } of moves.folders) {
    if (from === '' || isPeripheral(from) || isPeripheral(to) || (to !== dir && !to.startsWith(`${dir}/`))) continue;
    if (files.length >= LEAST && files.length >= before.survey.paths.under(from).length * MOST) return from;
  }
  return undefined;
}

interface Package {
  readonly name: string;
  readonly evidence: FactChange['evidence'];
}

function packagesOf({ survey }: Side): ReadonlyMap<string, Package> {
  const found = new Map<string, Package>();
  for (const { key, dir, value, evidence } of survey.facts.facts)
    if (key === 'workspace' && !found.has(dir)) found.set(dir, { name: value, evidence });
  return found;
}

function dirGone(dir: string, { after }: Comparison): boolean {
  return !after.survey.paths.hasDir(dir);
}

/** A package that is only listed no longer is still worked on where it is. */
function hasManifest({ survey }: Side, dir: string, evidence: FactChange['evidence']): boolean {
  const own = evidence.filter(({ path }) => path.startsWith(`${dir}/`));
  return own.length === 0 ? survey.paths.hasDir(dir) : own.some(({ path }) => survey.paths.has(path));
}
