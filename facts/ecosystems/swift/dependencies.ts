import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at, isFlutterPlatform, isNoLead } from '../native/side-folders.ts';
import type { SwiftPackage } from './manifest.ts';
import { projectFile, type XcodeProject } from './xcode.ts';

/** CocoaPods, Carthage, and the Swift packages of an Xcode project. Where a Package.swift leads, these are asides. */
export function* dependencyManagers(
  repo: RepoView,
  projects: readonly XcodeProject[],
  packages: readonly SwiftPackage[],
  shift: number,
): Iterable<Signal> {
  for (const file of repo.files) {
    const { dir, name } = file;
    if ((name !== 'Podfile' && name !== 'Cartfile') || isNoLead(dir)) continue;
    if (isFlutterPlatform(repo.paths, dir)) continue;
    const aside = packages.some((each) => each.dir === dir) ? -1 : 0;
    if (name === 'Cartfile') {
      const line = file.find(/^\s*(?:github|git|binary)\b/);
      if (line !== undefined)
        yield plain('package-manager', 'carthage', dir, file.at(line), { weight: shift + aside - 1 });
      continue;
    }
    const line = file.find(/^\s*pod\s*\(?['"]/) ?? file.find(/^\s*(?:target|platform)\b/);
    if (line === undefined) continue;
    yield plain('package-manager', 'cocoapods', dir, file.at(line), { weight: shift + aside });
    const gem = ['', dir].some((folder) => repo.file(at(folder, 'Gemfile'))?.find(/^\s*gem\s*\(?['"]cocoapods['"]/));
    const install = gem ? 'bundle exec pod install' : 'pod install';
    yield command('install', install, dir, file.at(file.find(/\bpod\b/) ?? line), { weight: shift + aside });
  }
  for (const project of projects) {
    const { dir, bundle, flag } = project;
    if (packages.some((each) => each.dir === dir)) continue;
    const inner = flag === '-project' ? `${bundle}/project.xcworkspace` : bundle;
    const resolved = at(dir, `${inner}/xcshareddata/swiftpm/Package.resolved`);
    // Its first line is a brace: it is evidence by being there.
    const file = repo.paths.isFile(resolved) ? repo.file(projectFile(project)) : undefined;
    const line = file?.find('XCRemoteSwiftPackageReference') ?? (file && file.lines.count > 0 ? 1 : undefined);
    if (file && line !== undefined)
      yield plain('package-manager', 'swiftpm', dir, file.at(line), { weight: shift - 0.5 });
  }
}
