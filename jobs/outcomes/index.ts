import type { Kysely } from 'kysely';
import { ForgeError, type ForgeReason } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import type { Tables } from '../store/tables.ts';
import { alone } from '../sweep/alone.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { World } from '../world.ts';
import { type Cursor, cursorOf, keepCursor, type Over, overOf } from './cursor.ts';
import { keep } from './keep.ts';
import { type Harvested, lookAt } from './look.ts';
import { eachOf, type HarvestedPlace, placesOf } from './places.ts';

interface Harvesting {
  /** `undefined`: everything. */
  readonly groups: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly on: (event: SweepEvent) => void;
}

/** In ms: read once more, for what was changed but could not be seen yet when it was read. By the forge's own clock. */
const OVERLAP = 5 * 60_000;
const DAY = 24 * 3_600_000;
/** Merge requests that one sweep looks at, and so many at a time. */
const MOST_LOOKS = 2000;
const AT_ONCE = 4;
/** So often one is tried that cannot be looked at, and so many wait for that. */
const TRIES = 3;
const MOST_AGAIN = 200;

/**
 * Reads what became of reviews since the last time, where merge requests were merged or closed. How far it read is kept together with
 * what it read, a page at a time, so that it may stop anywhere. What cannot be read is told, and read the next time.
 *
 * @returns how many reviews were harvested.
 */
export async function harvest(db: Kysely<Tables>, world: World, forge: Forge, given: Harvesting): Promise<number> {
  const { from } = world.config.fleet.outcomes;
  if (from === 'none' || forge.kind === 'folder') return 0;
  const places = await placesOf(db, forge.instance, { groups: given.groups, all: from === 'all' });
  const harvester = new Harvester(db, world, forge, given);
  for (const place of places) await harvester.read(place);
  return harvester.count;
}

/** What looking is not possible for, now and later: nobody tries again. */
const GONE: readonly ForgeReason[] = ['not-found', 'forbidden'];

class Harvester {
  readonly #db: Kysely<Tables>;
  readonly #world: World;
  readonly #forge: Forge;
  readonly #given: Harvesting;
  #looks = 0;
  #quotable: ReadonlySet<string> | undefined;
  count = 0;

  constructor(db: Kysely<Tables>, world: World, forge: Forge, given: Harvesting) {
    this.#db = db;
    this.#world = world;
    this.#forge = forge;
    this.#given = given;
  }

