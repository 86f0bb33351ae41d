import { type Kysely, sql, type Transaction } from 'kysely';
import type * as z from 'zod';
import { FleetError } from '../errors.ts';
import type { Scheduled } from '../queue/port.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import { STATE_SCHEMA, type Tables } from '../store/tables.ts';
import { END, HEADER, LINE, NUMBERED, ROWS, SCHEDULE, SCHEMA, TABLES, type TableName, VERSION } from './format.ts';

export interface ImportOptions {
  /** What is there goes. Default: a state that holds anything is refused. */
  readonly replace?: boolean;
  /** Told of each schedule; they are not kept in the state. Once all is imported they may be set. */
  readonly onSchedule?: (schedule: Scheduled) => void;
}

interface Row {
  readonly line: number;
  readonly json: string;
}

/** Rows that are held at a time, and their characters. */
const AT_ONCE = 500;
const MOST_TEXT = 4 << 20;

/**
 * Takes a state that was exported: all of it, or nothing. The queue is not touched; the next sweep or worker puts what is due
 * into it.
 *
 * @param lines each without its end.
 * @returns how many rows there were.
 * @throws {FleetError} with the number of the line that is wrong.
 */
export async function importState(
  db: Kysely<Tables>,
  lines: AsyncIterable<string> | Iterable<string>,
  { replace = false, onSchedule }: ImportOptions = {},
): Promise<number> {
  // At once: what reads a file line by line loses those that come before somebody listens.
  const coming = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
  return db.transaction().execute(async (trx) => {
    const all = sql.join(TABLES.map((table) => sql.id(STATE_SCHEMA, table)));
    await sql`lock table ${all} in access exclusive mode`.execute(trx);
    if (replace) await sql`truncate table ${all}`.execute(trx);
    else await refuseFull(trx);
    const reading = new Reading(trx, onSchedule);
    for await (const line of { [Symbol.asyncIterator]: () => coming as AsyncIterator<string> })
      await reading.take(line);
    const { rows, numbers } = await reading.finish();
    // What was running there does not run here.
    await trx
      .updateTable('sweep')
      .set({ state: 'interrupted', ended_at: sql`coalesce(ended_at, now())` })
      .where('state', '=', 'running')
      .execute();
    await goOnAfter(trx, numbers);
    return rows;
  });
}

async function refuseFull(trx: Transaction<Tables>): Promise<void> {
  for (const table of TABLES) {
    const { rows } = await sql`select from ${sql.id(STATE_SCHEMA, table)} limit 1`.execute(trx);
    if (rows.length > 0)
      throw new FleetError(
        `the state is not empty: its table ${table} has rows; --replace puts what is imported in the place of all of it`,
      );
  }
}

type Numbers = z.infer<typeof HEADER>['numbers'];

/** The lines as they come, checked, and written some at a time. */
class Reading {
  readonly #trx: Transaction<Tables>;
  readonly #onSchedule: ImportOptions['onSchedule'];
  #line = 0;
  #header: z.infer<typeof HEADER> | undefined;
  #rows = 0;
  #ended = false;
  #table: TableName | undefined;
  #waiting: Row[] = [];
  #text = 0;

  constructor(trx: Transaction<Tables>, onSchedule: ImportOptions['onSchedule']) {
    this.#trx = trx;
    this.#onSchedule = onSchedule;
  }

