import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../../test/postgres/start.ts';
import { migrate } from '../store/migrate.ts';
import { openPostgres } from '../store/postgres.ts';
import { STATE_SCHEMA, type Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { exportState } from './export.ts';
import { ROWS, TABLES } from './format.ts';
import { importState } from './import.ts';

const opened: Kysely<Tables>[] = [];
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 120_000);
afterAll(async () => {
  for (const db of opened) await db.destroy();
  await postgres.close();
});

async function embedded(): Promise<Kysely<Tables>> {
  const db = await memoryState();
  opened.push(db);
  return db;
}

async function server(url?: string): Promise<Kysely<Tables>> {
  const { db } = await openPostgres(url ?? (await postgres.database()));
  await migrate(db);
  opened.push(db);
  return db;
}

async function linesOf(db: Kysely<Tables>): Promise<string[]> {
  const lines: string[] = [];
  const rows = await exportState(db, (line) => void lines.push(line));
  expect(lines).toHaveLength(rows + 2);
  return lines;
}

/** A state with something in every table, of names that databases order differently, and more rows than are held at a time. */
async function fill(db: Kysely<Tables>): Promise<void> {
  const at = new Date('2026-11-21T10:00:00.123Z');
  const instance = 'https://gitlab.example.com';
  const paths = ['Shop/B', 'shop/a', 'shop/Z', 'shop-x/é', 'shop/\u{1f600}', 'tab\there "\\ \u2028 <b>', 'a/b'];
  const many = Array.from({ length: 1200 }, (_, at) => `fleet/p${at}`);
  const repositories = [...paths, ...many].map((path, nth) => ({
    ...{ key: `${instance}#${path}`, instance, project: String(nth), path, url: `${instance}/${path}` },
    ...{ first_seen: sql<string>`now()`, last_seen: sql<string>`'2026-11-21 10:00:00.123456+02'::timestamptz` },
    ...(nth === 0 ? { ledger: JSON.stringify({ v: 1, text: 'é\u{1f600}', n: 0.1, list: [] }), reviewed: false } : {}),
    ...(nth === 1 ? { due: 'new', due_since: at, not_before: at, due_sweep: 2, dead_since: at } : {}),
    ...(nth === 2
      ? {
          stale_by: '[{"iid":4,"url":"u"}]',
          message: 'two\nlines\r\n',
          proposed_ledger: '[]',
          head: 'a'.repeat(40),
          facts: 'f',
        }
      : {}),
  }));
  for (let from = 0; from < repositories.length; from += 100)
    await db
      .insertInto('repository')
      .values(repositories.slice(from, from + 100))
      .execute();
  const merge = { url: 'u', source: 'agentsmd/refresh', opened_at: at, purpose: 'agents-md' };
  await db
    .insertInto('merge_request')
    .values([
      { ...merge, key: `${instance}#shop/a`, iid: 10, state: 'opened', updated_at: '2026-11-21T10:00:00.1Z' },
      { ...merge, key: `${instance}#shop/a`, iid: 9, state: 'closed', ended_at: at, ended_by: 'us', wave: 1, sweep: 1 },
      { ...merge, key: `${instance}#shop/B`, iid: 1, state: 'merged', campaign: '1.0 x', tip: 'b'.repeat(40) },
    ])
    .execute();
  const sweep = { started_at: at, state: 'done', options: JSON.stringify({ groups: ['shop'], limit: 3 }) };
  for (let id = 1; id <= 3; id++) await db.insertInto('sweep').values(sweep).execute();
  await db
    .updateTable('sweep')
    .set({ summary: JSON.stringify({ repositories: 1 }) })
    .where('id', '=', 2)
    .execute();
  await db.deleteFrom('sweep').where('id', '=', 3).execute();
  // As after very many.
  await sql`alter table ${sql.id(STATE_SCHEMA, 'outcome')} alter column id restart with 4294967300`.execute(db);
  const outcome = { key: 'x', at, kind: 'created', ms: 5, requests: 2 };
  await db
    .insertInto('outcome')
    .values([outcome, { ...outcome, sweep: 1, reason: 'r', iid: 3 }])
    .execute();
  const verdict = { rev: 1, level: 'MUST', status: 'active', head: 'c'.repeat(40), at };
  const evidence = JSON.stringify([{ path: 'é.ts', line: 3, quote: 'x()', note: '' }]);
  await db
    .insertInto('audit')
    .values([
      { ...verdict, key: `${instance}#shop/a`, rule: 'TS-LOG-001', title: 'é', verdict: 'NON-COMPLIANT', evidence },
      { ...verdict, key: `${instance}#shop/a`, rule: 'TS-LOG-0010', verdict: 'COMPLIANT', evidence: '[]' },
      { ...verdict, key: `${instance}#Shop/B`, rule: 'TS-LOG-001', verdict: 'NOT-CHECKED', evidence: '[]' },
    ])
    .execute();
  const permit = { key: 'x', path: 'shop/a', instance, kind: 'open', at, state: 'used' };
  await db.insertInto('permit').values([permit, permit]).execute();
  await db.deleteFrom('permit').where('id', '=', 2).execute();
  await db.insertInto('pause').values({ scope: '*', reason: 'freeze', by: 'ada', since: at }).execute();
  await db.insertInto('rollout').values({ campaign: '1.0 x', wave: 1, wave_since: at, started_at: at }).execute();
  const memo = [
    { name: 'b', value: '{"until":"x"}' },
    { name: 'B', value: '[1]' },
  ];
  await db.insertInto('memo').values(memo).execute();
  const review = { key: 'x', state: 'merged', opened_at: at, ended_at: at, harvested_at: at, reviews: 2, tier: 'full' };
  const took = { ms: 7000, cost: 0.1, input_tokens: 5, cached_tokens: 0, output_tokens: 1, agents: '[{"name":"a"}]' };
  const judged = { decision: 'approved', overruled: false, stale: true, applied: '["RS-ERR-001@2"]' };
  const reviewed = { url: 'u', ...review, ...took, ...judged };
  await db
    .insertInto('reviewed')
    .values([
      { ...reviewed, iid: 10 },
      { ...reviewed, iid: 9, cost: null },
    ])
    .execute();
  const finding = { key: 'x', iid: 9, agent: 'codex', computed: true, severity: 'warning', category: 'codex', at };
  const place = { rules: '["RS-ERR-001@2"]', path: 'é', line: 0, title: 't', outcome: 'fixed', quote: 'log("é")' };
  await db
    .insertInto('finding')
    .values(['b', 'B', 'a'].map((fingerprint) => ({ ...finding, ...place, fingerprint })))
    .execute();
  const item = { key: 'x', file: 'AGENTS.md', item: 'command.test', section: 'Repository', outcome: 'kept', at };
  await db
    .insertInto('item')
    .values(['b', 'Ä', 'a'].map((text) => ({ ...item, text, stack: '["rust"]' })))
    .execute();
  const rule = { state: 'muted', since: at, settled: 12, unwanted: 7, lower: 0.32, updated_at: at };
  await db
    .insertInto('rule')
    .values([10, 9].map((rev) => ({ ...rule, rule: 'RS-ERR-001', rev })))
    .execute();
}

