import type { RepoView } from '../../ecosystem.ts';
import type { SourceFile } from '../../source-file.ts';
import { at, isNoLead } from '../native/side-folders.ts';

/** An Xcode project or workspace that is worked in, and its shared schemes. */
export interface XcodeProject {
  /** The folder it lies in, where `xcodebuild` is typed. */
  readonly dir: string;
  /** `Shop.xcworkspace`. */
  readonly bundle: string;
  readonly flag: '-workspace' | '-project';
  readonly schemes: readonly XcodeScheme[];
}

export interface XcodeScheme {
  readonly name: string;
  readonly file: SourceFile;
  /** The line of its first test bundle that is not skipped. */
  readonly tests: number | undefined;
  /** It builds an app. */
  readonly isApp: boolean;
}

/** The file of a project or workspace that is there in any case. */
export function projectFile({ dir, bundle, flag }: XcodeProject): string {
  return at(dir, `${bundle}/${flag === '-project' ? 'project.pbxproj' : 'contents.xcworkspacedata'}`);
}

const BUNDLE = /^((?:.*\/)?)([^/]+)\.(xcworkspace|xcodeproj)\//;

/**
 * The Xcode project of each folder: a workspace before a project, the one with schemes first. The workspaces inside
 * `.xcodeproj`, and those that Swift packages keep under `.swiftpm`, are Xcode's own.
 */
export function xcodeProjects(repo: RepoView): readonly XcodeProject[] {
  const found = new Map<string, XcodeProject>();
  const schemes = schemesOf(repo);
  for (const name of ['contents.xcworkspacedata', 'project.pbxproj']) {
    for (const path of repo.paths.named(name)) {
      const [, folder = '', base, kind] = BUNDLE.exec(path) ?? [];
      const dir = folder.slice(0, -1);
      if (base === undefined || /\.(?:xcodeproj|swiftpm|xcworkspace)(?:\/|$)/.test(dir) || isNoLead(dir)) continue;
      if (found.has(dir) || dir.split('/').some((part) => part.startsWith('.') || part === 'Pods')) continue;
      const bundle = `${base}.${kind}`;
      const own = schemes.get(folder + bundle) ?? [];
      // Schemes of a workspace's project are seen from the workspace too.
      const all = kind === 'xcworkspace' ? [...own, ...schemesBelow(schemes, folder)] : own;
      found.set(dir, {
        dir,
        bundle,
        flag: kind === 'xcworkspace' ? '-workspace' : '-project',
        schemes: ordered(all, base),
      });
    }
  }
  return [...found.values()].sort((a, b) => depth(a.dir) - depth(b.dir) || (a.dir < b.dir ? -1 : 1));
}

function depth(dir: string): number {
  return dir === '' ? 0 : dir.split('/').length;
}

/** The shared schemes that were read, by the path of the bundle that holds them. */
function schemesOf(repo: RepoView): ReadonlyMap<string, readonly XcodeScheme[]> {
  const found = new Map<string, XcodeScheme[]>();
  for (const file of repo.files) {
    const [, bundle, name] = /^(.*)\/xcshareddata\/xcschemes\/([^/]+)\.xcscheme$/.exec(file.path) ?? [];
    if (bundle === undefined || name === undefined) continue;
    const isApp = file.find(/BuildableName\s*=\s*"[^"]*\.app"/) !== undefined;
    const scheme = { name, file, tests: testLine(file), isApp };
    const same = found.get(bundle);
    if (same) same.push(scheme);
    else found.set(bundle, [scheme]);
  }
  return found;
}

/** Schemes of projects in the workspace's folder, or one folder below it. */
function schemesBelow(schemes: ReadonlyMap<string, readonly XcodeScheme[]>, folder: string): readonly XcodeScheme[] {
  return [...schemes].flatMap(([bundle, own]) => {
    const rest = bundle.startsWith(folder) ? bundle.slice(folder.length) : '';
    return /^(?:[^/.]+\/)?[^/]+\.xcodeproj$/.test(rest) && !/^(?:examples?|samples?|demos?)\//i.test(rest) ? own : [];
  });
}

/** A reference to a test bundle that is not skipped. */
function testLine(file: SourceFile): number | undefined {
  for (let line = file.find('<TestableReference'); line !== undefined; ) {
    const next = file.find('>', line) ?? line;
    let skipped = false;
    for (let at = line; at <= next; at++) skipped ||= /skipped\s*=\s*"YES"/.test(file.lines.line(at));
    if (!skipped) return file.find('BlueprintName', next) ?? line;
    line = file.find('<TestableReference', next + 1);
  }
  return file.find('<TestPlanReference');
}

/** Schemes of parts of an app, and of what shows it. */
const PART =
  /example|sample|demo|ui[-_ ]?tests?|tests?[-_ ]ui|benchmark|screenshot|widget|extension|intents?|watch|notification|share|launcher|playground|codegen|staging|static|xcframework/i;

/** The scheme of the whole first: the one called like its project, then those of its app, those that share its name, those with tests. */
function ordered(schemes: readonly XcodeScheme[], base: string): readonly XcodeScheme[] {
  const name = base.toLowerCase();
  const rank = (scheme: XcodeScheme): number => {
    const own = scheme.name.toLowerCase();
    if (own === name) return 0;
    const part = PART.test(scheme.name) ? 16 : 0;
    const other = /tv|watch|vision/i.test(scheme.name) ? 3 : /mac|osx/i.test(scheme.name) ? 1 : 0;
    const alike = own.startsWith(name) || name.startsWith(own) || own.includes(name);
    return part + other + (scheme.isApp ? 0 : 2) + (alike ? 1 : 3) + (scheme.tests ? 0 : 1);
  };
  return schemes.toSorted((a, b) => rank(a) - rank(b) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
}
