import type { RepoView } from '../../ecosystem.ts';
import { shallowFirst } from '../../match-files.ts';
import type { Signal } from '../../signal.ts';
import { plain } from '../native/leads.ts';
import { isSideFolder, isWithin } from '../native/side-folders.ts';

/** A few test files show what tests are written with. */
const MAX_FILES = 24;

const FRAMEWORKS: readonly (readonly [tool: string, line: RegExp, weight: number])[] = [
  ['swift-testing', /^\s*(?:@\w+(?:\([^)]*\))?\s+)?import Testing\b/, 0],
  ['xctest', /^\s*(?:@?import XCTest\b|#import <XCTest\/)/, 0],
  ['quick', /^\s*import Quick\b/, 1],
];

/** Tests spread over the folders of a repository, to be read. */
export function testFiles(repo: RepoView): readonly string[] {
  const found = repo.paths.once('swift test files', (paths) =>
    paths.entries
      .flatMap(({ path }) => (/(?:^|\/)[^/]*Tests?\/.*(?:Tests?|Spec)\.(?:swift|m|mm)$/.test(path) ? [path] : []))
      .filter((path) => !isAsideOfTests(path))
      .sort(shallowFirst),
  );
  const step = Math.max(1, Math.floor(found.length / MAX_FILES));
  return found.filter((_, i) => i % step === 0).slice(0, MAX_FILES);
}

/** Samples and the like: but the tests themselves lie in folders of tests. */
function isAsideOfTests(path: string): boolean {
  const dir = path.slice(0, path.lastIndexOf('/'));
  return isSideFolder(dir.replace(/(?:^|\/)(?:Tests?)(?=\/|$)/g, ''));
}

/** What most of the tests that were read import, in the nearest of `dirs`. */
export function* testFrameworks(repo: RepoView, dir: string, dirs: ReadonlySet<string>): Iterable<Signal> {
  const files = testFiles(repo).filter((path) => nearest(path, dirs) === dir);
  const read = files.flatMap((path) => repo.file(path) ?? []);
  for (const [tool, pattern, weight] of FRAMEWORKS) {
    const lines = read.flatMap((file) => {
      const line = file.find(pattern);
      return line === undefined ? [] : [file.at(line)];
    });
    if (lines[0]) yield plain('test-framework', tool, dir, lines[0], { weight: weight + lines.length / 100 });
  }
}

function nearest(path: string, dirs: ReadonlySet<string>): string {
  let best = '';
  for (const dir of dirs) if (isWithin(path, dir) && dir.length > best.length) best = dir;
  return best;
}
