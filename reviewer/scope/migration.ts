import { isTest } from './aside.ts';
import { partsOf, wordsOf } from './words.ts';

/**
 * Whether a file changes the schema of a database. Tools stamp such files as generated, and yet nothing is harder to take back: they are
 * never filtered. By the path alone, rather one too many than one too few.
 */
export function isMigration(path: string): boolean {
  const { folders, name } = partsOf(path);
  if (NO_CODE.test(name)) return false;
  if (folders.some((folder) => NOTES.test(folder))) return false;
  if (folders.some((folder) => FOLDERS.test(folder))) return true;
  return NAMES.some((pattern) => pattern.test(name)) || SCHEMAS.test(path) || isDefinition(path, name);
}

const NO_CODE = /\.(?:mdx?|txt|rst|adoc|html?|map|snap|lock|png|svg)$/i;
/** Notes for people about what changed. */
const NOTES = /^(?:fragments|unreleased|docs|documentation)$/i;
const FOLDERS =
  /^(?:[a-z0-9]+[-_])*(?:migrations?|migrate|migrator|changelogs?|alembic|flyway|liquibase|drizzle|db[-_]?scripts|schema[-_]?changes)(?:[-_][a-z0-9]+)*$/i;
const NAMES = [
  // Flyway: V2__name.sql. golang-migrate: 3_name.up.sql. Liquibase: changelog files. Doctrine and others: a class with its date.
  /^[VUR]\d*(?:[._]\d+)*__.+\.(?:sql|java|kt)$/,
  /\.(?:up|down)\.(?:sql|cql)$/,
  /^(?:db\.)?changelog.*\.(?:xml|ya?ml|sql)$/i,
  /^(?:Migration|Version)_?\d{8,}\w*\.\w+$/,
];
const SCHEMAS = /(?:^|\/)(?:schema\.prisma|db\/(?:schema\.rb|structure\.sql)|sqitch\.plan)$/;

/** SQL that defines tables, by where it lies: `schema/v0.3/x.cql`, `doc/db/tables.sql`; not a query of an application, nor of a test. */
function isDefinition(path: string, name: string): boolean {
  if (!/\.(?:sql|cql|ddl)$/i.test(name) || isTest(path)) return false;
  const words = wordsOf(path);
  return words.some((word) => DEFINES.has(word)) && !words.some((word) => QUERIES.has(word));
}

const DEFINES: ReadonlySet<string> = new Set([
  ...[
    'schema',
    'schemas',
    'table',
    'tables',
    'ddl',
    'delta',
    'deltas',
    'db',
    'database',
    'upgrade',
    'upgrades',
    'alter',
    'structure',
  ],
]);
const QUERIES: ReadonlySet<string> = new Set([
  'query',
  'queries',
  'seed',
  'seeds',
  'seeders',
  'sample',
  'samples',
  'example',
  'examples',
]);
