import type { Evidence } from '../../../facts/fact.ts';
import type { Survey } from '../../../facts/index.ts';
import { parentDir } from '../../../facts/path-index.ts';

export type ManagerFamily = 'javascript' | 'python';

/** The package manager that a folder is set up for, and what proves it. */
export interface Manager {
  readonly name: string;
  readonly family: ManagerFamily;
  readonly at: Evidence;
  /** Its lock file is kept: another manager would leave a second one. */
  readonly locked: boolean;
}

/** A lock file is written by one manager, and by no other. */
const LOCKS: readonly (readonly [file: string, manager: string, family: ManagerFamily])[] = [
  ['pnpm-lock.yaml', 'pnpm', 'javascript'],
  ['package-lock.json', 'npm', 'javascript'],
  ['npm-shrinkwrap.json', 'npm', 'javascript'],
  ['yarn.lock', 'yarn', 'javascript'],
  ['bun.lock', 'bun', 'javascript'],
  ['bun.lockb', 'bun', 'javascript'],
  ['deno.lock', 'deno', 'javascript'],
  ['uv.lock', 'uv', 'python'],
  ['poetry.lock', 'poetry', 'python'],
  ['pdm.lock', 'pdm', 'python'],
  ['Pipfile.lock', 'pipenv', 'python'],
];

/**
 * The manager of a folder: that of the field `packageManager`, else the one whose lock file is the only one, there or in
 * the nearest folder above. Undefined where nothing says it, or lock files of several managers stand side by side.
 */
export function managerOf(dir: string, family: ManagerFamily, { paths, files }: Survey): Manager | undefined {
  for (let here = dir; ; here = parentDir(here)) {
    const at = (name: string): string => (here === '' ? name : `${here}/${name}`);
    const locks = LOCKS.filter(([name, , of]) => of === family && paths.isFile(at(name)));
    const managers = new Set(locks.map(([, manager]) => manager));
    const manifest = family === 'javascript' ? files.get(at('package.json')) : undefined;
    const field = manifest?.json()?.get('packageManager');
    const told = /^(npm|pnpm|yarn|bun)@/.exec(field?.text ?? '')?.[1];
    // A lock file of another manager beside the field: both are in use.
    if (manifest && field && told !== undefined)
      return [...managers].every((manager) => manager === told)
        ? { name: told, family, at: manifest.at(field.keyLine), locked: managers.size > 0 }
        : undefined;
    const [lock] = locks;
    if (lock)
      return managers.size === 1
        ? { name: lock[1], family, at: { path: at(lock[0]), line: 1 }, locked: true }
        : undefined;
    if (here === '') return undefined;
  }
}

/** True where some folder that counts has a lock file of a manager. */
export function isUsed(manager: string, { paths }: Survey): boolean {
  return LOCKS.some(([name, of]) => of === manager && paths.named(name).some((path) => paths.isFile(path)));
}
