import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A PostgreSQL server on the loopback interface, of this process: when that ends, it stops, and its files go. */
export interface Postgres {
  /** A new database with nothing in it. @returns its address, as the superuser's. */
  database(): Promise<string>;
  /** Takes the server away, all connections with it; `start` brings it back with what it holds. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

type Answer = { port: number; password: string } | { done: string } | { error: string };

export async function startPostgres(): Promise<Postgres> {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('keep.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C is for those who test, not for what they test with: it has to tidy up.
    detached: true,
  });
  keeper.unref();
  const gone = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  const lines = createInterface({ input: keeper.stdout })[Symbol.asyncIterator]();

  async function answer(): Promise<Answer> {
    const { value, done } = await lines.next();
    const said: Answer = done ? { error: 'PostgreSQL did not start' } : JSON.parse(value);
    if ('error' in said) throw new Error(said.error);
    return said;
  }

  async function command(line: string): Promise<void> {
    keeper.stdin.write(`${line}\n`);
    await answer();
  }

  const first = await answer();
  if (!('port' in first)) throw new Error('PostgreSQL did not say where it is');
  const { port, password } = first;
  const address = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  let made = 0;
  return {
    async database() {
      made += 1;
      const name = `test_${made}`;
      await query(address('postgres'), `create database ${name}`);
      return address(name);
    },
    stop: () => command('stop'),
    start: () => command('start'),
    async close() {
      keeper.ref();
      keeper.stdin.end();
      await gone;
    },
  };
}

/** One statement, on a connection of its own. */
export async function query(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // a server that goes after the answer: what asks then is told so
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