async function nextNumbers(db: Kysely<Tables>) {
  const at = new Date();
  const sweep = db.insertInto('sweep').values({ started_at: at, state: 'running', options: '{}' }).returning('id');
  const outcome = db.insertInto('outcome').values({ key: 'x', at, kind: 'x', ms: 0, requests: 0 }).returning('id');
  const permit = { key: 'x', path: 'x', instance: 'x', kind: 'open', at, state: 'used' };
  const ids = [sweep, outcome, db.insertInto('permit').values(permit).returning('id')];
  return Promise.all(ids.map(async (query) => (await query.executeTakeFirstOrThrow()).id));
}

describe('a state', () => {
  it('goes from the embedded store to PostgreSQL and back without a change', async () => {
    const [here, there, back] = [await embedded(), await server(), await embedded()];
    await fill(here);
    const lines = await linesOf(here);
    expect(await importState(there, lines)).toBe(lines.length - 2);
    expect(await linesOf(there)).toEqual(lines);
    await importState(back, await linesOf(there));
    expect(await linesOf(back)).toEqual(lines);
    for (const table of TABLES) {
      const [one, other] = await Promise.all(
        [here, back].map((db) => sql`select * from ${sql.id(STATE_SCHEMA, table)}`.execute(db)),
      );
      expect(new Set(other!.rows.map((row) => JSON.stringify(row)))).toEqual(
        new Set(one!.rows.map((row) => JSON.stringify(row))),
      );
      expect(one!.rows.length, table).toBeGreaterThan(0);
    }
    for (const db of [there, back]) expect(await nextNumbers(db)).toEqual([4, 4294967302, 3]);
  });

  it('takes schedules along, which lie elsewhere', async () => {
    const [here, there] = [await embedded(), await embedded()];
    const schedule = { name: 'nightly', cron: '0 2 * * 1-5', timeZone: 'Europe/Berlin', options: { groups: ['shop'] } };
    const lines: string[] = [];
    const rows = await exportState(here, (line) => void lines.push(line), [schedule]);
    const told: unknown[] = [];
    expect(await importState(there, lines, { onSchedule: (each) => told.push(each) })).toBe(rows);
    expect(told).toEqual([schedule]);
    const cut = lines.filter((line) => !line.includes('nightly'));
    await expect(importState(there, cut)).rejects.toThrow(/rows came/);
  });

  it('is written to the microsecond, whatever time zone the database is in, its rows by their names', async () => {
    const url = await postgres.database();
    const first = await server(url);
    await fill(first);
    const name = sql.id(new URL(url).pathname.slice(1));
    await sql`alter database ${name} set time zone 'Asia/Kolkata'`.execute(first);
    const db = await server(url);
    expect((await sql<{ now: string }>`select now()::text as now`.execute(db)).rows[0]!.now).toMatch(/\+05:30$/);
    const lines = await linesOf(db);
    expect(lines[0]).toBe(
      '{"agentsmd":"state","version":1,"schema":"007-rule-title","numbers":{"sweep":3,"outcome":4294967301,"permit":2}}',
    );
    const repositories = lines
      .slice(1)
      .flatMap((line) => (line.includes('"table":"repository"') ? [JSON.parse(line).row] : []));
    expect(repositories[0].last_seen).toBe('2026-11-21T08:00:00.123456+00:00');
    expect(repositories.map(({ key }) => key)).toEqual(repositories.map(({ key }) => key).toSorted());
    expect(lines.at(-1)).toBe(`{"end":{"rows":${lines.length - 2}}}`);
    expect(lines.every((line) => !line.includes('\n'))).toBe(true);
  });

  it('has exactly the columns that the database has', async () => {
    const db = await embedded();
    const { rows } = await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = ${STATE_SCHEMA} and table_name not like 'kysely_%'`.execute(db);
    const columns = Object.groupBy(rows, ({ table }) => table);
    const known = Object.entries(ROWS).map(([table, { shape }]) => [table, Object.keys(shape).toSorted()]);
    const there = Object.entries(columns).map(([table, of]) => [table, of!.map(({ column }) => column).toSorted()]);
    expect(Object.fromEntries(there)).toEqual(Object.fromEntries(known));
  });

  it('is that of one moment, though somebody writes meanwhile', async () => {
    const db = await server();
    await fill(db);
    const before = await linesOf(db);
    let changed = false;
    const during: string[] = [];
    await exportState(db, async (line) => {
      during.push(line);
      if (changed) return;
      changed = true;
      await db.deleteFrom('memo').execute();
      await db.updateTable('repository').set({ due: 'moved' }).execute();
    });
    expect(during).toEqual(before);
  });

  it('is not taken where there is one, unless it may be replaced', async () => {
    const db = await embedded();
    await fill(db);
    const lines = await linesOf(db);
    await expect(importState(db, lines)).rejects.toThrow(/not empty: its table repository has rows; --replace/);
    await db.deleteFrom('pause').execute();
    await db.updateTable('repository').set({ due: 'moved' }).execute();
    await importState(db, lines, { replace: true });
    expect(await linesOf(db)).toEqual(lines);
    expect(await nextNumbers(db)).toEqual([4, 4294967302, 3]);
  });

  it('has nothing running where it comes in, and may be of the time before that was known', async () => {
    const [here, there] = [await embedded(), await embedded()];
    const running = { started_at: new Date('2026-11-20T10:00:00Z'), state: 'running', options: '{"groups":[]}' };
    await here.insertInto('sweep').values([running, running]).execute();
    const lines = (await linesOf(here)).map((line, at) =>
      at === 0
        ? line.replace('007-rule-title', '001-state')
        : line.replace(/,"heard_at":"[^"]*"/, at === 1 ? '' : '$&'),
    );
    await importState(there, lines);
    const sweeps = await there.selectFrom('sweep').select(['state', 'ended_at', 'heard_at']).orderBy('id').execute();
    const ended = { state: 'interrupted', ended_at: expect.any(Date) };
    expect(sweeps).toEqual([
      { ...ended, heard_at: null },
      { ...ended, heard_at: expect.any(Date) },
    ]);
  });

  it('with nothing in it is one, too', async () => {
    const [db, other] = [await embedded(), await embedded()];
    const lines = await linesOf(db);
    expect(lines).toHaveLength(2);
    await importState(other, [...lines, '']);
    expect(await nextNumbers(other)).toEqual([1, 1, 1]);
  });
});

describe('a file that is no state', () => {
  const HEADER = '{"agentsmd":"state","version":1,"schema":"001-state","numbers":{"sweep":0,"outcome":0,"permit":0}}';
  const PAUSE = '{"table":"pause","row":{"scope":"*","reason":"","by":"ada","since":"2026-11-21T10:00:00Z"}}';
  const SECOND = PAUSE.replace('*', 'shop');
  let db: Kysely<Tables>;
  beforeAll(async () => {
    db = await embedded();
    await db
      .insertInto('permit')
      .values({ key: 'x', path: 'x', instance: 'x', kind: 'open', at: new Date(), state: 'used' })
      .execute();
  }, 60_000);
  const end = (rows: number) => `{"end":{"rows":${rows}}}`;

  it.each([
    ['is empty', [], /^there is nothing to import/],
    ['is something else', ['hello'], /^line 1: this is no state of agentsmd; agentsmd state export/],
    ['is other JSON', ['[]'], /^line 1: this is no state of agentsmd/],
    [
      'is of a later version',
      [HEADER.replace('1,', '2,')],
      /^line 1: a newer agentsmd wrote this state, .*007-rule-title/,
    ],
    ['has later tables', [HEADER.replace('001-state', '999-x')], /^line 1: a newer agentsmd wrote this state/],
    ['has no numbers', [HEADER.replace(/"numbers.*/, '"numbers":{}}')], /^line 1: header\.numbers\.sweep: /],
    ['was cut within a line', [HEADER, PAUSE, PAUSE.slice(0, 20)], /^line 3: no JSON; export it again/],
    ['was cut after one', [HEADER, PAUSE], /^the state ends after line 2 without its last line: it was cut off/],
    ['lost a line', [HEADER, PAUSE, end(2)], /^line 3: 1 rows came, and 2 were written/],
    ['goes on', [HEADER, PAUSE, end(1), PAUSE], /^line 4: something comes after the last line/],
    [
      'has another table',
      [HEADER, PAUSE.replace('pause', 'toString')],
      /^line 2: a row of a table that there is not; /,
    ],
    [
      'has another field',
      [HEADER, PAUSE.replace('"by"', '"x\\u001b[2J":1,"by"')],
      /^line 2: pause: a field that there is not$/,
    ],
    ['lacks a field', [HEADER, PAUSE.replace('"by":"ada",', '')], /^line 2: pause\.by: /],
    [
      'has a wrong one',
      [HEADER, PAUSE, SECOND.replace('2026-11-21T', 'x')],
      /^line 3: pause\.since: Invalid ISO datetime/,
    ],
    [
      'has a row twice',
      [HEADER, SECOND, PAUSE, PAUSE, end(3)],
      /^line 4: pause: the database does not take it: duplicate key/,
    ],
    [
      'has what no text may hold',
      [HEADER, PAUSE, SECOND.replace('ada', 'a\\u0000'), end(2)],
      /^line 3: pause: the database does not take it: /,
    ],
  ])('because it %s is refused as a whole', async (_, lines, message) => {
    const before = await linesOf(db);
    const failure = await importState(db, lines, { replace: true }).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'FleetError', message: expect.stringMatching(message) });
    expect(await linesOf(db)).toEqual(before);
  });
});
