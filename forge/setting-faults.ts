import { didYouMean } from './nearest.ts';

/** What zod says of a setting, as far as it is used here. */
export interface SettingIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly keys?: readonly string[] | undefined;
  /** Of a union: what is wrong by each of its forms. */
  readonly errors?: readonly (readonly SettingIssue[])[] | undefined;
  readonly discriminator?: string | undefined;
}

/** One fault of one setting. */
export interface SettingFault {
  readonly path: readonly PropertyKey[];
  /** With the name of the setting, for people. */
  readonly message: string;
}

/**
 * The faults that zod found in settings (`reportInput: true`), each for one setting, in the words of people who write them.
 *
 * @param known names of settings at the top: an unknown one that is much like one of them is told so.
 */
export function settingFaults(issues: readonly SettingIssue[], known: readonly string[] = []): readonly SettingFault[] {
  return issues.flatMap(plain).map(({ path, message }) => {
    const hint = message === UNKNOWN && path.length === 1 ? didYouMean(String(path[0]), known) : '';
    return { path, message: `${path.length === 0 ? '' : `${path.map(String).join('.')}: `}${message}${hint}` };
  });
}

const UNKNOWN = 'unknown setting';

function plain(issue: SettingIssue): SettingFault[] {
  const { code, path, message, keys } = issue;
  if (code === 'unrecognized_keys' && keys) return keys.map((key) => ({ path: [...path, key], message: UNKNOWN }));
  if (code === 'invalid_union') return ofUnion(issue);
  if (issue.input === undefined && (code === 'invalid_type' || code === 'invalid_value'))
    return [{ path, message: 'is missing' }];
  return [{ path, message: message.replace(/^Invalid (?:input|option): /, '') }];
}

/** Of several forms the one that was meant: where the faults lie deepest, and are fewest. */
function ofUnion({ path, input, errors = [], discriminator, message }: SettingIssue): SettingFault[] {
  if (discriminator !== undefined) return [{ path, message: `unknown ${discriminator}, or none` }];
  if (input === undefined) return [{ path, message: 'is missing' }];
  const forms = errors.filter(
    (form) => !form.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  );
  const meant = forms.sort((a, b) => Number(isWord(a)) - Number(isWord(b)) || a.length - b.length)[0];
  if (meant) return meant.flatMap(plain).map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  const types = errors.flatMap((form) => /expected (\w+)/.exec(form[0]?.message ?? '')?.[1] ?? []);
  return [{ path, message: types.length === 0 ? message : `expected ${[...new Set(types)].join(' or ')}` }];
}

/** A form that is one of some words, of which none is there. */
function isWord(form: readonly SettingIssue[]): boolean {
  return form.some(({ code, path }) => code === 'invalid_value' && path.length === 0);
}
