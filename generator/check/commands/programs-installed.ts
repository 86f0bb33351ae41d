import type { Tree } from '../../../facts/parse/tree.ts';
import { isProgram } from '../../documents/programs.ts';
import type { TargetIndex } from './target-index.ts';

/** What projects call their scripts and no package calls a program. */
const SCRIPTS =
  /^(?:test|build|lint|format|typecheck|type-check|types|dev|start|check|watch|coverage|clean|docs|serve|preview|release|e2e|unit|fix|verify|validate|ci|all)(?:[-_:].*)?$/;
const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * Whether `yarn x` may start a program `x` of some installed package. Which programs a package has is not in any file of the
 * repository: a name like that of a dependency will do. `never` where it can only be a script.
 */
export function mayBeInstalled(name: string, index: TargetIndex): 'never' | 'perhaps' | 'surely' {
  if (/[:*\s]/.test(name)) return 'never';
  if (/\.[cm]?[jt]sx?$|\//.test(name)) return 'surely';
  const manifests = index.all('npm').flatMap(({ dir }) => index.manifest(dir) ?? []);
  for (const manifest of manifests) {
    if (hasBin(manifest, name)) return 'surely';
    for (const section of SECTIONS) {
      for (const [dependency] of manifest.get(section)?.entries() ?? [])
        if (!SCRIPTS.test(name) && isLike(name, dependency)) return 'surely';
    }
  }
  if (SCRIPTS.test(name)) return 'never';
  return isProgram(name) ? 'surely' : 'perhaps';
}

function hasBin(manifest: Tree, name: string): boolean {
  const bin = manifest.get('bin');
  if (bin?.kind === 'map') return bin.get(name) !== undefined;
  return bin !== undefined && manifest.get('name')?.text?.replace(/^@[^/]*\//, '') === name;
}

/** `changeset` of `@changesets/cli`, `backstage-cli` of `@backstage/cli`. */
function isLike(name: string, dependency: string): boolean {
  const words = dependency.split(/[@/._-]+/).filter(Boolean);
  const last = dependency.replace(/^@[^/]*\//, '');
  return (
    name === last ||
    words.includes(name) ||
    words.some(
      (word) => word.length > 3 && (name.split(/[-_.]/)[0] === word || (name.length > 4 && word.startsWith(name))),
    )
  );
}
