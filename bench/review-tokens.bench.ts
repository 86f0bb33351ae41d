import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadCodex, STARTER } from '../codex/load.ts';
import { openChange } from '../forge/git/change.ts';
import { runGit } from '../forge/git/run.ts';
import type { Tier } from '../models/config.ts';
import { openTokenizer, type Tokenizer } from '../models/tokens.ts';
import { builtinAgents } from '../reviewer/agents/builtin.ts';
import type { Engine } from '../reviewer/engine/port.ts';
import { agentsOf } from '../reviewer/panel/ownership.ts';
import { runPanel } from '../reviewer/panel/panel.ts';
import { agentsMdPlugin } from '../reviewer/plugins/builtin/agents-md.ts';
import { codexRules } from '../reviewer/plugins/builtin/codex.ts';
import { local } from '../reviewer/plugins/builtin/local.ts';
import { setUp } from '../reviewer/plugins/lifecycle.ts';
import { review } from '../reviewer/review.ts';
import { RISK_TIERS, type RiskTier } from '../reviewer/scope/tier.ts';
import type { Measurement } from './run.ts';

export const title =
  'Tokens of reviews of real merges, first calls alone: ours beside the whole diff for each of seven agents, by risk tier';

const MERGES = 30;

/** For a million tokens: what fits the totals by model of the system that we compare with. `light` is text-heavy work on an open model. */
const PRICES: Readonly<Record<Tier, { readonly input: number; readonly cached: number; readonly output: number }>> = {
  top: { input: 5, cached: 0.5, output: 25 },
  standard: { input: 3, cached: 0.3, output: 15 },
  light: { input: 0.24, cached: 0.24, output: 1 },
};

/** Of one answer in tokens, as measured behind the prompts (docs/eval.md). */
const OUTPUT = 250;

interface Asked {
  readonly tier: Tier;
  /** Of which all agents share so many. */
  readonly shared: number;
  readonly tokens: number;
}

interface Counted {
  readonly name: string;
  readonly tier: RiskTier;
  readonly agents: number;
  readonly ours: readonly Asked[];
  readonly naive: readonly Asked[];
}

/** `AGENTSMD_REPOS` names the folder with the repositories, as `owner+name/repo`. */
export async function run(): Promise<Measurement[]> {
  const { AGENTSMD_REPOS: folder } = process.env;
  if (!folder) throw new Error('needs AGENTSMD_REPOS: see the comment in this file');
  const tokenizer = openTokenizer();
  const counted: Counted[] = [];
  for (const merge of await mergesIn(folder)) {
    if (counted.length === MERGES) break;
    const one = await count(merge, tokenizer);
    if (one) counted.push(one);
    if (one) console.log(`  ${one.name}: ${one.tier}, ${one.agents} agents, ${sum(one.ours)} for ${sum(one.naive)}`);
  }
  return RISK_TIERS.flatMap((tier) =>
    rows(
      tier,
      counted.filter((one) => one.tier === tier),
    ),
  );
}

