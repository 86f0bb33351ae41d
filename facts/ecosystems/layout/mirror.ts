import { isAside, type PathIndex } from '../../path-index.ts';

/** How a test file's path follows from the path of what it tests. */
export interface Mirror {
  /** `src/<path>/<name>.ts -> tests/<path>/<name>.test.ts` */
  readonly rule: string;
  /** A test that follows the rule, and what it tests. */
  readonly test: string;
  readonly source: string;
  readonly holds: number;
  readonly of: number;
}

/** Fewer tests than this prove no rule. */
const LEAST_TESTS = 6;
/** It is a rule where this share of the tests keeps it. */
const LEAST_SHARE = 0.6;
/** A package with more of the tests than this is the one that is meant. */
const MAIN_SHARE = 0.5;
/** Folders that show how something is used keep rules of their own. */
const SHOWS = /(?:^|\/)(?:examples?|samples?|demos?|playgrounds?)\//i;
/** Counting more tests would not change the answer. */
const MOST_TESTS = 3000;

const STYLES: readonly { readonly test: RegExp; readonly show: (extension: string) => string }[] = [
  { test: /^(.+)\.test(\.[jt]sx?|\.m[jt]s|\.c[jt]s)$/, show: (extension) => `<name>.test${extension}` },
  { test: /^(.+)\.spec(\.[jt]sx?|\.m[jt]s|\.c[jt]s)$/, show: (extension) => `<name>.spec${extension}` },
  { test: /^(.+)_test(\.go|\.py|\.dart|\.cc|\.cpp|\.exs)$/, show: (extension) => `<name>_test${extension}` },
  { test: /^test_(.+)(\.py|\.c|\.cpp)$/, show: (extension) => `test_<name>${extension}` },
  { test: /^(.+)_spec(\.rb|\.lua)$/, show: (extension) => `<name>_spec${extension}` },
  { test: /^(.+)Test(\.java|\.kt|\.scala|\.cs|\.php|\.swift)$/, show: (extension) => `<name>Test${extension}` },
  { test: /^(.+)Tests(\.java|\.kt|\.scala|\.cs|\.php|\.swift)$/, show: (extension) => `<name>Tests${extension}` },
  { test: /^(.+)Spec(\.scala|\.groovy|\.kt|\.swift)$/, show: (extension) => `<name>Spec${extension}` },
];

/** The rule by which tests mirror sources, where nearly all of them keep one. */
export function findMirror(paths: PathIndex): Mirror | undefined {
  const rules = new Map<string, { holds: number; prefixes: Map<string, Prefix> }>();
  let tests = 0;
  for (const { path, kind } of paths.entries) {
    if (kind !== 'file' || tests >= MOST_TESTS || isAside(path) || SHOWS.test(path)) continue;
    const slash = path.lastIndexOf('/');
    const found = asTest(path.slice(slash + 1));
    if (!found) continue;
    tests++;
    const source = sourceOf(path, found.sourceName, paths);
    if (!source) continue;
    const { rule, prefix } = ruleBetween(source, path, found);
    const known = rules.get(rule) ?? { holds: 0, prefixes: new Map<string, Prefix>() };
    rules.set(rule, known);
    known.holds++;
    const same = known.prefixes.get(prefix);
    if (same) same.holds++;
    else known.prefixes.set(prefix, { holds: 1, test: path, source });
  }
  const [rule, best] = [...rules].sort((a, b) => b[1].holds - a[1].holds || (a[0] < b[0] ? -1 : 1))[0] ?? [];
  if (!rule || !best || tests < LEAST_TESTS || best.holds < tests * LEAST_SHARE) return undefined;
  const [[main, { holds, test, source }]] = [...best.prefixes].sort((a, b) => b[1].holds - a[1].holds) as [
    [string, Prefix],
  ];
  const prefix = holds > best.holds * MAIN_SHARE ? main : '<package>/';
  return { rule: rule.replaceAll(PREFIX, prefix), test, source, holds: best.holds, of: tests };
}

/** The folders before the part that differs, with a test below them that keeps the rule. */
interface Prefix {
  holds: number;
  readonly test: string;
  readonly source: string;
}

interface TestName {
  readonly sourceName: string;
  readonly extension: string;
  readonly shown: string;
}

function asTest(name: string): TestName | undefined {
  for (const style of STYLES) {
    const match = style.test.exec(name);
    if (!match) continue;
    const extension = match[2]!;
    // An Elixir test script tests a compiled module.
    const own = extension === '.exs' ? '.ex' : extension;
    return { sourceName: match[1]! + own, extension, shown: style.show(extension) };
  }
  return undefined;
}

/** The source with the right name whose folders end like the test's, the most alike first. */
function sourceOf(test: string, name: string, paths: PathIndex): string | undefined {
  const dir = test.slice(0, Math.max(0, test.lastIndexOf('/')));
  const beside = dir === '' ? name : `${dir}/${name}`;
  if (paths.isFile(beside)) return beside;
  const testDirs = dir.split('/');
  let best: string | undefined;
  let bestShared = -1;
  for (const candidate of paths.named(name)) {
    if (isAside(candidate) || candidate === test) continue;
    const dirs = candidate.split('/').slice(0, -1);
    // The same end of the path says "the same place", the same start "the same package".
    let end = 0;
    while (end < Math.min(dirs.length, testDirs.length) && dirs.at(-1 - end) === testDirs.at(-1 - end)) end++;
    let start = 0;
    while (start < Math.min(dirs.length, testDirs.length) && dirs[start] === testDirs[start]) start++;
    const shared = end + start / 100;
    if (shared > bestShared) {
      best = candidate;
      bestShared = shared;
    }
  }
  return best;
}

/** Stands for the folders that both paths of a rule start with. */
const PREFIX = '\u0000';

/** Where the two paths differ is the rule; what they share at the end is `<path>`. */
function ruleBetween(source: string, test: string, name: TestName): { rule: string; prefix: string } {
  const sourceDirs = source.split('/').slice(0, -1);
  const testDirs = test.split('/').slice(0, -1);
  const own = name.extension === '.exs' ? '.ex' : name.extension;
  if (sourceDirs.join('/') === testDirs.join('/'))
    return { rule: `<path>/<name>${own} -> <path>/${name.shown}`, prefix: '' };
  let end = 0;
  while (end < Math.min(sourceDirs.length, testDirs.length) && sourceDirs.at(-1 - end) === testDirs.at(-1 - end)) end++;
  const sourceRoot = sourceDirs.slice(0, sourceDirs.length - end);
  const testRoot = testDirs.slice(0, testDirs.length - end);
  // Packages of a monorepo keep the same rule each in its own folder.
  let start = 0;
  while (start < Math.min(sourceRoot.length, testRoot.length) && sourceRoot[start] === testRoot[start]) start++;
  // `src` belongs to the rule, not to the package's name.
  if (start > 0 && sourceRoot[start - 1] === 'src') start--;
  const prefix = sourceRoot
    .slice(0, start)
    .map((part) => `${part}/`)
    .join('');
  const show = (root: readonly string[], file: string): string =>
    `${PREFIX}${[...root.slice(start), '<path>', file].join('/')}`;
  return { rule: `${show(sourceRoot, `<name>${own}`)} -> ${show(testRoot, name.shown)}`, prefix };
}
