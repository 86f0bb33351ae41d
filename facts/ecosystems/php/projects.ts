import type { RepoView } from '../../ecosystem.ts';
import { isAside, joinPath, type PathIndex } from '../../path-index.ts';
import { at, isNoLead, mayBeOthers } from '../native/side-folders.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** A composer.json that is worked on by itself, and the packages of its monorepo. */
export interface PhpProject {
  readonly manifest: Manifest;
  readonly members: readonly Manifest[];
  /**
   * `main`: the repository is about it; `beside`: there is more of another language; `tooling`: there is next to no PHP,
   * and Composer only brings tools.
   */
  readonly standing: 'main' | 'beside' | 'tooling';
}

/** Tools with requirements of their own (bamarni/composer-bin-plugin), and what documents show. */
const ASIDE = /(?:^|\/)(?:vendor-bin\/|docs?[-_])/;
const MAX_LEADS = 6;
const MAX_MEMBERS = 300;

/** The root's project; without one the shallowest that are no examples, tools or copies; and applications inside it. */
export function phpProjects(repo: RepoView): readonly PhpProject[] {
  const manifests = repo.files.flatMap((file) => (file.name === 'composer.json' ? (readManifest(file) ?? []) : []));
  const root = manifests.find(({ dir }) => dir === '');
  const others = manifests.filter(({ dir }) => dir !== '' && !isNoLead(dir) && !mayBeOthers(dir) && !ASIDE.test(dir));
  if (root) {
    const members = others.filter((other) => belongs(other, root)).slice(0, MAX_MEMBERS);
    const apps = members.filter(({ dir }) => isApplication(repo, dir)).slice(0, MAX_LEADS);
    const libraries = members.filter((member) => !apps.includes(member));
    return [
      { manifest: root, members: libraries, standing: standingOf(repo, root) },
      ...apps.map((manifest): PhpProject => ({ manifest, members: [], standing: standingOf(repo, manifest) })),
    ];
  }
  const depth = others[0]?.dir.split('/').length;
  return others
    .filter(({ dir }) => dir.split('/').length === depth)
    .slice(0, MAX_LEADS)
    .map((manifest) => ({ manifest, members: [], standing: standingOf(repo, manifest) }))
    .filter(({ standing }) => standing !== 'tooling');
}

/** True where a framework's own console stands: nobody has it for tooling. */
export function isApplication(repo: RepoView, dir: string): boolean {
  return repo.paths.isFile(at(dir, 'artisan')) || repo.paths.isFile(at(dir, 'bin/console'));
}

/** Part of the root's monorepo, or an application of its own; what other people publish is neither. */
function belongs(manifest: Manifest, root: Manifest): boolean {
  const { name, dir, tree } = manifest;
  if (name === undefined || tree.get('type')?.text === 'project') return true;
  if (root.name === undefined || name.split('/')[0] === root.name.split('/')[0]) return true;
  if (root.packages.has(name.toLowerCase()) || root.tree.get('replace', name)) return true;
  const repositories = root.tree.get('repositories');
  const listed = [...(repositories?.items() ?? []), ...(repositories?.entries().map(([, entry]) => entry) ?? [])];
  return listed.some((entry) => {
    const path = entry.get('type')?.text === 'path' ? joinPath('', entry.get('url')?.text ?? '') : undefined;
    return path !== undefined && (path === dir || path.replace(/\/\*$/, '') === dir.replace(/\/[^/]+$/, ''));
  });
}

const OTHER_LANGUAGES: readonly RegExp[] = [
  /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
  /\.py$/,
  /\.go$/,
  /\.rs$/,
  /\.rb$/,
  /\.(?:java|kt|scala)$/,
  /\.(?:c|cc|cpp|cxx|h|hpp)$/,
  /\.(?:swift|m|mm)$/,
  /\.(?:cs|fs)$/,
  /\.dart$/,
  /\.exs?$/,
];

function standingOf(repo: RepoView, { dir, tree }: Manifest): PhpProject['standing'] {
  if (isApplication(repo, dir)) return 'main';
  const { php, most } = countSources(repo.paths, dir);
  // What autoloads classes of its own is a package, however small beside a front end.
  const least = tree.get('autoload') ? 1 / 20 : 1 / 8;
  if (php === 0 || php < most * least) return 'tooling';
  return php >= most ? 'main' : 'beside';
}

/** PHP files of a folder, and files of whichever other language has most. */
function countSources(paths: PathIndex, dir: string): { readonly php: number; readonly most: number } {
  return paths.once(`PHP and other sources of ${dir}`, () => {
    let php = 0;
    const others = OTHER_LANGUAGES.map(() => 0);
    for (const { path } of paths.under(dir)) {
      if (isAside(path) || path.endsWith('.min.js')) continue;
      if (path.endsWith('.php')) php++;
      else {
        const language = OTHER_LANGUAGES.findIndex((sources) => sources.test(path));
        if (language >= 0) others[language]!++;
      }
    }
    return { php, most: Math.max(...others) };
  });
}
