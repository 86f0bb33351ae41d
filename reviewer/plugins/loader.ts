import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean } from '../../forge/nearest.ts';
import { messageOf, within } from './lifecycle.ts';
import type { ReviewPlugin } from './plugin.ts';

/** A plugin of the configuration that is none. Exit code 2. */
export class PluginFileError extends Error {
  override readonly name = 'PluginFileError';
  readonly exitCode = 2;

  constructor(file: string, message: string, cause?: unknown) {
    super(`review.plugins: ${file}: ${message}`, { cause });
  }
}

/** In the order in which they are called. */
export const HOOKS = ['bootstrap', 'configure', 'postConfigure', 'onEvent', 'close'] as const;
/** In ms, of one file with all that it imports. */
const PATIENCE = 10_000;

/**
 * Loads plugins that users wrote: files whose default export is one, or a function that returns one. They are programs, run with all that this
 * process may do; so none is taken from what is reviewed, links resolved.
 *
 * @param files absolute. @param reviewed folders that hold what is reviewed.
 * @throws {PluginFileError}
 */
export async function loadPlugins(
  files: readonly string[],
  reviewed: readonly string[],
  patience: number = PATIENCE,
): Promise<readonly ReviewPlugin[]> {
  const plugins: ReviewPlugin[] = [];
  for (const file of files) plugins.push(await loadPlugin(file, reviewed, patience));
  return plugins;
}

async function loadPlugin(file: string, reviewed: readonly string[], patience: number): Promise<ReviewPlugin> {
  const real = realPath(file);
  if (real === undefined) throw new PluginFileError(file, 'there is no such file');
  const inside = reviewed.find((folder) => isWithin(real, realPath(folder) ?? folder));
  if (inside !== undefined)
    throw new PluginFileError(
      file,
      'lies in the repository that is reviewed, whose authors would run it; keep it elsewhere',
    );
  let exported: unknown;
  try {
    await within(patience, new AbortController().signal, async () => {
      const module = (await import(pathToFileURL(real).href)) as { readonly default?: unknown };
      exported = typeof module.default === 'function' ? await (module.default as () => unknown)() : module.default;
    });
  } catch (error) {
    throw new PluginFileError(file, `could not be loaded: ${messageOf(error)}`, error);
  }
  const problem = problemOf(exported);
  if (problem !== undefined) throw new PluginFileError(file, problem);
  return exported as ReviewPlugin;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || way.startsWith(sep) || /^[a-z]:/i.test(way));
}

/** A hook by another name would never be called, in silence. */
function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return 'its default export must be a plugin, { name, configure(context) { … } }, or a function that returns one';
  const plugin = value as Readonly<Record<string, unknown>>;
  if (typeof plugin.name !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(plugin.name))
    return 'name: must be small letters, digits and hyphens, a letter first';
  const broken = HOOKS.find((hook) => plugin[hook] !== undefined && typeof plugin[hook] !== 'function');
  if (broken !== undefined) return `${broken}: must be a function`;
  for (const key of Object.keys(plugin)) {
    const isKnown = key === 'name' || (HOOKS as readonly string[]).includes(key);
    const near = isKnown || typeof plugin[key] !== 'function' ? '' : didYouMean(key, HOOKS);
    if (near !== '') return `${key}: no hook${near}`;
  }
  if (HOOKS.every((hook) => plugin[hook] === undefined)) return `it has none of the hooks: ${HOOKS.join(', ')}`;
  return undefined;
}
