import type { Kysely } from 'kysely';
import type { ForgeError } from '../../forge/errors.ts';
import type { Forge, Project } from '../../forge/port.ts';
import { outOfScope } from '../../generator/publish/index.ts';
import { keyOf } from '../key.ts';
import { isShared } from '../rollout/scope.ts';
import type { Tables } from '../store/tables.ts';
import { PURPOSE } from '../work/state.ts';
import type { World } from '../world.ts';
import { alone } from './alone.ts';
import { isDifferent } from './due.ts';
import type { SweepEvent } from './events.ts';
import { type ListScope, listed } from './list.ts';
import { markDue } from './mark-due.ts';
import { pagesOf, type Row, rowsOf, wasHidden } from './rows.ts';
import { isWithin } from './scope.ts';

/** What the list of an instance told. */
export interface Listing {
  readonly instance: string;
  /** The ids of the projects. */
  readonly seen: ReadonlySet<string>;
  /** Groups that this instance does not know. */
  readonly unknown: ReadonlyMap<string, ForgeError>;
}

export interface DiscoverOptions extends ListScope {
  /** A list that shrank is believed. */
  readonly acceptShrunk: boolean;
}

/** In ms: `last_seen` need not be more exact, so that a sweep in which nothing happened writes nothing. */
const SEEN_LATELY = 24 * 3_600_000;

/**
 * Brings what is kept of an instance's repositories to what its list of projects tells. What is missing there is gone, unless
 * the list is one of active projects only, or {@link shrinkage shrank}: then nothing is taken out. What another sweep saw since
 * this one began to list is not missing.
 *
 * @throws {ForgeError} where the list breaks off; nothing is taken out then.
 */
export async function discover(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  options: DiscoverOptions,
  on: (event: SweepEvent) => void,
): Promise<Listing> {
  const { instance } = forge;
  const seen = new Set<string>();
  const unknown = new Map<string, ForgeError>();
  const began = world.now();
  let added = 0;
  for await (const batch of listed(forge, options, (group, error) => unknown.set(group, error))) {
    added += await keep(db, world, batch);
    for (const { id } of batch) seen.add(id);
    on({ type: 'listed', instance, projects: seen.size, done: false });
  }
  on({ type: 'listed', instance, projects: seen.size, done: true });
  const groups = options.groups?.filter((group) => !unknown.has(group));
  if (options.since === undefined) {
    const { known, missing } = await missingFrom(db, { instance, seen, groups, began });
    const shrunk = shrinkage(instance, { now: seen.size, before: known - added, missing });
    const keys = missing.map(({ key }) => key);
    if (shrunk !== undefined && !options.acceptShrunk) {
      on({ type: 'warning', message: shrunk });
      await listenTo(db, keys, new Date(world.now()));
    } else await takeOut(db, keys, { began, now: world.now() });
  }
  return { instance, seen, unknown };
}

/** How a project of the list is kept. */
export function keptOf(project: Project, { config }: Pick<World, 'config'>) {
  const { instance, id, path, url, defaultBranch } = project;
  const excluded = outOfScope(project, config.publish)?.reason ?? null;
  return { key: keyOf(project), instance, project: id, path, url, branch: defaultBranch, excluded };
}

/** @returns how many were not known, or gone. */
async function keep(db: Kysely<Tables>, world: World, batch: readonly Project[]): Promise<number> {
  const projects = batch.map((project) => keptOf(project, world));
  const keys = projects.map(({ key }) => key);
  const known = await rowsOf(db, keys);
  const now = world.now();
  const at = new Date(now);
  const changed = projects.filter((project) => {
    const row = known.get(project.key);
    if (row === undefined || wasHidden(row) || now - row.last_seen.getTime() > SEEN_LATELY) return true;
    return (['path', 'url', 'branch', 'excluded'] as const).some((column) => row[column] !== project[column]);
  });
  if (changed.length === 0) return 0;
  const those = (is: (row: Row, project: (typeof changed)[number]) => boolean): readonly string[] =>
    changed.flatMap((project) => {
      const row = known.get(project.key);
      return row !== undefined && is(row, project) ? [project.key] : [];
    });
  await alone(db, async (trx) => {
    await trx
      .insertInto('repository')
      .values(changed.map((project) => ({ ...project, first_seen: at, last_seen: at })))
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet((eb) => ({
          path: eb.ref('excluded.path'),
          url: eb.ref('excluded.url'),
          branch: eb.ref('excluded.branch'),
          excluded: eb.ref('excluded.excluded'),
          last_seen: at,
          gone_since: null,
        })),
      )
      .execute();
    await markDue(trx, those(isDifferent), 'moved', at);
    await markDue(trx, those(wasHidden), 'replied', at);
  });
  return keys.filter((key) => (known.get(key)?.gone_since ?? null) !== null || !known.has(key)).length;
}

