import type { Kysely } from 'kysely';
import leven from 'leven';
import { FleetError } from '../errors.ts';
import { plainPath } from '../rollout/scope.ts';
import type { Tables } from '../store/tables.ts';

/** A repository of the state, as somebody named it. */
export interface Found {
  readonly key: string;
  readonly instance: string;
  readonly path: string;
}

/**
 * The repositories with that path, web address or key: several where more than one instance has it.
 *
 * @throws {FleetError} where there is none; with names that are much alike.
 */
export async function findRepositories(db: Kysely<Tables>, name: string): Promise<readonly Found[]> {
  const plain = plainPath(name.trim().replace(/\.git\/*$/i, ''));
  const fields = ['key', 'instance', 'path'] as const;
  const found = await db
    .selectFrom('repository')
    .select(fields)
    .where((of) =>
      of.or([
        of(of.fn<string>('lower', ['path']), '=', plain),
        of(of.fn<string>('lower', ['url']), '=', plain),
        of('key', '=', name),
      ]),
    )
    .orderBy('key')
    .execute();
  if (found.length > 0) return found;
  const near = await nearNames(db, plain);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; agentsmd sweep makes projects known';
  throw new FleetError(`${name}: no project that was ever swept${hint}`);
}

/** At most three: first those that end in what was named, then those written much like it. */
async function nearNames(db: Kysely<Tables>, name: string): Promise<readonly string[]> {
  const rows = await db.selectFrom('repository').select('path').distinct().execute();
  const most = Math.min(3, Math.ceil(name.length / 3));
  const far = (path: string): number => (path.endsWith(`/${name}`) ? 0 : leven(name, path, { maxDistance: most + 1 }));
  return rows
    .map(({ path }) => ({ path, far: far(path.toLowerCase()) }))
    .filter((each) => each.far <= most)
    .sort((a, b) => a.far - b.far || (a.path < b.path ? -1 : 1))
    .slice(0, 3)
    .map(({ path }) => path);
}
