import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Kysely } from 'kysely';
import leven from 'leven';
import { FleetError } from '../errors.ts';
import { plainPath, scopesOf } from '../rollout/scope.ts';
import type { Tables } from '../store/tables.ts';

/** A repository of the state, as somebody named it. */
export interface Found {
  readonly key: string;
  readonly instance: string;
  readonly path: string;
}

/**
 * The repositories of that name: several where more than one instance has it, or where a folder that was swept is named.
 *
 * @throws {FleetError} where there is none; with names that are much alike.
 */
export async function findRepositories(db: Kysely<Tables>, name: string): Promise<readonly Found[]> {
  const found = await repositoriesCalled(db, name);
  if (found.length > 0) return found;
  const isAddress = name.startsWith('/') || name.includes('://');
  const near = await nearNames(db, name, ({ path, url }) => [isAddress ? url : path]);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; agentsmd sweep makes projects known';
  throw new FleetError(`${name}: no project that was ever swept${hint}`);
}

/**
 * The same, none where there is none. A name is a path, as a sweep prints it, a web address, that of a merge request too, or a
 * key; of a local repository also where it lies, from the current folder on: `.`, `../shop`, `/srv/repos/shop/src`.
 */
export async function repositoriesCalled(db: Kysely<Tables>, name: string): Promise<readonly Found[]> {
  for (const spelt of spellings(name)) {
    const found = await called(db, spelt);
    if (found.length > 0) return found;
  }
  return await lyingAt(db, name);
}

/** As it is, and without what stands behind a path elsewhere: `.git`, what a browser shows, the `!5` of a merge request. */
function spellings(name: string): readonly string[] {
  const text = name.trim();
  const page = /^https?:\/\//i.test(text) ? text.replace(/[?#].*$/, '').replace(/\/-(?:\/.*)?$/, '') : text;
  return [...new Set([name, page.replace(/!\d+$/, '').replace(/\.git\/*$/i, '')])];
}

async function called(db: Kysely<Tables>, name: string): Promise<readonly Found[]> {
  const plain = plainPath(name);
  const address = name.toLowerCase().replace(/(?<=.)\/+$/, '');
  const found = await db
    .selectFrom('repository')
    .select(['key', 'instance', 'path', 'url'])
    .where((of) =>
      of.or([
        of(of.fn<string>('lower', ['path']), '=', plain),
        of(of.fn<string>('lower', ['url']), '=', address),
        of('path', '=', name),
        of('key', '=', name),
      ]),
    )
    .orderBy('key')
    .execute();
  // Those of GitLab differ in more than case; folders need not.
  const exact = new Set(found.flatMap(({ instance, path, url }) => (path === name || url === name ? [instance] : [])));
  return found
    .filter(({ instance, path, url }) => !exact.has(instance) || path === name || url === name)
    .map(({ key, instance, path }) => ({ key, instance, path }));
}

/** The repository that a place on the disk is, or is in; all of them where it is a folder that was swept. */
async function lyingAt(db: Kysely<Tables>, name: string): Promise<readonly Found[]> {
  const place = placeOf(name);
  if (place === undefined) return [];
  // Whoever names a folder by its mere name means no repository around it.
  const around = /^(?:\/|\.{1,2}(?:\/|$))/.test(name) ? withParents(place) : [place];
  const found = await db
    .selectFrom('repository')
    .select(['key', 'instance', 'path', 'url'])
    .where((of) => of.or([of('url', 'in', around), of('instance', '=', place)]))
    .orderBy('key')
    .execute();
  const lengths = found.flatMap(({ url }) => (around.includes(url) ? [url.length] : []));
  return found
    .filter(({ url }) => lengths.length === 0 || url.length === Math.max(...lengths))
    .map(({ key, instance, path }) => ({ key, instance, path }));
}

function placeOf(name: string): string | undefined {
  try {
    return realpathSync(name);
  } catch {
    // What was deleted is known by its name.
    return name.startsWith('/') ? resolve(name) : undefined;
  }
}

function withParents(place: string): readonly string[] {
  const parent = dirname(place);
  return parent === place ? [place] : [place, ...withParents(parent)];
}

/** Groups and projects that are written much like a name. */
export async function nearScopes(db: Kysely<Tables>, name: string): Promise<readonly string[]> {
  return await nearNames(db, name, ({ path }) => scopesOf(path));
}

/** At most three: first those that end in what was named, then those written much like it. */
async function nearNames(
  db: Kysely<Tables>,
  name: string,
  namesOf: (row: { readonly path: string; readonly url: string }) => readonly string[],
): Promise<readonly string[]> {
  const plain = plainPath(name);
  const rows = await db.selectFrom('repository').select(['path', 'url']).distinct().execute();
  const most = Math.min(3, Math.ceil(plain.length / 3));
  const far = (known: string): number =>
    known.endsWith(`/${plain}`) ? 0 : leven(plain, plainPath(known), { maxDistance: most + 1 });
  return [...new Set(rows.flatMap(namesOf))]
    .map((known) => ({ known, far: far(known.toLowerCase()) }))
    .filter((each) => each.far <= most)
    .sort((a, b) => a.far - b.far || (a.known < b.known ? -1 : 1))
    .slice(0, 3)
    .map(({ known }) => known);
}
