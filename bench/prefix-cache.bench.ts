import { z } from 'zod';
import type { ModelSettings, ModelsSettings } from '../models/config.ts';
import { openModels } from '../models/door.ts';
import type { Answer, Prompt, Tool, ToolResult } from '../models/port.ts';
import { settings } from '../models/testing/settings.ts';
import { asData, openTools } from '../models/tools/index.ts';
import { type FilePatch, inCacheOrder, MOST_OF_A_PATCH, sharedContext } from '../reviewer/context/shared.ts';
import { type ModelServer, startModels } from '../test/models/index.ts';
import { type Agent, COORDINATOR, type Prompts, prompts, REVIEWERS, STEPS, scriptOf } from './prefix-cache.agents.ts';
import { type Change, MERGES, type Merge, type OpenMerge, openMerge } from './prefix-cache.merges.ts';
import type { Measurement } from './run.ts';

/** In ms, from a request to the first token of its answer. */
const LATENCY = 300;
/** What others report of such a review, in % of input tokens. */
const REFERENCE = 85.7;
/** Merges at a time; each has endpoints of its own. */
const AT_ONCE = 4;

export const title = `Prefix cache: a review by seven agents and a coordinator after each of three pushes, through the door with real tools; an endpoint caches whole blocks of 16 tokens, per model, from the first token of the request that carried them (${LATENCY} ms after it came), and is cold before the first push`;

/**
 * `ours` is what the product does; in `together` all begin at once, and nobody waits for a prefix to be held; in `naive` each agent's own
 * prompt comes first, then the same facts with the patches in git's order.
 */
const WAYS = ['ours', 'together', 'naive'] as const;
type Way = (typeof WAYS)[number];

interface Taken {
  readonly input: number;
  readonly cached: number;
  /** Not cached, of the requests with which agents begin; the rest is mostly what tools gave, which no layout can save. */
  readonly begin: number;
  readonly requests: number;
}

/** By push. */
type Outcome = Readonly<Record<Way, readonly Taken[]>>;

