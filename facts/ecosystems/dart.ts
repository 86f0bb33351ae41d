import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Purpose } from '../fact.ts';
import type { Signal } from '../signal.ts';
import { fvm, starter } from './dart/fvm.ts';
import { generators } from './dart/generators.ts';
import { hasMelos, melos } from './dart/melos.ts';
import { type DartPackage, type DartProject, dartPackages, dartProjects } from './dart/packages.ts';
import { programs } from './dart/programs.ts';
import { analysis, frameworks } from './dart/tools.ts';
import { command, plain } from './native/leads.ts';

/** Packages of a repository whose own tests are said; more would say nothing new. */
const MAX_PACKAGES = 12;
/** Projects that stand alone, each with all its commands. */
const MAX_PROJECTS = 6;

/**
 * Dart and Flutter. The SDK brings the manager, the analyzer, the formatter and the test runner; which of the two
 * programs is typed depends on whether a package needs Flutter's engine. https://dart.dev/tools/pub/workspaces
 */
export const dart = ecosystem({
  id: 'dart',
  title: 'Dart and Flutter (pub, Melos, FVM)',
  files: [
    'pubspec.yaml',
    'melos.yaml',
    '.fvmrc',
    '/.fvm/fvm_config.json',
    '*/.fvm/fvm_config.json',
    'analysis_options.yaml',
    'l10n.yaml',
  ],
  *detect(repo) {
    yield* fvm(repo);
    const packages = dartPackages(repo);
    const projects = dartProjects(repo, packages).slice(0, MAX_PROJECTS);
    for (const project of projects) {
      yield* manager(project);
      yield* versions(project);
      yield* melos(repo, project.root);
      yield* commands(repo, project);
      yield* members(repo, project);
      yield* frameworks(project);
      for (const each of [project.root, ...project.members]) yield* programs(repo, each, starter(repo, each.dir));
    }
  },
});

function* manager({ root, members }: DartProject): Iterable<Signal> {
  yield plain('package-manager', 'pub', root.dir, root.at);
  if (root.flutter || members.some(({ flutter }) => flutter)) {
    const shows = root.flutter ? root : members.find(({ flutter }) => flutter)!;
    yield plain('build-system', 'flutter', root.dir, flutterLine(shows), { weight: -1 });
  }
}

function flutterLine({ file, tree, at }: DartPackage) {
  const line = tree.get('dependencies', 'flutter') ?? tree.get('environment', 'flutter');
  return line ? file.at(line.keyLine) : at;
}

/** What `environment:` allows. A member that agrees with the root is silent. */
function* versions({ root, members }: DartProject): Iterable<Signal> {
  const above = new Set<string>();
  for (const { dir, file, tree } of [root, ...members]) {
    for (const [key, runtime] of [
      ['sdk', 'runtime.dart'],
      ['flutter', 'runtime.flutter'],
    ] as const) {
      const pin = tree.get('environment', key);
      if (!pin?.text) continue;
      if (dir === root.dir) above.add(`${runtime} ${pin.text}`);
      else if (above.has(`${runtime} ${pin.text}`) || above.size === 0) continue;
      yield plain(runtime, pin.text, dir, file.at(pin.keyLine));
    }
  }
}

function* commands(repo: RepoView, project: DartProject): Iterable<Signal> {
  const { root, members } = project;
  const { dir, at } = root;
  const fvm = starter(repo, dir);
  const flutter = root.flutter || members.some((each) => each.flutter);
  const tool = `${fvm}${flutter ? 'flutter' : 'dart'}`;
  // Where Melos is set up, it is what people type for all packages at once.
  const melos = hasMelos(repo, root);
  const shift = melos ? -0.5 : 0;
  if (!melos || root.tree.get('workspace')) yield command('install', `${tool} pub get`, dir, at, { weight: shift });
  yield* analysis(repo, root, tool, fvm, shift);
  yield* tests(root, fvm, 0);
  yield* generators(repo, root, fvm);
}

/** Only what a package's own folder can run; the rest is typed at the root. */
function* tests(each: DartPackage, fvm: string, weight: number): Iterable<Signal> {
  if (!each.hasTests) return;
  const tool = `${fvm}${each.flutter ? 'flutter' : 'dart'}`;
  const say = (purpose: Purpose, run: string, less = 0): Signal =>
    command(purpose, run, each.dir, each.at, { weight: weight - less });
  yield say('test', `${tool} test`);
  yield say('test-single', `${tool} test <file>`);
  yield say('test-single', `${tool} test --plain-name "<name>"`, 1);
}

function* members(repo: RepoView, { members: all }: DartProject): Iterable<Signal> {
  for (const { dir, name, at } of all) yield plain('workspace', name ?? dir, dir, at);
  const tested = all.filter((each) => each.hasTests).slice(0, MAX_PACKAGES);
  for (const each of tested) yield* tests(each, starter(repo, each.dir), -1);
  for (const each of all.slice(0, MAX_PACKAGES)) yield* generators(repo, each, starter(repo, each.dir));
}
