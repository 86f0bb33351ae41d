import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../jobs/store/store.ts';
import type { State } from '../jobs/store/tables.ts';
import type { CommandInput } from './command.ts';
import { storePlace } from './fleet-store.ts';

/**
 * Hands what is known of the fleet to `use`, which only looks at it. Where there is no state yet none is made: an empty one in
 * memory stands for it.
 *
 * @throws {FleetError} where there is one that cannot be had: another process holds the folder, the database does not answer.
 */
export async function withKnownFleet<T>(
  input: Pick<CommandInput, 'text' | 'out'>,
  use: (db: State) => Promise<T>,
): Promise<T> {
  const store = (await known(input)) ?? (await empty());
  try {
    return await use(store.db);
  } finally {
    await store.close();
  }
}

async function known(input: Pick<CommandInput, 'text' | 'out'>): Promise<Store | undefined> {
  const place = storePlace(input);
  if (!('url' in place) && !existsSync(join(place.folder, 'pg'))) return undefined;
  const store =
    'url' in place
      ? await (await import('../jobs/store/postgres.ts')).openPostgres(place.url)
      : await (await import('../jobs/store/embedded.ts')).openEmbedded(place.folder);
  if (await (await import('../jobs/store/has-state.ts')).hasState(store.db)) return store;
  await store.close();
  return undefined;
}

async function empty(): Promise<Store> {
  const [{ openLite, storeOn }, { migrate }] = await Promise.all([
    import('../jobs/store/embedded.ts'),
    import('../jobs/store/migrate.ts'),
  ]);
  const store = storeOn(await openLite({}), 'memory', () => {});
  await migrate(store.db);
  return store;
}
