import type { Fact } from '../fact.ts';
import { isAside } from '../path-index.ts';
import type { Comparison, Side } from './comparison.ts';

/** Folders that show, describe or try the product: what changes there changes nobody's work on it. */
const SHOWS =
  /(?:^|\/)(?:examples?|samples?|demos?|playgrounds?|sandbox|docs?|documentation|website|www|site|benchmarks?|bench|tutorials?|guides?|quickstarts?|starters?)(?:\/|$)/i;
const TRIES =
  /(?:^|\/)(?:tests?|__tests__|testing|specs?|e2e|integration(?:[-_]tests?)?|acceptance|smoke(?:[-_]tests?)?)(?:\/|$)/i;

/** Examples, documentation, fixtures, templates, vendored code. */
export function isShown(path: string): boolean {
  return SHOWS.test(path) || isAside(`${path}/`);
}

/** {@link isShown}, and folders of tests: packages that only tests use have scripts of their own. */
export function isPeripheral(dir: string): boolean {
  return isShown(dir) || TRIES.test(dir);
}

/** Where a folder is after the change; `undefined` where it is gone. */
export function dirAfter(dir: string, { after, moves }: Comparison): string | undefined {
  if (after.survey.paths.hasDir(dir)) return dir;
  const to = moves.dir(dir);
  return to !== undefined && after.survey.paths.hasDir(to) ? to : undefined;
}

/** The facts of a key in a folder, best first. */
export function factsOf({ survey }: Side, key: string, dir: string): readonly Fact[] {
  return survey.facts.facts.filter((fact) => fact.key === key && fact.dir === dir);
}
