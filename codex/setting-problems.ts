import type { CodexProblem } from './codex.ts';
import type { FrontMatter } from './frontmatter.ts';

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

/** Faults of front matter with their lines, in the words of people who write rules. */
export function settingProblems(
  issues: readonly SettingIssue[],
  file: string,
  lineOf: FrontMatter['lineOf'],
): CodexProblem[] {
  return issues.flatMap(plain).map(({ path, message }) => ({
    kind: 'setting',
    file,
    line: lineOf(path),
    message: path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  }));
}

type Plain = Pick<SettingIssue, 'path' | 'message'>;

function plain(issue: SettingIssue): Plain[] {
  const { code, path, message, keys } = issue;
  if (code === 'unrecognized_keys' && keys)
    return keys.map((key) => ({ path: [...path, key], message: 'unknown setting' }));
  if (code === 'invalid_union') return ofUnion(issue);
  if (issue.input === undefined && (code === 'invalid_type' || code === 'invalid_value'))
    return [{ path, message: 'is missing' }];
  return [{ path, message: message.replace(/^Invalid (?:input|option): /, '') }];
}

/** Of several forms the one that was meant: where the faults lie deepest, and are fewest. */
function ofUnion({ path, input, errors = [], discriminator, message }: SettingIssue): Plain[] {
  if (discriminator !== undefined) return [{ path, message: `unknown ${discriminator}, or none` }];
  if (input === undefined) return [{ path, message: 'is missing' }];
  const forms = errors.filter(
    (form) => !form.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  );
  const meant = forms.sort((a, b) => a.length - b.length)[0];
  if (meant) return meant.flatMap(plain).map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  const types = errors.flatMap((form) => /expected (\w+)/.exec(form[0]?.message ?? '')?.[1] ?? []);
  return [{ path, message: types.length === 0 ? message : `expected ${[...new Set(types)].join(' or ')}` }];
}
