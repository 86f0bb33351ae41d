import type { Kysely, Selectable } from 'kysely';
import { endHalts } from './rollout/halt.ts';
import { pathBelow } from './rollout/limits.ts';
import { plainPath, scopesOf } from './rollout/scope.ts';
import { repositoriesCalled } from './status/find.ts';
import type { PauseTable, Tables } from './store/tables.ts';

/** What holds something back until somebody says otherwise. */
export type Pause = Selectable<PauseTable>;

/** Everything there is. */
const EVERYTHING = '*';

/**
 * Keeps everything, a group with all below it, or a project from being worked on. Said again, the newer reason counts.
 *
 * @param scope `*`, or a path, whatever its case.
 * @returns whether it was not paused before.
 */
export async function pause(
  db: Kysely<Tables>,
  scope: string,
  reason: string,
  by: string,
  now: number,
): Promise<boolean> {
  const values = { scope: plainPath(scope), reason, by, since: new Date(now) };
  const added = await db
    .insertInto('pause')
    .values(values)
    .onConflict((conflict) => conflict.column('scope').doNothing())
    .executeTakeFirst();
  if ((added.numInsertedOrUpdatedRows ?? 0n) > 0n) return true;
  await db.updateTable('pause').set({ reason, by }).where('scope', '=', values.scope).execute();
  return false;
}

/** What came of a resume. */
export interface Resumed {
  /** Whether there was such a pause. */
  readonly wasPaused: boolean;
  /** Rollouts that had halted, where everything is resumed. */
  readonly rollouts: number;
}

/** Ends one pause, as it was named; those of other scopes stay. With `*` rollouts that were halted go on, too. */
export async function resume(db: Kysely<Tables>, scope: string, now: number): Promise<Resumed> {
  const named = plainPath(scope);
  const { numDeletedRows } = await db.deleteFrom('pause').where('scope', '=', named).executeTakeFirst();
  return {
    wasPaused: numDeletedRows > 0n,
    rollouts: named === EVERYTHING ? await endHalts(db, now) : 0,
  };
}

/** All there are, by scope. */
export async function pauses(db: Kysely<Tables>): Promise<readonly Pause[]> {
  return db.selectFrom('pause').selectAll().orderBy('scope').execute();
}

/** Whether any repository that is known is there: otherwise a scope may be misspelt. */
export async function isKnown(db: Kysely<Tables>, scope: string): Promise<boolean> {
  const named = plainPath(scope);
  const found = await db
    .selectFrom('repository')
    .select('key')
    .$if(named !== EVERYTHING, (query) => query.where(pathBelow('path', named)))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * What somebody means by the name of a group or a project: itself where anything is known of that name, else the paths of the
 * repositories that are called so in another way (`repositoriesCalled`). Empty where nobody knows.
 */
export async function scopesCalled(db: Kysely<Tables>, name: string): Promise<readonly string[]> {
  if (await isKnown(db, name)) return [name];
  return [...new Set((await repositoriesCalled(db, name)).map(({ path }) => path))];
}

/** Of what is paused, what somebody means. Empty where that is not paused as such. */
export async function pausedScopes(db: Kysely<Tables>, name: string): Promise<readonly string[]> {
  const paused = new Set((await pauses(db)).map(({ scope }) => scope));
  if (paused.has(plainPath(name))) return [name];
  return (await scopesCalled(db, name)).filter((scope) => paused.has(plainPath(scope)));
}

/** The widest pause that holds for a project. */
export async function pauseOf(db: Kysely<Tables>, path: string): Promise<Pause | undefined> {
  const scopes = [EVERYTHING, ...scopesOf(path)];
  const found = await db.selectFrom('pause').selectAll().where('scope', 'in', scopes).execute();
  return found.toSorted((a, b) => scopes.indexOf(a.scope) - scopes.indexOf(b.scope))[0];
}
