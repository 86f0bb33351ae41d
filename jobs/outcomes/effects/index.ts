import { type Kysely, sql } from 'kysely';
import { ForgeError } from '../../../forge/errors.ts';
import { RULE_KEY } from '../../../generator/item.ts';
import { keyOf } from '../../key.ts';
import type { Gate } from '../../rollout/port.ts';
import type { Tables } from '../../store/tables.ts';
import { markDue } from '../../sweep/mark-due.ts';
import type { FleetCodex, World } from '../../world.ts';
import type { CodexProject } from './codex-project.ts';
import { type JudgedRule, judgedRules, keepRules, resetRule } from './judged.ts';
import { feedbackOf, pushFeedback, writeFeedback } from './publish-feedback.ts';
import { unwantedIn } from './rule-state.ts';
import { unwantedSamples, wrongOf } from './settled.ts';
import { type Telling, tellOwner, withdraw } from './tell-owner.ts';

export interface Learning {
  readonly db: Kysely<Tables>;
  readonly world: World;
  readonly gate: Pick<Gate, 'mayWork'>;
  /** Nothing is kept: forges record what they would be told. */
  readonly rehearsed?: boolean;
  /** Told what a person should know, in a line. */
  readonly warn: (message: string) => void;
}

/** Shown to an owner. */
const SAMPLES = 10;
/** Opened or brought up to date at a time: an owner reads no more. */
const MOST_TOLD = 10;
const DAY = 24 * 3_600_000;

/**
 * Draws the conclusions of what people made of reviews: counts how rules fare, tells the owners of those that are to be lowered, tells
 * reviews, and has repositories refreshed whose AGENTS.md names a rule that is muted now. May be repeated: what is said is not said
 * again. What a forge refuses is told, and tried again the next time.
 */
export async function learn({ db, world, gate, rehearsed = false, warn }: Learning): Promise<void> {
  const { learning } = world.config.fleet;
  const known = learning.enabled ? await world.codex?.() : undefined;
  if (!known) return;
  const now = world.now();
  let judged = await judgedRules(db, learning, now);
  const project = await projectOf(known, world, gate, warn);
  if (project) judged = await told(project, known, judged, { db, world, rehearsed, warn });
  else if (known.project === undefined) tellOperator(known, judged, warn);
  if (!rehearsed) {
    const revisions = new Map(known.codex.rules.map(({ id, rev }) => [id, rev]));
    await keepRules(db, judged, new Date(now), ({ rule, rev }) => rev < (revisions.get(rule) ?? rev));
    await refreshNaming(db, newlyMuted(known, judged), new Date(now));
  }
  await tellReviews(known, project, judged, { world, rehearsed, warn });
}

/** The codex as a project that may be worked on now. */
async function projectOf(
  { project }: FleetCodex,
  world: World,
  gate: Learning['gate'],
  warn: Learning['warn'],
): Promise<CodexProject | undefined> {
  if (!project) return undefined;
  const { instance, path, folder } = project;
  return await tried(warn, async () => {
    const forge = await world.forge(instance);
    const { id } = await forge.project(path);
    const held = await gate.mayWork({ key: keyOf({ instance, id }), instance, path });
    return held ? undefined : { forge, path, folder };
  });
}

/** Of the revisions that hold: an older one is told nobody any more. */
function inForce({ codex }: FleetCodex, judged: readonly JudgedRule[]): readonly JudgedRule[] {
  const held = new Set(codex.rules.map(({ id, rev }) => `${id}@${rev}`));
  return judged.filter(({ rule, rev }) => held.has(`${rule}@${rev}`));
}

const isLowered = ({ state }: JudgedRule): boolean => state === 'probation' || state === 'muted';

/** Tells owners, and hears what they say. @returns the rules as they are after that. */
async function told(
  project: CodexProject,
  known: FleetCodex,
  judged: readonly JudgedRule[],
  { db, world, rehearsed, warn }: Omit<Learning, 'gate'>,
): Promise<readonly JudgedRule[]> {
  const { learning } = world.config.fleet;
  const held = new Set(inForce(known, judged));
  const done: JudgedRule[] = [];
  let left = MOST_TOLD;
  for (const one of judged) {
    const isTold = held.has(one) && isLowered(one);
    if (!isTold && one.mergeRequest !== null) {
      const gone = await tried(warn, async () => {
        await withdraw(project, one, world.config.publish);
        return true;
      });
      done.push(gone ? { ...one, mergeRequest: null } : one);
      continue;
    }
    if (!isTold || left === 0) {
      done.push(one);
      continue;
    }
    if (one.mergeRequest === null || one.before !== one.state) left -= 1;
    const telling = await tellingOf(db, one, world);
    const answer = await tried(warn, () => tellOwner(project, one, telling));
    if (answer?.kind === 'told') done.push({ ...one, mergeRequest: answer.url });
    else if (answer?.kind === 'kept') {
      if (!rehearsed) await resetRule(db, one, new Date(world.now()));
      done.push({ ...anew(one), since: new Date(world.now()) });
    } else {
      if (answer) warn(`${one.rule}@${one.rev} counts in full, for its owner cannot be told: ${answer.message}`);
      done.push({ ...one, mergeRequest: null });
    }
  }
  warnOfSingle(judged, learning, world);
  return done;
}

