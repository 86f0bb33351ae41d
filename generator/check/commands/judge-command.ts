import type { Survey } from '../../../facts/index.ts';
import { joinPath, parentDir } from '../../../facts/path-index.ts';
import type { SaidCommand } from '../../documents/commands.ts';
import { foldersMeant } from './folders-meant.ts';
import { nearestNames, sureSuccessor } from './nearest.ts';
import { mayBeInstalled } from './programs-installed.ts';
import { type Called, type RunnerCall, runnerCall } from './runner-calls.ts';
import { type TargetIndex, type Targets, targetIndex } from './target-index.ts';

/** What is true of one name that a command runs. */
export type Verdict =
  | { readonly state: 'exists' | 'unknown'; readonly runner: string; readonly name: string; readonly word: number }
  | Gone;

/** No file of the repository defines the name. */
export interface Gone {
  readonly state: 'gone';
  /** As in `TargetSet`: `npm` for scripts, `make`, `just`, ... */
  readonly runner: string;
  /** A script or target, or the package that a flag names. */
  readonly what: 'target' | 'package';
  readonly name: string;
  /** Which word of the command holds it. */
  readonly word: number;
  /** Every name that the runner takes there was read: it is proven. */
  readonly complete: boolean;
  /** The command itself says where it runs: by a flag, or by a `cd` before it. */
  readonly scoped: boolean;
  /** Folders where the name does exist. */
  readonly elsewhere: readonly string[];
  /** The folder whose targets were looked at, and the files that define them. */
  readonly dir: string;
  readonly paths: readonly string[];
  /** The names most like it. */
  readonly nearest: readonly string[];
  /** The one name that can only be meant. */
  readonly successor?: string;
}

/** The part of a {@link SaidCommand} that decides. */
export type Typed = Pick<SaidCommand, 'words' | 'dynamic' | 'placeholders' | 'dir' | 'folders'>;

/**
 * Whether what a command runs exists: one verdict for each script, target or task that it names; none where it names none.
 * `home` is the folder of the document that names it. Whether the document forbids the command is not asked here.
 */
export function judgeCommand(command: Typed, home: string, survey: Survey): readonly Verdict[] {
  const call = runnerCall(command.words);
  if (!call || call.ifPresent) return [];
  const index = targetIndex(survey);
  return call.names.flatMap((called) => {
    if (command.placeholders.includes(called.word) || command.dynamic[called.word] || !/^[\w@]/.test(called.name))
      return [];
    // Poe has tasks of its own that begin so.
    if (call.runner === 'poe' && called.name.startsWith('_')) return [];
    return [judge(call, called, { command, home, survey, index })];
  });
}

interface Around {
  readonly command: Typed;
  readonly home: string;
  readonly survey: Survey;
  readonly index: TargetIndex;
}

function judge(call: RunnerCall, called: Called, around: Around): Verdict {
  const { runner } = call;
  const { name, word } = called;
  const { index, survey } = around;
  const settled = (state: 'exists' | 'unknown'): Verdict => ({ state, runner, name, word });
  if (runner === 'nx') return settled('unknown');
  const folders = foldersMeant(around.command, around.home, survey, index);
  const sets = setsFor(call, folders, around);
  if (sets === 'no package') return packageGone(call, around) ?? settled('unknown');
  const [first] = sets;
  if (sets.some((set) => has(set, name, survey))) return settled('exists');
  if (first === undefined) return settled('unknown');
  if (runner === 'npm' && startsServer(name, first, survey)) return settled('exists');
  if (NEVER_ALL.has(runner)) return settled('unknown');
  // What is only known of other folders says nothing of the one where it is typed.
  if (typeof call.where !== 'object' && hasUnread(runner, folders[0] ?? '', first.dir, survey))
    return settled('unknown');
  const installed = call.orProgram ? mayBeInstalled(name, index) : 'never';
  if (installed === 'surely') return settled('unknown');
  const all = sets.flatMap((set) => [...set.names]);
  if (isPlugin(call, name) && (name.length < 6 || sureSuccessor(name, all) === undefined)) return settled('unknown');
  if (ALL_OR_NOTHING.has(runner) && !sets.every(({ complete }) => complete) && sureSuccessor(name, all) === undefined)
    return settled('unknown');
  const elsewhere = index.all(runner).flatMap((set) => (set.has(name) ? [set.dir] : []));
  const successor = sureSuccessor(name, all);
  return {
    state: 'gone',
    runner,
    what: 'target',
    name,
    word,
    complete:
      (first.typed || first.dir === around.home) &&
      sets.every(({ complete }) => complete) &&
      installed === 'never' &&
      !call.orPlugin,
    scoped: (typeof call.where === 'object' && first.typed) || around.command.dir !== around.home,
    elsewhere,
    dir: first.dir,
    paths: first.paths,
    nearest: nearestNames(name, all),
    ...(successor === undefined ? {} : { successor }),
  };
}

