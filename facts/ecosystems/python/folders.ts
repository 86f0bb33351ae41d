import type { PathIndex } from '../../path-index.ts';

/** Folders whose projects show or help something else: examples, documentation, benchmarks, automation. */
export function isSecondary(dir: string): boolean {
  return dir.split('/').some((part) => part.startsWith('.') || SECONDARY.test(part));
}

const SECONDARY =
  /^(?:examples?|samples?|demos?|docs?|documentation|website|benchmarks?|bench|perf|tutorials?|notebooks?|recipes|playground|docs?_src|test_?projects?|e2e|sandbox|docker|dockerfiles|contrib)$/i;

/** True for a folder that is, or lies in, one of tests. */
export function isAmongTests(dir: string): boolean {
  return /(?:^|\/)(?:tests?|testing)(?:\/|$)/i.test(dir);
}

/** In a C or C++ repository the libraries that come with it, and whatever carries its version in its name. */
export function isOthers(paths: PathIndex, dir: string): boolean {
  if (/-\d+\.\d+(?:\.\d+)*(?:\/|$)/.test(dir)) return true;
  const native = ['CMakeLists.txt', 'configure.ac', 'meson.build', 'Makefile.am'].some((name) => paths.has(name));
  return native && /(?:^|\/)(?:libs?|deps?|subprojects|external|extern|submodules)\//.test(dir);
}

/** The nearest of some folders that a path lies in. */
export function ownerOf(path: string, dirs: ReadonlySet<string>): string | undefined {
  for (let dir = parentOf(path); ; dir = parentOf(dir)) {
    if (dirs.has(dir)) return dir;
    if (dir === '') return undefined;
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
