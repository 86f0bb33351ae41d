import { setTimeout as wait } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Tables } from '../../jobs/store/tables.ts';
import type { RepositoryResult } from '../../jobs/sweep/events.ts';
import { type Ended, type Running, summaryIn } from './agentsmd.ts';
import type { FleetPlace } from './place.ts';
import { random } from './random.ts';
import type { Source } from './sources.ts';

/** What is killed, and how what it leaves is looked at. */
export interface CrashStage {
  /** Of its groups. */
  readonly name: string;
  readonly place: FleetPlace;
  /** Each has something to say. */
  readonly from: readonly Source[];
  /** Starts a sweep over a group. */
  sweep(group: string): Running;
  /** Those that help it, running and ready; they outlive rounds unless they are killed. */
  readonly workers: readonly Running[];
  /** Starts another one in the place of a worker that was killed. */
  replace(at: number): Promise<void>;
  /** Opens the state while nobody else needs it. */
  state<T>(use: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
}

export interface CrashOptions {
  readonly projects: number;
  readonly seed: number;
  /** Default: any moment of a sweep, its start included. */
  readonly after?: 'first-result';
}

/** What came of one kill. */
export interface Crash {
  readonly round: number;
  readonly killed: 'sweep' | 'worker' | 'nobody';
  /** In ms after the start. */
  readonly at: number;
  /** What was told of before, and how many were open then. */
  readonly told: number;
  readonly open: number;
  /** In ms, until all were done: by those that were left, or by the rerun. */
  readonly recoveredIn: number;
  /** Sentences; none where everything is as it must be. */
  readonly wrong: readonly string[];
}

/** In ms, how long a sweep of such a group takes undisturbed. */
export async function undisturbed(stage: CrashStage, projects: number): Promise<number> {
  const group = `${stage.name}-calm`;
  await populate(stage, group, projects);
  const ended = await stage.sweep(group).ended;
  summaryIn(ended);
  return ended.ms;
}

/** Kills -9 once at a random moment, sweeps again until all is done, and looks at what there is then. */
export async function crashOnce(
  stage: CrashStage,
  round: number,
  usual: number,
  { projects, seed, after }: CrashOptions,
): Promise<Crash> {
  const next = random(seed * 1000 + round);
  const group = `${stage.name}-${round}`;
  const numbers = await populate(stage, group, projects);
  const began = performance.now();
  const running = stage.sweep(group);
  if (after) await running.toldOf(1);
  await Promise.race([wait((after ? 0.3 : 1) * next() * usual), running.ended]);
  const victims: readonly Running[] = [running, ...stage.workers];
  const victim = Math.floor(next() * victims.length);
  const killed = victims[victim]!.process.kill('SIGKILL') ? (victim === 0 ? 'sweep' : 'worker') : 'nobody';
  const at = performance.now() - began;
  const told = [...running.told()];
  const died = performance.now();
  if (victim === 0) await running.ended;
  let last: Ended = victim === 0 ? await stage.sweep(group).ended : await running.ended;
  // A sweep that came to its end a moment before has told of everything.
  if (last.code !== 0) last = await stage.sweep(group).ended;
  const recoveredIn = performance.now() - died;
  if (victim > 0) await stage.replace(victim - 1);
  return {
    round,
    killed,
    at,
    told: told.length,
    open: projects - told.length,
    recoveredIn,
    wrong: [...endedWell(last), ...(await wrongIn(stage, numbers, told))],
  };
}

function populate({ place, from }: CrashStage, group: string, count: number) {
  return place.gitlab.populate({ group, count, from, developers: [place.bot] });
}

function endedWell(ended: Ended): readonly string[] {
  try {
    const { failed } = summaryIn(ended);
    return Object.keys(failed).length === 0 ? [] : [`failed: ${JSON.stringify(failed)}`];
  } catch (error) {
    return [String(error)];
  }
}

const KINDS: Readonly<Record<RepositoryResult['outcome'], readonly string[]>> = {
  generated: ['created'],
  refreshed: ['updated'],
  unchanged: ['unchanged', 'skipped'],
  skipped: ['skipped', 'deferred', 'closed'],
  failed: ['failed', 'refused'],
};

/** What is not as it must be in GitLab, and in the state. @param told what was acknowledged before the kill. */
async function wrongIn(
  stage: CrashStage,
  numbers: Readonly<Record<string, number>>,
  told: readonly RepositoryResult[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const seen = Map.groupBy(await stage.place.gitlab.mergeRequests(), ({ project }) => project);
  for (const [path, number] of Object.entries(numbers)) {
    const own = seen.get(number) ?? [];
    const shown = own.map(({ iid, state, source }) => `!${iid} ${state} ${source}`).join(', ');
    if (own.length !== 1 || own[0]!.state !== 'opened')
      wrong.push(`${path}: not one merge request: ${shown || 'none'}`);
  }
  await stage.state(async (db) => {
    const paths = Object.keys(numbers);
    const rows = await db.selectFrom('repository').selectAll().where('path', 'in', paths).execute();
    const known = new Map(rows.map((row) => [row.path, row]));
    const outcomes = await db.selectFrom('outcome').select(['key', 'kind']).execute();
    const merges = await db.selectFrom('merge_request').select(['key', 'iid', 'state']).execute();
    for (const path of paths) {
      const row = known.get(path);
      if (!row) {
        wrong.push(`${path}: not in the state`);
        continue;
      }
      if (row.due !== null || row.dead_since !== null || row.processed_at === null)
        wrong.push(`${path}: due ${row.due}, dead since ${row.dead_since}, result ${row.result}`);
      const kept = merges.filter(({ key }) => key === row.key);
      const iid = seen.get(numbers[path]!)?.[0]?.iid;
      if (kept.length !== 1 || kept[0]!.iid !== iid || kept[0]!.state !== 'opened')
        wrong.push(`${path}: the state knows ${JSON.stringify(kept)}, GitLab has !${iid}`);
    }
    for (const { path, outcome } of told) {
      const key = known.get(path)?.key;
      if (!outcomes.some((each) => each.key === key && KINDS[outcome].includes(each.kind)))
        wrong.push(`${path}: was told to be ${outcome}, and that is gone`);
    }
  });
  return wrong;
}
