import type { Kysely } from 'kysely';
import { isShared } from '../rollout/scope.ts';
import type { Tables } from '../store/tables.ts';
import { alone } from './alone.ts';
import type { Unlisted } from './events.ts';

/** A list that could not be had when it was asked for last. */
export interface KeptUnlisted extends Unlisted {
  /** ISO 8601. */
  readonly at: string;
}

/** What a sweep asked for, and what it did not get. */
export interface Asked {
  readonly instances: readonly string[];
  /** `undefined`: everything. */
  readonly groups: readonly string[] | undefined;
  readonly unlisted: readonly Unlisted[];
  /** In ms since 1970. */
  readonly now: number;
}

const MEMO = 'unlisted';
/** In ms: a group that nobody asks for any more is forgotten. */
const KEPT = 30 * 24 * 3_600_000;

/** Keeps which lists could not be had; those that were asked for again and came are forgotten. */
export async function keepUnlisted(db: Kysely<Tables>, asked: Asked): Promise<void> {
  const { instances, groups, unlisted, now } = asked;
  const isAsked = ({ instance, group }: Unlisted): boolean =>
    group === undefined
      ? instances.includes(instance)
      : instances.some(isShared) && (groups === undefined || groups.includes(group));
  const after = (before: readonly KeptUnlisted[]): readonly KeptUnlisted[] => [
    ...before.filter((each) => !isAsked(each) && now - Date.parse(each.at) < KEPT),
    ...unlisted.map((each) => ({ ...each, at: new Date(now).toISOString() })),
  ];
  // Nothing is written where nothing was wrong, before and now.
  if (unlisted.length === 0 && (await keptUnlisted(db)).length === 0) return;
  await alone(db, async (trx) => {
    const value = JSON.stringify({ lists: after(await keptUnlisted(trx)) });
    await trx
      .insertInto('memo')
      .values({ name: MEMO, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  });
}

export async function keptUnlisted(db: Kysely<Tables>): Promise<readonly KeptUnlisted[]> {
  const memo = await db.selectFrom('memo').select('value').where('name', '=', MEMO).executeTakeFirst();
  return (memo?.value as { readonly lists?: readonly KeptUnlisted[] } | undefined)?.lists ?? [];
}
