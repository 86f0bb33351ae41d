import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateRepository } from '../forge/git/locate.ts';
import { fixDocuments } from '../generator/check/fix.ts';
import type { CheckResult, Finding } from '../generator/check/index.ts';
import type { CheckTarget } from './check-target.ts';
import type { CommandInput } from './command.ts';
import type { Change } from './diff-text.ts';
import { UsageError } from './errors.ts';
import { writeWorkingTree } from './working-tree.ts';

/** What `--fix` did, or with `--diff` would do. */
export interface Mended {
  readonly changes: readonly Change[];
  readonly applied: readonly Finding[];
  /** Fixes that touch another one: for the next run. */
  readonly left: readonly Finding[];
  /** Documents that are not written, and why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * The top of the working tree that `--fix` writes into; nothing where it is not asked for.
 *
 * @throws {UsageError} where there is none.
 */
export async function treeToMend(input: CommandInput, target: CheckTarget): Promise<string | undefined> {
  if (!input.flag('fix')) {
    if (input.flag('diff')) throw new UsageError('--diff shows what --fix would change; give both');
    return undefined;
  }
  if (input.text('rev') !== undefined)
    throw new UsageError('--fix goes into the working tree, and --rev reads another commit');
  if ('outside' in target) throw new UsageError(`${target.outside}: --fix needs a git repository around the file`);
  const { worktree } = await locateRepository(target.repo);
  if (worktree === null) throw new UsageError(`${target.repo}: a bare repository has no working tree for --fix`);
  return worktree;
}

/** Writes the safe fixes of a result into the working tree, unless they are only to be shown. */
export function mend(root: string, { documents, findings }: CheckResult, show: boolean): Mended {
  const changes: Change[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const applied: Finding[] = [];
  const left: Finding[] = [];
  for (const fixed of fixDocuments(documents, findings)) {
    const { path, text: read } = fixed.document;
    const existing = onDisk(join(root, path));
    const mark = existing?.startsWith('\uFEFF') ? '\uFEFF' : '';
    if (existing === undefined) skipped.push({ path, reason: 'not checked out' });
    else if (existing !== mark + read) skipped.push({ path, reason: 'changed while it was checked; run it again' });
    else {
      changes.push({ path, existing, text: mark + fixed.text });
      applied.push(...fixed.applied);
      left.push(...fixed.left);
    }
  }
  if (!show) writeWorkingTree(root, changes, true);
  return { changes, applied, left, skipped };
}

/** Nothing where a sparse checkout leaves the file off the disk. */
function onDisk(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