/** `AGENTSMD_REPOS` names the folder with the repositories, `AGENTSMD_BENCH` those whose names hold one of its words. */
export async function run(): Promise<Measurement[]> {
  const { AGENTSMD_REPOS: folder, AGENTSMD_BENCH: words = '' } = process.env;
  if (!folder) {
    console.log('  skipped: AGENTSMD_REPOS names no folder of repositories (bare, <owner>+<name>/repo)');
    return [];
  }
  const asked = words.split(/[\s,]+/).filter(Boolean);
  const merges = MERGES.filter(({ repo }) => asked.length === 0 || asked.some((word) => repo.includes(word)));
  const texts = prompts();
  for (const line of STEPS) console.log(`  ${line}`);
  const outcomes = new Map<Merge, Outcome>();
  const waiting = [...merges];
  const worker = async () => {
    for (let merge = waiting.shift(); merge; merge = waiting.shift()) {
      await using opened = await openMerge(folder, merge);
      if (opened) outcomes.set(merge, await reviewed(merge, opened, texts));
      else console.log(`  skipped: ${merge.repo} with ${merge.base} is not in AGENTSMD_REPOS`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes.size === 0 ? [] : rows(outcomes);
}

async function reviewed(merge: Merge, opened: OpenMerge, texts: Prompts): Promise<Outcome> {
  await using ours = await openPlace(true);
  await using together = await openPlace(false);
  await using naive = await openPlace(true);
  const places = { ours, together, naive };
  const taken: Record<Way, Taken[]> = { ours: [], together: [], naive: [] };
  let shown: readonly FilePatch[] = [];
  for (const head of merge.pushes) {
    const change = await opened.push(head);
    const tools = (await openTools({ root: opened.dir })).map(remembering);
    const about = {
      files: change.files,
      sections: [
        { title: 'AGENTS.md of the target branch', text: change.instructions, for: 'all' as const },
        { title: 'title', text: change.title, for: 'all' as const },
        { title: 'description', text: change.description, for: 'all' as const },
      ],
    };
    const context = sharedContext({ ...about, previous: shown });
    shown = inCacheOrder(change.files, shown);
    const inGitsOrder = sharedContext(about);
    const shares = (own: string, more: string) => ({ stable: texts.stable, shared: context, own: joined(own, more) });
    const layouts: Record<Way, Layout> = {
      ours: shares,
      together: shares,
      naive: (own, more) => ({ stable: joined(own, texts.stable), shared: joined(inGitsOrder, more), own: '' }),
    };
    const all = await Promise.all(WAYS.map((way) => review(places[way], tools, change, texts, layouts[way])));
    for (const [at, way] of WAYS.entries()) taken[way].push(all[at]!);
    if (new Set(all.map(({ requests }) => requests)).size !== 1) throw new Error(`${merge.repo}: not the same steps`);
  }
  return taken;
}

/** Ways and agents that ask for the same get the same: a tool runs once for them. */
function remembering(tool: Tool): Tool {
  const results = new Map<string, Promise<ToolResult>>();
  return {
    ...tool,
    run(input) {
      const key = JSON.stringify(input);
      const result = results.get(key) ?? tool.run(input, new AbortController().signal);
      results.set(key, result);
      return result;
    },
  };
}

type Layout = (own: string, more: string) => Prompt;

/** An endpoint and a door to it. */
interface Place extends AsyncDisposable {
  readonly server: ModelServer;
  readonly models: ReturnType<typeof openModels>;
}

async function openPlace(prefixCache: boolean): Promise<Place> {
  const model: Partial<ModelSettings> = { context: 400_000, output: 8192 };
  const ids = { large: model, medium: model, small: model };
  // So much is held that nothing falls out by its age: a provider's minutes are not what is measured.
  const server = await startModels({ models: ids, latency: LATENCY, cacheBlocks: 1 << 20 });
  const config: ModelsSettings = settings({
    models: ids,
    provider: { baseUrl: server.url, keyEnv: 'KEY', prefixCache },
    tiers: { top: 'gw/large', standard: 'gw/medium', light: 'gw/small' },
    budgets: { call: NO_LIMIT, review: NO_LIMIT, day: NO_LIMIT },
  });
  const models = openModels(config, { env: { KEY: server.key } });
  return {
    server,
    models,
    async [Symbol.asyncDispose]() {
      await models.close();
      await server.close();
    },
  };
}

const NO_LIMIT = { tokens: null, money: null };

const FINDINGS = z.object({
  findings: z.array(
    z.object({
      severity: z.enum(['critical', 'warning', 'suggestion']),
      category: z.string(),
      path: z.string(),
      line: z.int(),
      title: z.string(),
      why: z.string(),
    }),
  ),
});
type Findings = z.infer<typeof FINDINGS>;

/** All reviewers at once, then the coordinator with what they found. */
async function review(
  { server, models }: Place,
  tools: readonly Tool[],
  change: Change,
  texts: Prompts,
  layOut: Layout,
): Promise<Taken> {
  const account = models.account();
  const shown = change.files.filter(({ patch }) => patch.length <= MOST_OF_A_PATCH);
  server.reset();
  server.script(...[...REVIEWERS, COORDINATOR].map((agent) => scriptOf(agent, texts.of(agent.name), change, shown)));
  server.requests.length = 0;
  const ask = async (agent: Agent, more = ''): Promise<Findings> => {
    const { name, tier } = agent;
    const answer = await models.ask<Findings>({
      agent: name,
      tier,
      about: { project: 'shop/web', tags: [] },
      account,
      prompt: layOut(texts.of(name), more),
      answer: { name: 'findings', schema: FINDINGS },
      tools,
    });
    return given(answer, name);
  };
  const found = await Promise.all(REVIEWERS.map(async (agent) => ({ [agent.name]: (await ask(agent)).findings })));
  await ask(COORDINATOR, asData('findings', JSON.stringify(found)));
  return takenFrom(server, account.spent().usage);
}

function given<T>(answer: Answer<T>, agent: string): T {
  if (answer.kind === 'answer') return answer.value;
  throw new Error(`${agent}: ${answer.reason}: ${answer.message}`);
}

/** As the endpoint counts, which is what the door counts; and every agent had all the patches before it. */
function takenFrom({ requests }: ModelServer, door: { readonly inputTokens: number; readonly cachedTokens: number }) {
  let [input, cached, begin] = [0, 0, 0];
  for (const { status, usage, script, body } of requests) {
    if (status !== 200 || !usage) throw new Error(`a request failed with ${status}`);
    if (!script || script.missing.length > 0) throw new Error('an agent was not told all that its findings rest on');
    input += usage.prompt_tokens;
    cached += usage.prompt_tokens_details.cached_tokens;
    const { messages } = body as { readonly messages: readonly { readonly role: string }[] };
    if (messages.every(({ role }) => role !== 'assistant'))
      begin += usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens;
  }
  if (input !== door.inputTokens || cached !== door.cachedTokens)
    throw new Error(`the endpoint counts ${input} (${cached}), the door ${door.inputTokens} (${door.cachedTokens})`);
  return { input, cached, begin, requests: requests.length };
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function rows(outcomes: ReadonlyMap<Merge, Outcome>): Measurement[] {
  const inAll = (way: Way, push?: number): Taken =>
    sum([...outcomes.values()].flatMap((outcome) => (push === undefined ? outcome[way] : outcome[way][push]!)));
  const each = MERGES.flatMap((merge): readonly Measurement[] => {
    const outcome = outcomes.get(merge);
    if (!outcome) return [];
    const { ours, together, naive } = {
      ours: sum(outcome.ours),
      together: sum(outcome.together),
      naive: sum(outcome.naive),
    };
    const note = [
      `by push ${outcome.ours.map(shown).join(', ')}`,
      `${grouped(uncached(ours))} of ${grouped(ours.input)} tokens uncached`,
      `together ${shown(together)}`,
      `naive ${shown(naive)}, uncached x ${(uncached(naive) / uncached(ours)).toFixed(2)}`,
    ].join('; ');
    return [{ name: `${merge.repo} ${merge.base}`, value: percent(ours), unit: '% cached', note }];
  });
  const pushes = MERGES[0]!.pushes.map((_, push) => ({
    name: `all, push ${push + 1}`,
    value: percent(inAll('ours', push)),
    unit: '% cached',
    note: `together ${shown(inAll('together', push))}; naive ${shown(inAll('naive', push))}`,
  }));
  const count = `${outcomes.size} merges, ${inAll('ours').requests} requests`;
  const all = WAYS.map((way) => ({ name: `all, ${way}`, value: percent(inAll(way)), unit: '% cached', note: count }));
  const left = WAYS.map((way) => ({
    name: `uncached, ${way}`,
    value: uncached(inAll(way)),
    unit: 'tokens',
    note: `of ${grouped(inAll(way).input)}; ${grouped(inAll(way).begin)} when agents begin`,
  }));
  return [{ name: 'reference', value: REFERENCE, unit: '% cached' }, ...each, ...pushes, ...all, ...left];
}

const percent = ({ input, cached }: Taken): number => (100 * cached) / input;
const uncached = ({ input, cached }: Taken): number => input - cached;
const shown = (taken: Taken): string => `${percent(taken).toFixed(1)} %`;
const grouped = (count: number): string => count.toLocaleString('en-US');

function sum(all: readonly Taken[]): Taken {
  const add = (key: keyof Taken): number => all.reduce((total, taken) => total + taken[key], 0);
  return { input: add('input'), cached: add('cached'), begin: add('begin'), requests: add('requests') };
}
