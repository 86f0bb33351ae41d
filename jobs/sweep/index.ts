import type { Kysely } from 'kysely';
import type { Engine } from '../engine.ts';
import { learn } from '../outcomes/effects/index.ts';
import { harvest } from '../outcomes/index.ts';
import { observe } from '../rollout/halt.ts';
import type { Gate } from '../rollout/port.ts';
import { isShared } from '../rollout/scope.ts';
import { forgetAhead } from '../rollout/wrong-clock.ts';
import type { Tables } from '../store/tables.ts';
import type { World } from '../world.ts';
import { carryOut, type SweepRun } from './carry-out.ts';
import { Counts } from './counts.ts';
import { discover, missingFrom } from './discover.ts';
import type { SweepEvent, SweepResult, Unlisted } from './events.ts';
import { readMergeRequests } from './merge-requests.ts';
import { byUrgency, type DueRepository, type Findings, findMoved, keepChosen } from './moved.ts';
import type { SweepOptions } from './options.ts';
import { lastOutcome } from './outcomes.ts';
import { previewOf } from './preview.ts';
import { knownInScope, quietWarning } from './quiet.ts';
import { groupsOf } from './scope.ts';
import { survey } from './survey.ts';
import { alive, begin, claimFor, end } from './sweep-row.ts';
import { keepUnlisted } from './unlisted.ts';

export type { SweepRun } from './carry-out.ts';

/**
 * One pass over the fleet: finds out what is to be done, has it done, and tells what came of it. What was begun by an earlier
 * one that did not come to its end is gone on with. Stopped, it ends soon; what nobody got to stays due.
 *
 * @throws {FleetError} Of single repositories and instances nothing is thrown: they count as failed.
 */
export async function sweep(
  engine: Engine,
  world: World,
  gate: Gate,
  options: SweepOptions,
  run: SweepRun,
  on: (event: SweepEvent) => void,
): Promise<SweepResult> {
  const { db } = engine;
  const started = world.now();
  const id = await begin(engine, options, started);
  try {
    const done = await alive(db, id, () => carriedOut(engine, world, gate, { id, options, started }, run, on));
    const { summary, interrupted } = done;
    await end(db, id, { state: interrupted ? 'interrupted' : 'done', summary, now: world.now() });
    return { sweep: id, summary, interrupted };
  } catch (error) {
    await end(db, id, { state: 'failed', now: world.now() }).catch(() => {});
    throw error;
  }
}

interface Begun {
  readonly id: number;
  readonly options: SweepOptions;
  /** In ms since 1970. */
  readonly started: number;
}

async function carriedOut(
  engine: Engine,
  world: World,
  gate: Gate,
  { id, options, started }: Begun,
  run: SweepRun,
  on: (event: SweepEvent) => void,
): Promise<Omit<SweepResult, 'sweep'>> {
  const { db } = engine;
  const before = world.requests.total();
  const { value: plan, requests: asked } = await world.requests.count(() => planned(db, world, options, run.stop, on));
  const total = new Counts();
  let interrupted = plan === undefined;
  let requests = run.work ? world.requests.total() - before : asked;
  if (plan) {
    // Before the rows are ours: what becomes of them from then on counts.
    const after = await lastOutcome(db);
    await claimFor(
      db,
      id,
      plan.due.map(({ key }) => key),
    );
    const { outcomes, open, own } = await carryOut(engine, world, gate, { id, due: plan.due, after }, run, on);
    if (open.length === 0) await learn({ db, world, gate, warn: (message) => on({ type: 'warning', message }) });
    total.addAll(plan.rest);
    total.add({ outcome: 'skipped', reason: 'beyond-limit' }, plan.left);
    total.addAll(outcomes.counts());
    total.add({ outcome: 'skipped', reason: 'interrupted' }, open.length);
    interrupted = open.length > 0;
    // What other processes sent is told with the outcomes.
    if (run.work) requests = world.requests.total() - before;
    requests += outcomes.requests(run.work ? own : new Set());
  }
  const harvested = plan?.harvested ?? 0;
  return { summary: total.summary({ requests, ms: world.now() - started, harvested }), interrupted };
}

/** What a sweep does. */
interface Plan extends Pick<Findings, 'rest'> {
  /** The most urgent first. */
  readonly due: readonly DueRepository[];
  /** So many more are due than were asked for. */
  readonly left: number;
  /** Reviews whose end was read. */
  readonly harvested: number;
}

/** `undefined` where it was stopped before that was known. */
async function planned(
  db: Kysely<Tables>,
  world: World,
  options: SweepOptions,
  stop: AbortSignal,
  on: (event: SweepEvent) => void,
): Promise<Plan | undefined> {
  try {
    const groups = groupsOf(options, world);
    const quiet = quietWarning(world);
    if (quiet) {
      on(quiet);
      const rest = new Counts();
      rest.add({ outcome: 'skipped', reason: 'quiet-hours' }, await knownInScope(db, world.instances, groups));
      return { rest, due: [], left: 0, harvested: 0 };
    }
    await forgetAhead(db, world.now());
    const { since, acceptShrunk = false, limit = Number.POSITIVE_INFINITY } = options;
    const unlisted: Unlisted[] = [];
    let harvested = 0;
    const found = await survey(world, {
      look: async (forge) => {
        const listing = await discover(db, world, forge, { groups, since, acceptShrunk, signal: stop }, on);
        await readMergeRequests(db, world, forge);
        harvested += await harvest(db, world, forge, { groups, signal: stop, on });
        const choosing = options.limit !== undefined;
        return { listing, findings: await findMoved(db, world, forge, listing, { signal: stop, choosing, on }) };
      },
      known: async (instance, within) => (await missingFrom(db, { instance, seen: new Set(), groups: within })).known,
      groups,
      signal: stop,
      on: (event) => {
        if (event.type === 'warning' && event.unlisted) unlisted.push(event.unlisted);
        on(event);
      },
    });
    await keepUnlisted(db, { instances: world.instances, groups, unlisted, now: world.now() });
    if (world.instances.some((instance) => isShared(instance))) await observe(db, world, on);
    const due = found.due.toSorted(byUrgency).slice(0, limit);
    on({ type: 'preview', preview: await previewOf(db, world, found, due, stop) });
    stop.throwIfAborted();
    await keepChosen(db, found, due, new Date(world.now()));
    return { rest: found.rest, due, left: found.due.length - due.length, harvested };
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  }
}
