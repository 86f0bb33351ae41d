import * as z from 'zod';
import { isUsableGlob } from './globs.ts';
import { LEVELS, RULE_ID, STATUSES } from './rule.ts';

const texts = z.array(z.string().min(1));
/** One or several: people write `languages: rust`. */
const list = z.union([
  z
    .string()
    .min(1)
    .transform((text) => [text]),
  texts,
]);
const globList = list.refine((globs) => globs.every(isUsableGlob), {
  message: 'a glob is too long, or has too many alternatives',
});
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const anything = z.record(z.string(), z.unknown());

const astGrep = z
  .strictObject({
    kind: z.literal('ast-grep'),
    language: list.transform((names) => names.map((name) => name.toLowerCase())),
    rule: anything,
    constraints: anything.optional(),
    utils: anything.optional(),
    prefilter: list.optional(),
    'prefilter-pattern': z.string().min(1).optional(),
    message: z.string().min(1).optional(),
  })
  .transform(({ 'prefilter-pattern': prefilterPattern, ...check }) => defined({ ...check, prefilterPattern }));
const dependency = z.strictObject({
  kind: z.enum(['dependency-ban', 'dependency-require']),
  packages: z.record(z.string(), list),
  below: z.string().optional(),
  dev: z.boolean().optional(),
  instead: z.string().optional(),
});
const requiredFile = z.strictObject({ kind: z.literal('required-file'), groups: z.array(list).min(1) });
const forbiddenEdit = z
  .strictObject({
    kind: z.literal('forbidden-edit'),
    files: list,
    'unless-also-changed': list.optional(),
    'allow-new': z.boolean().optional(),
  })
  .transform(({ 'unless-also-changed': unlessAlsoChanged, 'allow-new': allowNew, ...check }) =>
    defined({ ...check, unlessAlsoChanged, allowNew }),
  );
const fileContent = z
  .strictObject({
    kind: z.literal('file-content'),
    files: list,
    forbid: z.string().min(1).optional(),
    require: z.string().min(1).optional(),
    'ignore-case': z.boolean().optional(),
    prefilter: list.optional(),
    secret: z.boolean().optional(),
  })
  .refine(({ forbid, require }) => (forbid === undefined) !== (require === undefined), {
    message: 'give either forbid or require',
  })
  .transform(({ 'ignore-case': ignoreCase, ...check }) => defined({ ...check, ignoreCase }));
const expectation = z
  .strictObject({
    equals: scalar.optional(),
    'one-of': z.array(scalar).min(1).optional(),
    matches: z.string().min(1).optional(),
    'not-matches': z.string().min(1).optional(),
    'at-least': z.number().optional(),
    exists: z.literal(true).optional(),
    absent: z.literal(true).optional(),
  })
  .refine((expect) => Object.values(expect).filter((value) => value !== undefined).length === 1, {
    message: 'give exactly one of equals, one-of, matches, not-matches, at-least, exists, absent',
  })
  .transform(({ 'one-of': oneOf, 'not-matches': notMatches, 'at-least': atLeast, ...expect }) =>
    defined({ ...expect, oneOf, notMatches, atLeast }),
  );
const configValue = z.strictObject({
  kind: z.literal('config-value'),
  files: list,
  path: z.string().min(1),
  expect: expectation,
});
const model = z
  .strictObject({ kind: z.literal('model'), ask: z.string().min(1), 'do-not-flag': list.optional() })
  .transform(({ 'do-not-flag': doNotFlag, ...check }) => defined({ ...check, doNotFlag }));

const check = z.discriminatedUnion('kind', [
  astGrep,
  dependency,
  requiredFile,
  forbiddenEdit,
  fileContent,
  configValue,
  model,
]);

/** Code alone (the file's name follows from the check), one file, or several. */
const example = z.union([
  z.string().min(1),
  z.strictObject({ path: z.string().min(1), code: z.string() }),
  z.strictObject({ files: z.record(z.string(), z.string()), changed: texts.optional(), added: texts.optional() }),
]);

/** The front matter of a rule, as it is written. */
export const frontMatterSchema = z.strictObject({
  id: z.string().regex(new RegExp(`^${RULE_ID.source}$`), 'expected an ID such as API-REST-01 or RS-ERR-001'),
  title: z
    .string()
    .trim()
    .min(1)
    .max(80, 'must be at most 80 characters')
    .regex(/^[^\r\n]*$/, 'must be one line'),
  when: z.string().trim().min(1).optional(),
  level: z.enum(LEVELS),
  status: z.enum(STATUSES),
  'superseded-by': list.default([]),
  'deprecated-reason': z.string().min(1).optional(),
  'applies-to': z
    .strictObject({
      languages: list.default([]),
      frameworks: list.default([]),
      paths: globList.default([]),
      'not-paths': globList.default([]),
      catalog: z.record(z.string(), list).default({}),
    })
    .prefault({}),
  source: z
    .strictObject({
      doc: z.string().min(1),
      anchor: z.string().min(1).optional(),
      rev: z.string().min(1).optional(),
      'quote-hash': z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits')
        .optional(),
    })
    .optional(),
  owner: z.string().min(1).optional(),
  since: z.iso.date('expected a date such as 2026-05-01').optional(),
  check: check.optional(),
  always: z.boolean().optional(),
  examples: z.strictObject({ bad: z.array(example).default([]), good: z.array(example).default([]) }).prefault({}),
});
export type RuleFrontMatter = z.infer<typeof frontMatterSchema>;

export const manifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected lower-case words with hyphens')
    .max(64)
    .default('engineering-codex'),
  title: z.string().min(1).default('Engineering Codex'),
  'id-pattern': z.string().min(1).optional(),
  url: z.string().min(1).optional(),
});

/** Without the keys that say nothing, as `exactOptionalPropertyTypes` wants them. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}
