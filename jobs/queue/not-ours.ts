import type { Kysely } from 'kysely';
import { partsOf } from '../key.ts';
import type { Tables } from '../store/tables.ts';
import { othersLying } from './tasks.ts';

/** How long it holds which instances others work on, in ms. */
const HOLDS = 2_000;

/** Repositories that only others can work on. */
export interface NotOurs {
  /** Of which instances such wait, as it was a moment ago. */
  waiting(): Promise<string[]>;
  /** Whether one is ours to work on. */
  allow(key: string): boolean;
}

/** @param instances those that can be worked on here; absent: all. */
export function notOurs(db: Kysely<Tables>, instances: readonly string[] | undefined): NotOurs {
  let known: { readonly at: number; readonly waiting: readonly string[] } | undefined;
  return {
    async waiting() {
      if (instances === undefined) return [];
      const now = performance.now();
      if (known === undefined || now - known.at > HOLDS) known = { at: now, waiting: await othersLying(db, instances) };
      return [...known.waiting];
    },
    allow(key) {
      const { instance } = partsOf(key);
      if (instances === undefined || instance === '' || instances.includes(instance)) return true;
      // It came since the last look.
      known = undefined;
      return false;
    },
  };
}
