import { createHash } from 'node:crypto';

/** Tokens of a block, as common inference servers have it (vLLM's default). */
const BLOCK = 16;

export interface PrefixCache {
  /** How many tokens at its beginning are held already. `remember` it once its first token is there, not before. */
  lookup(scope: string, tokens: readonly number[]): { readonly cached: number; remember(): void };
  clear(): void;
}

/**
 * Whole blocks of a prompt, each known by a hash over itself and all before it; so a block counts only where everything before it is
 * the same. The least recently used goes first, the end of a prompt before its beginning. The last token of a prompt is always
 * computed, for something has to give the first logits; so the block that ends with it never counts.
 */
export function prefixCache(size: number): PrefixCache {
  const held = new Map<string, true>();

  return {
    lookup(scope, tokens) {
      const chain = size === 0 ? [] : chainOf(scope, tokens);
      const most = Math.floor((tokens.length - 1) / BLOCK);
      let hits = 0;
      while (hits < most && held.has(chain[hits]!)) hits++;
      touch(chain.slice(0, hits));
      return { cached: hits * BLOCK, remember: () => touch(chain) };
    },
    clear: () => held.clear(),
  };

  function touch(chain: readonly string[]): void {
    for (const block of chain.toReversed()) {
      held.delete(block);
      held.set(block, true);
    }
    for (const oldest of held.keys()) {
      if (held.size <= size) break;
      held.delete(oldest);
    }
  }
}

function chainOf(scope: string, tokens: readonly number[]): readonly string[] {
  const chain: string[] = [];
  let before = scope;
  for (let at = 0; at + BLOCK <= tokens.length; at += BLOCK) {
    before = createHash('sha1')
      .update(before)
      .update(Uint32Array.from(tokens.slice(at, at + BLOCK)))
      .digest('base64');
    chain.push(before);
  }
  return chain;
}
