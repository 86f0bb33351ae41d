/** Says when its transaction begins, and ends when that did. `cold` or `warm`: whether pg-boss knows the queue. */
import { Kysely, PGliteDialect } from 'kysely';
import { fromKysely, fromPglite, PgBoss } from 'pg-boss';
import { memoryLite } from '../../testing/template.ts';

const lite = await memoryLite();
const boss = new PgBoss({ db: fromPglite(lite), backend: 'pglite', supervise: false, schedule: false });
await boss.start();
await boss.createQueue('queue');
if (process.argv[2] === 'warm') await boss.findJobs('queue', { key: '-' });
const db = new Kysely<Record<string, never>>({ dialect: new PGliteDialect({ pglite: lite }) });
process.stdout.write('begins\n');
await db.transaction().execute((trx) => boss.send('queue', {}, { db: fromKysely(trx) }));
process.exit(0);
