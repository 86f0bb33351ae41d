import type { Kysely } from 'kysely';
import type { MergeRequestScope } from '../../forge/port.ts';
import type { Tables } from '../store/tables.ts';
import { isWithin } from '../sweep/scope.ts';

/** A repository whose merge requests are looked at. */
export interface HarvestedRepository {
  readonly key: string;
  readonly project: string;
  readonly path: string;
  readonly branch: string | null;
}

/** A namespace, and what of the fleet is in it. */
export interface HarvestedPlace {
  /** Of a memo: how far it was read. */
  readonly name: string;
  readonly scope: MergeRequestScope;
  /** By their ids there. */
  readonly repositories: ReadonlyMap<string, HarvestedRepository>;
}

/**
 * Where reviews may have come to an end. A namespace with several repositories is asked for at once, one with a single one for that.
 *
 * @param all also repositories of which nobody knows whether they are reviewed.
 */
export async function placesOf(
  db: Kysely<Tables>,
  instance: string,
  { groups, all }: { readonly groups: readonly string[] | undefined; readonly all: boolean },
): Promise<readonly HarvestedPlace[]> {
  const rows = await db
    .selectFrom('repository')
    .select(['key', 'project', 'path', 'branch'])
    .where('instance', '=', instance)
    .where('gone_since', 'is', null)
    .$if(!all, (query) =>
      query.where((eb) =>
        eb.or([
          eb('reviewed', '=', true),
          eb.exists(eb.selectFrom('reviewed').select('iid').whereRef('reviewed.key', '=', 'repository.key')),
        ]),
      ),
    )
    .orderBy('key')
    .execute();
  const namespaces = Map.groupBy(
    rows.filter(({ path }) => isWithin(path, groups)),
    ({ path }) => path.slice(0, path.indexOf('/')),
  );
  return [...namespaces].flatMap(([group, some]) => {
    if (some.length === 1) return eachOf(instance, some);
    const repositories = new Map(some.map((row) => [row.project, row]));
    return [{ name: nameOf(instance, group), scope: { group }, repositories }];
  });
}

/** The same, one by one: of what is no group, but a person's. */
export function eachOf(instance: string, some: Iterable<HarvestedRepository>): readonly HarvestedPlace[] {
  return [...some].map((row) => ({
    name: nameOf(instance, `#${row.project}`),
    scope: { project: { id: row.project, path: row.path } },
    repositories: new Map([[row.project, row]]),
  }));
}

function nameOf(instance: string, of: string): string {
  return `outcomes ${instance} ${of}`;
}