function anew(one: JudgedRule): JudgedRule {
  return { ...one, state: 'learning', settled: 0, unwanted: 0, lower: 0, mergeRequest: null };
}

async function tellingOf(db: Kysely<Tables>, one: JudgedRule, world: World): Promise<Telling> {
  const { learning } = world.config.fleet;
  const since = new Date(world.now() - learning.windowDays * DAY);
  const alone = unwantedIn(one.shares, learning);
  const cited = `${one.rule}@${one.rev}`;
  const samples = await unwantedSamples(db, cited, since, SAMPLES);
  const paths =
    alone.length === 0
      ? []
      : await db.selectFrom('repository').select('path').where('key', 'in', alone).orderBy('path').execute();
  return {
    samples: learning.quotes !== 'none' ? samples : samples.map((sample) => ({ ...sample, quote: null })),
    wrong: learning.quotes !== 'none' ? await wrongOf(db, cited, since) : { lines: [], mended: [] },
    alone: paths.map(({ path }) => path),
    windowDays: learning.windowDays,
    config: world.config.publish,
  };
}

/** Where there is no merge request to tell it by. */
function tellOperator(known: FleetCodex, judged: readonly JudgedRule[], warn: Learning['warn']): void {
  for (const one of inForce(known, judged))
    if (isLowered(one) && one.before !== one.state)
      warn(`${one.rule}@${one.rev} is ${one.state}: ${one.unwanted} of ${one.settled} findings were not wanted`);
}

/** A rule that only one repository wants nothing of is right elsewhere. */
function warnOfSingle(
  judged: readonly JudgedRule[],
  learning: World['config']['fleet']['learning'],
  { log }: World,
): void {
  for (const one of judged) {
    const keys = isLowered(one) ? [] : unwantedIn(one.shares, learning);
    if (keys.length > 0)
      log.info({ rule: one.rule, rev: one.rev, keys }, 'unwanted there alone: a waiver may be enough');
  }
}

function newlyMuted(known: FleetCodex, judged: readonly JudgedRule[]): readonly string[] {
  const held = inForce(known, judged);
  return held.filter(({ state, before }) => state === 'muted' && before !== 'muted').map(({ rule }) => rule);
}

/** Has repositories refreshed of which we know that their AGENTS.md names one of these rules. */
async function refreshNaming(db: Kysely<Tables>, rules: readonly string[], at: Date): Promise<void> {
  for (const rule of rules) {
    const named = JSON.stringify([{ key: `${RULE_KEY}${rule}` }]);
    const rows = await db
      .selectFrom('repository')
      .select('key')
      .where('ledger', 'is not', null)
      .where(
        sql<boolean>`exists (
          select from jsonb_each(case jsonb_typeof(repository.ledger -> 'files') when 'object' then repository.ledger -> 'files' else '{}' end) as file
          where file.value -> 'items' @> ${named}::jsonb)`,
      )
      .execute();
    const keys = rows.map(({ key }) => key);
    await markDue(db, keys, 'policy', at);
  }
}

async function tellReviews(
  known: FleetCodex,
  project: CodexProject | undefined,
  judged: readonly JudgedRule[],
  { world, rehearsed, warn }: Pick<Learning, 'world' | 'rehearsed' | 'warn'>,
): Promise<void> {
  const { feedback, codex } = known;
  if (feedback === undefined) return;
  const now = world.now();
  const document = feedbackOf(codex, judged, known.project !== undefined, now);
  if (feedback !== 'branch') {
    if (!rehearsed) await writeFeedback(feedback.file, document, now);
  } else if (project) {
    const problem = await tried(warn, () => pushFeedback(project, document, now, world.config.publish));
    if (problem !== undefined) warn(problem);
  } else if (known.project === undefined)
    warn('codex.feedback: branch needs a codex of a configured GitLab instance; reviews are told nothing');
}

/** What a forge refuses stops nothing. */
async function tried<T>(warn: Learning['warn'], run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    warn(`what was learned could not be told: ${error.message}`);
    return undefined;
  }
}
