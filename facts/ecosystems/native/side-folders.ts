import type { PathIndex } from '../../path-index.ts';

/** Folders whose projects show, measure, document or build the repository, and are not what it is about. */
const SIDE =
  /^(?:\.github|\.ci|ci|_?examples?|samples?|demos?|docs?|documentation|site|website|e2e|tests?|testing|fuzz(?:ing)?|bench(?:es|marks?)?|hack|tools?|scripts?|stress-test|playground|tutorials?)$/i;

/** Folders that keep the sources of other projects where each has its own build file. */
const OTHERS =
  /^(?:libs?|deps?|dependencies|3rd-?party|third[-_]?parties|contrib|submodules?|subprojects|ext|externals?|extlibs?)$/i;

/** True for a folder that is, or lies in, an aside of the repository: `examples/http`, `internal/tools`. */
export function isSideFolder(dir: string): boolean {
  return dir.split('/').some((part) => SIDE.test(part));
}

/** Names that speak of tests or of a version somebody copied: `integration-tests`, `wamr-2.4.1`. */
const ASIDE = /^tests?[-_]|[-_]tests?$|[-_]v?\d+\.\d+/i;

/**
 * True where a manifest does not speak for the repository. Broader than {@link isSideFolder}: to be used where nothing
 * else (a workspace) names the folder.
 */
export function isNoLead(dir: string): boolean {
  const parts = dir.split('/');
  return parts.length > 3 || isSideFolder(dir) || parts.some((part) => ASIDE.test(part));
}

/** True for `lib/jansson-2.14`: a folder in a folder of other people's projects. Only its own build file can prove it. */
export function mayBeOthers(dir: string): boolean {
  const parts = dir.split('/');
  return parts.slice(0, -1).some((part) => OTHERS.test(part));
}

/** A folder and what stands in it: `at('', 'go.mod')`, `at('api', 'go.mod')`. */
export function at(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}

/** A folder, and every folder above it up to the root, the nearest first. */
export function upwards(dir: string): readonly string[] {
  const dirs = [dir];
  for (let here = dir; here !== ''; ) {
    here = here.slice(0, Math.max(0, here.lastIndexOf('/')));
    dirs.push(here);
  }
  return dirs;
}

/** True for the folder itself and everything below it. */
export function isWithin(path: string, dir: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`);
}

/** True for the `android/` or `linux/` of a Flutter app or plugin, and what lies in it: `flutter build` builds it. */
export function isFlutterPlatform(paths: PathIndex, dir: string): boolean {
  const parts = dir.split('/');
  return parts.some((part, i) => PLATFORM.test(part) && paths.isFile([...parts.slice(0, i), 'pubspec.yaml'].join('/')));
}

const PLATFORM = /^(?:android|ios|linux|macos|windows|darwin)$/;
