import { createHash } from 'node:crypto';
import * as z from 'zod';
import { masked } from '../../forge/render/secrets.ts';
import type { ChangedFile } from '../change/change-set.ts';
import {
  type Judged,
  PRODUCTION_RISKS,
  type ProductionRisk,
  RISK_PATTERNS,
  type RiskPattern,
} from '../decide/decide.ts';
import { CATEGORIES, type Finding, SEVERITIES } from '../findings/finding.ts';
import { collapsed, type Unnamed } from '../findings/fingerprint.ts';
import type { Ground } from '../findings/verify.ts';
import type { ReviewSetup } from '../plugins/draft.ts';
import type { RiskTier } from '../scope/tier.ts';
import type { Seat } from './roster.ts';

const side = z.enum(['new', 'old']);
const finding = z.strictObject({
  ...{ severity: z.enum(SEVERITIES), category: z.enum(CATEGORIES), path: z.string(), side },
  ...{ line: z.int(), endLine: z.int(), title: z.string(), detail: z.string() },
  /** A hash of the line, white space collapsed: the line itself may hold a secret. */
  quote: z.string(),
  evidence: z.array(z.strictObject({ path: z.string(), line: z.int(), side })),
  rules: z.array(z.strictObject({ id: z.string(), rev: z.union([z.int(), z.null()]) })),
  ...{ agent: z.string(), fingerprint: z.string() },
  /** Whether somebody dismissed it. */
  settled: z.boolean(),
});

const judged = <T extends readonly [string, ...string[]]>(kinds: T) =>
  z.union([z.strictObject({ kind: z.enum(kinds), findings: z.array(z.string()) }), z.null()]);

const memory = z.strictObject({
  head: z.string(),
  setup: z.string(),
  patches: z.array(z.string()),
  findings: z.array(finding),
  productionRisk: judged(PRODUCTION_RISKS),
  riskPattern: judged(RISK_PATTERNS),
});

/**
 * What a review by models leaves to the next one of the same merge request, once everything was looked at: by its head, who was asked and by what (a
 * hash), what each patch was (a hash), what was found, and what it came to.
 */
export type Memory = z.output<typeof memory>;

/** From a text that only we can have written; `undefined` where it is none, as of another version. */
export function memoryFrom(data: unknown): Memory | undefined {
  return memory.safeParse(data).data;
}

/** A review, as far as the next one rests on it. */
interface Rememberable {
  readonly files: readonly ChangedFile[];
  readonly findings: readonly Finding[];
  readonly productionRisk: Judged<ProductionRisk> | null;
  readonly riskPattern: Judged<RiskPattern> | null;
}

/** @param setup of {@link setupHash}. */
export function memoryOf(
  head: string,
  setup: string,
  { files, findings, productionRisk, riskPattern }: Rememberable,
): Memory {
  const named = <T>(risk: Judged<T> | null) => risk && { kind: risk.kind, findings: [...risk.findings] };
  return {
    head,
    setup,
    patches: readable(files).flatMap((file) => patchHash(file) ?? []),
    findings: findings
      .filter(({ computed }) => !computed)
      .map(({ suggestion: _s, computed: _c, trivial: _t, probation, ...one }) => ({
        ...one,
        severity: probation ?? one.severity,
        ...{ title: masked(one.title), detail: masked(one.detail), quote: quoteHash(one.quote) },
        ...{ evidence: [...one.evidence], rules: [...one.rules], settled: false },
      })),
    productionRisk: named(productionRisk),
    riskPattern: named(riskPattern),
  };
}

/** An earlier finding, by the name under which agents are told of it. */
export interface Earlier {
  readonly name: string;
  readonly finding: Unnamed;
  readonly fingerprint: string;
  /** Whether somebody dismissed it. */
  readonly settled: boolean;
}

export interface Remembered {
  /** Files whose patch is as it was: nobody looks at them again. */
  readonly unchanged: ReadonlySet<string>;
  /** What was found in those, where it stands now. */
  readonly carried: readonly Earlier[];
  /** What was found elsewhere, and may be mended by now. */
  readonly open: readonly Earlier[];
  /** What a judge said of them then, by their names; it stands for those that nobody judges again. */
  readonly productionRisk: PanelRisk<ProductionRisk>;
  readonly riskPattern: PanelRisk<RiskPattern>;
}

type PanelRisk<T> = { readonly kind: T; readonly names: readonly string[] } | null;

const NOTHING: Remembered = { unchanged: new Set(), carried: [], open: [], productionRisk: null, riskPattern: null };

/**
 * What of an earlier review still holds. What stands in a file whose patch is as it was holds. With other agents, prompts or rules, in another tier, or
 * after history was written anew, everything is looked at again; so is a file in which something was found that cannot be found any more, and the earlier findings are only named.
 *
 * @param given.rewritten whether the commit that was reviewed then is no longer part of the branch. A change that is the same all the
 * same is not looked at again.
 */
