import { closestMatch } from 'leven';
import * as z from 'zod';
import { ConfigError } from './config-error.ts';
import type { Override } from './environment.ts';
import type { ConfigFile } from './file.ts';
import { settingsBelow } from './json-schema.ts';
import { withSetting } from './settings.ts';
import { type Config, configSchema, DEFAULTS } from './slices.ts';

/**
 * The file's settings with those of the environment over them, checked and completed with the defaults.
 * @throws {ConfigError} with one line for each error: `agentsmd.config.yaml:12:5: generate.maxLines: expected a number, got "x"`.
 */
export function checkConfig(file: ConfigFile | undefined, overrides: readonly Override[]): Config {
  let data = withoutEmptySections(file?.data ?? {}, DEFAULTS);
  for (const { path, value } of overrides) data = withSetting(data, path, value);
  const checked = configSchema(z).safeParse(data, { reportInput: true });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap((issue) => describe(issue, file, overrides));
  // In the order of the file, not of the schema: a place begins each.
  throw new ConfigError(problems.sort(new Intl.Collator('en', { numeric: true }).compare));
}

/** `generate:` with every line below it commented out says nothing; it is no error. */
function withoutEmptySections(data: unknown, defaults: object): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const sections = new Map(
    Object.entries(defaults).filter(([, value]) => typeof value === 'object' && !Array.isArray(value)),
  );
  const kept = Object.entries(data).filter(([name, value]) => value !== null || !sections.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutEmptySections(value, sections.get(name) ?? {})]));
}

function describe(issue: z.core.$ZodIssue, file: ConfigFile | undefined, overrides: readonly Override[]): string[] {
  const path = issue.path.map(String);
  const override = overrides.find((candidate) => candidate.path.every((name, at) => name === path[at]));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = closestMatch(key, settingsBelow(path), { maxDistance: 3 });
      const hint = near ? `did you mean "${near}"?` : `known: ${settingsBelow(path).join(', ')}`;
      const where = override?.variable ?? file?.place(path, key) ?? 'the environment';
      return `${where}: ${nameOf([...path, nameShown(key)])}: unknown setting; ${hint}`;
    });
  }
  const place = override?.variable ?? file?.place(issue.path) ?? 'the environment';
  // A variable names its setting; which part of it is wrong is to be told.
  const isWhole = path.length === (override?.path.length ?? 0);
  const setting = isWhole ? '' : `${nameOf(path)}: `;
  return [`${place}: ${setting}${complaint(issue, path)}`];
}

/** `['facts', 'ignore', '0']` is `facts.ignore[0]`. */
function nameOf(path: readonly string[]): string {
  return path.map((part, at) => (/^\d+$/.test(part) ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`)).join('');
}

function complaint(issue: z.core.$ZodIssue, path: readonly string[]): string {
  // A password or a token may stand there, where it belongs or by mistake.
  const got = path.some((name) => SECRETIVE.test(name)) ? '' : `, got ${shown(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${NAMES[issue.expected] ?? issue.expected}${got}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}${got}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${got}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}${got}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      return `${issue.message}${issue.input === undefined ? '' : got}`;
  }
}

const SECRETIVE = /token|url|proxy|password|secret|instances|groups/i;

const NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'settings by name',
  record: 'settings by name',
};

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Names of settings are short words; what is none may be a token that somebody put there. */
function nameShown(key: string): string {
  return key.length <= 24 && !/^gl\w*-/i.test(key) ? key : `${key.slice(0, 4)}…`;
}
