import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { type RepositoryGroup, total } from './repositories.ts';

/** Which repositories in scope have their merge requests reviewed. */
export interface Coverage {
  /** The component that is looked for; '': none is named. */
  readonly component: string;
  readonly with: number;
  readonly without: number;
  readonly unknown: number;
}

export function coverageOf(groups: readonly RepositoryGroup[], component: string): Coverage {
  const scoped = groups.filter(({ gone, excluded }) => !gone && excluded === null);
  const of = (value: boolean | null): number => total(scoped.filter(({ reviewed }) => reviewed === value));
  return { component, with: of(true), without: of(false), unknown: of(null) };
}

/** Paths of projects, in order. */
export interface CoverageLists {
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly unknown: readonly string[];
}

export async function coverageLists(db: Kysely<Tables>): Promise<CoverageLists> {
  const rows = await db
    .selectFrom('repository')
    .select(['path', 'reviewed'])
    .where('gone_since', 'is', null)
    .where('excluded', 'is', null)
    .orderBy('path')
    .execute();
  const of = (value: boolean | null): readonly string[] =>
    rows.filter(({ reviewed }) => reviewed === value).map(({ path }) => path);
  return { with: of(true), without: of(false), unknown: of(null) };
}
