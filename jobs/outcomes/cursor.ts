import type { Kysely, Transaction } from 'kysely';
import * as z from 'zod';
import type { ChangedMergeRequest } from '../../forge/port.ts';
import type { Tables } from '../store/tables.ts';

const time = z.string().nullable();
const over = z.strictObject({
  ...{ project: z.string(), iid: z.int(), url: z.string(), state: z.enum(['merged', 'closed']), target: z.string() },
  ...{ head: z.string().nullable(), author: z.string(), createdAt: time, updatedAt: time, endedAt: time },
});
/** A merge request that was merged or closed. */
export type Over = z.output<typeof over>;

/** `undefined` of one that is not over. */
export function overOf({ projectId, mergeRequest }: ChangedMergeRequest): Over | undefined {
  const { iid, url, state, target, head, author, createdAt, updatedAt, endedAt } = mergeRequest;
  if (state !== 'merged' && state !== 'closed') return undefined;
  return { project: projectId, iid, url, state, target, head, author, createdAt, updatedAt, endedAt };
}

const cursor = z.strictObject({
  until: z.string(),
  again: z.array(z.strictObject({ over, tries: z.int() })),
});
/** How far a place was read, by the forge's clock, and what could not be looked at then. */
export type Cursor = z.output<typeof cursor>;

/** In ms: clocks differ by less. A cursor further ahead is none. */
const SKEW = 3_600_000;

export async function cursorOf(db: Kysely<Tables>, name: string, now: number): Promise<Cursor | undefined> {
  const memo = await db.selectFrom('memo').select('value').where('name', '=', name).executeTakeFirst();
  const read = cursor.safeParse(memo?.value).data;
  return read && Date.parse(read.until) <= now + SKEW ? read : undefined;
}

export async function keepCursor(trx: Transaction<Tables>, name: string, now: Cursor): Promise<void> {
  const value = JSON.stringify(now);
  await trx
    .insertInto('memo')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
