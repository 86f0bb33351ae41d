import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CATEGORIES, SEVERITIES } from '../findings/finding.ts';
import { RISK_TIERS } from '../scope/tier.ts';
import type { EvalCase } from './case.ts';

const count = z.int().nonnegative();

const told = z.object({
  path: z.string(),
  side: z.enum(['new', 'old']),
  line: count,
  endLine: count,
  category: z.enum(CATEGORIES),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  detail: z.string(),
  agent: z.string(),
  computed: z.boolean(),
});

const spent = z.object({
  usage: z.object({
    inputTokens: count,
    cachedTokens: count,
    outputTokens: count,
    reasoningTokens: count,
    estimated: z.boolean(),
  }),
  cost: z.number().nullable(),
  calls: count,
  ms: z.number(),
});

const agent = z.object({ name: z.string(), state: z.string(), message: z.string().nullable() });

const replayed = z.object({
  /** `null`: there is no result. It never counts as a review that found nothing. */
  decision: z.string().nullable(),
  because: z.string(),
  tier: z.enum(RISK_TIERS),
  findings: z.array(told),
  agents: z.array(agent),
  /** By models; `null`: none was asked. */
  spent: spent.nullable(),
  ms: z.number(),
});

const result = replayed.extend({
  name: z.string(),
  /** {@link EvalCase.hash} */
  hash: z.string(),
  /** {@link keyOf} what it was reviewed under. */
  key: z.string(),
});

const settings = z.object({
  version: z.string(),
  /** Hash of the compiled agents. */
  prompts: z.string(),
  /** Who is asked, as `tier provider/id`; none where nobody is. */
  models: z.array(z.string()),
  /** Revision of the starter codex, where a case is held against it. */
  codex: z.string().nullable(),
});

export const runSchema = z.object({
  schema: z.literal('agentsmd/eval-run/1'),
  id: z.string(),
  /** ISO 8601, UTC. */
  begun: z.string(),
  /** `null`: it was cut off. */
  ended: z.string().nullable(),
  key: z.string(),
  settings,
  results: z.array(result),
});

/** What came of one review of a stored merge request. */
export type Replayed = z.output<typeof replayed>;
export type CaseResult = z.output<typeof result>;
/** What a result depends on, besides the merge request itself. */
export type EvalSettings = z.output<typeof settings>;
export type EvalRun = z.output<typeof runSchema>;

/** How one stored merge request is reviewed. What goes wrong with a model is a result without a decision; it throws only for a bug. */
export type Replay = (one: EvalCase) => Promise<Replayed>;

/** The same for settings under which a result need not be asked for again. */
export function keyOf(settings: EvalSettings): string {
  const { version, prompts, models, codex } = settings;
  return createHash('sha256')
    .update(JSON.stringify([version, prompts, models, codex]))
    .digest('hex')
    .slice(0, 16);
}

/** Which cases have a result already, and which are to be reviewed. */
export interface Plan {
  readonly known: readonly CaseResult[];
  readonly asked: readonly EvalCase[];
}

/**
 * Takes over what earlier runs found out under the same settings about cases that are the same. A review that came to no decision is
 * asked for again.
 *
 * @param runs the latest first.
 */
export function planOf(cases: readonly EvalCase[], key: string, runs: readonly Pick<EvalRun, 'results'>[]): Plan {
  const results = runs.flatMap(({ results }) => results);
  const known = cases.map(({ name, hash }) =>
    results.find((one) => one.name === name && one.hash === hash && one.key === key && one.decision !== null),
  );
  return { known: known.filter((one) => one !== undefined), asked: cases.filter((_, at) => known[at] === undefined) };
}
