import { ForgeError } from '../../forge/errors.ts';
import type { Forge, MergeRequest, Standing } from '../../forge/port.ts';
import { markerOf } from '../../generator/publish/marker.ts';
import { conversationOf, rolledBackMarker } from '../../generator/publish/notes.ts';
import type { Engine } from '../engine.ts';
import { FleetError } from '../errors.ts';
import { partsOf } from '../key.ts';
import type { SweepOptions } from '../sweep/options.ts';
import { markDied } from '../sweep/sweep-row.ts';
import type { World } from '../world.ts';
import { dropDue, isAtWork, waitForHands } from './due.ts';
import { rolledBackText } from './note.ts';
import { begin, type Opened, openedBy, record } from './state.ts';
import { type Own, touchOf, whoWeAre } from './touched.ts';

/** What became of one merge request. */
export interface RolledBack {
  readonly instance: string;
  /** The project's. */
  readonly path: string;
  readonly iid: number;
  readonly url: string;
  /** `kept`: people touched it. `over`: it was merged or closed before, or is gone. `closable`: a dry run would have closed it. */
  readonly outcome: 'closed' | 'closable' | 'kept' | 'over' | 'failed';
  /** Of `kept` a `Touch`'s, of `over` its state, of `failed` the forge's. */
  readonly reason?: string;
  readonly message?: string;
}

export interface Rollback {
  readonly sweep: number;
  readonly counts: Readonly<Record<RolledBack['outcome'], number>>;
  /** Repositories that were still to have a merge request by it: they are left to a later sweep. */
  readonly dropped: number;
  /** Repositories that somebody still works on for it, and did not come to an end with: the same again closes what they open. */
  readonly busy: number;
  /** It was stopped; the same again goes on with the rest. */
  readonly interrupted: boolean;
}

export interface RollbackOptions {
  readonly dryRun?: boolean;
  /** Begins nothing new. */
  readonly stop?: AbortSignal;
  /** Told of how many repositories that are being worked on it waits. */
  readonly onWait?: (count: number) => void;
  /** For how long, in ms. Default: 5 minutes. */
  readonly patience?: number;
}

/** What a sweep was about: a rollback needs the same forges. @throws {FleetError} where there is no such sweep. */
export async function sweptIn({ db }: Pick<Engine, 'db'>, sweep: number): Promise<SweepOptions> {
  const row = await db.selectFrom('sweep').select('options').where('id', '=', sweep).executeTakeFirst();
  if (row) return row.options as unknown as SweepOptions;
  throw new FleetError(`sweep ${sweep}: there is none; agentsmd status lists the last ones`);
}

/**
 * Closes the merge requests that a sweep opened and deletes their branches, as far as they are open and no person touched
 * them. They are not proposed again as they were. What stops in between goes on when it is run again.
 *
 * @param on told of each merge request, once it is done with, and its position in the list of them: 0 and up.
 * @throws {FleetError} where there is no such sweep, or it is at work still.
 */
export async function rollback(
  engine: Pick<Engine, 'db' | 'kind' | 'queue'>,
  world: World,
  sweep: number,
  { dryRun = false, stop, onWait, patience = PATIENCE }: RollbackOptions,
  on: (item: RolledBack, position: number) => void,
): Promise<Rollback> {
  await sweptIn(engine, sweep);
  await markDied(engine, world.now());
  if (await isAtWork(engine.db, sweep))
    throw new FleetError(
      `sweep ${sweep} is still at work and would open more; stop it, or wait until it is over (agentsmd status), and run this again`,
    );
  // First: what is to come is not opened while the rest is closed.
  const dropped = await dropDue(engine, sweep, dryRun);
  const busy = dryRun ? 0 : await waitForHands(engine, { sweep, dropped }, { patience, stop, onWait });
  const counts = { closed: 0, closable: 0, kept: 0, over: 0, failed: 0 };
  const opened = await openedBy(engine.db, sweep);
  const left = opened.entries();
  let broken: { readonly error: unknown } | undefined;
  const takeBack = async (): Promise<void> => {
    for (const [position, row] of left) {
      if (stop?.aborted || broken) return;
      try {
        const item = await one(engine, world, row, dryRun);
        counts[item.outcome]++;
        on(item, position);
      } catch (error) {
        broken ??= { error };
      }
    }
  };
  const lanes = Math.min(opened.length, world.config.fleet.concurrency);
  await Promise.all(Array.from({ length: lanes }, takeBack));
  if (broken) throw broken.error;
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { sweep, counts, dropped: dropped.length, busy, interrupted: done < opened.length };
}

