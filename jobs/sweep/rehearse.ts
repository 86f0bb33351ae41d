import type { Kysely } from 'kysely';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import { partsOf } from '../key.ts';
import { learn } from '../outcomes/effects/index.ts';
import type { Gate } from '../rollout/port.ts';
import { CAUSES, type Tables } from '../store/tables.ts';
import { attempt, type Subject } from '../work/attempt.ts';
import { rowOf, subjectOf } from '../work/state.ts';
import type { World } from '../world.ts';
import type { SweepRun } from './carry-out.ts';
import { Counts } from './counts.ts';
import { keptOf, type Listing, missingFrom, shrinkage } from './discover.ts';
import { isDifferent } from './due.ts';
import type { RepositoryResult, SweepEvent, SweepResult } from './events.ts';
import { type ListScope, listed } from './list.ts';
import { repliedSince } from './merge-requests.ts';
import { byUrgency, type DueRepository, Findings, judge, skippedOf } from './moved.ts';
import type { SweepOptions } from './options.ts';
import { previewOf } from './preview.ts';
import { reasonOf, resultOf } from './result.ts';
import { type Row, rowsOf, wasHidden } from './rows.ts';
import { groupsOf } from './scope.ts';
import { survey } from './survey.ts';

/**
 * What a sweep would do, and what would come of each repository: nothing is kept, the state need not know anything yet, and the
 * forges of the world record what they would be told. Limits, waves and hours hold nothing back: what they would is unknown.
 */
export async function rehearse(
  db: Kysely<Tables>,
  world: World,
  options: SweepOptions,
  run: Pick<SweepRun, 'concurrency' | 'stop' | 'abort'>,
  on: (event: SweepEvent) => void,
): Promise<Omit<SweepResult, 'sweep'>> {
  const started = world.now();
  const before = world.requests.total();
  const total = new Counts();
  let interrupted = false;
  try {
    const { due, rest, left } = await planned(db, world, options, run.stop, on);
    total.addAll(rest);
    total.add({ outcome: 'skipped', reason: 'beyond-limit' }, left);
    const done = await tryEach(db, world, due, run, total, on);
    total.add({ outcome: 'skipped', reason: 'interrupted' }, due.length - done);
    interrupted = done < due.length;
    const warn = (message: string) => on({ type: 'warning', message });
    if (!interrupted) await learn({ db, world, gate: OPEN, rehearsed: true, warn });
  } catch (error) {
    if (!run.stop.aborted) throw error;
    interrupted = true;
  }
  const requests = world.requests.total() - before;
  return { summary: total.summary({ requests, ms: world.now() - started }), interrupted };
}

async function planned(
  db: Kysely<Tables>,
  world: World,
  options: SweepOptions,
  signal: AbortSignal,
  on: (event: SweepEvent) => void,
): Promise<{ readonly due: readonly DueRepository[]; readonly rest: Counts; readonly left: number }> {
  const groups = groupsOf(options, world);
  const { since, limit = Number.POSITIVE_INFINITY } = options;
  const known = async (instance: string, within: typeof groups, seen: ReadonlySet<string> = new Set()) =>
    (await missingFrom(db, { instance, seen, groups: within })).known;
  const found = await survey(world, {
    look: async (forge) => {
      const looked = await look(db, world, forge, { groups, since, signal }, on);
      const { listing, known } = looked;
      const shrunk = shrinkage(forge.instance, { now: listing.seen.size, ...known });
      if (shrunk !== undefined && since === undefined && !options.acceptShrunk)
        on({ type: 'warning', message: shrunk });
      return looked;
    },
    known,
    groups,
    signal,
    on,
  });
  const due = found.due.toSorted(byUrgency).slice(0, limit);
  on({ type: 'preview', preview: await previewOf(db, world, found, due, signal) });
  signal.throwIfAborted();
  return { due, rest: found.rest, left: found.due.length - due.length };
}