/** Their plugins bring more names than any file says. */
const NEVER_ALL = new Set(['gradle', 'nx', 'pdm', 'hatch']);
/** Of these a set that is not complete proves nothing at all: gems and packages bring their own. */
const ALL_OR_NOTHING = new Set(['rake', 'make', 'nox', 'inv', 'duty', 'ant']);
/** These look for their file in the folders above, too. */
const UPWARDS = new Set([
  'npm',
  'just',
  'task',
  'rake',
  'tox',
  'mise',
  'deno',
  'poe',
  'cargo',
  'taskipy',
  'melos',
  'inv',
  'composer',
]);

/** What may be a command of a plugin, of a package or of a program that is installed beside the runner. */
function isPlugin({ orPlugin, runner }: RunnerCall, name: string): boolean {
  if (orPlugin === undefined) return false;
  // Packages name the tasks of Mix by their own name and a dot.
  if (runner === 'mix') return name.includes('.');
  return runner === 'composer' ? COMPOSER_PLUGINS.test(name) : name !== 'xtask';
}

/** Commands of plugins that people install, for one project or for all. */
const COMPOSER_PLUGINS =
  /^(?:link|unlink|normalize|bin|thanks|unused|recipes|recipes:.*|symfony:.*|fix-recipes|patch.*|changelogs?|cghooks|grumphp|drupal:.*|scenario:.*|skeleton:.*|monorepo.*|merge.*|dependency-analy[sz]e.*|require-checker|outdated-.*|vendor-.*|packages:.*|strauss|mozart|wp.*)$/;

type Chosen = Targets & { readonly typed: boolean };

/** The sets that may hold the name, that of the folder where it is typed first. */
function setsFor(call: RunnerCall, folders: readonly string[], { index }: Around): readonly Chosen[] | 'no package' {
  const { runner, where } = call;
  if (where === 'many' || runner === 'turbo') {
    const sets = [...index.all('npm'), ...index.all('turbo')];
    return sets.map((set) => ({ ...set, typed: index.allManifests }));
  }
  if (typeof where === 'object' && 'name' in where) {
    const dirs = index.packageDirs(where.name);
    const byPath = folders.flatMap((folder) => index.at(runner, joinPath(folder, where.name) ?? '\0') ?? []);
    const sets = [...dirs.flatMap((dir) => index.at(runner, dir) ?? []), ...byPath];
    return sets.length === 0 ? 'no package' : sets.map((set) => ({ ...set, typed: dirs.length < 2 }));
  }
  const found = new Map<string, Chosen>();
  for (const [i, folder] of folders.entries()) {
    const dir = where === 'here' ? folder : joinPath(folder, where.dir);
    if (dir === undefined) continue;
    for (const each of RUNNERS_OF[runner] ?? [runner]) {
      const set = UPWARDS.has(each) ? index.above(each, dir) : index.at(each, dir);
      if (set && !found.has(`${each} ${set.dir}`)) found.set(`${each} ${set.dir}`, { ...set, typed: i === 0 });
    }
  }
  return [...found.values()];
}

