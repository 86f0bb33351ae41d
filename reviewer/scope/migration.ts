import { partsOf } from './words.ts';

/**
 * Whether a file changes the schema of a database. Tools stamp such files as generated, and yet nothing is harder to take back: they are
 * never filtered. By the path alone, rather one too many than one too few.
 */
export function isMigration(path: string): boolean {
  const { folders, name } = partsOf(path);
  if (/\.(?:md|txt|rst|map|snap|lock)$/i.test(name)) return false;
  if (folders.some((folder) => FOLDERS.test(folder))) return true;
  // Flyway: V2__name.sql; Liquibase: changelog files; sqitch: deploy and revert; Prisma and Rails: schema files.
  return (
    /^[VUR]\d*(?:[._]\d+)*__.+\.(?:sql|java|kt)$/.test(name) ||
    /^(?:db\.)?changelog.*\.(?:xml|ya?ml|sql)$/i.test(name) ||
    SCHEMAS.test(path)
  );
}

const FOLDERS =
  /^(?:db[-_]?)?(?:migrations?|migrate|changelogs?|alembic|flyway|liquibase|schema[-_]?changes|schema[-_]?migrations)$/i;
const SCHEMAS = /(?:^|\/)(?:schema\.prisma|db\/(?:schema\.rb|structure\.sql)|sqitch\.plan)$/;