const PATIENCE = 5 * 60_000;

async function one(engine: Pick<Engine, 'db'>, world: World, row: Opened, dryRun: boolean): Promise<RolledBack> {
  const { key, iid, url, path } = row;
  const { instance } = partsOf(key);
  const told = { instance, path, iid, url };
  try {
    return { ...told, ...(await takenBack(engine, world, row, dryRun)) };
  } catch (error) {
    if (!(error instanceof ForgeError || error instanceof FleetError)) throw error;
    const { message } = error;
    const reason = error instanceof ForgeError ? error.reason : 'not-configured';
    if (reason === 'not-found') return { ...told, outcome: 'over', reason: 'gone', message };
    world.log.warn({ path, iid, reason, message }, 'a merge request could not be rolled back');
    return { ...told, outcome: 'failed', reason, message };
  }
}

type Outcome = Pick<RolledBack, 'outcome' | 'reason' | 'message'> & { readonly path?: string };

async function takenBack({ db }: Pick<Engine, 'db'>, world: World, row: Opened, dryRun: boolean): Promise<Outcome> {
  const { instance, id } = partsOf(row.key);
  const forge = await world.forge(instance);
  const standing = await forge.standing({ id, path: row.path }, { branch: row.source, files: [] });
  const { path } = standing.project;
  const mergeRequest = standing.mergeRequests.find(({ iid }) => iid === row.iid);
  if (!mergeRequest)
    return { path, outcome: 'over', reason: 'gone', message: 'there is no such merge request any more' };
  const own = await whoWeAre(forge, path, world.config.publish);
  if (mergeRequest.state === 'merged' || mergeRequest.state === 'closed') {
    const isOurs = mergeRequest.state === 'closed' && (await hasOurWord(forge, standing, mergeRequest, own));
    if (!isOurs) {
      if (!dryRun) await record(db, row, { mergeRequest, at: world.now() });
      return { path, outcome: 'over', reason: mergeRequest.state, message: `people ${mergeRequest.state} it` };
    }
  } else {
    const touch = await touchOf(forge, standing, mergeRequest, own);
    if (touch) return { path, outcome: 'kept', ...touch };
  }
  if (dryRun) return { path, outcome: 'closable' };
  await begin(db, row);
  const closed = await close(forge, standing, mergeRequest, row.sweep);
  await record(db, row, { mergeRequest: closed.mergeRequest, at: world.now(), byUs: true });
  return { path, outcome: 'closed', ...(closed.message === undefined ? {} : { message: closed.message }) };
}

/** A run that died had closed it, and not come to its branch. */
async function hasOurWord(forge: Forge, { project }: Standing, mergeRequest: MergeRequest, own: Own): Promise<boolean> {
  const { told } = conversationOf(await forge.notes(project, mergeRequest.iid), own.users);
  return told.has(rolledBackMarker((await markerOf(mergeRequest))?.content));
}

async function close(
  forge: Forge,
  { project, branchTip }: Standing,
  mergeRequest: MergeRequest,
  sweep: number,
): Promise<{ readonly mergeRequest: MergeRequest; readonly message?: string }> {
  const publisher = forge.publisher(project);
  const why = `sweep ${sweep} is rolled back`;
  const marker = rolledBackMarker((await markerOf(mergeRequest))?.content);
  // The word before the deed: closed without it, it would count as closed by people.
  await publisher.ensureNote(mergeRequest.iid, marker, rolledBackText(project.instance), why);
  const { value: closed } = await publisher.ensureClosed(mergeRequest, why);
  if (branchTip === null) return { mergeRequest: closed };
  try {
    await publisher.ensureBranchGone(mergeRequest.source, branchTip, why);
    return { mergeRequest: closed };
  } catch (error) {
    // Somebody wrote to it just now: it stays.
    if (!(error instanceof ForgeError && error.reason === 'conflict')) throw error;
    return { mergeRequest: closed, message: `its branch stays: ${error.message}` };
  }
}
