import { createHash } from 'node:crypto';
import * as z from 'zod';
import { masked } from '../../forge/render/secrets.ts';
import type { CompiledAgents } from '../../models/agents/agent.ts';
import type { ChangedFile } from '../change/change-set.ts';
import { CATEGORIES, type Finding, SEVERITIES } from '../findings/finding.ts';
import { collapsed, type Unnamed } from '../findings/fingerprint.ts';
import type { Ground } from '../findings/verify.ts';

const side = z.enum(['new', 'old']);
const finding = z.strictObject({
  ...{ severity: z.enum(SEVERITIES), category: z.enum(CATEGORIES), path: z.string(), side },
  ...{ line: z.int(), endLine: z.int(), title: z.string(), detail: z.string(), quote: z.string() },
  evidence: z.array(z.strictObject({ path: z.string(), line: z.int(), side })),
  rules: z.array(z.strictObject({ id: z.string(), rev: z.union([z.int(), z.null()]) })),
  ...{ agent: z.string(), fingerprint: z.string() },
});

const memory = z.strictObject({
  head: z.string(),
  agents: z.string(),
  patches: z.array(z.string()),
  findings: z.array(finding),
});

/**
 * What a review by models leaves to the next one of the same merge request, once everything was looked at: by its head, what was asked (a hash of
 * the prompts), what each patch was (a hash without line numbers), and what was found.
 */
export type Memory = z.output<typeof memory>;

/** From a text that only we can have written; `undefined` where it is none, as of another version. */
export function memoryFrom(data: unknown): Memory | undefined {
  return memory.safeParse(data).data;
}

export function memoryOf(
  head: string,
  agents: CompiledAgents,
  files: readonly ChangedFile[],
  findings: readonly Finding[],
): Memory {
  return {
    head,
    agents: promptsHash(agents),
    patches: readable(files).map(patchHash),
    findings: findings
      .filter(({ computed }) => !computed)
      .map(({ suggestion: _s, computed: _c, trivial: _t, ...one }) => ({
        ...one,
        ...{ title: masked(one.title), detail: masked(one.detail), quote: masked(one.quote) },
        ...{ evidence: [...one.evidence], rules: [...one.rules] },
      })),
  };
}

/** An earlier finding, by the name under which agents are told of it. */
export interface Earlier {
  readonly name: string;
  readonly finding: Unnamed;
  readonly fingerprint: string;
}

export interface Remembered {
  /** Files whose patch is as it was: nobody looks at them again. */
  readonly unchanged: ReadonlySet<string>;
  /** What was found in those, where it stands now. */
  readonly carried: readonly Earlier[];
  /** What was found elsewhere, and may be mended by now. */
  readonly open: readonly Earlier[];
}

const NOTHING: Remembered = { unchanged: new Set(), carried: [], open: [] };

/**
 * What of an earlier review still holds. What stands in a file whose patch is as it was holds; a line that is gone does not. With other prompts, or
 * after history was written anew, everything is looked at again, and the earlier findings are only named.
 *
 * @param given.rewritten whether the commit that was reviewed then is no longer part of the branch. A change that is the same all the
 * same is not looked at again.
 */
export async function remembered(
  past: Memory | undefined,
  given: {
    readonly agents: CompiledAgents;
    readonly files: readonly ChangedFile[];
    readonly ground: Ground;
    readonly rewritten: boolean;
  },
): Promise<Remembered> {
  if (!past) return NOTHING;
  const files = readable(given.files);
  const seen = new Set(past.patches);
  const same = files.filter((file) => seen.has(patchHash(file)));
  const isAllSame = same.length === files.length && seen.size === files.length;
  const counts = past.agents === promptsHash(given.agents) && (isAllSame || !given.rewritten);
  const unchanged = new Set(counts ? same.map(({ path }) => path) : []);
  const standing = await Promise.all(past.findings.map(async (one) => await placed(one, given.ground)));
  const earlier = standing.flatMap((one) => one ?? []).map((one, at) => ({ name: `P${at + 1}`, ...one }));
  const holds = ({ finding }: Earlier) => unchanged.has(finding.path) || (counts && isAllSame);
  return {
    unchanged,
    carried: earlier.filter(holds),
    open: earlier.filter((one) => !holds(one)),
  };
}

/** Where a finding stands now: its line by the text, of several the nearest; `undefined` where the text is gone. */
async function placed(
  { fingerprint, ...past }: Memory['findings'][number],
  ground: Ground,
): Promise<Omit<Earlier, 'name'> | undefined> {
  const whole: Unnamed = { ...past, suggestion: null, computed: false, trivial: false };
  const lines = await ground.lines(past.path, past.side);
  if (!lines) return undefined;
  if (past.line === 0) return { finding: whole, fingerprint };
  const wanted = collapsed(past.quote);
  const places = lines.flatMap((text, at) => (collapsed(text) === wanted ? [at + 1] : []));
  const [line] = places.sort((a, b) => Math.abs(a - past.line) - Math.abs(b - past.line));
  if (line === undefined) return undefined;
  const endLine = Math.min(lines.length, line + past.endLine - past.line);
  // Lines of evidence may have moved as well, and nobody knows where.
  return { finding: { ...whole, line, endLine, quote: lines[line - 1]!, evidence: [] }, fingerprint };
}

/** How far from where it stood a finding of the same kind is taken for the same, in lines. */
const NEAR = 3;

/** The earlier finding that a new one is: the one it names, else the same kind of defect at the same place. */
export function sameAs(finding: Unnamed, known: string | null, earlier: readonly Earlier[]): Earlier | undefined {
  const named = earlier.find(({ name, finding: past }) => name === known && past.path === finding.path);
  if (named) return named;
  return earlier.find(
    ({ finding: { category, path, side, line, quote } }) =>
      category === finding.category &&
      path === finding.path &&
      side === finding.side &&
      (Math.abs(line - finding.line) <= NEAR || (quote !== '' && collapsed(quote) === collapsed(finding.quote))),
  );
}

function readable(files: readonly ChangedFile[]): readonly ChangedFile[] {
  return files.filter(({ noise }) => noise === undefined);
}

/** The same after a rebase, wherever its lines moved. */
function patchHash({ path, from = path, status, kind, hunks }: ChangedFile): string {
  return hash([path, from, status, kind, ...hunks.flatMap(({ lines }) => ['@@', ...lines])]);
}

/** Of those that say what is found. */
function promptsHash({ base, agents }: CompiledAgents): string {
  const finding = agents.filter(({ answer }) => answer !== 'replies');
  return hash([base.prompt, ...finding.flatMap(({ name, prompt }) => [name, prompt])]);
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