/** A repository that a list does not tell any more. */
interface Missing {
  readonly key: string;
  readonly path: string;
}

/**
 * What was known of a scope, and what of it the list does not tell any more.
 *
 * @param began When the list was begun, in ms since 1970: it could not tell what was seen for the first time since.
 */
export async function missingFrom(
  db: Kysely<Tables>,
  {
    instance,
    seen,
    groups,
    began,
  }: Pick<Listing, 'instance' | 'seen'> & Pick<ListScope, 'groups'> & { readonly began?: number },
): Promise<{ readonly known: number; readonly missing: readonly Missing[] }> {
  let known = 0;
  const missing: Missing[] = [];
  for await (const rows of pagesOf(db, instance))
    for (const { key, project, path, last_seen } of rows) {
      const isSeen = seen.has(project);
      if (!isSeen && began !== undefined && isSince(last_seen.getTime(), began)) continue;
      if (isSeen || isWithin(path, groups)) known += 1;
      if (!isSeen && isWithin(path, groups)) missing.push({ key, path });
    }
  return { known, missing };
}

/** What a clock wrote that ran ahead by more than a day is no witness. */
function isSince(seen: number, began: number): boolean {
  return seen > began && seen < began + SEEN_LATELY;
}

/**
 * Why a list is not to be believed: it has lost more than a tenth of what was known, however much of it is new. Of fewer than
 * twenty that is soon so: there it must be more than two and more than a third, or all.
 */
export function shrinkage(
  instance: string,
  { now, before, missing }: { readonly now: number; readonly before: number; readonly missing: readonly Missing[] },
): string | undefined {
  const lost = missing.length;
  const isMuch = before < 20 ? lost > 2 && lost * 3 > before : lost * 10 > before;
  if (!isMuch && (lost < before || lost === 0)) return undefined;
  const among = missing.length > NAMED ? ', among them' : ':';
  const named = missing.slice(0, NAMED).map(({ path }) => path);
  const which = `${among} ${named.join(', ')}`;
  if (!isShared(instance))
    return (
      `${missing.length} of ${before} repositories are missing from ${instance}${which}; none is taken out. ` +
      'See whether all of the folder is there; --accept-shrunk believes that it is'
    );
  return (
    `${instance}: its list has ${now} ${now === 1 ? 'project' : 'projects'}, where ${before} were known; ` +
    `${missing.length} are missing${which}; none is taken out. ` +
    'See what the token’s user is a member of; --accept-shrunk believes the list'
  );
}

/** So many of those that are missing are named. */
const NAMED = 5;

async function takeOut(
  db: Kysely<Tables>,
  keys: readonly string[],
  { began, now }: { readonly began: number; readonly now: number },
): Promise<void> {
  for (let from = 0; from < keys.length; from += AT_ONCE)
    await alone(db, (trx) =>
      trx
        .updateTable('repository')
        .set({ gone_since: new Date(now), due: null, due_since: null, due_sweep: null, not_before: null })
        .where('key', 'in', keys.slice(from, from + AT_ONCE))
        .where('gone_since', 'is', null)
        .where((eb) =>
          eb.or([eb('last_seen', '<=', new Date(began)), eb('last_seen', '>=', new Date(began + SEEN_LATELY))]),
        )
        .execute(),
    );
}

/** What happens on a merge request that is hidden no query tells: where one may still change, its repository is looked at. */
async function listenTo(db: Kysely<Tables>, keys: readonly string[], at: Date): Promise<void> {
  for (let from = 0; from < keys.length; from += AT_ONCE)
    await alone(db, async (trx) => {
      const rows = await trx
        .selectFrom('repository')
        .select('key')
        .where('key', 'in', keys.slice(from, from + AT_ONCE))
        .where('due', 'is', null)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('merge_request')
              .select('iid')
              .whereRef('merge_request.key', '=', 'repository.key')
              .where('purpose', '=', PURPOSE)
              .where('state', '!=', 'merged'),
          ),
        )
        .execute();
      const open = rows.map(({ key }) => key);
      await markDue(trx, open, 'replied', at);
    });
}

const AT_ONCE = 1000;
