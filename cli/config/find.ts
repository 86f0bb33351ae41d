import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const CONFIG_NAME = 'agentsmd.config.yaml';

/** Where the configuration is looked for. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** `--config FILE`. */
  readonly file?: string | undefined;
  /** The configuration itself, where it was looked up already: its text, and the file it stands for. */
  readonly found?: { readonly file: string; readonly text: string };
}

/**
 * The configuration file to use, absolute: the one named by `--config` or AGENTSMD_CONFIG, whether it exists or not, else
 * the nearest `agentsmd.config.yaml` in the current folder and those above it. The scanned repository plays no part in it.
 */
export function findConfigFile({ cwd, env, file, found }: Surroundings): string | undefined {
  if (found) return found.file;
  const named = file ?? env.AGENTSMD_CONFIG;
  if (named) return resolve(cwd, named);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, CONFIG_NAME);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
