import { closestMatch } from 'leven';
import { ConfigError } from './config-error.ts';
import { type SettingPath, settingsOf } from './settings.ts';
import { DEFAULTS, EXAMPLES } from './slices.ts';

/** A setting that an environment variable overrides. */
export interface Override {
  readonly variable: string;
  readonly path: SettingPath;
  readonly value: unknown;
}

/**
 * Settings taken from the environment: `generate.maxLines` from AGENTSMD_GENERATE_MAX_LINES. A list is separated by commas, or
 * written as JSON, as are settings by name. What cannot be read as the setting's type is passed on as text, for the schema
 * to refuse. Where a word or settings may stand, AGENTSMD_MODELS is all of them, and goes before those of single ones.
 *
 * @throws {ConfigError} for a variable of a section that is no setting's: it would do nothing, in silence. And for JSON that breaks off.
 */
export function environmentOverrides(env: NodeJS.ProcessEnv): readonly Override[] {
  const settings = overridable();
  const known = new Set(settings.map(({ path }) => variableOf(path)));
  const stray = Object.keys(env).find((name) => SECTION.test(name) && env[name] !== '' && !known.has(name));
  if (stray !== undefined) {
    const near = closestMatch(stray, [...known], { maxDistance: 6 });
    throw new ConfigError([`${stray}: sets nothing${near ? `; did you mean ${near}?` : ''}`]);
  }
  return settings.flatMap(({ path, value }) => {
    const variable = variableOf(path);
    const text = env[variable];
    if (text === undefined || text === '') return [];
    assertJson(variable, path, value, text);
    return [{ variable, path, value: readAs(value, text) }];
  });
}

/** Every setting that a variable overrides, with a value of its kind. */
function overridable(): readonly { readonly path: SettingPath; readonly value: unknown }[] {
  const words = Object.entries(DEFAULTS).filter(([, value]) => typeof value === 'string');
  return [...words.map(([name]) => ({ path: [name], value: {} })), ...settingsOf(EXAMPLES)];
}

const SECTION = new RegExp(`^AGENTSMD_(?:${Object.keys(DEFAULTS).join('|').toUpperCase()})_`);

function variableOf(path: SettingPath): string {
  const words = path.map((name) => name.replace(/[A-Z]/g, '_$&').toUpperCase());
  return ['AGENTSMD', ...words].join('_');
}

/** What is meant as JSON and is none would be taken for a list of words. */
function assertJson(variable: string, path: SettingPath, example: unknown, text: string): void {
  if (typeof example !== 'object' || example === null) return;
  const begins = Array.isArray(example) ? /^\s*\[\s*[\]{["]/ : /^\s*\{/;
  if (!begins.test(text) || json(text) !== undefined) return;
  throw new ConfigError([
    `${variable}: ${path.join('.')}: begins like JSON and is none: look at its quotes and brackets`,
  ]);
}

function readAs(example: unknown, text: string): unknown {
  if (typeof example === 'number' || example === null) {
    if (text === 'null') return null;
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  if (typeof example === 'boolean' && /^(true|false|1|0)$/.test(text)) return text === 'true' || text === '1';
  if (Array.isArray(example)) {
    const list = json(text);
    if (Array.isArray(list)) return list;
    const parts = text.split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '');
  }
  if (typeof example === 'object' && example !== null) return json(text) ?? text;
  return text;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
