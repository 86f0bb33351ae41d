import type { Task } from '../signal.ts';

/** Names that a manager calls by itself; nobody types them. https://docs.npmjs.com/cli/using-npm/scripts, getcomposer.org/doc/articles/scripts.md */
const LIFECYCLE =
  /^(?:(?:pre|post)?(?:install|uninstall|pack|publish|prepare|version|restart|shrinkwrap)|prepublishOnly|dependencies|(?:pre|post)(?:test|build|start|stop|lint|clean|format|dev|typecheck|release|check|coverage|deploy|docs?)(?::.*)?|(?:pre|post)-[a-z]+-(?:cmd|file|install|update|uninstall|dump|changed|status|package|autoload|script|create-project|pool-create)|command|init)$/;
/** `py311`, `py3.12-django4`: which interpreter, not what to do. */
const MATRIX = /^(?:py|pypy|python|node|php|ruby|jdk|java)-?v?\d/i;

/** Whether people type a task by its name: not a hook of the manager, a file that make builds, a row of a matrix. */
export function isTypedByName({ name, runner }: Task): boolean {
  if (/^(?:npm|pnpm|yarn|bun|composer)$/.test(runner)) return !LIFECYCLE.test(name);
  if (runner === 'tox' || runner === 'nox') return !MATRIX.test(name);
  if (runner === 'make') return !/[/%$]|\.[a-z]{1,4}$/.test(name);
  return true;
}
