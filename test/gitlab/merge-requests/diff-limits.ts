import type { DiffEntity } from '../present/diff.ts';
import type { World } from '../world.ts';

/**
 * The diffs of a merge request as far as GitLab tells them: doc/administration/diff_limits.md. What is too large, and from
 * a tenth of a limit on what is collapsed, comes without its text; files past a limit are not told at all.
 */
export function withinLimits(world: World, diffs: readonly DiffEntity[]): DiffEntity[] {
  if (!world.rule('diff-limits')) return [...diffs];
  const within: DiffEntity[] = [];
  let lines = 0;
  for (const diff of diffs) {
    lines += diff.diff.split('\n').length - 1;
    if (within.length === MOST.files || lines > MOST.lines) break;
    const bytes = Buffer.byteLength(diff.diff);
    if (bytes > MOST.patch) within.push(without(diff, 'too_large'));
    else if (bytes > MOST.patch / 10 || within.length >= MOST.files / 10 || lines > MOST.lines / 10) {
      within.push(without(diff, 'collapsed'));
    } else within.push(diff);
  }
  return within;
}

/** In bytes, of the text without its header: `diff_max_patch_bytes`. */
export function isTooLarge(world: World, { diff }: DiffEntity): boolean {
  return Buffer.byteLength(diff) > MOST.patch && world.rule('diff-limits');
}

/** Older versions leave the text out without a word: `flag` is there from 18.4 on. */
function without(diff: DiffEntity, flag: 'collapsed' | 'too_large'): DiffEntity {
  return { ...diff, diff: '', ...(flag in diff ? { [flag]: true } : {}) };
}

/** The defaults. */
const MOST = { patch: 200 * 1024, files: 1000, lines: 50_000 };
