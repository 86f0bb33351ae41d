import { closestMatch } from 'leven';
import * as z from 'zod';
import { ConfigError } from './config-error.ts';
import type { Override } from './environment.ts';
import type { ConfigFile } from './file.ts';
import { settingsBelow } from './json-schema.ts';
import { withSetting } from './settings.ts';
import { type Config, configSchema, EXAMPLES } from './slices.ts';

/**
 * The file's settings with those of the environment over them, checked and completed with the defaults.
 * @throws {ConfigError} with one line for each error: `agentsmd.config.yaml:12:5: generate.maxLines: expected a number, got "x"`.
 */
export function checkConfig(file: ConfigFile | undefined, overrides: readonly Override[]): Config {
  let data = withoutEmptySections(file?.data ?? {}, EXAMPLES);
  for (const { path, value } of effective(data, overrides)) data = withSetting(data, path, value);
  const checked = configSchema(z).safeParse(data, { reportInput: true });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap(meant).flatMap((issue) => describe(issue, file, overrides));
  // In the order of the file, not of the schema: a place begins each.
  throw new ConfigError(problems.sort(new Intl.Collator('en', { numeric: true }).compare));
}

/** `generate:` with every line below it commented out says nothing; it is no error. */
function withoutEmptySections(data: unknown, defaults: object): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const sections = new Map(
    Object.entries(defaults).filter(
      ([, value]) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
  );
  const kept = Object.entries(data).filter(([name, value]) => value !== null || !sections.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutEmptySections(value, sections.get(name) ?? {})]));
}

/**
 * The overrides that there is a place for: `AGENTSMD_MODELS=none` switches off whatever other variables set of models.
 * @throws {ConfigError} for one of settings that there are none of.
 */
function effective(data: unknown, overrides: readonly Override[]): readonly Override[] {
  const whole = overrides.find(({ path }) => path.join('.') === 'models');
  const parts = overrides.filter(({ path }) => path[0] === 'models' && path.length > 1);
  const inFile = (data as { readonly models?: unknown } | null)?.models;
  const models = whole ? whole.value : inFile;
  const begun = parts.some(({ path }) => path[1] === 'providers');
  if (parts.length === 0 || (models !== 'none' && (models !== undefined || begun))) return overrides;
  if (!whole)
    throw new ConfigError(
      parts.map(({ variable }) => `${variable}: sets nothing: models is none, see models.providers`),
    );
  return overrides.filter((override) => !parts.includes(override));
}

/** A union complains for each of its kinds; of a word or settings, what was meant is plain. */
function meant(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const kinds = issue.errors.filter((errors) => !errors.some(isOfAnotherKind));
  if (kinds.length !== 1) return [issue];
  return (kinds[0] ?? []).flatMap((each) => meant({ ...each, path: [...issue.path, ...each.path] }));
}

function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

/** Of one place: a file of something else has thousands. */
const MOST_UNKNOWN = 20;
const LONGEST_NAME = 100;

function describe(issue: z.core.$ZodIssue, file: ConfigFile | undefined, overrides: readonly Override[]): string[] {
  const path = issue.path.map(String);
  const override = overrides.findLast((candidate) => candidate.path.every((name, at) => name === path[at]));
  if (issue.code === 'unrecognized_keys') {
    const known = settingsBelow(path);
    const more = issue.keys.length - MOST_UNKNOWN;
    const begun = override?.variable ?? file?.place(path) ?? 'the environment';
    const rest = more > 0 ? [`${begun}: ${more} more unknown settings`] : [];
    const told = issue.keys.slice(0, MOST_UNKNOWN).map((key) => {
      const near = key.length > LONGEST_NAME ? undefined : closestMatch(key, known, { maxDistance: 3 });
      const hint = near ? `did you mean "${near}"?` : `known: ${known.join(', ')}`;
      const where = override?.variable ?? file?.place(path, key) ?? 'the environment';
      return `${where}: ${nameOf([...path, nameShown(key)])}: unknown setting; ${hint}`;
    });
    return [...told, ...rest];
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
    case 'invalid_value':
      return `expected ${expected(issue)}${got}`;
    case 'invalid_union': {
      const kinds = issue.errors.flatMap((errors) => errors.filter(isOfAnotherKind).slice(0, 1).map(expected));
      return kinds.length < issue.errors.length ? `${issue.message}${got}` : `expected ${kinds.join(' or ')}${got}`;
    }
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}${got}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${got}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      // Of what is wrong between several settings, the input is all of them.
      return `${issue.message}${issue.input === undefined || typeof issue.input === 'object' ? '' : got}`;
  }
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return NAMES[issue.expected] ?? issue.expected;
  if (issue.code !== 'invalid_value') return issue.message;
  return issue.values.map((value) => JSON.stringify(value)).join(' or ');
}

const SECRETIVE = /token|url|proxy|password|secret|instances|groups|headers|key/i;

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