function rows(tier: RiskTier, counted: readonly Counted[]): Measurement[] {
  if (counted.length === 0) return [];
  const mean = (of: (one: Counted) => number) => counted.reduce((total, one) => total + of(one), 0) / counted.length;
  const [ours, naive] = [mean((one) => sum(one.ours)), mean((one) => sum(one.naive))];
  const agents = `${counted.length} merges, ${mean((one) => one.agents).toFixed(1)} agents`;
  return [
    { name: `${tier}: input tokens`, value: Math.round(ours), unit: 'tokens', note: agents },
    { name: `${tier}: the whole diff for seven`, value: Math.round(naive), unit: 'tokens' },
    { name: `${tier}: ratio`, value: ours / naive, unit: 'x' },
    {
      name: `${tier}: ratio of the median merge`,
      value: median(counted.map((one) => sum(one.ours) / sum(one.naive))),
      unit: 'x',
    },
    { name: `${tier}: cost of ours`, value: mean((one) => costOf(one.ours)), unit: '$' },
    { name: `${tier}: cost of theirs`, value: mean((one) => costOf(one.naive)), unit: '$' },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function sum(asked: readonly Asked[]): number {
  return asked.reduce((total, { tokens }) => total + tokens, 0);
}

/** What is shared is paid in full once for each model, and as a cached prefix after that. */
function costOf(asked: readonly Asked[]): number {
  const seen = new Set<Tier>();
  return asked.reduce((total, { tier, shared, tokens }) => {
    const { input, cached, output } = PRICES[tier];
    const known = seen.has(tier) ? shared : 0;
    seen.add(tier);
    return total + (known * cached + (tokens - known) * input + OUTPUT * output) / 1_000_000;
  }, 0);
}

interface Merge {
  readonly name: string;
  readonly dir: string;
  readonly base: string;
  readonly head: string;
}

/** The newest merges of each repository in turn; of one that only squashes, commits of its main line. */
async function mergesIn(folder: string): Promise<readonly Merge[]> {
  const repositories = readdirSync(folder)
    .sort()
    .map((name) => ({ name, dir: join(folder, name, 'repo') }))
    .filter(({ dir }) => existsSync(dir));
  const lists = await Promise.all(
    repositories.map(async ({ name, dir }) => {
      const log = async (...args: readonly string[]) =>
        (await runGit(['log', '--first-parent', `--max-count=${MERGES}`, '--format=%H %P', ...args], { dir }))
          .toString('utf8')
          .split('\n')
          .filter(Boolean);
      const merged = await log('--merges');
      return (merged.length > 0 ? merged : await log()).flatMap((line): Merge[] => {
        const [head = '', base] = line.split(' ');
        return base === undefined ? [] : [{ name: `${name} ${head.slice(0, 8)}`, dir, base, head }];
      });
    }),
  );
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

/** `undefined` where a clone lacks what it takes. */
async function count({ name, dir, base, head }: Merge, tokenizer: Tokenizer): Promise<Counted | undefined> {
  const change = await openChange(dir, { base, rev: head }).catch(() => undefined);
  if (!change) return undefined;
  try {
    const { files, before, after, target } = change;
    const title = (await runGit(['log', '-1', '--format=%s', head], { dir })).toString('utf8').trim();
    const codex = await loadCodex({ from: STARTER });
    const agents = await builtinAgents();
    const today = '2026-11-22';
    const ours: Asked[] = [];
    const result = await review({
      ...{ files, before, after, target, codex, today, said: [title], must: 'warning' },
      panel: async (subject) => {
        const plugins = [
          agentsMdPlugin({ target, after, computed: subject.documents }),
          codexRules({ codex, must: 'warning', after, target, today }),
          local({ branch: 'topic', titles: [title] }),
        ];
        const about = { project: 'group/app', iid: null, tier: subject.tier, files: subject.files };
        const setup = await setUp(plugins, { agents, models: 'none', tokens: {} }, about, new AbortController().signal);
        const deadlines = { agent: 60_000, whole: 600_000 };
        return await runPanel(subject, { setup, deadlines, open: async () => counting(tokenizer, ours) });
      },
    });
    if (result.models === null) return undefined;
    return { name, tier: result.tier, agents: ours.length, ours, naive: await naive() };

    async function naive(): Promise<readonly Asked[]> {
      const diff = (await runGit(['diff', '--no-ext-diff', base, head], { dir })).toString('utf8');
      const instructions = (await target.read(['AGENTS.md'])).get('AGENTS.md');
      const shared = [agents.base.prompt, instructions?.ok ? instructions.text : '', title, diff].join('\n\n');
      const tokens = await tokenizer.count(shared);
      return await Promise.all(
        agentsOf('full').map(async (agent) => {
          const { prompt, tier } = agents.agents.find((one) => one.name === agent)!;
          return { tier, shared: tokens, tokens: tokens + (await tokenizer.count(prompt)) };
        }),
      );
    }
  } catch (error) {
    console.error(`  ${name}: left out, ${(error as Error).message}`);
    return undefined;
  } finally {
    await change.close();
  }
}

/** Finds nothing, and counts what it was told. */
function counting(tokenizer: Tokenizer, asked: Asked[]): Engine {
  const usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: true };
  const spent = { usage, cost: 0, calls: 0, ms: 0 };
  return {
    async ask({ tier, prompt: { stable, shared, own } }) {
      const common = (await tokenizer.count(stable)) + (await tokenizer.count(shared));
      asked.push({ tier, shared: common, tokens: common + (await tokenizer.count(own)) });
      return { kind: 'answer', value: { findings: [] } as never, model: 'none/none', ...spent };
    },
    spent: () => spent,
    restarts: () => 0,
    close: async () => {},
  };
}
