import type { Agent } from '../../models/agents/agent.ts';
import type { Answer, Failed } from '../../models/port.ts';
import type { FilePatch } from '../context/shared.ts';
import type { AgentState } from '../decide/decide.ts';
import type { Engine, EngineQuestion } from '../engine/port.ts';
import type { Finding } from '../findings/finding.ts';
import type { Ground } from '../findings/verify.ts';
import type { ReviewSetup } from '../plugins/draft.ts';
import type { PromptSection } from '../plugins/plugin.ts';
import type { AgentReport } from '../report.ts';
import type { RiskTier } from '../scope/tier.ts';
import { foundBy } from './found.ts';
import { applied, asKept, type Judged, type Named } from './judge.ts';
import type { Earlier } from './memory.ts';
import { COORDINATOR, specialistFor } from './ownership.ts';
import { judgePrompt, ownPrompt } from './prompts.ts';
import type { Seat } from './roster.ts';

type Setup = Pick<ReviewSetup, 'agents' | 'prompts' | 'skipped' | 'tools'>;

/** What all questions of a review have in common. */
export interface Asking {
  readonly engine: Engine;
  readonly stable: string;
  readonly shared: string;
  readonly settings: { readonly setup: Setup; readonly deadlines: { readonly agent: number } };
  readonly now: () => number;
  readonly left: () => number;
}

/** Asks one agent, and gives what it found, still to be verified. */
export async function askSeat(
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
      tools: toolsOf(agent, settings.setup),
    },
    around,
  );
  const { answer } = outcome;
  return { report: outcome.report, found: answer.kind === 'answer' ? foundBy(agent.name, answer.value.findings) : [] };
}

/** What an agent is told besides, and what those would have been told whose defects are its own here. */
function sectionsFor({ agent, owns }: Seat, { prompts, skipped }: Setup): readonly PromptSection[] {
  const heirOf = owns.map(specialistFor).filter((name) => skipped[name] === undefined);
  const sections = [agent.name, ...heirOf].flatMap((name) => prompts.agents[name] ?? []);
  return [...new Map(sections.map((section) => [section.title, section])).values()];
}

function toolsOf({ name, tools }: Agent, setup: Setup): EngineQuestion['tools'] {
  return [...(setup.tools[name] ?? tools), 'patch'];
}

/** Has the coordinator judge. Nobody has to judge nothing, or one thing that a program found. */
export async function askJudge(
  named: readonly Named[],
  {
    tier,
    computed,
    ground,
  }: { readonly tier: RiskTier; readonly computed: readonly Finding[]; readonly ground: Ground },
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
        sections: sectionsForJudge(named, settings.setup),
        ...{ found: named, computed, unasked },
      }),
    },
    answer: 'judgement',
    tools: toolsOf(coordinator, settings.setup),
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

/** Who judges what breaks a rule has to read the rule. */
function sectionsForJudge(named: readonly Named[], { prompts }: Setup): readonly PromptSection[] {
  const isOfRules = named.some(({ finding }) => finding.category === 'codex');
  const told = isOfRules ? [COORDINATOR, specialistFor('codex')] : [COORDINATOR];
  return told.flatMap((name) => prompts.agents[name] ?? []);
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
