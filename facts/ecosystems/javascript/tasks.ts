import type { Task } from '../../signal.ts';
import { runScript } from './manager-verbs.ts';
import { neededScripts } from './needed-scripts.ts';
import type { Manifest } from './package-json.ts';
import type { Project } from './projects.ts';

/** Scripts a manager runs by itself at certain moments; nobody types them. docs.npmjs.com/cli/using-npm/scripts */
const LIFECYCLE = new Set([
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'prepublishOnly',
  'preprepare',
  'prepare',
  'postprepare',
  'prepack',
  'postpack',
  'publish',
  'postpublish',
  'preversion',
  'version',
  'postversion',
  'preuninstall',
  'uninstall',
  'postuninstall',
  'dependencies',
  'preshrinkwrap',
  'shrinkwrap',
  'postshrinkwrap',
  'pnpm:devPreinstall',
]);
/** These may run hooks with nothing of their own name in `scripts`. */
const HOOKED = new Set(['test', 'start', 'stop', 'restart', 'pack', 'publish', 'install']);

/** Every script of a project as a task. A script named like a build target of the same project is still the script. */
export function* scriptTasks(project: Project): Generator<Task> {
  const { manifest, dir, manager } = project;
  for (const script of manifest.scripts.values()) {
    yield {
      kind: 'task',
      runner: manager.name,
      name: script.name,
      run: runScript(manager.name, script.name),
      dir,
      at: manifest.file.at(script.line),
      body: script.body === '' ? [] : script.body.split('\n'),
      needs: neededScripts(script, manifest),
      ...(script.description ? { description: script.description } : {}),
      ...(isInternal(script.name, manifest) ? { internal: true } : {}),
      ...(LEAVES_THE_PROJECT_OUT.test(script.body) ? { weight: OF_ONE_PROJECT } : {}),
    };
  }
}

/** `nx test`: which project, whoever types it has to add; with a default project it is that one alone. */
const LEAVES_THE_PROJECT_OUT = /^(?:nx [\w-]+ && )?nx (?:build|test|lint|serve|e2e|typecheck)$/;
const OF_ONE_PROJECT = -3;

function isInternal(name: string, { scripts }: Manifest): boolean {
  if (LIFECYCLE.has(name) || name.startsWith('_')) return true;
  const hooked = /^(?:pre|post)(.+)$/.exec(name)?.[1];
  return hooked !== undefined && (scripts.has(hooked) || HOOKED.has(hooked));
}
