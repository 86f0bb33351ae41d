import { isLockFile } from './dependencies.ts';

const SOURCE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|py|pyx|go|rs|java|kts?|scala|groovy|clj[cs]?|rb|php|exs?|erl|hs|ml|fs|cs|vb|dart|swift|m|mm|c|cc|cpp|cxx|h|hh|hpp|zig|nim|lua|r|jl|pl|pm|sol|cr|elm|gleam)$/i;
/** Written in a programming language, and still only settings or a manifest. */
const SETTINGS =
  /(?:^|\/)(?:mix\.exs|Package\.swift|build\.rs|setup\.py|conf\.py|[^/]*\.config\.[cm]?[jt]s|[^/]*\.gradle\.kts|\.eslintrc\.[cm]?js)$/;

/** Whether a file holds code that somebody calls: no manifest, no lock file, no settings. */
export function isSource(path: string): boolean {
  return SOURCE.test(path) && !SETTINGS.test(path) && !isLockFile(path);
}
