import { type Kysely, sql, type Transaction } from 'kysely';
import type { Scheduled } from '../queue/port.ts';
import { STATE_SCHEMA, type Tables } from '../store/tables.ts';
import { KEYS, NUMBERED, SCHEMA, TABLES, type TableName, VERSION } from './format.ts';

/** Rows that are held at a time. */
const AT_ONCE = 200;

/**
 * Writes the whole state as it is at one moment, line by line, whatever others do meanwhile. The same state is always written
 * the same, by either store. What is queued is not part of it: what is due is in its rows.
 *
 * @param write takes one line without its end.
 * @param schedules go with it.
 * @returns how many rows there were.
 */
export async function exportState(
  db: Kysely<Tables>,
  write: (line: string) => void | Promise<void>,
  schedules: readonly Scheduled[] = [],
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(trx);
    await sql`set local time zone 'UTC'`.execute(trx);
    const numbers: Record<string, number> = {};
    for (const table of NUMBERED) numbers[table] = await lastNumber(trx, table);
    await write(JSON.stringify({ agentsmd: 'state', version: VERSION, schema: SCHEMA, numbers }));
    let rows = 0;
    for (const table of TABLES)
      for await (const row of rowsOf(trx, table)) {
        await write(`{"table":"${table}","row":${row}}`);
        rows += 1;
      }
    for (const { name, cron, timeZone, options } of schedules)
      await write(JSON.stringify({ schedule: { name, cron, timeZone, options } }));
    rows += schedules.length;
    await write(JSON.stringify({ end: { rows } }));
    return rows;
  });
}

/** Each as JSON that the database writes itself: nothing is lost on the way. */
async function* rowsOf(trx: Transaction<Tables>, table: TableName): AsyncIterable<string> {
  const order = sql.join(
    KEYS[table].map((column) => sql`${sql.ref(column)}${sql.raw(COLLATED.has(column) ? ' collate "C"' : '')}`),
  );
  await sql`declare rows no scroll cursor for
    select row_to_json(t)::text as row from ${sql.id(STATE_SCHEMA, table)} t order by ${order}`.execute(trx);
  for (;;) {
    const { rows } = await sql<{ row: string }>`fetch ${sql.raw(String(AT_ONCE))} from rows`.execute(trx);
    for (const { row } of rows) yield row;
    if (rows.length < AT_ONCE) break;
  }
  await sql`close rows`.execute(trx);
}

/** Columns of text: databases put them in order by different rules. */
const COLLATED: ReadonlySet<string> = new Set([
  ...['key', 'scope', 'campaign', 'name'],
  ...['fingerprint', 'file', 'item', 'text', 'rule'],
]);

/** The last number that the database gave to a row. Such a row may be gone; its number never comes again. */
async function lastNumber(trx: Transaction<Tables>, table: (typeof NUMBERED)[number]): Promise<number> {
  const { rows } = await sql<{ last: string | number | bigint | null }>`
    select pg_sequence_last_value(pg_get_serial_sequence(${`${STATE_SCHEMA}.${table}`}, 'id')::regclass) as last`.execute(
    trx,
  );
  return Number(rows[0]?.last ?? 0);
}
