import type { ItemChange } from '../../generator/refresh/change.ts';
import type { GenerateResult } from '../../generator/result.ts';

/** What people made of a bullet of ours that was merged. */
export interface ItemFate {
  readonly file: string;
  /** The key of its fact. */
  readonly item: string;
  /** As it was merged. */
  readonly text: string;
  readonly section: string;
  readonly outcome: 'kept' | 'edited' | 'deleted';
  /** What stands there instead. */
  readonly now: string | null;
}

/** What became of the bullets that were merged, as a refresh finds them. What only follows its fact was kept until then. */
export function fatesIn({ changes, was }: Pick<GenerateResult, 'changes' | 'was'>): readonly ItemFate[] {
  return changes.flatMap(({ path, key, section, kind, before }) => {
    const merged = was?.files[path]?.items.find((item) => item.key === key);
    const outcome = merged && outcomeOf(kind, before, merged.text);
    if (!merged || !outcome) return [];
    const now = outcome === 'edited' ? before : null;
    return [{ file: path, item: key, text: merged.text, section, outcome, now }];
  });
}

function outcomeOf(kind: ItemChange['kind'], before: string | null, text: string): ItemFate['outcome'] | undefined {
  switch (kind) {
    case 'kept':
    case 'updated':
    case 'removed':
      return 'kept';
    case 'human':
      return 'edited';
    case 'tombstoned':
      return 'deleted';
    case 'conflict':
      // Where it only could not be written, or proved, nobody touched it.
      return before === null || before === text ? undefined : 'edited';
    default:
      return undefined;
  }
}