  async read(place: HarvestedPlace): Promise<void> {
    const { signal, on } = this.#given;
    try {
      await this.#readAll(place);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ForgeError)) throw error;
      // A person's namespace is no group, and of one that we are not in nothing is said.
      if (place.scope.group !== undefined && error.reason === 'not-found') {
        for (const each of eachOf(this.#forge.instance, place.repositories.values())) await this.read(each);
        return;
      }
      on({ type: 'warning', message: `what became of reviews could not be read: ${error.message}` });
    }
  }

  async #readAll(place: HarvestedPlace): Promise<void> {
    if (this.#looks >= MOST_LOOKS) return;
    const { name, scope } = place;
    const now = this.#world.now();
    const before = await cursorOf(this.#db, name, now);
    const { days } = this.#world.config.fleet.outcomes;
    let until = before?.until ?? new Date(now - days * DAY).toISOString();
    let again = before?.again ?? [];
    if (again.length > 0) again = await this.#keep(place, again, until);
    const updatedAfter = new Date(Date.parse(until) - OVERLAP).toISOString();
    for await (const page of this.#forge.changedMergeRequests(scope, updatedAfter)) {
      this.#given.signal.throwIfAborted();
      for (const { mergeRequest } of page)
        if (Date.parse(mergeRequest.updatedAt ?? '') > Date.parse(until)) until = mergeRequest.updatedAt!;
      const over = page.flatMap((each) => overOf(each) ?? []);
      const wanted = await this.#wanted(place, over);
      again = await this.#keep(
        place,
        wanted.map((one) => ({ over: one, tries: 0 })),
        until,
        again,
      );
      if (this.#looks >= MOST_LOOKS) return;
    }
  }

  /** Without ours, those that are kept as they are, and those that ended so long ago that nobody listens any more. */
  async #wanted({ repositories }: HarvestedPlace, all: readonly Over[]): Promise<readonly Over[]> {
    const known = all.filter(({ project }) => repositories.has(project));
    if (known.length === 0) return [];
    const idOf = ({ key, iid }: { readonly key: string; readonly iid: number }) => `${key} ${iid}`;
    const keys = [...new Set(known.map(({ project }) => repositories.get(project)!.key))];
    const [own, kept] = await Promise.all([
      this.#db.selectFrom('merge_request').select(['key', 'iid']).where('key', 'in', keys).execute(),
      this.#db
        .selectFrom('reviewed')
        .select(['key', 'iid', 'updated_at', 'ended_at'])
        .where('key', 'in', keys)
        .where(
          'iid',
          'in',
          known.map(({ iid }) => iid),
        )
        .execute(),
    ]);
    const ours = new Set(own.map(idOf));
    const rows = new Map(kept.map((row) => [idOf(row), row]));
    const listened = this.#world.now() - this.#world.config.fleet.outcomes.days * DAY;
    return known.filter(({ project, iid, updatedAt }) => {
      const id = idOf({ key: repositories.get(project)!.key, iid });
      const row = rows.get(id);
      if (ours.has(id)) return false;
      return row === undefined || (row.updated_at !== updatedAt && row.ended_at.getTime() > listened);
    });
  }

  /** Looks at these, and keeps what came of it. @returns what is to be tried again. @throws {ForgeError} where none could be looked at. */
  async #keep(
    place: HarvestedPlace,
    wanted: Cursor['again'],
    until: string,
    waiting: Cursor['again'] = [],
  ): Promise<Cursor['again']> {
    const found: Harvested[] = [];
    const failed: { readonly one: Cursor['again'][number]; readonly error: ForgeError }[] = [];
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      this.#given.signal.throwIfAborted();
      await Promise.all(
        wanted.slice(at, at + AT_ONCE).map(async (one) => {
          this.#looks += 1;
          const harvested = await this.#look(place, one.over).catch((error: unknown) => {
            if (!(error instanceof ForgeError)) throw error;
            failed.push({ one, error });
            return undefined;
          });
          if (harvested) found.push(harvested);
        }),
      );
    }
    // It is the forge that is away, and not a project that is broken.
    if (failed.length >= AT_ONCE && failed.length === wanted.length && !GONE.includes(failed[0]!.error.reason))
      throw failed[0]!.error;
    const again = [
      ...waiting,
      ...failed.flatMap(({ one: { over, tries }, error }) =>
        GONE.includes(error.reason) || tries + 1 >= TRIES ? [] : [{ over, tries: tries + 1 }],
      ),
    ].slice(-MOST_AGAIN);
    const now = this.#world.now();
    await alone(this.#db, async (trx) => {
      for (const each of found) await keep(trx, each, now);
      await keepCursor(trx, place.name, { until, again });
    });
    this.count += found.length;
    for (const { one, error } of failed)
      this.#world.log.warn(
        { url: one.over.url, reason: error.reason, error: error.message },
        'a review is not harvested',
      );
    return again;
  }

  async #look({ repositories }: HarvestedPlace, over: Over): Promise<Harvested | undefined> {
    const repository = repositories.get(over.project);
    if (!repository) return undefined;
    this.#quotable ??= await quotableRules(this.#world);
    const { publish, fleet } = this.#world.config;
    const mayQuote = { rule: (id: string) => this.#quotable!.has(id), repositories: fleet.learning.quotes };
    return await lookAt(this.#forge, repository, over, publish.ownUsers, mayQuote);
  }
}

/** Rules of which the owner may be shown what wrong findings were about: not those that find secrets. */
async function quotableRules(world: World): Promise<ReadonlySet<string>> {
  const { enabled, quotes } = world.config.fleet.learning;
  const known = enabled && quotes !== 'none' ? await world.codex?.() : undefined;
  const open = known?.codex.rules.filter(({ check }) => !(check?.kind === 'file-content' && check.secret === true));
  return new Set(open?.map(({ id }) => id));
}