/** As `discover`, `readMergeRequests` and `findMoved` do, a batch of the list at a time. @throws {ForgeError} */
async function look(
  db: Kysely<Tables>,
  world: World,
  forge: Forge,
  scope: ListScope,
  on: (event: SweepEvent) => void,
): Promise<{
  readonly listing: Listing;
  readonly findings: Findings;
  readonly known: Omit<Parameters<typeof shrinkage>[1], 'now'>;
}> {
  const { instance } = forge;
  const replied = await repliedSince(db, world, forge);
  const findings = new Findings();
  const seen = new Set<string>();
  const unknown = new Map<string, ForgeError>();
  for await (const batch of listed(forge, scope, (group, error) => unknown.set(group, error))) {
    const projects = batch.map((project) => keptOf(project, world));
    const known = await rowsOf(
      db,
      projects.map(({ key }) => key),
    );
    const rows = projects.map((project) => asListed(project, known.get(project.key), replied));
    for (const each of await judge(world, forge, rows, scope.signal)) {
      findings.add(each);
      for (const skipped of skippedOf(each)) on(skipped);
    }
    for (const { id } of batch) seen.add(id);
    on({ type: 'listed', instance, projects: seen.size, done: false });
  }
  on({ type: 'listed', instance, projects: seen.size, done: true });
  const groups = scope.groups?.filter((group) => !unknown.has(group));
  const { known: before, missing } = await missingFrom(db, { instance, seen, groups });
  return { listing: { instance, seen, unknown }, findings, known: { before, missing } };
}

/** A repository as it would be kept once it was listed, and its merge requests read. */
function asListed(project: ReturnType<typeof keptOf>, known: Row | undefined, replied: ReadonlySet<string>): Row {
  const row = known ?? { ...NOTHING, last_seen: new Date(0) };
  const causes = new Set<string | null>([row.due]);
  const isReplied = row.dead_since === null && (replied.has(project.key) || (known !== undefined && wasHidden(known)));
  if (row.dead_since === null) {
    if (known && isDifferent(known, project)) causes.add('moved');
    if (isReplied) causes.add('replied');
  }
  const heard = isReplied ? { not_before: null } : {};
  return { ...row, ...project, ...heard, due: CAUSES.find((cause) => causes.has(cause)) ?? row.due };
}

const NOTHING = {
  seen_head: null,
  head: null,
  generator: null,
  codex: null,
  catalog: null,
  processed_at: null,
  result: null,
  reason: null,
  due: null,
  due_since: null,
  not_before: null,
  dead_since: null,
  gone_since: null,
} as const;

/** @returns how many were tried. */
async function tryEach(
  db: Kysely<Tables>,
  world: World,
  due: readonly DueRepository[],
  { concurrency, stop, abort }: Pick<SweepRun, 'concurrency' | 'stop' | 'abort'>,
  total: Counts,
  on: (event: SweepEvent) => void,
): Promise<number> {
  const signal = abort ?? new AbortController().signal;
  const current = new Map<string, string>();
  let done = 0;
  let failed = 0;
  const progress = () => on({ type: 'progress', done, total: due.length, failed, current: [...current.values()] });
  const next = due.values();
  const worker = async () => {
    for (const each of next) {
      if (stop.aborted) return;
      current.set(each.key, each.path);
      on({ type: 'begun', path: each.path });
      progress();
      const result = await resultFor(db, world, each, signal);
      current.delete(each.key);
      if (signal.aborted) return;
      done += 1;
      if (result.outcome === 'failed') failed += 1;
      total.add(result);
      on({ type: 'repository', ...result });
      progress();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, due.length) }, worker));
  return done;
}

async function resultFor(
  db: Kysely<Tables>,
  world: World,
  { key, instance, path, cause }: DueRepository,
  signal: AbortSignal,
): Promise<RepositoryResult> {
  const began = performance.now();
  const told = () => ({ path, instance, ms: Math.round(performance.now() - began) });
  try {
    const row = await rowOf(db, key);
    const subject: Subject = row
      ? { ...(await subjectOf(db, row)), path, cause }
      : {
          key,
          instance,
          path,
          project: partsOf(key).id,
          cause,
          hasOpen: false,
          ledger: { merged: null, proposed: null },
          staleBy: [],
        };
    const { result } = await attempt(world, OPEN, subject, signal);
    return {
      ...told(),
      ...resultOf(result.kind, reasonOf(result)),
      ...('message' in result ? { message: result.message } : {}),
    };
  } catch (error) {
    const reason = error instanceof ForgeError ? error.reason : 'error';
    return {
      ...told(),
      ...resultOf('failed', reason),
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Lets everything through: what is only rehearsed uses up nothing. */
const OPEN: Gate = {
  mayWork: async () => undefined,
  mayOpen: async () => undefined,
  take: async () => ({ campaign: '', wave: 0, use: async () => {}, giveBack: async () => {} }),
};
