import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal, Task } from '../signal.ts';
import { command, plain } from './native/leads.ts';
import { at, isSideFolder } from './native/side-folders.ts';
import { entryPoints, frameworkCommands, startFiles } from './php/frameworks.ts';
import type { Manifest } from './php/manifest.ts';
import { isApplication, type PhpProject, phpProjects } from './php/projects.ts';
import { qualityCommands, toolFacts } from './php/quality.ts';
import { composerScripts, scriptSet } from './php/scripts.ts';
import { testCommands } from './php/tests.ts';
import { TOOLS } from './php/tools.ts';
import { RUN_TESTS, suiteCommands } from './php/typo3.ts';
import { usesOf } from './php/uses.ts';
import { containedTests, isContained } from './php/wordpress.ts';

/** Where there is more of another language its manager speaks first. */
const BESIDE = -1;
/** Low enough that every other language's own answer comes first. */
const TOOLING = -20;

/** `composer setup` migrates and builds as well: where a pipeline installs plainly, the plain form comes first. */
const INSTALLS = 1.5;

/**
 * Composer, its scripts as tasks, and the tools that packages bring. Laravel and Symfony are known by their consoles;
 * what plugins of Composer add as commands is code and not read.
 */
export const php = ecosystem({
  id: 'php',
  title: 'PHP (Composer)',
  files: [
    'composer.json',
    '.php-version',
    `/${RUN_TESTS}`,
    '.phive/phars.xml',
    'phive.xml',
    ...new Set(TOOLS.flatMap(({ configs }) => configs.filter((name) => !name.includes('/')))),
  ],
  *follow(repo) {
    const dirs = repo.files.flatMap(({ name, dir }) => (name === 'composer.json' ? [dir] : []));
    yield* startFiles(dirs);
    for (const dir of dirs) if (isContained(repo, dir)) yield at(dir, 'package.json');
  },
  *detect(repo) {
    for (const project of phpProjects(repo)) yield* ofProject(repo, project);
  },
});

function* ofProject(repo: RepoView, { manifest, members, standing }: PhpProject): Iterable<Signal> {
  const { dir, file, line, packages, bin } = manifest;
  const shift = standing === 'main' ? 0 : standing === 'beside' ? BESIDE : TOOLING;
  yield scriptSet(manifest);
  yield* composerScripts(manifest, isContained(repo, dir));
  yield { kind: 'launcher', language: 'php', prefix: bin, dir, at: file.at(line) };
  // An application stays one, however many files its front end has.
  yield plain('package-manager', 'composer', dir, file.at(line), {
    weight: shift + (isApplication(repo, dir) ? 1 : 0),
  });
  if ([...packages.keys()].some((name) => name.includes('/')) || lockFile(repo, dir) !== undefined) {
    const lock = lockFile(repo, dir);
    const evidence = lock === undefined ? [file.at(line)] : [{ path: lock, line: 1 }, file.at(line)];
    yield command('install', 'composer install', dir, evidence, {
      weight: standing === 'tooling' ? -3 : shift + INSTALLS,
    });
  }
  if (standing === 'tooling') return;
  yield* versions(repo, manifest);
  const uses = usesOf(repo, manifest);
  yield* toolFacts(uses, dir, shift);
  yield* testCommands(repo, manifest, uses);
  yield* qualityCommands(uses, file, shift);
  yield* containedTests(repo, manifest);
  yield* frameworkCommands(repo, manifest);
  if (dir === '') yield* suiteCommands(repo);
  yield* entryPoints(repo, manifest);
  const phpunit = uses.get('phpunit');
  const rootTests = phpunit?.configured || (phpunit?.scripted.length ?? 0) > 0 || uses.has('pest');
  const shared = rootTests ? sharedScripts(members) : new Set<string>();
  for (const member of members) yield* ofMember(repo, member, rootTests, shared);
}

/** A package of a monorepo: its name, its scripts, and its tests where the root does not run them all. */
function* ofMember(
  repo: RepoView,
  member: Manifest,
  rootTests: boolean,
  shared: ReadonlySet<string>,
): Iterable<Signal> {
  const { dir, file, line, name } = member;
  yield scriptSet(member);
  if (isSideFolder(dir)) return;
  yield plain('workspace', name ?? dir, dir, file.at(line));
  for (const task of composerScripts(member)) if (!shared.has(scriptKey(task))) yield task;
  if (rootTests) return;
  const uses = usesOf(repo, member);
  if (uses.get('phpunit')?.configured || uses.has('pest')) yield* testCommands(repo, member, uses);
}

/** Packages that are split off for publishing carry the same scripts: what all of them have says nothing of one. */
function sharedScripts(members: readonly Manifest[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const member of members)
    for (const task of composerScripts(member)) counts.set(scriptKey(task), (counts.get(scriptKey(task)) ?? 0) + 1);
  return new Set([...counts].flatMap(([key, count]) => (count >= SHARED ? [key] : [])));
}

const SHARED = 4;

function scriptKey({ name, body, needs }: Task): string {
  return JSON.stringify([name, body, needs]);
}

function lockFile(repo: RepoView, dir: string): string | undefined {
  const path = at(dir, 'composer.lock');
  return repo.paths.isFile(path) ? path : undefined;
}

/** The pin of a version manager, what composer.json asks for, and the version that its packages are chosen for. */
function* versions(repo: RepoView, { tree, dir, file }: Manifest): Iterable<Signal> {
  const pin = repo.file(at(dir, '.php-version'));
  const pinned = pin?.find(/\S/);
  if (pin && pinned !== undefined)
    yield plain('runtime.php', pin.lines.line(pinned).trim(), dir, pin.at(pinned), { weight: 2 });
  for (const [at, weight] of [
    [tree.get('require', 'php'), 1],
    [tree.get('config', 'platform', 'php'), 0],
  ] as const) {
    if (at?.text !== undefined) yield plain('runtime.php', at.text.trim(), dir, file.at(at.keyLine), { weight });
  }
}
