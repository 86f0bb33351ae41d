import type { CatalogPort } from '../codex/catalog.ts';
import type { Codex } from '../codex/codex.ts';
import type { FactChange } from '../facts/changes/index.ts';
import type { FileChange } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import { type ChangedFile, changeSetOf, isHidden } from './change/change-set.ts';
import { type AgentsMdInput, type AgentsMdResult, agentsMd, type Offer } from './computed/agents-md.ts';
import { type CodexResult, codexCompliance } from './computed/codex.ts';
import {
  type Decision,
  decide,
  type Judged,
  type ProductionRisk,
  type RiskPattern,
  type Verdict,
} from './decide/decide.ts';
import { CATEGORIES, type Finding, inOrder } from './findings/finding.ts';
import { collapsed, fingerprinted, type Unnamed } from './findings/fingerprint.ts';
import { heeded, type Muted, mutedCounts } from './findings/lowered.ts';
import { type Dropped, verified } from './findings/verify.ts';
import { groundOf } from './ground.ts';
import type { ModelsReport, PanelResult, PanelSubject } from './panel/panel.ts';
import type { AgentReport } from './report.ts';
import type { RiskTier } from './scope/tier.ts';

export interface ReviewInput {
  /** Everything the change touched, unfiltered. */
  readonly files: readonly FileChange[];
  readonly before: RepoReader;
  readonly after: RepoReader;
  /** Its title, and the first lines of its commits' messages. */
  readonly said?: readonly string[] | undefined;
  /** See {@link changeSetOf}. */
  readonly steering?: readonly string[] | undefined;
  /** What it goes into: the rules and waivers there hold. */
  readonly target: RepoReader;
  /** `undefined`: there is none, and nobody looks for it. */
  readonly codex?: Codex | undefined;
  /** Nobody chose it: see {@link codexCompliance}. */
  readonly unchosen?: boolean | undefined;
  readonly catalog?: CatalogPort | undefined;
  /** What the organisation makes of the rules about agent documents, and which of these it has checked. */
  readonly check?: AgentsMdInput['check'];
  /** `2026-11-22`. */
  readonly today: string;
  /** Of {@link ReviewKeys}. */
  readonly must: 'warning' | 'critical';
  /** Why no agent looks at it, of {@link Policy}. */
  readonly skipped?: string | null | undefined;
  /** Asks language models, see {@link runPanel}; absent: only what can be computed is looked at. */
  readonly panel?: ((subject: PanelSubject) => Promise<PanelResult>) | undefined;
  /** In ms, of any clock that does not go back. */
  readonly now?: (() => number) | undefined;
}

export interface Review {
  /** Why no agent looked at it: a draft, or no change at all. */
  readonly skipped: string | null;
  readonly tier: RiskTier;
  /** What put it into that tier. */
  readonly tierBecause: string;
  readonly decision: Decision | null;
  readonly complete: boolean;
  readonly because: string;
  readonly findings: readonly Finding[];
  readonly dropped: readonly Dropped[];
  /** All files of the change. */
  readonly files: readonly ChangedFile[];
  readonly changes: readonly FactChange[];
  readonly offer: Offer | null;
  readonly codex: (Omit<CodexResult, 'findings'> & { readonly muted: readonly Muted[] }) | null;
  readonly agents: readonly AgentReport[];
  /** What a judge says of the findings together, by their fingerprints. */
  readonly productionRisk: Judged<ProductionRisk> | null;
  readonly riskPattern: Judged<RiskPattern> | null;
  /** `null` where no language model was asked. */
  readonly models: ModelsReport | null;
  readonly ms: number;
}

/**
 * Reviews a change by everything that can be computed: what it made false in agent documents, and which rules of the codex it breaks; and
 * by language models, where there are any. An agent that fails is told as failed, and then nothing is approved.
 */