export async function remembered(
  past: Memory | undefined,
  given: {
    readonly setup: string;
    readonly files: readonly ChangedFile[];
    readonly ground: Ground;
    readonly rewritten: boolean;
  },
): Promise<Remembered> {
  if (!past) return NOTHING;
  const files = readable(given.files);
  const seen = new Set(past.patches);
  const same = files.filter((file) => seen.has(patchHash(file) ?? ''));
  const isAllSame = same.length === files.length && seen.size === files.length;
  const counts = past.setup === given.setup && (isAllSame || !given.rewritten);
  const standing = await Promise.all(past.findings.map(async (one) => await placed(one, given.ground)));
  const lost = new Set(past.findings.filter((_, at) => standing[at] === undefined).map(({ path }) => path));
  const unchanged = new Set(counts ? same.map(({ path }) => path).filter((path) => !lost.has(path)) : []);
  const earlier = standing.flatMap((one) => one ?? []).map((one, at) => ({ name: `P${at + 1}`, ...one }));
  const holds = ({ finding }: Earlier) => unchanged.has(finding.path) || (counts && isAllSame);
  const named = <T>(risk: Judged<T> | null): PanelRisk<T> =>
    risk && {
      kind: risk.kind,
      names: earlier.flatMap(({ name, fingerprint }) => (risk.findings.includes(fingerprint) ? [name] : [])),
    };
  return {
    unchanged,
    carried: earlier.filter(holds),
    open: earlier.filter((one) => !holds(one)),
    productionRisk: named(past.productionRisk),
    riskPattern: named(past.riskPattern),
  };
}

/** Where a finding stands now: its line by the text, of several the nearest; `undefined` where the text is gone. */
async function placed(
  { fingerprint, settled, ...past }: Memory['findings'][number],
  ground: Ground,
): Promise<Omit<Earlier, 'name'> | undefined> {
  const whole: Unnamed = { ...past, suggestion: null, computed: false, trivial: false };
  const lines = await ground.lines(past.path, past.side);
  if (!lines) return undefined;
  if (past.line === 0) return { finding: { ...whole, quote: '' }, fingerprint, settled };
  const places = lines.flatMap((text, at) => (quoteHash(text) === past.quote ? [at + 1] : []));
  const [line] = places.sort((a, b) => Math.abs(a - past.line) - Math.abs(b - past.line));
  if (line === undefined) return undefined;
  const endLine = Math.min(lines.length, line + past.endLine - past.line);
  // Lines of evidence may have moved as well, and nobody knows where.
  return { finding: { ...whole, line, endLine, quote: lines[line - 1]!, evidence: [] }, fingerprint, settled };
}

/** How far from where it stood a finding of the same kind is taken for the same, in lines. */
const NEAR = 3;

/**
 * The earlier finding that a new one is: the one it names, else the same kind of defect at the same place. One that somebody dismissed is only the same
 * on the same line: what is new beside it nobody has dismissed.
 */
export function sameAs(finding: Unnamed, known: string | null, earlier: readonly Earlier[]): Earlier | undefined {
  const isSameLine = ({ quote }: Unnamed) => quote !== '' && collapsed(quote) === collapsed(finding.quote);
  const may = earlier.filter(({ settled, finding: past }) => !settled || isSameLine(past));
  const named = may.find(({ name, finding: past }) => name === known && past.path === finding.path);
  if (named) return named;
  return may.find(
    ({ finding: past }) =>
      past.category === finding.category &&
      past.path === finding.path &&
      past.side === finding.side &&
      (Math.abs(past.line - finding.line) <= NEAR || isSameLine(past)),
  );
}

function readable(files: readonly ChangedFile[]): readonly ChangedFile[] {
  return files.filter(({ noise }) => noise === undefined);
}

/**
 * The same after a rebase on a target that left the file alone. `undefined` for what has no lines to compare: a link, a submodule, a file that is too
 * large. Whoever writes a change writes what is hashed here: it has to be long enough that no two patches can be found with one.
 */
function patchHash({ path, from = path, status, kind, was, hunks }: ChangedFile): string | undefined {
  if (hunks.length === 0) return undefined;
  return hash([
    path,
    from,
    status,
    kind,
    was ?? '',
    ...hunks.flatMap(({ oldStart, lines }) => [`@@ ${oldStart}`, ...lines]),
  ]);
}

function quoteHash(quote: string): string {
  return hash([collapsed(quote)]);
}

/** Who looks, at what risk, told what: everything but the change and what people say. */
export function setupHash(
  tier: RiskTier,
  seats: readonly Seat[],
  { agents, prompts }: Pick<ReviewSetup, 'agents' | 'prompts'>,
): string {
  const told = seats.flatMap(({ agent, owns }) => [
    ...[agent.name, agent.prompt, owns.join()],
    ...(prompts.agents[agent.name] ?? []).map(({ text }) => text),
  ]);
  return hash([tier, agents.base.prompt, ...told]);
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
