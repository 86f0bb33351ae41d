import type { Block } from './block.ts';
import { assertSafe } from './gate.ts';
import type { RenderPolicy } from './policy.ts';
import { type SafeText, sealed } from './safe-text.ts';

/** GitLab takes 1,000,000 characters; nobody reads that many. */
const NOTE_LIMIT = 60_000;

/**
 * A description or a comment from blocks. Where they are too long, the last ones are left out and the text says so; hidden
 * markers stay. The result went through the gate.
 *
 * @throws {UnsafeTextError} where the gate finds what the policy does not allow: a bug in the renderer or its caller.
 */
export function note(policy: RenderPolicy, blocks: readonly Block[], limit = NOTE_LIMIT): SafeText {
  const filled = blocks.filter((part) => part.markdown !== '');
  const text = fitting(filled, limit).join('\n\n');
  assertSafe(text, { ...policy, meant: blocks.flatMap((part) => part.meant) });
  return sealed(text);
}

function fitting(blocks: readonly Block[], limit: number): readonly string[] {
  const size = (parts: readonly Block[]) => parts.reduce((sum, part) => sum + part.markdown.length + 2, 0);
  if (size(blocks) <= limit) return blocks.map((part) => part.markdown);
  let room = limit - size(blocks.filter((part) => part.keep)) - SHORTENED.length - 2;
  let full = false;
  const shown = blocks.filter((part) => {
    if (part.keep) return true;
    full ||= part.markdown.length + 2 > room;
    room -= part.markdown.length + 2;
    return !full;
  });
  return [...shown.map((part) => part.markdown), SHORTENED];
}

const SHORTENED = '*Shortened: the rest is too long to show here.*';
