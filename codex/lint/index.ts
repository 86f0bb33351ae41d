import type { CodexFiles } from '../read-codex.ts';
import { BETWEEN_LINTS } from './between.ts';
import { CHECK_LINTS } from './checks.ts';
import { EXAMPLE_LINTS } from './examples.ts';
import { FILE_LINTS } from './files.ts';
import { LEDGER_LINTS } from './ledger.ts';
import { LIFE_CYCLE_LINTS } from './life-cycle.ts';
import type { Lint, LintFinding } from './lint.ts';
import { PAGE_LINTS } from './pages.ts';
import { SAFETY_LINTS } from './safety.ts';
import { SCOPE_LINTS } from './scope.ts';
import { SOURCE_LINTS } from './source.ts';
import { WORDING_LINTS } from './wording.ts';
import { type WorldOptions, worldOf } from './world.ts';

/** Everything that is looked for, by its ID. A new one is an entry in the file of its family. */
export const LINTS: readonly Lint[] = [
  ...FILE_LINTS,
  ...LEDGER_LINTS,
  ...SCOPE_LINTS,
  ...SOURCE_LINTS,
  ...LIFE_CYCLE_LINTS,
  ...CHECK_LINTS,
  ...EXAMPLE_LINTS,
  ...BETWEEN_LINTS,
  ...WORDING_LINTS,
  ...PAGE_LINTS,
  ...SAFETY_LINTS,
];

/** Finds what is wrong with a codex, in the order of file, line and lint. Runs nothing of it but its checks, over its examples. */
export async function lintCodex(files: CodexFiles, options: WorldOptions): Promise<readonly LintFinding[]> {
  const world = await worldOf(files, options);
  const findings = LINTS.flatMap((lint) =>
    [...lint.find(world)].map((found) => ({ severity: lint.severity, ...found, lint: lint.id })),
  );
  return findings.sort((a, b) => compare(a.file, b.file) || a.line - b.line || compare(a.lint, b.lint));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
