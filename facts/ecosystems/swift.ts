import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { mainLanguages } from './languages.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isSideFolder, isWithin } from './native/side-folders.ts';
import { dependencyManagers } from './swift/dependencies.ts';
import { projectGenerators } from './swift/generators.ts';
import { type SwiftPackage, swiftPackage } from './swift/manifest.ts';
import { testFiles, testFrameworks } from './swift/test-frameworks.ts';
import { lintAndFormat, NAMING_FILES } from './swift/tools.ts';
import { xcodeProjects } from './swift/xcode.ts';
import { isTooling, projectFiles, xcodeCommands } from './swift/xcode-commands.ts';

/** Packages below a lead whose tests the root does not run; more would say nothing new. */
const MAX_NESTED = 12;

/**
 * Swift and Objective-C: Swift packages, Xcode projects by their shared schemes, CocoaPods, Carthage, Mint, XcodeGen and
 * Tuist, SwiftLint and the formatters. Lanes of fastlane are a plugin of their own.
 */
export const swift = ecosystem({
  id: 'swift',
  title: 'Swift, Objective-C (SwiftPM, Xcode)',
  files: [
    'Package.swift',
    '*.xcscheme',
    'Podfile',
    'Cartfile',
    'project.yml',
    'Project.swift',
    'Workspace.swift',
    'Tuist.swift',
    '.swiftlint.yml',
    '.swiftformat',
    '.swift-format',
    '/.swift-version',
  ],
  depth: 5,
  *follow(repo) {
    yield* testFiles(repo);
    yield* projectFiles(xcodeProjects(repo));
    // Settings and manifests that do not name their own tool: see where a line does.
    if (repo.files.some(({ name }) => !name.endsWith('.xcscheme'))) yield* NAMING_FILES;
  },
  *detect(repo) {
    const packages = repo.files.flatMap((file) => (file.name === 'Package.swift' ? (swiftPackage(file) ?? []) : []));
    const projects = xcodeProjects(repo);
    const leads = packages.filter(
      ({ dir }) =>
        !isNoLead(dir) && ![...packages, ...projects].some((other) => other.dir !== dir && isWithin(dir, other.dir)),
    );
    const shift = isSwiftFirst(repo) ? 0 : -2;
    yield* pinnedVersion(repo);
    for (const each of leads) yield* packageCommands(repo, each, isTooling(each, projects) ? shift - 3 : shift);
    yield* nested(packages, leads);
    yield* xcodeCommands(repo, projects, leads, shift);
    yield* dependencyManagers(repo, projects, leads, shift);
    yield* projectGenerators(repo);
    const dirs = new Set(['', ...leads.map(({ dir }) => dir), ...projects.map(({ dir }) => dir)]);
    for (const dir of dirs) {
      yield* lintAndFormat(repo, dir);
      yield* testFrameworks(repo, dir, dirs);
    }
  },
});

/** Many a library of another language has a Package.swift for those who build apps with it. */
function isSwiftFirst(repo: RepoView): boolean {
  const [first] = mainLanguages(repo.paths);
  return first === undefined || ['Swift', 'Objective-C', 'Objective-C++'].includes(first.language);
}

function* pinnedVersion(repo: RepoView): Iterable<Signal> {
  const file = repo.file('.swift-version');
  const version = file?.lines.line(1).trim() ?? '';
  if (file && /^\d/.test(version)) yield plain('runtime.swift', version, '', file.at(1), { weight: 1 });
}

function* packageCommands(repo: RepoView, each: SwiftPackage, shift: number): Iterable<Signal> {
  const { dir, file, line, toolsVersion, tests, platforms } = each;
  yield plain('package-manager', 'swiftpm', dir, file.at(line), { weight: shift });
  yield plain('build-system', 'swiftpm', dir, file.at(line), { weight: shift });
  if (toolsVersion !== undefined) yield plain('runtime.swift', toolsVersion, dir, file.at(1));
  // The first line names Swift: `// swift-tools-version`. What only runs on phones is not built by the host's compiler.
  const evidence = file.at(toolsVersion === undefined ? line : 1);
  const forPhones = platforms.includes('iOS') && !platforms.includes('macOS') && !platforms.includes('macCatalyst');
  const weight = shift - (forPhones ? 1 : 0);
  yield command('install', 'swift package resolve', dir, evidence, { weight: shift });
  yield command('build', 'swift build', dir, evidence, { weight });
  const [test] = tests;
  if (test) {
    const at = [file.at(test.line), evidence];
    yield command('test', 'swift test', dir, at, { weight });
    yield command('test-single', 'swift test --filter <name>', dir, at, { weight });
  }
  yield* programs(repo, each, shift);
}

function* programs(repo: RepoView, { dir, file, executables }: SwiftPackage, shift: number): Iterable<Signal> {
  const names = new Map(executables.flatMap((target) => (target.name === undefined ? [] : [[target.name, target]])));
  let told = 0;
  for (const [name, { path, line }] of names) {
    const folder = at(dir, path ?? `Sources/${name}`);
    const main = [
      `${folder}/main.swift`,
      `${folder}/${name}.swift`,
      `${folder}/Main.swift`,
      `${folder}/entrypoint.swift`,
    ];
    const entry = main.find((each) => repo.paths.isFile(each));
    if (entry !== undefined) yield plain('entrypoint', entry, dir, file.at(line));
    if (!/^[\w-]+$/.test(name) || told++ >= 3) continue;
    const run = names.size === 1 ? 'swift run' : `swift run ${name}`;
    yield command('run', run, dir, [file.at(line), file.at(1)], { weight: shift - told });
  }
}

/** Packages that an app or a larger package keeps in folders of their own. */
function* nested(packages: readonly SwiftPackage[], leads: readonly SwiftPackage[]): Iterable<Signal> {
  let told = 0;
  for (const each of packages) {
    const { dir, file, line, name, tests, toolsVersion } = each;
    if (dir === '' || isNoLead(dir) || isSideFolder(dir)) continue;
    yield plain('workspace', name ?? dir, dir, file.at(line), { weight: leads.includes(each) ? 0 : -1 });
    if (leads.includes(each) || tests.length === 0 || told++ >= MAX_NESTED) continue;
    const evidence = file.at(toolsVersion === undefined ? tests[0]!.line : 1);
    yield command('test', 'swift test', dir, evidence, { weight: -1 });
    yield command('test-single', 'swift test --filter <name>', dir, evidence, { weight: -1 });
  }
}
