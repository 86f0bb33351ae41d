import { existsSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { environmentOverrides, type Override } from './environment.ts';
import { findConfigFile, type Surroundings } from './find.ts';
import { type SettingPath, settingsOf } from './settings.ts';
import { type Config, DEFAULTS } from './slices.ts';

/** Where the value of a setting comes from. */
export type Source =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly line: number }
  | { readonly kind: 'environment'; readonly variable: string };

export interface LoadedConfig {
  /** The file used, absolute. */
  readonly file: string | undefined;
  /** By `--config` or AGENTSMD_CONFIG, and not just found. */
  readonly named: boolean;
  readonly values: Config;
  readonly settings: readonly { readonly path: SettingPath; readonly value: unknown; readonly source: Source }[];
}

/**
 * The effective configuration: defaults, overridden by the file, overridden by the environment. The YAML parser and zod
 * are loaded only where there is something to check.
 *
 * @throws {ConfigError} naming every error with its place.
 */
export async function loadConfig(surroundings: Surroundings): Promise<LoadedConfig> {
  const file = findConfigFile(surroundings);
  const named = Boolean(surroundings.file ?? surroundings.env.AGENTSMD_CONFIG);
  const overrides = environmentOverrides(surroundings.env);
  if (!file && overrides.length === 0) {
    return { file, named, values: DEFAULTS, settings: withSources(DEFAULTS, () => undefined, []) };
  }
  const variable = surroundings.found || surroundings.file ? undefined : surroundings.env.AGENTSMD_CONFIG;
  if (file && variable && !existsSync(file)) throw new ConfigError([`AGENTSMD_CONFIG: ${variable}: no such file`]);
  const [{ readConfigFile }, { checkConfig }] = await Promise.all([import('./file.ts'), import('./check.ts')]);
  const read = file ? readConfigFile(file, surroundings.cwd, surroundings.found?.text) : undefined;
  const values = checkConfig(read, overrides);
  return { file, named, values, settings: withSources(values, (path) => read?.lineOf(path), overrides) };
}

function withSources(
  values: Config,
  lineOf: (path: SettingPath) => number | undefined,
  overrides: readonly Override[],
): LoadedConfig['settings'] {
  return settingsOf(values).map(({ path, value }) => {
    const override = overrides.findLast((candidate) => candidate.path.every((name, at) => name === path[at]));
    const line = lineOf(path);
    const source: Source = override
      ? { kind: 'environment', variable: override.variable }
      : line === undefined
        ? { kind: 'default' }
        : { kind: 'file', line };
    return { path, value, source };
  });
}
