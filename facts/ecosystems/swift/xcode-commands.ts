import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at, isWithin } from '../native/side-folders.ts';
import type { SwiftPackage } from './manifest.ts';
import { projectFile, type XcodeProject, type XcodeScheme } from './xcode.ts';

/** Subprojects of a workspace are built through it; projects in other folders stand for themselves. */
const MAX_PROJECTS = 6;

/**
 * `xcodebuild` for the main scheme of each Xcode project. A simulator has to be named, and which ones there are is known
 * to the machine only: `<name>` stands for it. https://developer.apple.com/documentation/xcode/xcodebuild
 */
export function* xcodeCommands(
  repo: RepoView,
  projects: readonly XcodeProject[],
  packages: readonly SwiftPackage[],
  shift: number,
): Iterable<Signal> {
  const told: XcodeProject[] = [];
  for (const project of projects) {
    const { dir, schemes } = project;
    const inside = told.some((other) => other.flag === '-workspace' && isWithin(dir, other.dir));
    if (inside || told.length >= MAX_PROJECTS || belongsToApp(repo, dir)) continue;
    told.push(project);
    const file = repo.file(projectFile(project));
    // A pipeline's own call names a device that there is.
    const weight = shift - (packages.some((each) => each.dir === dir && !isTooling(each, [project])) ? 2 : 0.5);
    const [main] = schemes;
    const evidence = main ? main.file.at(1) : file && file.lines.count > 0 ? file.at(1) : undefined;
    if (evidence) yield plain('build-system', 'xcodebuild', dir, evidence, { weight });
    if (main) yield* schemeCommands(repo, project, main, weight);
  }
}

/** The files that the first projects consist of; those of an app may be large. */
export function* projectFiles(projects: readonly XcodeProject[]): Iterable<string> {
  for (const project of projects.slice(0, MAX_PROJECTS)) {
    yield projectFile(project);
    const [main] = project.schemes;
    if (main) yield `${bundleOf(main)}/project.pbxproj`;
  }
}

function* schemeCommands(
  repo: RepoView,
  { dir, bundle, flag, schemes }: XcodeProject,
  main: XcodeScheme,
  weight: number,
): Iterable<Signal> {
  const start = `${flag} ${shellWord(bundle)}`;
  const platform = platformOf(repo, main, schemes);
  const builds = `xcodebuild build ${start} -scheme ${shellWord(main.name)} -destination 'generic/platform=${platform}'`;
  yield command('build', builds, dir, main.file.at(main.file.find('<BuildAction') ?? 1), { weight });
  const tested = main.tests === undefined ? schemes.find(({ tests }) => tests !== undefined) : main;
  if (!tested) return;
  const device = tested === main ? platform : platformOf(repo, tested, schemes);
  const destination = device === 'macOS' ? 'platform=macOS' : `platform=${device},name=<name>`;
  const tests = `xcodebuild test ${start} -scheme ${shellWord(tested.name)} -destination '${destination}'`;
  const action = tested.file.at(tested.file.find('<TestAction') ?? 1);
  yield command('test', tests, dir, action, { weight });
  yield command('test-single', `${tests} -only-testing:<name>`, dir, action, { weight });
}

/** What a scheme runs on: by its name, by that of its sibling for phones, by what its project is built for. */
function platformOf(repo: RepoView, scheme: XcodeScheme, all: readonly XcodeScheme[]): string {
  const { name } = scheme;
  if (/mac|osx/i.test(name)) return 'macOS';
  if (/tvos|\btv\b/i.test(name)) return 'tvOS Simulator';
  if (/vision/i.test(name)) return 'visionOS Simulator';
  if (/ios/i.test(name)) return 'iOS Simulator';
  if (all.some((other) => other.name.replace(/[-_ (]*ios[) ]*/i, '') === name && other !== scheme)) return 'macOS';
  const project = repo.file(`${bundleOf(scheme)}/project.pbxproj`)?.text ?? '';
  return project.includes('SDKROOT = macosx') && !project.includes('SDKROOT = iphoneos') ? 'macOS' : 'iOS Simulator';
}

/** A manifest that only pins and runs the tools of the app beside it. */
export function isTooling({ dir, libraries, tests }: SwiftPackage, projects: readonly XcodeProject[]): boolean {
  if (libraries > 0 || tests.length > 0) return false;
  return projects.some((project) => project.dir === dir && project.schemes.some(({ isApp }) => isApp));
}

/** The project or workspace that holds a scheme. */
function bundleOf({ file }: XcodeScheme): string {
  return file.path.slice(0, Math.max(0, file.path.indexOf('/xcshareddata/')));
}

/** The `ios/` of a Flutter, React Native or Capacitor app: its own tools build it. */
function belongsToApp(repo: RepoView, dir: string): boolean {
  if (!/(?:^|\/)(?:ios|macos|App)$/.test(dir)) return false;
  const above = dir.replace(/\/?(?:ios|macos|App)$/, '').replace(/\/?ios$/, '');
  return ['pubspec.yaml', 'package.json'].some((name) => repo.paths.isFile(at(above, name)));
}

function shellWord(word: string): string {
  return /^[\w.+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
