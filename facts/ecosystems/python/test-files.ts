import { shallowFirst } from '../../match-files.ts';
import { depthOf, isAside, type PathIndex } from '../../path-index.ts';
import { isSecondary, parentOf } from './folders.ts';

/** Every Python test file, the shallowest first; those of examples and fixtures are no tests of this repository. */
export function testFiles(paths: PathIndex): readonly string[] {
  return paths.once('python test files', ({ entries }) => {
    const found = entries.filter(({ path, kind }) => isTestFile(path) && (kind === 'file' || kind === 'executable'));
    return found
      .map(({ path }) => path)
      .filter((path) => depthOf(path) <= MAX_DEPTH && !isAside(path) && !isSecondary(parentOf(path)))
      .sort(shallowFirst);
  });
}

const MAX_DEPTH = 6;

/** By the names that test runners look for, and those of the files that configure them. */
export function isTestFile(path: string): boolean {
  if (!path.endsWith('.py')) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith('test_') || name.endsWith('_test.py') || name === 'conftest.py' || name === 'tests.py';
}
