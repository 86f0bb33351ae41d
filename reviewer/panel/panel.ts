import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLeftovers } from '../../forge/leftovers.ts';
import type { Agent } from '../../models/agents/agent.ts';
import type { Answer, Failed, Spent } from '../../models/port.ts';
import type { ChangedFile } from '../change/change-set.ts';
import type { AgentsMdResult } from '../computed/agents-md.ts';
import { patchesOf, withoutPatch, writePatches } from '../context/patches.ts';
import { type FilePatch, sharedContext } from '../context/shared.ts';
import type { AgentState } from '../decide/decide.ts';
import type { Engine, EngineQuestion } from '../engine/port.ts';
import { type Finding, SEVERITIES } from '../findings/finding.ts';
import { type Dropped, type Ground, verified } from '../findings/verify.ts';
import type { ReviewSetup } from '../plugins/draft.ts';
import type { PromptSection } from '../plugins/plugin.ts';
import type { AgentReport } from '../report.ts';
import type { RiskTier } from '../scope/tier.ts';
import { foundBy, type Told } from './found.ts';
import { applied, asKept, isDoubleOf, type Judged, type Named, type Rejected } from './judge.ts';
import { type Earlier, type Memory, remembered, sameAs, setupHash } from './memory.ts';
import { COORDINATOR, specialistFor } from './ownership.ts';
import { judgePrompt, ownPrompt } from './prompts.ts';
import { type Roster, rosterOf, type Seat } from './roster.ts';

/** What is reviewed, as far as the computed part of a review knows it by then. */
export interface PanelSubject {
  readonly tier: RiskTier;
  /** All files of the change. */
  readonly files: readonly ChangedFile[];
  readonly computed: readonly Finding[];
  /** What could be computed of agent documents; `undefined` where that failed. */
  readonly documents: Pick<AgentsMdResult, 'changes' | 'findings'> | undefined;
  readonly ground: Ground;
  /** What the last review of the same merge request left, and whether its commit is no longer part of the branch. */
  readonly past?: { readonly memory: Memory; readonly rewritten: boolean } | undefined;
}

/** How agents are asked. */
export interface PanelSettings {
  readonly setup: Pick<ReviewSetup, 'agents' | 'prompts' | 'skipped' | 'tools'>;
  /** In ms: of one agent, and of all that is asked. */
  readonly deadlines: { readonly agent: number; readonly whole: number };
  /** Opens the models, once somebody is to be asked; the folder holds the patches. */
  open(patches: string): Promise<Engine>;
  onReport?(report: AgentReport): void;
  readonly now?: (() => number) | undefined;
}

export interface PanelResult extends Pick<Judged, 'kept' | 'productionRisk' | 'riskPattern'> {
  /** Who was to be asked, and by what: for {@link memoryOf}. */
  readonly setup: string;
  /** Not told: the place, quote or rule does not exist. */
  readonly dropped: readonly Dropped[];
  readonly reports: readonly AgentReport[];
  /** `null` where nobody could be asked at all. */
  readonly models: ModelsReport | null;
}

/** What language models took, and what of their findings is not told. */
export interface ModelsReport {
  readonly spent: Spent;
  /** How often their process had to be replaced. */
  readonly restarts: number;
  /** Agents of the tier that were not asked. */
  readonly spared: Roster['spared'];
  /** A judge, or a computed finding, says otherwise. */
  readonly rejected: readonly Rejected[];
}

const PREFIX = 'agentsmd-patches-';
/** In ms: no review takes that long. What is older was left by one that was killed. */
const LEFT_AFTER = 24 * 60 * 60 * 1000;

/**
 * Asks the agents of the tier side by side, verifies what they found, and has the coordinator judge it. An agent that fails is told as failed;
 * without a judgement nothing is lost, and nothing counts as looked at.
 */
