import * as z from 'zod';
import { type Block, marker, markersIn } from '../../forge/render/index.ts';
import { masked } from '../../forge/render/secrets.ts';
import type { Thread } from '../../forge/review-port.ts';
import { AGENT_STATES } from '../decide/decide.ts';
import { CATEGORIES, citationOf, type Finding, SEVERITIES } from '../findings/finding.ts';
import type { Review } from '../review.ts';
import { summaryOf } from './marks.ts';
import type { IsOurs } from './ours.ts';
import { type Dismissed, hasLooked, isMuted } from './reconcile.ts';

/** How a finding stood after the last review. `refuted`: a model read that it is wrong. `waived`: by a waiver of the target branch. */
const STATES = ['open', 'fixed', 'dismissed', 'refuted', 'waived'] as const;

const count = z.int().min(0);
const flag = z.union([z.literal(0), z.literal(1)]);
const cost = z.number().min(0).nullable();
/** Lists, for names would take more room than what they name. */
const written = z.strictObject({
  v: z.literal(1),
  ...{ reviews: count, head: z.string(), tier: z.string(), decision: z.string(), overruled: z.boolean() },
  ...{ ms: count, cost, tokens: z.tuple([count, count, count]) },
  agents: z.array(z.tuple([z.string(), flag, z.enum(AGENT_STATES), count, cost])),
  applied: z.string(),
  findings: z.array(
    z.tuple([
      ...[z.string().min(1), z.string(), flag, z.enum(SEVERITIES), z.enum(CATEGORIES), z.string()],
      ...[z.string(), count, z.string(), z.enum(STATES), z.string().nullable()],
    ] as const),
  ),
  left: count,
  /** Absent: none. */
  waived: z.array(z.tuple([z.string(), count])).optional(),
});

/** What became of a finding, over all reviews of a merge request. */
export interface TalliedFinding
  extends Pick<Finding, 'fingerprint' | 'agent' | 'computed' | 'severity' | 'category' | 'path' | 'line' | 'title'> {
  /** `ID@rev`. */
  readonly rules: readonly string[];
  readonly state: (typeof STATES)[number];
  /** What people said of it where it is dismissed; `null`: nothing. */
  readonly reason: string | null;
}

/** What the reviews of a merge request came to. Hidden in the summary, for whoever learns from it. */
export interface Tally {
  /** 0: it was overruled before the first one. */
  readonly reviews: number;
  /** The commit that was looked at last. */
  readonly head: string;
  /** `none` where nobody looked. */
  readonly tier: string;
  /** `none` where it could not be decided. */
  readonly decision: string;
  /** Whether a person overruled it. */
  readonly overruled: boolean;
  /** Sums over all reviews; the cost is `null` where that of one is not known. */
  readonly ms: number;
  readonly cost: number | null;
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  /** Of the last review. */
  readonly agents: readonly {
    readonly name: string;
    readonly computed: boolean;
    readonly state: (typeof AGENT_STATES)[number];
    readonly ms: number;
    readonly cost: number | null;
  }[];
  /** Rules that were looked for, `ID@rev`. */
  readonly applied: readonly string[];
  /** The first that was found comes first. */
  readonly findings: readonly TalliedFinding[];
  /** Findings that there was no room for. */
  readonly left: number;
  /** How many findings of a rule (`ID@rev`) a waiver let off from the beginning: nobody was told of them. As of the last review. */
  readonly waived: Readonly<Record<string, number>>;
}

