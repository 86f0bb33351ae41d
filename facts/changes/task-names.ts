import { isNever, nameWords } from '../commands/names.ts';
import type { Task } from '../signal.ts';

/** Names that a manager calls by itself; nobody types them. https://docs.npmjs.com/cli/using-npm/scripts, getcomposer.org/doc/articles/scripts.md */
const LIFECYCLE =
  /^(?:(?:pre|post)?(?:install|uninstall|pack|publish|prepare|version|restart|shrinkwrap)|prepublishOnly|dependencies|(?:pre|post)(?:test|build|start|stop|lint|clean|format|dev|typecheck|release|check|coverage|deploy|docs?)(?::.*)?|(?:pre|post)-[a-z]+-(?:cmd|file|install|update|uninstall|dump|changed|status|package|autoload|script|create-project|pool-create)|command|init)$/;
/** `py311`, `test:node20`, `e2e-php8.1`: on which interpreter, not what to do. */
const MATRIX = /(?:^|[^a-z])(?:py|pypy|python|node(?:js)?|php|ruby|jdk|java|go|dotnet|net|rails|django)[-_]?v?\d/i;

/** Whether people type a task by its name: not a hook of the manager, a file that make builds, a row of a matrix. */
export function isTypedByName({ name, runner }: Task): boolean {
  if (MATRIX.test(name)) return false;
  if (/^(?:npm|pnpm|yarn|bun|composer)$/.test(runner)) return !LIFECYCLE.test(name);
  if (runner === 'make') return !/[/%$]|\.[a-z]{1,4}$/.test(name);
  return true;
}

/** npm's scripts keep their names whichever manager runs them. */
export function familyOf({ runner }: Pick<Task, 'runner'>): string {
  return /^(?:npm|pnpm|yarn|bun|npx)$/.test(runner) ? 'npm' : runner;
}

/** `release`, `clean`, `update-deps`; not `test-old-version`. */
export function isSideJob(name: string): boolean {
  return isNever(name) && !/test|lint|check|build|format/i.test(name);
}

/** {@link isSideJob}, or a release: what a manifest may be there for without managing the code. */
export function isForReleases(name: string): boolean {
  return isSideJob(name) || nameWords(name).includes('release');
}