export async function runPanel(subject: PanelSubject, settings: PanelSettings): Promise<PanelResult> {
  const { tier, files, computed, ground } = subject;
  const { setup, now = () => performance.now() } = settings;
  const { agents } = setup;
  const whole = files.filter(({ noise }) => noise === undefined);
  const all = rosterOf({ agents: agents.agents, tier, files: whole, skipped: setup.skipped });
  const setupId = setupHash(tier, all.seats, setup);
  const past = await remembered(subject.past?.memory, {
    ...{ setup: setupId, files, ground },
    rewritten: subject.past?.rewritten ?? false,
  });
  const { unchanged, open } = past;
  const carried = past.carried.map(({ name, finding, fingerprint }) => asKept({ name, finding, fingerprint }));
  const readable = whole.filter(({ path }) => !unchanged.has(path));
  const { seats, spared } = rosterOf({ agents: agents.agents, tier, files: readable, skipped: setup.skipped });
  if (seats.length === 0) {
    const kept = [...carried, ...open.map(asKept)];
    const { productionRisk, riskPattern } = past;
    return {
      ...NOTHING,
      kept,
      productionRisk,
      riskPattern,
      setup: setupId,
      models: { spent: NOTHING_SPENT, restarts: 0, spared, rejected: [] },
    };
  }
  const begun = now();
  const left = () => Math.max(0, settings.deadlines.whole - (now() - begun));
  await removeLeftovers(tmpdir(), PREFIX, Date.now() - LEFT_AFTER);
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  let engine: Engine | undefined;
  try {
    const patches = patchesOf(files);
    const written = writePatches(folder, patches);
    const shared = sharedContext({
      sections: setup.prompts.all,
      files: patches,
      others: withoutPatch(files),
    });
    await written;
    const opened = await settings.open(folder);
    engine = opened;
    const asked = { engine: opened, shared, stable: agents.base.prompt.trim(), settings, now, open, unchanged, seats };
    const answers = await Promise.all(
      seats.map(async (seat) => {
        const outcome = await askSeat(seat, { ...asked, tier, computed, patches, left });
        const checked = await verified(outcome.found, ground);
        const report = { ...outcome.report, findings: outcome.found.length };
        settings.onReport?.(report);
        return { report, ...checked };
      }),
    );
    const told = answers.flatMap(({ kept }) => kept);
    const doubles = told.filter((finding) => computed.some((each) => isDoubleOf(finding, each)));
    const again = told.filter((finding) => isToldAlready(finding, past.carried));
    const named = namedOf(
      told.filter((finding) => !doubles.includes(finding) && !again.includes(finding)),
      open,
    );
    const reports = answers.map(({ report }) => report);
    const judged = await judge(named, subject, { ...asked, left, reports });
    if (judged.report) settings.onReport?.(judged.report);
    const { kept, rejected } = judged.result;
    return {
      ...{ kept: [...carried, ...kept], setup: setupId },
      // What was said of findings that nobody judged again stands with them.
      productionRisk: judged.result.productionRisk ?? past.productionRisk,
      riskPattern: judged.result.riskPattern ?? past.riskPattern,
      dropped: answers.flatMap(({ dropped }) => dropped),
      reports: judged.report ? [...reports, judged.report] : reports,
      models: {
        spent: opened.spent(),
        restarts: opened.restarts(),
        spared,
        rejected: [
          ...doubles.map((finding) => ({ finding, why: 'computed' })),
          ...again.map((finding) => ({ finding, why: 'known' })),
          ...rejected,
        ],
      },
    };
  } finally {
    await engine?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What agents told, and what they do not speak of any more although its line stands: a judge says whether it is mended. */
function namedOf(told: readonly Told[], open: readonly Earlier[]): readonly Named[] {
  const left = new Set(open);
  const named = told.map(({ known, ...finding }) => {
    const same = sameAs(finding, known, [...left]);
    if (same) left.delete(same);
    // What was critical is lowered by a judge, with lines that show why, and by nobody else.
    const severity = same ? worse(finding.severity, same.finding.severity) : finding.severity;
    return { finding: { ...finding, severity }, fingerprint: same?.fingerprint };
  });
  const all = [...named, ...[...left].map(({ finding, fingerprint }) => ({ finding, fingerprint }))];
  return all.map((one, at) => ({ name: `F${at + 1}`, ...one }));
}

/** What stands anyway says it as severely. */
function isToldAlready(finding: Told, carried: readonly Earlier[]): boolean {
  const same = sameAs(finding, null, carried);
  return (
    same !== undefined && !same.settled && worse(finding.severity, same.finding.severity) === same.finding.severity
  );
}

function worse(one: Finding['severity'], other: Finding['severity']): Finding['severity'] {
  return SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other) ? one : other;
}

interface Asking {
  readonly engine: Engine;
  readonly stable: string;
  readonly shared: string;
  readonly settings: PanelSettings;
  readonly now: () => number;
  readonly left: () => number;
}

async function askSeat(
  seat: Seat,
  around: Asking & {
    readonly tier: RiskTier;
    readonly computed: readonly Finding[];
    readonly patches: readonly FilePatch[];
    readonly open: readonly Earlier[];
    readonly unchanged: ReadonlySet<string>;
    /** All who are asked. */
    readonly seats: readonly Seat[];
  },
) {
  const { agent } = seat;
  const { tier, computed, patches, settings, stable, shared, unchanged, seats } = around;
  const { agents } = settings.setup.agents;
  const earlier = around.open.filter(({ finding }) => finding.agent === agent.name);
  const own = ownPrompt({
    seat,
    sections: sectionsFor(seat, settings.setup),
    computed,
    earlier,
    unchanged,
    patches,
    seats,
    agents,
  });
  const outcome = await askTimed(
    {
      agent: agent.name,
      tier: tier === 'trivial' ? (agent.trivialTier ?? agent.tier) : agent.tier,
      prompt: { stable, shared, own },
      answer: 'findings',
      tools: toolsOf(agent, settings),
    },
    around,
  );
  const { answer } = outcome;
  return { report: outcome.report, found: answer.kind === 'answer' ? foundBy(agent.name, answer.value.findings) : [] };
}

/** What an agent is told besides, and what those would have been told whose defects are its own here. */
function sectionsFor({ agent, owns }: Seat, { prompts, skipped }: PanelSettings['setup']): readonly PromptSection[] {
  const heirOf = owns.map(specialistFor).filter((name) => skipped[name] === undefined);
  const sections = [agent.name, ...heirOf].flatMap((name) => prompts.agents[name] ?? []);
  return [...new Map(sections.map((section) => [section.title, section])).values()];
}

function toolsOf({ name, tools }: Agent, { setup }: PanelSettings): EngineQuestion['tools'] {
  return [...(setup.tools[name] ?? tools), 'patch'];
}

/** Nobody has to judge nothing, or one thing that a program found. */
async function judge(
  named: readonly Named[],
  { tier, computed, ground }: PanelSubject,
  around: Asking & { readonly reports: readonly AgentReport[] },
): Promise<{ readonly result: Judged; readonly report?: AgentReport }> {
  const { settings, stable, shared, reports } = around;
  const unjudged: Judged = {
    kept: named.map(asKept),
    rejected: [],
    productionRisk: null,
    riskPattern: null,
  };
  const coordinator = settings.setup.agents.agents.find(({ name }) => name === COORDINATOR);
  const warnings = computed.filter(({ severity }) => severity === 'warning').length;
  if (!coordinator || (named.length === 0 && warnings < 2)) return { result: unjudged };
  const unasked = reports.filter(({ state }) => state !== 'done').map(({ name }) => name);
  const question = {
    agent: COORDINATOR,
    tier: tier === 'trivial' ? (coordinator.trivialTier ?? coordinator.tier) : coordinator.tier,
    prompt: {
      stable,
      shared,
      own: judgePrompt({
        prompt: coordinator.prompt,
        sections: [
          COORDINATOR,
          ...(named.some(({ finding }) => finding.category === 'codex') ? [specialistFor('codex')] : []),
        ]
          // Who judges what breaks a rule has to read the rule.
          .flatMap((name) => settings.setup.prompts.agents[name] ?? []),
        ...{ found: named, computed, unasked },
      }),
    },
    answer: 'judgement',
    tools: toolsOf(coordinator, settings),
  } as const;
  let outcome = await askTimed(question, around);
  // Every model that may judge is away: the next lower one that is not judges, rather than nobody.
  if (outcome.answer.kind === 'failed' && outcome.answer.reason === 'unavailable' && question.tier === 'top')
    outcome = await askTimed({ ...question, tier: 'standard' }, around);
  const { answer, report } = outcome;
  if (answer.kind === 'failed') return { result: unjudged, report };
  const result = await applied(answer.value, named, ground);
  return { result, report: { ...report, findings: result.kept.length } };
}

async function askTimed<K extends EngineQuestion['answer']>(
  question: Omit<EngineQuestion<K>, 'deadline'>,
  { engine, settings, left, now }: Asking,
) {
  const begun = now();
  const answer = await engine.ask<K>({ ...question, deadline: Math.min(settings.deadlines.agent, left()) });
  const ms = Math.round(now() - begun);
  return { answer, report: reportOf(question.agent, answer, ms) };
}

function reportOf(name: string, answer: Answer<unknown>, ms: number): AgentReport {
  const { usage, cost, calls } = answer;
  const took = { name, findings: 0, ms, usage, cost, calls };
  if (answer.kind === 'answer') return { ...took, state: 'done', message: null, model: answer.model };
  return { ...took, state: STATES[answer.reason] ?? 'failed', message: answer.message, model: null };
}

const STATES: Partial<Record<Failed['reason'], AgentState>> = {
  budget: 'over-budget',
  unparsable: 'unparsable',
  truncated: 'unparsable',
  aborted: 'timed-out',
};

const NO_USAGE = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: false };
const NOTHING_SPENT: Spent = { usage: NO_USAGE, cost: 0, calls: 0, ms: 0 };
const NOTHING: PanelResult = {
  ...{ kept: [], dropped: [], reports: [], productionRisk: null, riskPattern: null, models: null, setup: '' },
};