/** What a review adds to what the reviews before it came to. One that did not look at anything adds nothing. */
export function tallyAfter(
  before: Tally | undefined,
  review: Review,
  { head, dismissed }: { readonly head: string; readonly dismissed: readonly Dismissed[] },
): Tally | undefined {
  if (review.skipped !== null) return before;
  const { tier, decision, models, agents, ms } = review;
  const { usage, cost: spent } = models?.spent ?? { usage: NOTHING, cost: 0 };
  const { tokens = { input: 0, cached: 0, output: 0 }, cost: paid = 0, applied = [] } = before ?? {};
  const findings = findingsAfter(before?.findings ?? [], review, dismissed);
  return {
    reviews: (before?.reviews ?? 0) + 1,
    ...{ head, tier, decision: decision ?? 'none', overruled: before?.overruled ?? false },
    ms: (before?.ms ?? 0) + ms,
    cost: paid === null || spent === null ? null : paid + spent,
    tokens: {
      input: tokens.input + usage.inputTokens,
      cached: tokens.cached + usage.cachedTokens,
      output: tokens.output + usage.outputTokens,
    },
    agents: agents.map((agent) => ({
      ...{ name: agent.name, computed: agent.model === undefined, state: agent.state, ms: agent.ms },
      cost: agent.model === undefined ? 0 : (agent.cost ?? null),
    })),
    applied: [...new Set([...applied, ...appliedIn(review)])],
    findings,
    left: before?.left ?? 0,
    waived: review.codex ? waivedIn(review.codex, findings) : (before?.waived ?? {}),
  };
}

const NOTHING = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

/** Of so many rules at most. */
const MOST_WAIVED = 50;

/** Without what was told before it was waived, which is tallied by itself. */
function waivedIn(
  { letOff, rules }: NonNullable<Review['codex']>,
  findings: readonly TalliedFinding[],
): Tally['waived'] {
  const told = findings.filter(({ state }) => state === 'waived');
  const counts = rules.flatMap((rule) => {
    const citation = citationOf(rule);
    const all = letOff.filter((one) => one.rule === rule.id);
    const known = told.filter((one) => one.rules.includes(citation) && all.some(({ path }) => path === one.path));
    const count = all.length - known.length;
    return count > 0 ? [[citation, count] as const] : [];
  });
  return Object.fromEntries(counts.sort(([, a], [, b]) => b - a).slice(0, MOST_WAIVED));
}

/** With a person who overruled it; where that came before the first review there is nothing else to tell. */
export function overruledTally(before: Tally | undefined, head: string): Tally {
  // In the order in which it is read again: what is told twice is the same text.
  const unseen: Tally = {
    ...{ reviews: 0, head, tier: 'none', decision: 'none', overruled: true, ms: 0, cost: 0 },
    ...{ tokens: { input: 0, cached: 0, output: 0 }, agents: [], applied: [], findings: [], left: 0, waived: {} },
  };
  return { ...(before ?? unseen), overruled: true };
}

/** Without those that nobody looked for: what no program checks is for models alone. */
function appliedIn({ codex, models }: Review): readonly string[] {
  if (!codex) return [];
  const not = new Set([...codex.failed.map(({ rule }) => rule), ...(models ? [] : codex.unchecked)]);
  return codex.rules.filter(({ id }) => !not.has(id)).map(citationOf);
}

function findingsAfter(
  before: readonly TalliedFinding[],
  review: Review,
  dismissed: readonly Dismissed[],
): readonly TalliedFinding[] {
  const endings = new Map(dismissed.filter(({ counts }) => !counts).map((one) => [one.finding.fingerprint, one]));
  const now = new Map(
    review.findings.flatMap((finding) =>
      finding.trivial ? [] : [[finding.fingerprint, tallied(finding, endings.get(finding.fingerprint))] as const],
    ),
  );
  const known = before.map((one) => now.get(one.fingerprint) ?? gone(one, review));
  const names = new Set(before.map(({ fingerprint }) => fingerprint));
  return [...known, ...[...now.values()].filter(({ fingerprint }) => !names.has(fingerprint))];
}

function tallied(finding: Finding, ending: Dismissed | undefined): TalliedFinding {
  const { fingerprint, agent, computed, severity, category, rules, path, line, title } = finding;
  return {
    ...{ fingerprint, agent, computed, severity, category, rules: rules.map(citationOf), path, line },
    title: masked(title),
    state: ending === undefined ? 'open' : ending.refuted ? 'refuted' : 'dismissed',
    reason: ending?.reason ?? null,
  };
}

