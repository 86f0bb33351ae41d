import { sql, type Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { storable, storableJson } from '../work/state.ts';
import type { ItemFate } from './fates.ts';

/** A row stays as it is until people do something else with the bullet. */
export async function keepItems(
  trx: Transaction<Tables>,
  { key, items, stack, now }: { key: string; items: readonly ItemFate[]; stack: readonly string[]; now: number },
): Promise<void> {
  const rows = items.map(({ file, item, text, section, outcome, now: stands }) => ({
    ...{ key, file: storable(file), item: storable(item), text: storable(text), section, outcome },
    ...{ now: stands === null ? null : storable(stands), stack: storableJson(stack), at: new Date(now) },
  }));
  const unique = [...new Map(rows.map((row) => [JSON.stringify([row.file, row.item, row.text]), row])).values()];
  if (unique.length === 0) return;
  await trx
    .insertInto('item')
    .values(unique)
    .onConflict((conflict) =>
      conflict
        .columns(['key', 'file', 'item', 'text'])
        .doUpdateSet((eb) => ({
          section: eb.ref('excluded.section'),
          outcome: eb.ref('excluded.outcome'),
          now: eb.ref('excluded.now'),
          stack: eb.ref('excluded.stack'),
          at: eb.ref('excluded.at'),
        }))
        .where(sql<boolean>`(item.outcome, item.now) is distinct from (excluded.outcome, excluded.now)`),
    )
    .execute();
}
