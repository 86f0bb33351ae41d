import type { Problem } from '../facts/index.ts';
import type { Output } from './output.ts';

/** Without `-v` this many are enough to see that, and where, something is wrong. */
const SHOWN = 20;

/** Says on stderr what could not be read or understood of a repository. */
export function warnOfProblems(problems: readonly Problem[], out: Output): void {
  const shown = out.verbosity === 'verbose' ? problems : problems.slice(0, SHOWN);
  for (const { path, line, message } of shown) {
    out.warn(path === '' ? message : `${path}${line === undefined ? '' : `:${line}`}: ${message}`);
  }
  const more = problems.length - shown.length;
  if (more > 0) out.warn(`${more} more (-v shows all)`);
}
