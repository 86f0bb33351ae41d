import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLeftovers } from '../../forge/leftovers.ts';
import type { Spent } from '../../models/port.ts';
import type { ChangedFile } from '../change/change-set.ts';
import type { AgentsMdResult } from '../computed/agents-md.ts';
import { patchesOf, withoutPatch, writePatches } from '../context/patches.ts';
import { sharedContext } from '../context/shared.ts';
import type { Engine } from '../engine/port.ts';
import { NOTHING } from '../engine/tally.ts';
import { type Finding, isWorse } from '../findings/finding.ts';
import { type Dropped, type Ground, verified } from '../findings/verify.ts';
import type { ReviewSetup } from '../plugins/draft.ts';
import type { AgentReport } from '../report.ts';
import type { RiskTier } from '../scope/tier.ts';
import { askJudge, askSeat } from './ask.ts';
import type { Told } from './found.ts';
import { asKept, isDoubleOf, type Judged, type Named, type Rejected } from './judge.ts';
import { type Earlier, type Memory, remembered, sameAs, setupHash } from './memory.ts';
import { type Roster, rosterOf } from './roster.ts';

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
  /** Told who is asked, before the first is; nobody where nothing is left to look at. */
  onStart?(agents: readonly string[]): void;
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
  settings.onStart?.(seats.map(({ agent }) => agent.name));
  if (seats.length === 0) {
    const kept = [...carried, ...open.map(asKept)];
    const { productionRisk, riskPattern } = past;
    return {
      ...{ kept, productionRisk, riskPattern, dropped: [], reports: [], setup: setupId },
      models: { spent: NOTHING, restarts: 0, spared, rejected: [] },
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
    const judged = await askJudge(named, subject, { ...asked, left, reports });
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
    const severity = same && isWorse(same.finding, finding) ? same.finding.severity : finding.severity;
    return { finding: { ...finding, severity }, fingerprint: same?.fingerprint };
  });
  const all = [...named, ...[...left].map(({ finding, fingerprint }) => ({ finding, fingerprint }))];
  return all.map((one, at) => ({ name: `F${at + 1}`, ...one }));
}

/** What stands anyway says it as severely. */
function isToldAlready(finding: Told, carried: readonly Earlier[]): boolean {
  const same = sameAs(finding, null, carried);
  return same !== undefined && !same.settled && !isWorse(finding, same.finding);
}