/** `deno task` runs scripts of package.json; `task` may be taskipy's. */
const RUNNERS_OF: Readonly<Record<string, readonly string[]>> = {
  deno: ['deno', 'npm'],
  task: ['task', 'taskipy'],
};

/** True where the folder has a file of the runner, which nobody read. */
/**
 * A file of the runner that was not read lies in the folder, or between it and the one whose targets are known: a folder of
 * benchmarks or of examples has tasks of its own.
 */
function hasUnread(runner: string, dir: string, known: string, { paths }: Survey): boolean {
  const names = FILES_OF[runner] ?? [];
  for (let at = dir; at !== known; at = parentDir(at)) {
    if (names.some((name) => paths.has(at === '' ? name : `${at}/${name}`))) return true;
    if (at === '' || !UPWARDS.has(runner)) return false;
  }
  return false;
}

const FILES_OF: Readonly<Record<string, readonly string[]>> = {
  make: ['Makefile', 'makefile', 'GNUmakefile'],
  mix: ['mix.exs'],
  nox: ['noxfile.py'],
  ant: ['build.xml'],
  npm: ['package.json'],
  just: ['justfile', 'Justfile', 'JUSTFILE', '.justfile'],
  task: ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml', 'Taskfile.dist.yml', 'Taskfile.dist.yaml'],
  rake: ['Rakefile', 'rakefile', 'Rakefile.rb', 'rakefile.rb'],
  tox: ['tox.ini', 'tox.toml'],
  mise: ['mise.toml', '.mise.toml'],
  deno: ['deno.json', 'deno.jsonc'],
  poe: ['pyproject.toml'],
  taskipy: ['pyproject.toml'],
  cargo: ['.cargo/config.toml', '.cargo/config'],
  melos: ['melos.yaml'],
  inv: ['tasks.py'],
  composer: ['composer.json'],
};

function has(set: Targets, name: string, { paths }: Survey): boolean {
  if (set.has(name)) return true;
  if (set.runner === 'npm' && name.includes('*')) {
    const prefix = name.slice(0, name.indexOf('*'));
    return [...set.names].some((each) => each.startsWith(prefix));
  }
  // `mod recipe` is typed for `mod::recipe`.
  if (set.runner === 'just') return name.includes('/') || [...set.names].some((each) => each.startsWith(`${name}::`));
  if (set.runner !== 'make') return false;
  // A file that is there needs no rule, and make knows by itself how to compile one source.
  const path = joinPath(set.dir, name);
  if (path === undefined || paths.has(path)) return true;
  return (
    ['c', 'cc', 'cpp', 'C', 'sh', 'f', 's', 'p'].some((extension) => paths.has(`${path}.${extension}`)) ||
    /\.\w+$|\//.test(name)
  );
}

/** `npm start` without a script starts `server.js`. */
function startsServer(name: string, { dir }: Targets, { paths }: Survey): boolean {
  return name === 'start' && paths.has(dir === '' ? 'server.js' : `${dir}/server.js`);
}

/** The package that a flag names, where no package.json is called so and all were read. */
function packageGone({ runner, where }: RunnerCall, { command, index, survey }: Around): Gone | undefined {
  if (typeof where !== 'object' || !('name' in where) || !index.allManifests) return undefined;
  const word = command.words.findIndex((each) => each === where.name || each.endsWith(`=${where.name}`));
  const all = index.all('npm').flatMap(({ dir }) => index.manifest(dir)?.get('name')?.text ?? []);
  if (word < 0 || runner !== 'npm' || all.length < 2 || command.placeholders.includes(word)) return undefined;
  if (survey.paths.hasDir(where.name) || !/^@?[\w-]+(?:[/.][\w.-]+)*$/.test(where.name)) return undefined;
  const successor = sureSuccessor(where.name, all);
  return {
    state: 'gone',
    runner,
    what: 'package',
    name: where.name,
    word,
    complete: false,
    scoped: true,
    elsewhere: [],
    dir: '',
    paths: [],
    nearest: nearestNames(where.name, all),
    ...(successor === undefined ? {} : { successor }),
  };
}