  async take(line: string): Promise<void> {
    this.#line += 1;
    if (line.trim() === '') return;
    if (this.#ended) throw this.#wrong('something comes after the last line; it was put together from several files');
    const value = this.#parsed(line);
    if (this.#header === undefined) {
      this.#header = this.#headerOf(value);
      return;
    }
    const end = END.safeParse(value);
    if (end.success) {
      const { rows } = end.data.end;
      if (rows !== this.#rows) throw this.#wrong(`${this.#rows} rows came, and ${rows} were written; export it again`);
      this.#ended = true;
      return;
    }
    const scheduled = SCHEDULE.safeParse(value);
    if (scheduled.success) {
      this.#onSchedule?.(scheduled.data.schedule as unknown as Scheduled);
      this.#rows += 1;
      return;
    }
    const { table, json } = this.#rowOf(value);
    if (table !== this.#table || this.#waiting.length >= AT_ONCE || this.#text >= MOST_TEXT) await this.#flush();
    this.#table = table;
    this.#waiting.push({ line: this.#line, json });
    this.#text += json.length;
    this.#rows += 1;
  }

  async finish(): Promise<{ readonly rows: number; readonly numbers: Numbers }> {
    if (this.#header === undefined) throw new FleetError('there is nothing to import: not even a first line');
    if (!this.#ended)
      throw new FleetError(
        `the state ends after line ${this.#line} without its last line: it was cut off; export it again`,
      );
    await this.#flush();
    return { rows: this.#rows, numbers: this.#header.numbers };
  }

  #wrong(what: string): FleetError {
    return new FleetError(`line ${this.#line}: ${what}`);
  }

  #parsed(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch {
      throw this.#header === undefined ? this.#noState() : this.#wrong('no JSON; export it again');
    }
  }

  #noState(): FleetError {
    return this.#wrong('this is no state of agentsmd; agentsmd state export writes one');
  }

  #headerOf(value: unknown): z.infer<typeof HEADER> {
    const { agentsmd, version, schema } = (typeof value === 'object' && value !== null ? value : {}) as Record<
      string,
      unknown
    >;
    if (agentsmd !== 'state') throw this.#noState();
    if (version !== VERSION || (typeof schema === 'string' && !Object.hasOwn(MIGRATIONS, schema)))
      throw this.#wrong(`a newer agentsmd wrote this state, which this one (${SCHEMA}) does not know; update it first`);
    return this.#checked(HEADER, value, 'header');
  }

  #rowOf(value: unknown): { readonly table: TableName; readonly json: string } {
    const { table: name, row } = this.#checked(LINE, value, 'row');
    const table = TABLES.find((each) => each === name);
    if (table === undefined) throw this.#wrong(`a row of a table that there is not; there are ${TABLES.join(', ')}`);
    const schema: z.ZodType = ROWS[table];
    return { table, json: JSON.stringify(this.#checked(schema, row, table)) };
  }

  #checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    // Whatever the file holds is not repeated.
    if (issue?.code === 'unrecognized_keys') throw this.#wrong(`${name}: a field that there is not`);
    throw this.#wrong(`${[name, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
  }

  async #flush(): Promise<void> {
    const rows = this.#waiting;
    const table = this.#table;
    this.#waiting = [];
    this.#text = 0;
    if (table === undefined || rows.length === 0) return;
    await sql`savepoint batch`.execute(this.#trx);
    try {
      await insert(this.#trx, table, rows);
    } catch {
      await sql`rollback to savepoint batch`.execute(this.#trx);
      await this.#oneByOne(table, rows);
    }
    await sql`release savepoint batch`.execute(this.#trx);
  }

  /** The database does not say which of many it did not take. */
  async #oneByOne(table: TableName, rows: readonly Row[]): Promise<void> {
    for (const row of rows)
      await insert(this.#trx, table, [row]).catch((error: Error) => {
        throw new FleetError(`line ${row.line}: ${table}: the database does not take it: ${error.message}`, 2, {
          cause: error,
        });
      });
  }
}

async function insert(trx: Transaction<Tables>, table: TableName, rows: readonly Row[]): Promise<void> {
  const columns = sql.join(Object.keys(ROWS[table].shape).map((column) => sql.id(column)));
  const into = sql.id(STATE_SCHEMA, table);
  const json = `[${rows.map((row) => row.json).join(',')}]`;
  await sql`insert into ${into} (${columns}) overriding system value
    select ${columns} from json_populate_recordset(null::${into}, ${json}::text::json)`.execute(trx);
}

/** Numbers go on after the last one that was ever given. */
async function goOnAfter(trx: Transaction<Tables>, numbers: Numbers): Promise<void> {
  for (const table of NUMBERED) {
    const { rows } = await sql<{ most: string | number | null }>`
      select max(id) as most from ${sql.id(STATE_SCHEMA, table)}`.execute(trx);
    const last = Math.max(numbers[table], Number(rows[0]?.most ?? 0));
    // Restarted, the sequence is one of this transaction alone: what is set then goes with it.
    await sql`alter table ${sql.id(STATE_SCHEMA, table)} alter column id restart`.execute(trx);
    const sequence = sql`pg_get_serial_sequence(${`${STATE_SCHEMA}.${table}`}, 'id')::regclass`;
    if (last > 0) await sql`select setval(${sequence}, ${last})`.execute(trx);
  }
}