export async function review(input: ReviewInput): Promise<Review> {
  const { files, before, after, target, codex, unchosen, catalog, today, must, now = () => performance.now() } = input;
  const begun = now();
  const { files: changed, risk } = await changeSetOf({
    files,
    before,
    after,
    said: input.said,
    steering: input.steering,
  });
  const scope = { tier: risk.tier, tierBecause: risk.because, files: changed };
  const skipped = files.length === 0 ? NO_CHANGE : (input.skipped ?? null);
  if (skipped !== null) return { ...scope, ...NOTHING, skipped, because: skipped, ms: Math.round(now() - begun) };
  const [documents, rules] = await Promise.all([
    timed<AgentsMdResult>('agents-md', now, () => agentsMd({ before, after, files, changed, check: input.check })),
    codex &&
      timed<CodexResult>('codex-compliance', now, () =>
        codexCompliance({ codex, unchosen, before, after, target, files, catalog, today, must }),
      ),
  ]);
  const broken = heeded(rules?.result?.findings ?? [], codex, PLAIN);
  const all: readonly Unnamed[] = [...(documents.result?.findings ?? []), ...broken.told];
  const ground = groundOf({ before, after, files, codex });
  const { kept, dropped } = await verified(all, ground);
  const origins = new Map(files.map(({ path, from }) => [path, from ?? path]));
  const originOf = (path: string) => origins.get(path) ?? path;
  const computed = inOrder(fingerprinted(kept, originOf));
  const answered =
    input.panel &&
    (await asked(input.panel, { tier: risk.tier, files: changed, computed, documents: documents.result, ground }, now));
  const judged = heeded(answered?.kept ?? [], codex, IN_PANEL);
  const panel = answered && { ...answered, kept: judged.told };
  const said = panel?.kept ?? [];
  // What was told before keeps its name, whatever words and lines a model chooses now.
  const names = [...computed, ...said].map(({ fingerprint }) => fingerprint);
  const told = fingerprinted([...computed, ...said.map(({ finding }) => finding)], originOf, names);
  const findings = inOrder(told);
  const agents = [
    whole(
      documents.report,
      documents.result?.unread.map(({ path, reason }) => `${path} could not be read: ${reason}`),
    ),
    ...(rules ? [whole(rules.report, rules.result?.failed.map(notChecked))] : []),
    ...(panel?.reports ?? []),
  ];
  const risks = panel ? risksOf(panel, told) : NO_RISKS;
  const { decision, complete, because } = verdictOf({ findings, agents, files: changed, ...risks });
  const { findings: _, ...codexResult } = rules?.result ?? { findings: [] };
  return {
    ...scope,
    ...{ skipped, decision, complete, because, findings },
    dropped: [...dropped, ...(panel?.dropped ?? [])],
    changes: documents.result?.changes ?? [],
    offer: documents.result?.offer ?? null,
    codex: rules?.result
      ? { ...(codexResult as Omit<CodexResult, 'findings'>), muted: mutedCounts([...broken.muted, ...judged.muted]) }
      : null,
    agents,
    ...risks,
    models: panel?.models ?? null,
    ms: Math.round(now() - begun),
  };
}

const PLAIN = { get: (finding: Unnamed) => finding, set: (_: Unnamed, finding: Unnamed) => finding };
const IN_PANEL = {
  get: ({ finding }: PanelResult['kept'][number]) => finding,
  set: (one: PanelResult['kept'][number], finding: Unnamed) => ({ ...one, finding }),
};

/** What follows from what was found, and from what nobody could look at. */
export function verdictOf({
  findings,
  agents,
  files,
  productionRisk,
  riskPattern,
}: Pick<Review, 'findings' | 'agents' | 'files' | 'productionRisk' | 'riskPattern'>): Verdict {
  const unread = files.filter((file) => file.sensitive && isHidden(file));
  return decide({
    findings,
    agents,
    unread: unread.map(({ path }) => collapsed(path)),
    productionRisk: productionRisk ?? undefined,
    riskPattern: riskPattern ?? undefined,
  });
}

/** {@link Review.skipped} of a merge request in which nothing is different. */
export const NO_CHANGE = 'nothing is changed';

