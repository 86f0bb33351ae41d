import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';
import type { Asking, Gate } from '../rollout/port.ts';
import { CAUSES, type Cause, type Tables } from '../store/tables.ts';

export interface Refill {
  /** In ms since 1970. */
  readonly now: number;
  /** Only repositories of these can be worked on here. */
  readonly instances: readonly string[];
}

/** Rows read and put at a time. */
const BATCH = 1000;

/**
 * Puts repositories that are due into the queue, whichever sweep wants them; of those that were held back see `retryHeld`.
 * What is queued already is left out there, so this may run at any time.
 *
 * @returns how many were taken.
 */
export async function refill({ db, queue }: Pick<Engine, 'db' | 'queue'>, { now, instances }: Refill): Promise<number> {
  let taken = 0;
  for (let after = ''; ; ) {
    const rows = await dueRows(db, instances)
      .where('due', '!=', 'deferred')
      .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', new Date(now))]))
      .where('key', '>', after)
      .orderBy('key')
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return taken;
    taken += await queue.put(rows.map(({ key, due, due_sweep }) => ({ key, cause: causeOf(due), sweep: due_sweep })));
    after = rows.at(-1)!.key;
  }
}

/** Of those whose time has come, and of those that wait for no time: so many in one go. */
const HELD = 50;
const ASKED = 20;

/**
 * Puts some of the repositories that were held back into the queue: only few at a time, for what is allowed to one of them may
 * thereby not be allowed to the next.
 *
 * @returns how many were taken.
 */
export async function retryHeld(
  { db, queue }: Pick<Engine, 'db' | 'queue'>,
  gate: Pick<Gate, 'mayWork' | 'mayOpen'>,
  { now, instances }: Refill,
): Promise<number> {
  const held = dueRows(db, instances).where('due', '=', 'deferred');
  const timed = await held.where('not_before', '<=', new Date(now)).orderBy('not_before').limit(HELD).execute();
  const asked = await held.where('not_before', 'is', null).orderBy(sql`random()`).limit(ASKED).execute();
  const free: typeof asked = [];
  for (const row of asked) if (!(await isHeldBack(gate, row))) free.push(row);
  const tasks = [...timed, ...free].map(({ key, due_sweep }) => ({
    key,
    cause: 'deferred' as const,
    sweep: due_sweep,
  }));
  return tasks.length === 0 ? 0 : await queue.put(tasks);
}

async function isHeldBack(gate: Pick<Gate, 'mayWork' | 'mayOpen'>, asking: Asking): Promise<boolean> {
  return ((await gate.mayWork(asking)) ?? (await gate.mayOpen(asking))) !== undefined;
}

/** A cause as it is stored. One that a newer version wrote counts as the least urgent. */
export function causeOf(text: string | null): Cause {
  return CAUSES.find((cause) => cause === text) ?? CAUSES.at(-1)!;
}

/** What is due, and neither gone nor paused. */
function dueRows(db: Kysely<Tables>, instances: readonly string[]) {
  return db
    .selectFrom('repository')
    .select(['key', 'instance', 'path', 'due', 'due_sweep'])
    .where('due', 'is not', null)
    .where('gone_since', 'is', null)
    .where('instance', 'in', instances)
    .where((eb) => eb.not(eb.exists(pausesOf(eb))));
}

/** Pauses that hold for a row of `repository`: of everything, of the project, or of a group above it. */
function pausesOf(eb: ExpressionBuilder<Tables, 'repository'>) {
  return eb
    .selectFrom('pause')
    .select('pause.scope')
    .where((p) =>
      p.or([
        p('pause.scope', '=', '*'),
        p(sql`lower(repository.path)`, '=', sql`lower(pause.scope)`),
        p(sql<boolean>`starts_with(lower(repository.path), lower(pause.scope) || '/')`, '=', true),
      ]),
    );
}
