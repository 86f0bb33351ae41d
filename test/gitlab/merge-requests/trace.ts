import { checkPosition } from '../positions/check.ts';
import { type DiffEntity, presentDiffs } from '../present/diff.ts';
import { sentPosition } from '../present/position.ts';
import type { Position } from '../review-state.ts';
import type { DiffVersion, Project } from '../state.ts';
import type { World } from '../world.ts';
import { type DiffRefs, filesOf } from './diff-files.ts';
import { lineMap } from './line-map.ts';

export interface Traced {
  /** In the new diff; or, of an outdated one, where the line was last seen. Null: nowhere. */
  readonly position: Position | null;
  readonly outdated: boolean;
}

interface Diffs {
  /** From the old base to the new one, from the old head to the new one, and the new diff itself. */
  readonly bases: readonly DiffEntity[];
  readonly heads: readonly DiffEntity[];
  readonly diff: readonly DiffEntity[];
}

/** Where a position of an older diff is in a version: lib/gitlab/diff/position_tracer/line_strategy.rb. */
export async function trace(world: World, project: Project, position: Position, to: DiffVersion): Promise<Traced> {
  const refs = refsOf(to);
  const diffs: Diffs = {
    bases: await presentDiffs(world, project, position.base_sha, refs.base_sha),
    heads: await presentDiffs(world, project, position.head_sha, refs.head_sha),
    diff: await presentDiffs(world, project, refs.base_sha, refs.head_sha),
  };
  const at = (file: DiffEntity | undefined, old_line: number | null, new_line: number | null): Position => ({
    ...position,
    ...refs,
    old_path: file?.old_path ?? position.old_path,
    new_path: file?.new_path ?? position.new_path,
    old_line,
    new_line,
  });
  if (position.position_type !== 'text') return traceFile(position, diffs, at);
  const traced = traceLine(position, diffs, at);
  if (traced.outdated || (await isShown(world, project, traced.position))) return traced;
  return { position: null, outdated: true };
}

/** The commits of a version, as positions name them. */
export function refsOf({ base, start, head }: DiffVersion): DiffRefs {
  return { base_sha: base, start_sha: start, head_sha: head };
}

type At = (file: DiffEntity | undefined, oldLine: number | null, newLine: number | null) => Position;

function traceLine(position: Position, { bases, heads, diff }: Diffs, at: At): Traced {
  const { old_path, new_path, old_line, new_line } = position;
  if (new_line === null) {
    // Removed: it stays removed as long as the target has it and the source has not.
    const inBases = bases.find((file) => file.old_path === old_path);
    const path = inBases?.new_path ?? old_path;
    const line = old_line === null ? null : lineMap(inBases?.diff).toNew(old_line);
    if (line === null) return { position: at(inBases, old_line, null), outdated: true };
    const file = diff.find((one) => one.old_path === path);
    const back = lineMap(file?.diff).toNew(line);
    return back === null
      ? { position: at(file, line, null), outdated: false }
      : { position: at(file, null, back), outdated: true };
  }
  const inHeads = heads.find((file) => file.old_path === new_path);
  const path = inHeads?.new_path ?? new_path;
  const line = lineMap(inHeads?.diff).toNew(new_line);
  if (line === null) return { position: at(inHeads, new_line, null), outdated: true };
  const file = diff.find((one) => one.new_path === path);
  return { position: at(file, lineMap(file?.diff).toOld(line), line), outdated: false };
}

function traceFile({ new_path }: Position, { heads, diff }: Diffs, at: At): Traced {
  const path = heads.find((file) => file.old_path === new_path)?.new_path ?? new_path;
  const file = diff.find((one) => one.new_path === path);
  return file ? { position: at(file, null, null), outdated: false } : { position: null, outdated: true };
}

async function isShown(world: World, project: Project, position: Position | null): Promise<boolean> {
  if (!position) return false;
  const files = await filesOf(world, project, position, [position.old_path, position.new_path]);
  return (
    files !== undefined && 'lineCode' in checkPosition(sentPosition({ ...position, line_range: null }), files, position)
  );
}
