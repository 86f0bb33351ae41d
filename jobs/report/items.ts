import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { ofGroup, type ReportScope } from './scope.ts';

/** What people made of the bullets that we proposed, since they were last looked at in the time that counts. */
export interface Items extends ItemCounts {
  readonly bySection: readonly (ItemCounts & { readonly section: string })[];
  /** By the kind of fact; those that people touched most come first. */
  readonly byKind: readonly (ItemCounts & { readonly kind: string })[];
}

export interface ItemCounts {
  readonly kept: number;
  readonly edited: number;
  readonly deleted: number;
}

/** So many kinds are listed. */
const SHOWN = 12;

export async function itemsOf(db: Kysely<Tables>, { group, from }: ReportScope): Promise<Items> {
  const rows = await ofGroup(db.selectFrom('item'), db, group)
    .select(({ fn }) => ['section', 'item', 'outcome', fn.countAll().as('count')])
    .where('at', '>=', from)
    .groupBy(['section', 'item', 'outcome'])
    .execute();
  const counts = (own: readonly (typeof rows)[number][]): ItemCounts => {
    const of = (name: string): number =>
      own.filter(({ outcome }) => outcome === name).reduce((sum, { count }) => sum + Number(count), 0);
    return { kept: of('kept'), edited: of('edited'), deleted: of('deleted') };
  };
  const all = ({ kept, edited, deleted }: ItemCounts): number => kept + edited + deleted;
  const touched = ({ edited, deleted }: ItemCounts): number => edited + deleted;
  return {
    ...counts(rows),
    bySection: [...Map.groupBy(rows, ({ section }) => section)]
      .map(([section, own]) => ({ section, ...counts(own) }))
      .sort((a, b) => all(b) - all(a) || (a.section < b.section ? -1 : 1)),
    byKind: [...Map.groupBy(rows, ({ item }) => item)]
      .map(([kind, own]) => ({ kind, ...counts(own) }))
      .sort((a, b) => touched(b) - touched(a) || all(b) - all(a) || (a.kind < b.kind ? -1 : 1))
      .slice(0, SHOWN),
  };
}
