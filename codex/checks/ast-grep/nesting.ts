import type { NapiConfig, SgNode } from '@ast-grep/napi';

/** Code that people write stays below a hundred. */
export const DEEPEST_CODE = 500;

/** So many levels at most come out of one character. */
const LEVELS_PER_CHARACTER = 3;
/** Asked of ast-grep itself, which takes no rule that is nested twice as far. */
const SHALLOW = 64;
const SHALLOW_OR_DEEPER = { rule: anythingAbove(SHALLOW) } as unknown as NapiConfig;

/** Whether a tree has more than {@link DEEPEST_CODE} levels. */
export function isTooDeep(root: SgNode): boolean {
  return root.matches(SHALLOW_OR_DEEPER) && isDeeper(root, DEEPEST_CODE);
}

/** Nodes that are too short for it are not looked into. */
function isDeeper(node: SgNode, limit: number): boolean {
  if (limit <= 0) return true;
  for (const child of node.children()) {
    const { start, end } = child.range();
    if ((end.index - start.index) * LEVELS_PER_CHARACTER >= limit && isDeeper(child, limit - 1)) return true;
  }
  return false;
}

function anythingAbove(levels: number): object {
  return levels === 0 ? { all: [] } : { all: [], has: anythingAbove(levels - 1) };
}
