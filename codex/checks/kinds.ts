import type { Rule } from '../rule.ts';
import type { Check } from './check.ts';
import type { CheckKind, FileCheck, RepositoryCheck } from './kind.ts';

/** The code of each kind, loaded when a rule uses it. */
const KINDS: { readonly [K in Exclude<Check['kind'], 'model'>]: () => Promise<CheckKind<never>> } = {
  'ast-grep': async () => (await import('./ast-grep/index.ts')).astGrep,
  'dependency-ban': async () => (await import('./dependency.ts')).dependency,
  'dependency-require': async () => (await import('./dependency.ts')).dependency,
  'required-file': async () => (await import('./required-file.ts')).requiredFile,
  'forbidden-edit': async () => (await import('./forbidden-edit.ts')).forbiddenEdit,
  'file-content': async () => (await import('./file-content.ts')).fileContent,
  'config-value': async () => (await import('./config-value.ts')).configValue,
};

/**
 * Makes a rule's check ready to run; `undefined` where code cannot check it: it has none, or one for a model.
 *
 * @throws {CheckError} @throws {UnavailableError}
 */
export async function prepareCheck(rule: Rule): Promise<FileCheck | RepositoryCheck | undefined> {
  const { check } = rule;
  if (check === undefined || check.kind === 'model') return undefined;
  const kind = await KINDS[check.kind]();
  return await kind.prepare(check as never, rule);
}
