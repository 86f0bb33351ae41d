import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { told } from '../testing/told.ts';
import { migrations } from './migrations.ts';

type Files = Parameters<typeof signalsOf>[1];

async function said(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(migrations, files)).signals);
}

const all = (...paths: string[]): Record<string, string> => Object.fromEntries(paths.map((path) => [path, 'x\n']));

describe('migrations', () => {
  it.each([
    ['Rails', 'db/migrate/20240201183314_enable_uuid.rb', 'db/migrate'],
    ['Laravel', 'database/migrations/2014_10_12_000000_create_users.php', 'database/migrations'],
    ['Flyway', 'core/src/main/resources/db/migration/V2.1__users.sql', 'core/src/main/resources/db/migration'],
    ['Flyway, repeatable', 'src/main/resources/db/migration/R__views.sql', 'src/main/resources/db/migration'],
    ['goose', 'internal/db/migrations/001_init.sql', 'internal/db/migrations'],
    ['golang-migrate', 'migrations/000001_init.up.sql', 'migrations'],
    ['a database below', 'migrations/postgres/0001_init.sql', 'migrations'],
    ['Prisma', 'packages/db/prisma/migrations/20230404095503_init/migration.sql', 'packages/db/prisma/migrations'],
    ['Diesel', 'migrations/2024-01-02-030405_users/up.sql', 'migrations'],
    ['Ecto', 'priv/repo/migrations/20240101000000_create.exs', 'priv/repo/migrations'],
    ['TypeORM', 'src/migrations/1612345678901-Init.ts', 'src/migrations'],
    ['Knex', 'migrations/20200101000000_init.js', 'migrations'],
    ['Doctrine', 'migrations/Version20240101000000.php', 'migrations'],
    ['Entity Framework', 'src/App/Migrations/20240101000000_Init.cs', 'src/App/Migrations'],
    ['Play', 'conf/evolutions/default/1.sql', 'conf/evolutions'],
    ['Drizzle', 'drizzle/meta/_journal.json', 'drizzle'],
    ['Atlas', 'db/atlas.sum', 'db'],
    ['Liquibase', 'src/main/resources/db/changelog/db.changelog-master.yaml', 'src/main/resources/db/changelog'],
  ])('finds those of %s', async (_, path, dir) => {
    expect(await said(all(path))).toEqual([`migration = ${dir} | ${path}:1 | convention 6`]);
  });

  it('finds revisions of Alembic by its environment', async () => {
    const revision = 'app/alembic/versions/ae1027a6acf_init.py';
    expect(await said(all(revision))).toEqual([]);
    expect(await said(all(revision, 'app/alembic/env.py'))).toEqual([
      `migration = app/alembic/versions | ${revision}:1 | convention 6`,
    ]);
  });

  it.each([
    ["Django's, which its own plugin knows", all('app/migrations/__init__.py', 'app/migrations/0001_initial.py')],
    ['tests and fixtures', all('tests/migrations/001_a.sql', 'pkg/testdata/migrations/001_a.sql')],
    ['code about migrations', all('src/migrations/runner.ts', 'src/migrations/index.ts')],
    ['documents', all('docs/migrations/001-intro.md', 'migrations/001-guide.md')],
    ['versions of something else', all('src/versions/v1.py', 'versions/001.txt')],
    ['a lone journal', all('_journal.json', 'meta/_journal.json')],
  ])('says nothing of %s', async (_, files) => {
    expect(await said(files)).toEqual([]);
  });

  it('rests on the first migration that says anything, at its first line that does', async () => {
    expect(
      await said({
        'migrations/001_a.sql': '',
        'migrations/002_b.sql': '\r\n\r\nSELECT 1;\r\n',
        'migrations/003_c.sql': 'x',
      }),
    ).toEqual(['migration = migrations | migrations/002_b.sql:3 | convention 6']);
    expect(await said({ 'migrations/001_a.sql': '', 'migrations/002_b.sql': { missing: true } })).toEqual([]);
    expect(await said({ 'migrations/001_a.sql': { symlink: '../a.sql' } })).toEqual([]);
  });

  it('says the folder with most first, and six at most', async () => {
    const files = Object.assign(
      {},
      ...Array.from({ length: 9 }, (_, i) =>
        all(...Array.from({ length: i + 1 }, (_, n) => `s${i}/migrations/00${n}_x.sql`)),
      ),
    ) as Record<string, string>;
    const lines = await said(files);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('migration = s8/migrations | s8/migrations/000_x.sql:1 | convention 6');
  });
});
