import { PURPOSES } from './fact.ts';

/** How much it matters to somebody who relies on AGENTS.md that a fact was replaced or is gone. A new one matters less. */
export type Materiality = 'high' | 'medium' | 'low';

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
  { key: 'linter', materiality: 'high', says: 'a linter that is configured' },
  { key: 'formatter', materiality: 'high', says: 'a formatter that is configured' },
  { key: 'type-checker', materiality: 'high', says: 'a type checker that is configured' },
  ...PURPOSES.map((purpose) => ({
    key: `command.${purpose}`,
    materiality: 'high' as const,
    says: `what to type: ${purpose}`,
  })),
  { key: 'workspace', materiality: 'high', says: 'a package of a monorepo' },
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

/** Keys that only changes have: what is no fact by itself, or too much of it. */
const CHANGE_KEYS: readonly {
  readonly key: string;
  readonly materiality: Materiality;
  readonly says: string;
}[] = [
  { key: 'task', materiality: 'high', says: 'a task, target or script that people run by its name' },
  { key: 'directory', materiality: 'high', says: 'a major folder that moved or is gone' },
  { key: 'ci.system', materiality: 'high', says: 'what runs the pipelines' },
  { key: 'dependency', materiality: 'medium', says: 'a library: another major version, or another one in its place' },
  { key: 'lint-rules', materiality: 'medium', says: 'which rules a linter holds the code to' },
];

const MATERIALITY = new Map([...KEYS, ...CHANGE_KEYS].map(({ key, materiality }) => [key, materiality]));

/** What it amounts to that a value of a key was replaced or removed; unknown keys are `low`. */
export function keyMateriality(key: string): Materiality {
  return MATERIALITY.get(key) ?? MATERIALITY.get(key.slice(0, key.lastIndexOf('.') + 1)) ?? 'low';
}

/** One level less: what a new value amounts to where another one replaced would be `materiality`. */
export function lesser(materiality: Materiality): Materiality {
  return materiality === 'high' ? 'medium' : 'low';
}
