import { PURPOSES } from './fact.ts';

/** How much a change of a fact matters to somebody who relies on AGENTS.md. */
type Materiality = 'high' | 'medium' | 'low';

/**
 * Every key a fact may have, in the order in which facts are printed. A key that ends in a dot stands for a family
 * (`runtime.node`). A new key is added here and nowhere else.
 */
export const KEYS: readonly { readonly key: string; readonly materiality: Materiality; readonly says: string }[] = [
  { key: 'language', materiality: 'medium', says: 'a main language, by its Linguist name' },
  { key: 'package-manager', materiality: 'high', says: 'what installs dependencies' },
  { key: 'build-system', materiality: 'high', says: 'what builds: turbo, nx, gradle, cmake, hatchling' },
  { key: 'runtime.', materiality: 'medium', says: 'a runtime and the version the repository pins' },
  { key: 'test-framework', materiality: 'high', says: 'what the tests are written with' },
  { key: 'linter', materiality: 'medium', says: 'a linter that is configured' },
  { key: 'formatter', materiality: 'medium', says: 'a formatter that is configured' },
  { key: 'type-checker', materiality: 'medium', says: 'a type checker that is configured' },
  ...PURPOSES.map((purpose) => ({
    key: `command.${purpose}`,
    materiality: 'high' as const,
    says: `what to type: ${purpose}`,
  })),
  { key: 'workspace', materiality: 'medium', says: 'a package of a monorepo' },
  { key: 'layout.', materiality: 'medium', says: 'where a role lives: layout.tests, layout.docs' },
  { key: 'generated', materiality: 'medium', says: 'a path nobody edits by hand, and the command that makes it' },
  { key: 'vendored', materiality: 'low', says: 'a path that holds other people’s code' },
  { key: 'migration', materiality: 'medium', says: 'where schema migrations live' },
  { key: 'env.required', materiality: 'high', says: 'an environment variable that must be set' },
  { key: 'entrypoint', materiality: 'low', says: 'where execution starts' },
  {
    key: 'ci.gate.',
    materiality: 'high',
    says: 'what the merge-request pipeline checks: ci.gate.lint, and a line that does it',
  },
  { key: 'ci.job', materiality: 'medium', says: 'a job of the merge-request pipeline' },
];

const ORDER = new Map(KEYS.map((entry, index) => [entry.key, index]));

/** The place of a key in {@link KEYS}; unknown keys come last. */
export function keyOrder(key: string): number {
  return ORDER.get(key) ?? ORDER.get(key.slice(0, key.lastIndexOf('.') + 1)) ?? KEYS.length;
}