/** One that is not found any more. What was resolved without a word may have been mended right then; what was said of others stays. */
function gone(one: TalliedFinding, review: Review): TalliedFinding {
  const isOpen = one.state === 'open' || (one.state === 'dismissed' && one.reason === null);
  const mark = { ...one, computed: one.computed ? undefined : (false as const) };
  if (!isOpen || !hasLooked(mark, review) || isMuted(one.rules, review.codex)) return one;
  const isWaived = review.codex?.letOff.some(
    ({ rule, path }) => path === one.path && one.rules.some((citation) => citation.split('@')[0] === rule),
  );
  return { ...one, state: isWaived ? 'waived' : 'fixed' };
}

/** What our summary says of all reviews before; of another version's: nothing. */
export function tallyIn(threads: readonly Thread[], isOurs: IsOurs): Tally | undefined {
  const body = summaryOf(threads, isOurs)?.body ?? '';
  const read = written.safeParse(markersIn(body).find(({ name }) => name === TALLY)?.data);
  if (!read.success) return undefined;
  const { v: _, tokens, agents, applied, findings, waived = [], ...rest } = read.data;
  const [input, cached, output] = tokens;
  return {
    ...rest,
    tokens: { input, cached, output },
    agents: agents.map(([name, computed, state, ms, price]) => ({
      ...{ name, computed: computed === 1, state, ms, cost: price },
    })),
    applied: citationsIn(applied),
    findings: findings.map(
      ([fingerprint, agent, computed, severity, category, rules, path, line, title, state, reason]) => ({
        ...{ fingerprint, agent, computed: computed === 1, severity, category, rules: citationsIn(rules) },
        ...{ path, line, title, state, reason },
      }),
    ),
    waived: Object.fromEntries(waived.map(([rule, count]) => [citationsIn(rule)[0] ?? '', count])),
  };
}

const TALLY = 'tally';
/** In characters. It stands beside a memory, in a summary that people read. */
const MOST = 12_000;
/** Of these, for the rules that were looked for. */
const MOST_APPLIED = 5_000;

/** As much of it as there is room for: titles go first, then what was fixed is only counted, the oldest first, then the rest. */
export function tallyMarks(tally: Tally | undefined): readonly Block[] {
  if (!tally) return [];
  const whole = blockOf(tally);
  if (whole.markdown.length <= MOST) return [whole];
  const untitled = tally.findings.map((finding) => ({ ...finding, title: '' }));
  const [fixed, others] = [true, false].map((is) => untitled.filter(({ state }) => (state === 'fixed') === is));
  const goes = [...fixed!, ...others!];
  const without = (most: number): Block => {
    const left = new Set(goes.slice(0, most));
    return blockOf({ ...tally, findings: untitled.filter((one) => !left.has(one)), left: tally.left + left.size });
  };
  // The fewest with which it fits; reading a text for secrets takes too long to try each.
  let [from, to] = [0, goes.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (without(middle).markdown.length <= MOST) to = middle;
    else from = middle + 1;
  }
  const fitting = without(from);
  return fitting.markdown.length <= MOST ? [fitting] : [];
}

function blockOf({ tokens, agents, applied, findings, waived, ...rest }: Tally): Block {
  const letOff = Object.entries(waived).map(([rule, times]): [string, number] => [cited([rule]), times]);
  const data: z.input<typeof written> = {
    v: 1,
    ...rest,
    tokens: [tokens.input, tokens.cached, tokens.output],
    agents: agents.map(({ name, computed, state, ms, cost: price }) => [name, computed ? 1 : 0, state, ms, price]),
    applied: cited(applied, MOST_APPLIED),
    findings: findings.map((one) => [
      ...([one.fingerprint, one.agent, one.computed ? 1 : 0, one.severity, one.category, cited(one.rules)] as const),
      ...([one.path, one.line, one.title, one.state, one.reason] as const),
    ]),
    ...(letOff.length === 0 ? {} : { waived: letOff }),
  };
  return marker(TALLY, data);
}

/** `TS.LOG.001:1`: a marker writes `-` and `@` with six characters each. */
function cited(citations: readonly string[], most = Number.POSITIVE_INFINITY): string {
  let room = most;
  return citations
    .filter((citation) => {
      room -= citation.length + 1;
      return room >= 0;
    })
    .map((citation) => citation.replaceAll('-', '.').replaceAll('@', ':'))
    .join(' ');
}

function citationsIn(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ').map((each) => each.replaceAll('.', '-').replaceAll(':', '@'));
}
