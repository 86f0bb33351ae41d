import type { RepoView } from '../../ecosystem.ts';
import { shallowFirst } from '../../match-files.ts';
import type { Tree } from '../../parse/tree.ts';
import { isAside } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { chooseManager, type ManagerChoice } from './managers.ts';
import { type Manifest, readManifest } from './package-json.ts';
import { workspaceGlobs } from './workspace-globs.ts';

/** A folder with a package.json that is worked on by itself: the root, an independent project, or a workspace member. */
export interface Project {
  readonly manifest: Manifest;
  readonly dir: string;
  readonly kind: 'root' | 'independent' | 'member';
  readonly manager: ManagerChoice;
  /** Examples, demos, benchmarks: there to be looked at, not what the repository is about. */
  readonly secondary: boolean;
  /** The packages of its workspace, its own one left out. */
  readonly members: readonly Project[];
  /** More than one member: what people call a monorepo. */
  readonly monorepo: boolean;
}

/** A fleet's largest workspaces have some thousand packages; every one costs a read. */
const MAX_MEMBERS = 2000;
const SECONDARY =
  /(?:^|\/)(?:examples?|demos?|samples?|playgrounds?|benchmarks?|bench|sandbox(?:es)?|starters?|boilerplates?|e2e|integration-tests?|tests?|__tests__|\.[^/]+)(?:\/|$)/;
/** Of these a project with no lock file of its own is part of somebody else's test or show. */
const SHOWCASE =
  /(?:^|\/)(?:examples?|demos?|samples?|playgrounds?|benchmarks?|bench|starters?|boilerplates?|\.[^/]+)(?:\/|$)/;

/** Every project, the root first, each workspace's members after it. */
export function findProjects(repo: RepoView): readonly Project[] {
  const manifests = new Map<string, Manifest>();
  for (const file of repo.files) {
    if (file.name !== 'package.json') continue;
    const manifest = readManifest(file);
    if (manifest) manifests.set(manifest.dir, manifest);
  }
  const found: Project[] = [];
  const claimed = new Set<string>();
  const roots = new Map<string, Project>();
  for (const [dir, manifest] of manifests) {
    if (claimed.has(dir)) continue;
    if (dir !== '' && (manifest.scripts.size === 0 || SHOWCASE.test(dir))) continue;
    const project = rootProject(repo, manifest, nearest(roots, dir)?.manager);
    roots.set(dir, project);
    found.push(project, ...project.members);
    for (const member of project.members) claimed.add(member.dir);
  }
  return found;
}

/** The manifests of all workspaces' members, for the engine to read. */
export function* memberManifests(repo: RepoView): Generator<string> {
  for (const file of repo.files) {
    if (file.name !== 'package.json') continue;
    for (const dir of memberDirs(repo, file)) yield `${dir}/package.json`;
  }
}

function rootProject(repo: RepoView, manifest: Manifest, above: ManagerChoice | undefined): Project {
  const { dir, file } = manifest;
  const manager = chooseManager(repo, manifest, above);
  const members = memberDirs(repo, file).flatMap((member): Project[] => {
    const read = repo.file(`${member}/package.json`);
    const manifest = read && readManifest(read);
    const secondary = SECONDARY.test(dir === '' ? member : member.slice(dir.length + 1));
    return manifest
      ? [
          {
            manifest,
            dir: member,
            kind: 'member',
            manager: { ...manager, own: false },
            secondary,
            members: [],
            monorepo: false,
          },
        ]
      : [];
  });
  return {
    manifest,
    dir,
    kind: dir === '' ? 'root' : 'independent',
    manager,
    secondary: dir !== '' && SECONDARY.test(dir),
    members,
    monorepo: members.length > 1,
  };
}

/** The project in the closest folder above. */
function nearest(roots: ReadonlyMap<string, Project>, dir: string): Project | undefined {
  for (let at = dir; at !== ''; ) {
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    const project = roots.get(at);
    if (project) return project;
  }
  return undefined;
}

/** The folders of a workspace's members, shallowest first; none where the manifest is no workspace's root. */
function memberDirs(repo: RepoView, root: SourceFile): readonly string[] {
  const patterns = memberPatterns(repo, root);
  if (patterns.length === 0) return [];
  const { matches, odd } = workspaceGlobs(patterns);
  for (const pattern of odd) repo.problem(root.path, `workspace pattern not understood: ${pattern.slice(0, 80)}`);
  const start = root.dir === '' ? 0 : root.dir.length + 1;
  const prefix = root.dir === '' ? '' : `${root.dir}/`;
  const dirs = repo.paths
    .named('package.json')
    .filter((path) => path !== root.path && path.startsWith(prefix) && repo.paths.isFile(path) && !isAside(path))
    .map((path) => path.slice(0, path.lastIndexOf('/')))
    .filter((dir) => matches(dir.slice(start)))
    .sort(shallowFirst);
  if (dirs.length > MAX_MEMBERS)
    repo.problem(root.path, `${dirs.length} workspace members: only ${MAX_MEMBERS} were read`);
  return dirs.slice(0, MAX_MEMBERS);
}

/** pnpm reads its own file and nothing else, an empty list there included; then `workspaces`, then lerna's list. */
function memberPatterns(repo: RepoView, root: SourceFile): readonly string[] {
  const at = root.dir === '' ? '' : `${root.dir}/`;
  const pnpm = repo.file(`${at}pnpm-workspace.yaml`)?.yaml()?.get('packages');
  if (pnpm?.kind === 'list') return pnpm.texts();
  const field: Tree | undefined = root.json()?.get('workspaces');
  const patterns = (field?.kind === 'map' ? field.get('packages') : field)?.texts() ?? [];
  if (patterns.length > 0) return patterns;
  const lerna = repo.file(`${at}lerna.json`)?.json();
  if (lerna?.kind !== 'map') return [];
  const listed = lerna.get('packages')?.texts() ?? [];
  return listed.length > 0 ? listed : ['packages/*'];
}
