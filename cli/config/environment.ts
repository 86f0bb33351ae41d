import { type SettingPath, settingsOf } from './settings.ts';
import { DEFAULTS } from './slices.ts';

/** A setting that an environment variable overrides. */
export interface Override {
  readonly variable: string;
  readonly path: SettingPath;
  readonly value: unknown;
}

/**
 * Settings taken from the environment: `generate.maxLines` from AGENTSMD_GENERATE_MAX_LINES. A list is separated by commas, or
 * written as JSON.
 * What cannot be read as the setting's type is passed on as text, for the schema to refuse.
 */
export function environmentOverrides(env: NodeJS.ProcessEnv): readonly Override[] {
  return settingsOf(DEFAULTS).flatMap(({ path, value }) => {
    const variable = variableOf(path);
    const text = env[variable];
    return text === undefined || text === '' ? [] : [{ variable, path, value: readAs(value, text) }];
  });
}

function variableOf(path: SettingPath): string {
  const words = path.map((name) => name.replace(/[A-Z]/g, '_$&').toUpperCase());
  return ['AGENTSMD', ...words].join('_');
}

function readAs(example: unknown, text: string): unknown {
  if (typeof example === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (typeof example === 'boolean' && /^(true|false|1|0)$/.test(text)) return text === 'true' || text === '1';
  if (Array.isArray(example)) {
    const list = text.trimStart().startsWith('[') ? listIn(text) : undefined;
    if (list) return list;
    const parts = text.split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '');
  }
  return text;
}

function listIn(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
