import type { Evidence } from '../fact.ts';
import type { Materiality } from '../keys.ts';

/** One thing that is true after a change and was not before, or the other way round. */
export interface FactChange {
  /** A key of `keys.ts`. */
  readonly key: string;
  /** The folder it belongs to before the change, or after it where there was none; `""` is the root. */
  readonly dir: string;
  /** What was true; `null` where there was nothing. */
  readonly from: string | null;
  /** What is true now; `null` where nothing took its place. */
  readonly to: string | null;
  readonly materiality: Materiality;
  /** Lines after the change; of what was removed, lines before it. At least one. */
  readonly evidence: readonly Evidence[];
}

const RANK: Readonly<Record<Materiality, number>> = { low: 0, medium: 1, high: 2 };

/** The highest of all; `low` where nothing changed. */
export function materialityOf(changes: readonly FactChange[]): Materiality {
  let highest: Materiality = 'low';
  for (const { materiality } of changes) if (RANK[materiality] > RANK[highest]) highest = materiality;
  return highest;
}

/** What matters most first, then root before packages, then by key and value. */
export function byMateriality(a: FactChange, b: FactChange): number {
  return (
    RANK[b.materiality] - RANK[a.materiality] ||
    compare(a.dir, b.dir) ||
    compare(a.key, b.key) ||
    compare(a.from ?? '', b.from ?? '') ||
    compare(a.to ?? '', b.to ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
