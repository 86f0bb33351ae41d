import type { Evidence } from '../../fact.ts';
import { keyMateriality, lesser } from '../../keys.ts';
import type { PlainFact } from '../../signal.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { isLockFile } from '../dependencies.ts';
import { gone } from '../evidence.ts';
import { dirAfter, isPeripheral } from '../places.ts';
import { areRivals } from '../rivals.ts';
import { familyOf, isForReleases, isTypedByName } from '../task-names.ts';

const KEYS = ['package-manager', 'build-system', 'test-framework', 'linter', 'formatter', 'type-checker'];

/**
 * What a folder is built, tested and checked with. Replaced: a tool is gone, whether another one is new or one that was
 * there does what it did; or a new one stands where nobody keeps two. One that came beside others makes nothing false, and
 * neither does one that only moved to another folder.
 */
export const tools: Kind = {
  id: 'tool replaced',
  *find(comparison) {
    const before = valuesOf(comparison.before);
    const after = valuesOf(comparison.after);
    for (const key of KEYS) {
      for (const dir of new Set([...dirsOf(before, key), ...dirsOf(after, key)])) {
        if (!isPeripheral(dir)) yield* inFolder(key, dir, before, after, comparison);
      }
    }
  },
};

type Values = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, readonly Evidence[]>>>;

/** Every value of the keys by folder, the weak ones included: the three best of a fact say nothing of what is gone. */
function valuesOf({ survey }: Side): Values {
  const values = new Map<string, Map<string, Map<string, Evidence[]>>>();
  for (const signal of survey.signals) {
    if (signal.kind !== 'fact' || !KEYS.includes(signal.key)) continue;
    const { key, dir, value, evidence }: PlainFact = signal;
    const dirs = values.get(key) ?? new Map<string, Map<string, Evidence[]>>();
    values.set(key, dirs);
    const here = dirs.get(dir) ?? new Map<string, Evidence[]>();
    dirs.set(dir, here);
    here.set(value, [...(here.get(value) ?? []), ...evidence]);
  }
  return values;
}

function dirsOf(values: Values, key: string): readonly string[] {
  return [...(values.get(key)?.keys() ?? [])];
}

function* inFolder(
  key: string,
  dir: string,
  before: Values,
  after: Values,
  comparison: Comparison,
): Generator<FactChange> {
  const to = dirAfter(dir, comparison);
  const old = before.get(key)?.get(dir) ?? new Map<string, readonly Evidence[]>();
  const now = (to === undefined ? undefined : after.get(key)?.get(to)) ?? new Map<string, readonly Evidence[]>();
  const added = [...now].filter(
    ([value, evidence]) =>
      !nearby(before, key, value, dir) && evidence.some(({ path }) => comparison.touched.has(path)),
  );
  const removed = [...old].filter(
    ([value, evidence]) =>
      to !== undefined &&
      !nearby(after, key, value, to) &&
      (evidence.some((each) => gone(each, comparison)) || added.some(([other]) => areRivals(value, other))),
  );
  for (const [index, [value, evidence]] of removed.entries()) {
    const successor = added[index] ?? added[0];
    const takenOver = successor ?? [...now][0];
    yield {
      key,
      dir: to ?? dir,
      from: value,
      to: takenOver?.[0] ?? null,
      materiality: isAside(key, value, dir, old.size, comparison.before) ? 'low' : keyMateriality(key),
      evidence: (successor?.[1] ?? evidence).slice(0, 3),
    };
  }
  if (removed.length > 0) return;
  for (const [value, evidence] of added) {
    const rival = [...old.keys()].find((other) => areRivals(other, value));
    // A lock file of another manager is somebody's slip.
    if (rival !== undefined && evidence.every(({ path }) => isLockFile(path))) continue;
    yield {
      key,
      dir,
      from: rival ?? null,
      to: value,
      materiality: rival === undefined ? lesser(keyMateriality(key)) : keyMateriality(key),
      evidence: evidence.slice(0, 3),
    };
  }
}

/** A manager that stood beside another one, for tools that only releases use: no library, no task of daily work. */
function isAside(key: string, value: string, dir: string, managers: number, { survey }: Side): boolean {
  if (key !== 'package-manager' || managers < 2 || familyOf({ runner: value }) !== 'npm') return false;
  let tasks = 0;
  for (const signal of survey.signals) {
    if (signal.kind === 'dependency' && signal.registry === 'npm' && !signal.dev && !isLockFile(signal.at.path))
      return false;
    if (signal.kind !== 'task' || signal.dir !== dir || familyOf(signal) !== 'npm') continue;
    if (isTypedByName(signal) && !isForReleases(signal.name)) return false;
    tasks++;
  }
  return tasks > 0;
}

/** In the folder, above it or below it: a tool that a package hands up to the root, or the root down, is still there. */
function nearby(values: Values, key: string, value: string, dir: string): boolean {
  for (const [other, here] of values.get(key) ?? []) {
    if (!here.has(value) || (other !== dir && isPeripheral(other))) continue;
    if (dir === '' || other === '' || other === dir || other.startsWith(`${dir}/`) || dir.startsWith(`${other}/`))
      return true;
  }
  return false;
}
