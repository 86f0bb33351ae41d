import type { Transaction } from 'kysely';
import { ForgeError } from '../../forge/errors.ts';
import type { Engine } from '../engine.ts';
import { FleetError } from '../errors.ts';
import { type Claim, type DeadTask, TryAgain } from '../queue/port.ts';
import type { Gate } from '../rollout/port.ts';
import type { Tables } from '../store/tables.ts';
import type { RepositoryResult, SweepEvent } from '../sweep/events.ts';
import { resultOf } from '../sweep/result.ts';
import type { World } from '../world.ts';
import { attempt } from './attempt.ts';
import { audited, keepAudit, wantsAudit } from './audit.ts';
import { bury } from './bury.ts';
import { finalOf, refusedFor } from './final.ts';
import { record, type Told } from './record.ts';
import { type Row, rowOf, subjectOf } from './state.ts';
import { endTogether, type Together } from './together.ts';
import type { Worked } from './worked.ts';

export interface WorkStep {
  handle(claim: Claim): Promise<void>;
  bury(dead: DeadTask): Promise<void>;
}

/** What is done with a task: its repository is worked on, and all that came of it is kept together with the task's end. */
export function workStep(
  { db, queue }: Pick<Engine, 'db' | 'queue'>,
  world: World,
  gate: Gate,
  on: (event: SweepEvent) => void,
): WorkStep {
  const together: Together = (task, keep) => endTogether(db, task, keep);
  return {
    handle: async (claim) => {
      const { key, sweep } = claim.task;
      const row = await rowOf(db, key);
      // What is due says the state; the queue may be behind. What is not ours to work on stays due for others.
      if (!row || row.due === null || !world.instances.includes(row.instance))
        return void (await together(claim, async () => {}));
      on({ type: 'begun', path: row.path });
      const began = performance.now();
      const subject = await subjectOf(db, row);
      const { value, requests } = await world.requests
        .count(() =>
          unlessAborted(claim.signal, () => attempt(world, gate, subject, claim.signal)).catch((error: unknown) => {
            const final = claim.signal.aborted ? undefined : finalOf(error, row.path);
            if (final === undefined) throw error;
            return final;
          }),
        )
        .catch((error: unknown) => {
          throw tryAgain(error, row, world, claim);
        });
      const result = refusedFor(value.result);
      if (result.kind === 'failed') throw tryAgain(new TryAgain(result.reason, result.message), row, world, claim);
      const wanted = row.due_sweep ?? sweep;
      const audit = (await wantsAudit(db, world, wanted))
        ? await world.requests.count(() => audited(world, value, row.instance, on))
        : undefined;
      const ms = Math.round(performance.now() - began);
      const worked = {
        row,
        sweep: wanted,
        attempt: { ...value, result },
        ms,
        requests: requests + (audit?.requests ?? 0),
        now: world.now(),
      };
      let told: Told | undefined;
      const keep = async (trx: Transaction<Tables>): Promise<void> => {
        told = await record(trx, worked);
        if (audit?.value) await keepAudit(trx, row.key, audit.value, worked.now);
      };
      if (!(await together(claim, keep)) || !told) {
        world.log.info({ key, path: row.path }, 'somebody else has the task by now');
        return;
      }
      const event = eventOf(worked, told);
      world.log.info({ key, ...event, requests }, 'a repository was worked on');
      on({ type: 'repository', ...event });
    },
    bury: (dead) => bury({ db, queue, world, on, together }, dead),
  };
}

/** What is under way then ends by itself: it is not waited for, and nothing that it still does counts. */
async function unlessAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([run(), promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function tryAgain(error: unknown, { key, path }: Row, { log }: World, { tries, signal }: Claim): TryAgain {
  const again = failureOf(error, signal);
  log.warn({ key, path, reason: again.reason, error: again.message, tries }, 'a repository has to be tried again');
  return again;
}

function failureOf(error: unknown, signal: AbortSignal): TryAgain {
  if (error instanceof TryAgain) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (signal.aborted) return new TryAgain('interrupted', message);
  if (error instanceof ForgeError) return new TryAgain(error.reason, message);
  return new TryAgain(error instanceof FleetError ? 'configuration' : 'error', message);
}

function eventOf({ row, attempt, ms, sweep }: Worked, told: Told): RepositoryResult {
  const { result, project, owner } = attempt;
  return {
    path: project?.path ?? row.path,
    instance: row.instance,
    ...resultOf(told.kind, told.reason),
    ...('message' in result ? { message: result.message } : {}),
    ...('mergeRequest' in result
      ? { mergeRequest: { iid: result.mergeRequest.iid, url: result.mergeRequest.url } }
      : {}),
    ms,
    ...(owner === undefined ? {} : { owner }),
    ...(sweep === null ? {} : { sweep }),
  };
}
