import type { Kysely } from 'kysely';
import type { Forge, Project } from '../../forge/port.ts';
import { outOfScope } from '../../generator/publish/index.ts';
import { keyOf } from '../key.ts';
import type { Deferral, Gate, Permit } from '../rollout/port.ts';
import type { Tables } from '../store/tables.ts';
import type { World } from '../world.ts';
import type { Component } from './component.ts';
import { type AdoptInput, adopt, type LimitReached } from './project.ts';
import type { AdoptResult } from './result.ts';
import { keepAdoption } from './state.ts';

export { ADOPT_BRANCH } from './branch.ts';
export { type Component, parseComponent } from './component.ts';
export type { AdoptResult } from './result.ts';

export interface AdoptOptions {
  readonly component: Component;
  readonly concurrency: number;
  /** At most so many merge requests are opened. */
  readonly limit?: number;
  /** Nothing is taken and nothing kept: the forge records what would be sent. */
  readonly dryRun: boolean;
  /** Begin with no other project. */
  readonly stop: AbortSignal;
}

/** A project to be looked at, and where. */
export interface Candidate {
  readonly forge: Forge;
  readonly project: Project;
}

/** One that there is nothing to look at of: what is to be told of it is known. */
export interface Settled {
  readonly result: AdoptResult;
}

/**
 * Brings the include of the review component to each of the projects, some at a time. Those whose list says that they are
 * out of scope cost no request.
 *
 * @param db absent: there is no store to keep anything in.
 * @param on is told each result as it comes, and the position of its candidate: 0 and up.
 */
export async function adoptReview<One extends Candidate | Settled>(
  world: World,
  gate: Gate,
  db: Kysely<Tables> | undefined,
  candidates: AsyncIterable<One>,
  options: AdoptOptions,
  on: (result: AdoptResult, candidate: One, position: number) => void,
): Promise<void> {
  const budget = { left: options.limit ?? Number.POSITIVE_INFINITY };
  const waiting = candidates[Symbol.asyncIterator]();
  let count = 0;
  const worker = async (): Promise<void> => {
    while (!options.stop.aborted && budget.left > 0) {
      const next = await waiting.next();
      if (next.done) return;
      const position = count++;
      const { value } = next;
      const result = 'result' in value ? value.result : await one(world, gate, db, value, options, budget);
      on(result, value, position);
    }
  };
  const workers = Array.from({ length: options.concurrency }, worker);
  // One that failed for a reason that is no project's ends them all, once they have finished what is in hand.
  const settled = await Promise.allSettled(workers);
  await waiting.return?.();
  for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
}

async function one(
  world: World,
  gate: Gate,
  db: Kysely<Tables> | undefined,
  { forge, project }: Candidate,
  { component, dryRun }: AdoptOptions,
  budget: { left: number },
): Promise<AdoptResult> {
  const { publish: config, limits } = world.config;
  const out = outOfScope(project, config);
  // Of one that opted out there may be a merge request to be closed.
  if (out && out.reason !== 'opted-out')
    return { kind: 'skipped', project: project.path, reason: out.reason, message: out.message };
  let permit: Permit | undefined;
  const input: AdoptInput = {
    component,
    config,
    limits,
    gate,
    permit: (at, what) => allowed(gate, at, what, budget, dryRun),
    people: async (at, reader) => (await world.about(at, reader)).people,
    on: (_, taken) => {
      permit = taken;
    },
  };
  const result = await adopt(forge, project, input);
  if (db && !dryRun) await keepAdoption(db, keyOf(project), result, permit, new Date(world.now()));
  return result;
}

async function allowed(
  gate: Gate,
  project: Project,
  what: 'open' | 'push',
  budget: { left: number },
  dryRun: boolean,
): Promise<Permit | Deferral | LimitReached> {
  const { instance, path } = project;
  const asking = { key: keyOf(project), instance, path };
  if (what === 'push') return dryRun ? FREE : gate.take(asking, what);
  if (budget.left <= 0) return { reason: 'limit', message: 'as many are open now as --limit allows in this run' };
  budget.left -= 1;
  const permit = dryRun ? ((await gate.mayOpen(asking)) ?? FREE) : await gate.take(asking, what);
  if ('reason' in permit) {
    budget.left += 1;
    return permit;
  }
  return {
    ...permit,
    giveBack: async () => {
      budget.left += 1;
      await permit.giveBack();
    },
  };
}

/** Of a dry run: nothing is counted. */
const FREE: Permit = { campaign: '', wave: 0, use: async () => {}, giveBack: async () => {} };