const NO_RISKS = { productionRisk: null, riskPattern: null } as const;

const NOTHING = {
  ...{ decision: null, complete: false, findings: [], dropped: [], changes: [], offer: null, codex: null, agents: [] },
  ...{ ...NO_RISKS, models: null },
} satisfies Partial<Review>;

/** Where the models could not even be asked nothing counts as looked at. */
async function asked(
  panel: NonNullable<ReviewInput['panel']>,
  subject: PanelSubject,
  now: () => number,
): Promise<PanelResult> {
  const begun = now();
  try {
    return await panel(subject);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const report = { name: 'models', state: 'failed', findings: 0, ms: Math.round(now() - begun), message } as const;
    return { kept: [], dropped: [], reports: [report], ...NO_RISKS, models: null, setup: '' };
  }
}

/** One that rests on nothing is none. */
function ofSome<T>(risk: Judged<T> | null): Judged<T> | null {
  return risk && risk.findings.length > 0 ? risk : null;
}

/** What the judge named by `F1` and `C1`, by the names that findings have now. */
function risksOf(
  panel: Pick<PanelResult, 'kept' | 'productionRisk' | 'riskPattern'>,
  told: readonly Finding[],
): Pick<Review, 'productionRisk' | 'riskPattern'> {
  const first = told.length - panel.kept.length;
  const names = new Map(told.slice(0, first).map(({ fingerprint }, at) => [`C${at + 1}`, fingerprint]));
  for (const [at, { names: of }] of panel.kept.entries())
    for (const name of of) names.set(name, told[first + at]!.fingerprint);
  const named = <T>(judged: { readonly kind: T; readonly names: readonly string[] } | null): Judged<T> | null =>
    ofSome(judged && { kind: judged.kind, findings: judged.names.flatMap((name) => names.get(name) ?? []) });
  return { productionRisk: named(panel.productionRisk), riskPattern: named(panel.riskPattern) };
}

/** Of each category how many of each severity, in the order in which they are told; none with nothing. */
export function countsOf(findings: readonly Finding[]): readonly (readonly [Finding['category'], number])[] {
  return CATEGORIES.flatMap((category) => {
    const count = findings.filter((finding) => finding.category === category).length;
    return count === 0 ? [] : [[category, count] as const];
  });
}

/** Whose change nobody reads, by the reason; of many files the first. */
export function leftOut(
  files: readonly ChangedFile[],
): readonly { readonly why: string; readonly paths: readonly string[] }[] {
  const left = files.flatMap(({ path, noise, unread }) =>
    (noise ?? unread) ? [{ path, why: (noise ?? unread)! }] : [],
  );
  return [...Map.groupBy(left, ({ why }) => why)].map(([why, group]) => {
    const paths = group.slice(0, MOST_LEFT_OUT).map(({ path }) => path);
    const more = group.length - paths.length;
    return { why, paths: more === 0 ? paths : [...paths, `and ${more} more`] };
  });
}

const MOST_LEFT_OUT = 20;

/** Rules that could not be checked were not kept. */
function notChecked({ rule, reason }: CodexResult['failed'][number]): string {
  return `${rule} could not be checked: ${reason}`;
}

/** @param missed what the agent could not look at. */
function whole(report: AgentReport, missed: readonly string[] = []): AgentReport {
  const [first, ...more] = missed;
  if (first === undefined) return report;
  return { ...report, state: 'partial', message: `${first}${more.length === 0 ? '' : ` and ${more.length} more`}` };
}

async function timed<T extends { readonly findings: readonly Unnamed[] }>(
  name: string,
  now: () => number,
  run: () => Promise<T>,
): Promise<{ readonly result?: T; readonly report: AgentReport }> {
  const begun = now();
  const took = () => Math.round(now() - begun);
  try {
    const result = await run();
    return { result, report: { name, state: 'done', findings: result.findings.length, ms: took(), message: null } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { report: { name, state: 'failed', findings: 0, ms: took(), message } };
  }
}
