import { ecosystem, type RepoView } from '../ecosystem.ts';
import { depthOf, joinPath } from '../path-index.ts';
import type { Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { loadMakefile, type Makefile } from './make/load.ts';
import { isPlace, MANIFESTS } from './make/place.ts';
import { makeSet } from './make/target-set.ts';
import { type Target, type Targets, targetsOf } from './make/targets.ts';
import { isTypable } from './make/task-name.ts';
import { INSTALLS } from './scripts/installs.ts';

/**
 * make: every target a person types, includes and pattern rules resolved. File targets are no tasks.
 * GNU make manual: 3.2 (names), 3.3 (include), 4.12.1 (static patterns), 10.6 (`.DEFAULT`).
 */
export const make = ecosystem({
  id: 'make',
  title: 'make',
  files: ['GNUmakefile', 'makefile', 'Makefile', '/Makefile.in'],
  depth: 3,
  *follow(repo) {
    for (const file of rootMakefiles(repo)) {
      if (file.text.includes('include')) yield* loadMakefile(repo, file).included;
    }
  },
  *detect(repo) {
    const included = new Set<string>();
    for (const file of rootMakefiles(repo)) {
      if (included.has(file.path)) continue;
      const makefile = loadMakefile(repo, file);
      for (const path of makefile.included) included.add(path);
      const targets = targetsOf(makefile);
      yield makeSet(makefile, targets);
      yield* tasksOf(repo, makefile, targets);
      if (file.dir === '' && file.name !== TEMPLATE) yield* plainMake(repo, targets);
      yield* singleTests(file, targets);
    }
  },
});

/** In this order make looks for its file. */
const NAMES = ['GNUmakefile', 'makefile', 'Makefile'];
const GENERATED = /generated (?:automatically )?by|automake|CMAKE generated|\bconfigure\b.*(?:generate|do not edit)/i;
/** One Makefile of each folder, as make would choose it, shallowest first. */
function rootMakefiles(repo: RepoView): readonly SourceFile[] {
  const chosen = new Map<string, SourceFile>();
  for (const name of NAMES) {
    for (const file of repo.files) {
      if (file.name === name && !chosen.has(file.dir) && isPlace(repo, file.dir) && !isGenerated(file))
        chosen.set(file.dir, file);
    }
  }
  // A hand-written template becomes the Makefile when configure has run; automake's has a Makefile.am beside it.
  const template = repo.file(TEMPLATE);
  if (template && !chosen.has('') && !isGenerated(template) && isHandWritten(repo)) chosen.set('', template);
  return [...chosen.values()].sort((a, b) => depthOf(a.path) - depthOf(b.path) || (a.path < b.path ? -1 : 1));
}

const TEMPLATE = 'Makefile.in';

function isHandWritten({ paths }: RepoView): boolean {
  return (
    !paths.isFile('Makefile.am') && ['configure.ac', 'configure.in', 'configure'].some((name) => paths.isFile(name))
  );
}

/** `test/%` or `test-%` with a recipe: how one test is run. */
function* singleTests(file: SourceFile, { patterns }: Targets): Iterable<Signal> {
  for (const { targets, path, line } of patterns) {
    const prefix = /^((?:unit-?)?tests?[/:_.-])%$/.exec(targets)?.[1];
    if (prefix === undefined) continue;
    const evidence = [{ path, line }];
    const run = `make ${prefix}<name>`;
    yield { kind: 'command', purpose: 'test-single', run, dir: file.dir, source: 'config', evidence, weight: 1 };
    return;
  }
}

/** Written by automake, CMake or a configure script: its targets are theirs. */
function isGenerated(file: SourceFile): boolean {
  for (let line = 1; line <= Math.min(5, file.lines.count); line++) {
    if (GENERATED.test(file.lines.line(line).slice(0, 300))) return true;
  }
  return false;
}

/** Objects of a large program; what compiles shows in the first ones. */
const MAX_FILES_BEHIND = 60;

function* tasksOf(repo: RepoView, makefile: Makefile, targets: Targets): Iterable<Task> {
  const tasks = new Map([...targets.byName].filter(([, target]) => isTask(target, makefile, repo)));
  const behind = filesBehind(tasks, targets.byName);
  const below = [...takenFromBelow(repo, makefile, targets)];
  const known = new Set([...tasks.keys(), ...behind.keys(), ...below.map(({ name }) => name)]);
  for (const target of tasks.values()) {
    const needed = target.prerequisites.flatMap((name) => targets.byName.get(name)?.body ?? []);
    yield taskOf(target, makefile.dir, known, needed);
  }
  for (const target of behind.values()) yield { ...taskOf(target, makefile.dir, known), internal: true };
  yield* below;
}

/** `build: bin/prog` runs the recipe of `bin/prog`: nobody types that, but it is what `make build` does. */
function filesBehind(
  tasks: ReadonlyMap<string, Target>,
  known: ReadonlyMap<string, Target>,
): ReadonlyMap<string, Target> {
  const behind = new Map<string, Target>();
  const queue = [...tasks.values()];
  for (let target = queue.shift(); target && behind.size < MAX_FILES_BEHIND; target = queue.shift()) {
    for (const name of target.prerequisites) {
      const need = known.get(name);
      if (!need || tasks.has(name) || behind.has(name)) continue;
      if (need.body.length === 0 && need.prerequisites.length === 0) continue;
      behind.set(name, need);
      queue.push(need);
    }
  }
  return behind;
}

function isTask(target: Target, makefile: Makefile, repo: RepoView): boolean {
  if (target.body.length === 0 && target.prerequisites.length === 0) return false;
  if (target.phony) return isTypable(target.name);
  if (!target.literal || target.makesFile || !/^(?=.*[a-z])[A-Za-z0-9_][\w+:-]*$/.test(target.name)) return false;
  // `VERSION-FILE` and `prog: prog.o` are a file that is built; a name that stands in the repository is a file that is kept.
  if (target.prerequisites.some((name) => /\.(?:o|a|so|c|cc|cpp|obj|lo)$/.test(name))) return false;
  return !repo.paths.has(makefile.dir === '' ? target.name : `${makefile.dir}/${target.name}`);
}

function taskOf(target: Target, dir: string, known: ReadonlySet<string>, needed: readonly string[] = []): Task {
  const called = target.body.flatMap((line) => calledTargets(line));
  const needs = new Set([...target.prerequisites, ...called].filter((name) => name !== target.name && known.has(name)));
  return {
    kind: 'task',
    runner: 'make',
    name: target.name,
    run: `make ${target.name}`,
    dir,
    at: { path: target.path, line: target.line },
    body: target.body,
    needs: [...needs],
    ...(target.description === undefined ? {} : { description: target.description }),
    ...(/^[._]/.test(target.name) || target.behind || target.demanding || isForUsers(target, needed)
      ? { internal: true }
      : {}),
  };
}

/** `make install` of a program puts it where its users find it; nobody who works on the code is helped by that. */
function isForUsers({ name, body }: Target, needed: readonly string[]): boolean {
  const lines = [...body, ...needed];
  return (
    /^(?:un)?install$/.test(name) &&
    lines.some((line) => PLACES.test(line)) &&
    !lines.some((line) => INSTALLS.test(line))
  );
}

const PLACES =
  /^(?:sudo )?install\s|\$[({]INSTALL\b|\$[({](?:DESTDIR|PREFIX|prefix|bindir|GOBIN)\b|\/usr\/local\b|\bgo env GO(?:BIN|PATH)\b|\bmake -C \S+ install\b/;

/** The targets that a recipe's own `$(MAKE) x y` asks for; other folders and other files are not these targets. */
function calledTargets(line: string): readonly string[] {
  const names: string[] = [];
  const commands = line.split(/[;&|()]+/).filter((part) => !/^\s*(?:echo|printf)\b/.test(part));
  for (const part of commands.flatMap((command) => command.split(/['"`]+/))) {
    const parts = part.trim().split(/\s+/);
    const at = parts.indexOf('make');
    if (at < 0) continue;
    const rest = parts.slice(at + 1);
    if (rest.some((word) => /^-(?:C|f)/.test(word) && word !== '-C.')) continue;
    names.push(...rest.filter((word) => !word.startsWith('-') && !word.includes('=')));
  }
  return names;
}

/** `.DEFAULT` and `%:` that hand every unknown name to a Makefile below make its targets legal here. */
function* takenFromBelow(repo: RepoView, makefile: Makefile, targets: Targets): Iterable<Task> {
  const recipe = targets.catchAll.filter((line) => line.includes('make') && line.includes('$@')).join(' ');
  if (recipe === '') return;
  const seen = new Set(targets.byName.keys());
  for (const word of new Set(recipe.split(/[\s;&|()]+/))) {
    const dir = word === '' || word.startsWith('-') ? undefined : joinPath(makefile.dir, word);
    const below =
      dir === undefined
        ? undefined
        : NAMES.map((name) => repo.file(`${dir}/${name}`)).find((file) => file !== undefined);
    if (!below || dir === makefile.dir) continue;
    const lower = loadMakefile(repo, below);
    const { byName } = targetsOf(lower);
    for (const target of byName.values()) {
      if (seen.has(target.name) || !isTask(target, lower, repo)) continue;
      seen.add(target.name);
      yield { ...taskOf(target, makefile.dir, new Set()), body: [`make -C ${word} ${target.name}`] };
    }
  }
}

const COMPILES =
  /(?:^|[\s;&(/])(?:cc|c\+\+|gcc|g\+\+|clang|clang\+\+|ld|ar|go build|cargo build|javac|ghc|ocamlfind|rustc|nasm|dune build)\s/;
const BUILD_NAMES = /^(?:all|build|compile|bin|binary|binaries|lib|libs|world|default)$/;
/** Where one of these stands at the root, make is a shortcut to another build system. */
const OTHER_BUILDS = [
  ...MANIFESTS,
  'configure.ac',
  'configure',
  'MODULE.bazel',
  'WORKSPACE',
  'build.zig',
  'dune-project',
  'stack.yaml',
];

/** Plain `make`, where the default goal builds something. */
function* plainMake(repo: RepoView, targets: Targets): Iterable<Signal> {
  const goal = targets.goal === undefined ? undefined : targets.byName.get(targets.goal);
  // `make build` says it better.
  if (!goal || goal.name === 'build' || !builds(goal, targets.byName, new Set())) return;
  const evidence = [{ path: goal.path, line: goal.line }];
  // Who wrote a Makefile in front of CMake uses it: it knows the flags.
  const weight = repo.paths.isFile('CMakeLists.txt') ? 0.5 : -1;
  yield { kind: 'command', purpose: 'build', run: 'make', dir: '', source: 'convention', evidence, weight };
  if (OTHER_BUILDS.some((name) => repo.paths.isFile(name))) return;
  yield { kind: 'fact', key: 'build-system', value: 'make', dir: '', source: 'convention', evidence, weight: -1 };
}

/** It compiles, or it needs files that are made, or it needs something that does. */
function builds(target: Target, known: ReadonlyMap<string, Target>, seen: Set<string>): boolean {
  if (seen.size > 100 || seen.has(target.name)) return false;
  seen.add(target.name);
  if (target.body.some((line) => COMPILES.test(`${line} `))) return true;
  if (/^(?:help|usage|test|check|lint|clean|docs?|install)/.test(target.name)) return false;
  if (/^(?:build|compile|bin)/.test(target.name) && target.body.length > 0) return true;
  if (BUILD_NAMES.test(target.name) && target.prerequisites.some((name) => name.includes('$') || !known.has(name)))
    return true;
  return target.prerequisites.some((name) => {
    const need = known.get(name);
    return need ? builds(need, known, seen) : /\.(?:o|a|so|exe)$/.test(name);
  });
}
