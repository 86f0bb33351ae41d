import type { Survey } from '../../../facts/index.ts';
import type { Tree } from '../../../facts/parse/tree.ts';
import { parentDir } from '../../../facts/path-index.ts';
import type { TargetSet } from '../../../facts/signal.ts';

/** What a runner takes in one folder, from all the files that define it. */
export interface Targets {
  readonly runner: string;
  readonly dir: string;
  readonly names: ReadonlySet<string>;
  readonly complete: boolean;
  /** The files. */
  readonly paths: readonly string[];
  has(name: string): boolean;
}

/** The targets of a repository by runner and folder, and the packages by name. */
export interface TargetIndex {
  at(runner: string, dir: string): Targets | undefined;
  /** The targets of the folder or of the nearest one above it that has any. */
  above(runner: string, dir: string): Targets | undefined;
  all(runner: string): readonly Targets[];
  /** Folders of the packages that a package.json calls so, with or without their scope. */
  packageDirs(name: string): readonly string[];
  /** A package.json that was read. */
  manifest(dir: string): Tree | undefined;
  /** Every package.json that counts was read: what none of them has is nowhere. */
  readonly allManifests: boolean;
}

const known = new WeakMap<Survey, TargetIndex>();

/** The index of a survey, made once. */
export function targetIndex(survey: Survey): TargetIndex {
  let index = known.get(survey);
  if (!index) {
    index = build(survey);
    known.set(survey, index);
  }
  return index;
}

function build({ signals, files, paths }: Survey): TargetIndex {
  const sets = signals.filter((signal): signal is TargetSet => signal.kind === 'targets');
  const bySlot = new Map<string, Targets>();
  for (const [slot, same] of Map.groupBy(sets, ({ runner, dir }) => `${runner}\0${dir}`))
    bySlot.set(slot, joined(same));
  const byRunner = Map.groupBy(bySlot.values(), ({ runner }) => runner);
  const at = (runner: string, dir: string): Targets | undefined => bySlot.get(`${runner}\0${dir}`);
  const packages = new Map<string, string[]>();
  for (const { dir } of byRunner.get('npm') ?? []) {
    const name = files
      .get(dir === '' ? 'package.json' : `${dir}/package.json`)
      ?.json()
      ?.get('name')?.text;
    for (const each of new Set([name, name?.replace(/^@[^/]*\//, '')]))
      if (each) packages.set(each, [...(packages.get(each) ?? []), dir]);
  }
  return {
    at,
    above(runner, dir) {
      for (let here = dir; ; here = parentDir(here)) {
        const found = at(runner, here);
        if (found || here === '') return found;
        // A package.json that was not read hides those above it.
        if (runner === 'npm' && paths.has(`${here}/package.json`)) return undefined;
      }
    },
    all: (runner) => byRunner.get(runner) ?? [],
    packageDirs: (name) => packages.get(name) ?? [],
    manifest: (dir) => files.get(dir === '' ? 'package.json' : `${dir}/package.json`)?.json(),
    allManifests: paths.named('package.json').every((path) => files.has(path) || !paths.isFile(path)),
  };
}

function joined(sets: readonly TargetSet[]): Targets {
  const { runner, dir } = sets[0]!;
  const names = new Set(sets.flatMap((set) => set.names));
  const patterns = sets.flatMap((set) => set.patterns).map((pattern) => new RegExp(`^(?:${pattern})$`));
  return {
    runner,
    dir,
    names,
    complete: sets.every(({ complete }) => complete),
    paths: [...new Set(sets.map(({ at }) => at.path))],
    has: (name) => names.has(name) || patterns.some((pattern) => pattern.test(name)),
  };
}
