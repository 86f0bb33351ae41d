import { depthOf, isAside, type PathIndex } from '../../path-index.ts';

export interface MigrationDir {
  readonly dir: string;
  /** Its first migrations; one of them is the evidence. */
  readonly samples: readonly string[];
  readonly weight: number;
}

const MAX_DIRS = 6;
const MAX_SAMPLES = 3;
const HINT = /migrat|evolutions|\/versions\/|changelog|_journal\.json$|atlas\.sum$/i;
const ELSEWHERE =
  /(?:^|\/)(?:tests?|__tests__|specs?|examples?|samples?|demos?|playgrounds?|docs?|benchmarks?|e2e|integration(?:[-_]tests?)?)\//i;
/** The folder migrations lie in, or lie one below in: a folder for each (Prisma, Diesel, Hasura) or for each database. */
const FOLDER = /^(?:db[-_.]?)?(?:schema[-_]?)?(?:migrations?|migrate|evolutions)$/i;
/** Names that sort by time or number: `V1__x.sql`, `0001_x.sql`, `20240101120000_x.rb`, `2024_01_01_000000_x.php`. */
const NUMBERED = /^(?:[VURB]\d[\w.]*__|R__|\d{3,}[-_.]|\d{4}[-_]\d{2}[-_]\d{2}|[mM](?:igration)?\d{6,}|Version\d{6,})/;
const CODE = /\.(?:sql|rb|php|exs|cs|ts|js|mjs|cjs|go|py|java|kt|rs|xml|ya?ml|json|cql|clj|edn)$/;
/** A folder for each migration. */
const FOLDER_EACH = /^(?:\d{3,}[-_]|\d{4}-\d{2}-\d{2}-\d{6}_)[\w.-]+$/;
const IN_FOLDER_EACH = /^(?:up|down|migration)\.(?:sql|ya?ml|ts)$/;
const CHANGELOG = /^(?:db\.)?changelog[-_.]?(?:master|root|main)\.(?:xml|ya?ml|json|sql)$/i;

/** One pass over the paths, the folders with most migrations first. */
export function migrationDirs(paths: PathIndex): readonly MigrationDir[] {
  const found = new Map<string, string[]>();
  for (const { path, kind } of paths.entries) {
    if (kind !== 'file' && kind !== 'executable') continue;
    if (!HINT.test(path) || isAside(path) || ELSEWHERE.test(path)) continue;
    const dir = migrationDirOf(path, paths);
    if (dir === undefined) continue;
    const files = found.get(dir);
    if (files) files.push(path);
    else found.set(dir, [path]);
  }
  const dirs = [...found].sort(
    (a, b) => b[1].length - a[1].length || depthOf(a[0]) - depthOf(b[0]) || (a[0] < b[0] ? -1 : 1),
  );
  return dirs.slice(0, MAX_DIRS).map(([dir, files], rank) => ({
    dir,
    samples: files.slice(0, MAX_SAMPLES),
    weight: MAX_DIRS - rank,
  }));
}

function migrationDirOf(path: string, paths: PathIndex): string | undefined {
  const parts = path.split('/');
  const name = parts.pop()!;
  const dir = parts.join('/');
  const parent = parts.at(-1) ?? '';
  if (parts.length === 0) return undefined;
  // Drizzle and Atlas leave their own book beside the migrations.
  if (name === '_journal.json' && parent === 'meta' && parts.length > 1) return parts.slice(0, -1).join('/');
  if (name === 'atlas.sum') return dir;
  if (CHANGELOG.test(name)) return dir;
  if (!CODE.test(name)) return undefined;
  // Alembic names its revisions by hash; its environment script stands above them.
  if (parent === 'versions' && name.endsWith('.py') && name !== '__init__.py') {
    const home = parts.slice(0, -1).join('/');
    return paths.isFile(`${home}/env.py`) || paths.isFile(`${home}/script.py.mako`) ? dir : undefined;
  }
  const at = parts.findLastIndex((part) => FOLDER.test(part));
  if (at < 0 || parts.length - at > 3) return undefined;
  const folder = parts.slice(0, at + 1).join('/');
  if (FOLDER_EACH.test(parent) && IN_FOLDER_EACH.test(name)) return folder;
  if (parts[at]!.toLowerCase() === 'evolutions') return /^\d+\.sql$/.test(name) ? folder : undefined;
  // Django's come with a package file, and its plugin knows them better.
  if (name.endsWith('.py') && paths.isFile(`${dir}/__init__.py`)) return undefined;
  return NUMBERED.test(name) ? folder : undefined;
}
