import * as z from 'zod';
import type { DayStore } from '../models/budget.ts';
import type { ModelsSettings } from '../models/config.ts';
import { openModels } from '../models/door.ts';
import type { Account, Answer, Failed, Models, Question, Recorder, Tool, TranscriptEvent } from '../models/port.ts';
import type { AnswerMode } from '../models/structured.ts';
import { openWire, type Wire } from '../models/wire.ts';

/** What came of asking one model. */
export interface Probe {
  /** `provider/id`. */
  readonly model: string;
  readonly answers: boolean;
  /** Why it does not, or why its tools do not work. */
  readonly failure: Pick<Failed, 'reason' | 'message'> | null;
  /** In ms; `null`: not known, as answers by a tool come without text. */
  readonly firstToken: number | null;
  /** From the first request to the end of the structured answer, in ms: without what it takes to load libraries here. */
  readonly ms: number;
  /** In which form it gave the structured answer. */
  readonly structured: AnswerMode | null;
  /** Whether it had to be told what was wrong first. */
  readonly repaired: boolean;
  /** `off`: by configuration; `null`: not tried. */
  readonly tools: 'called' | 'not called' | 'failed' | 'off' | null;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In the currency of the price tables; `null`: not known. */
  readonly cost: number | null;
}

/** In s. Somebody waits for it. */
const TIMEOUTS = { first: 60, between: 30, call: 120 };
/** Whom the door lets through whatever the classes are: nothing of any repository is sent. */
const CLASS = 'test';
const ABOUT = { project: 'agentsmd/models-test', tags: [] };

/**
 * Asks one model through the same door as everything else, first for an answer of a given form, then by a tool.
 *
 * @param days where what it takes is counted with what others took.
 */
export async function probe(
  model: string,
  settings: ModelsSettings,
  env: NodeJS.ProcessEnv,
  days: DayStore | undefined,
): Promise<Probe> {
  const wire = openWire(env);
  // What sends: loading it must not count as the model's time.
  await import('undici');
  const sent: { readonly body: unknown; readonly at: number }[] = [];
  const watched: Wire = {
    fetch(url, init) {
      sent.push({ body: bodyOf(init), at: Date.now() });
      return wire.fetch(url, init);
    },
    close: wire.close,
  };
  const models = openModels(only(model, settings), { env, wire: watched, days });
  const account = models.account();
  try {
    const events: TranscriptEvent[] = [];
    const answer = await models.ask(formQuestion(account, { write: (event) => void events.push(event) }));
    const ended = Date.now();
    const answers = answer.kind === 'answer';
    const [first, last] = [sent[0], sent.at(-1)];
    const structured = answers ? formOfRequest(last?.body) : null;
    const tools = answers ? await probeTools(models, account, takesTools(model, settings)) : { tools: null };
    const { usage, cost, calls } = account.spent();
    return {
      model,
      answers,
      failure: 'failure' in tools ? tools.failure : answers ? null : failureOf(answer),
      firstToken: last ? firstTokenOf(events, last.at) : null,
      ms: first ? ended - first.at : 0,
      structured,
      repaired: events.filter((event) => event.type === 'step' && WHOLE.has(event.finish)).length > 1,
      tools: tools.tools,
      calls,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      cost,
    };
  } finally {
    await models.close();
  }
}

/** The same settings, in which there is one model for everything. */
function only(model: string, settings: ModelsSettings): ModelsSettings {
  const name = model.slice(0, model.indexOf('/'));
  const provider = settings.providers[name]!;
  const { timeouts } = settings;
  return {
    ...settings,
    providers: { [name]: { ...provider, enabled: true, classes: [CLASS] } },
    tiers: { top: model, standard: model, light: model },
    agents: {},
    failback: {},
    data: { rules: [], otherwise: CLASS },
    remote: { url: '', tokenEnv: '' },
    timeouts: {
      first: Math.min(timeouts.first, TIMEOUTS.first),
      between: Math.min(timeouts.between, TIMEOUTS.between),
      call: Math.min(timeouts.call, TIMEOUTS.call),
    },
  };
}

function takesTools(model: string, { providers }: ModelsSettings): boolean {
  const slash = model.indexOf('/');
  return providers[model.slice(0, slash)]?.models[model.slice(slash + 1)]?.tools === true;
}

const READY = z.object({ ready: z.boolean(), word: z.string() });

function formQuestion(account: Account, transcript: Recorder): Question<z.infer<typeof READY>> {
  return {
    agent: 'models-test',
    tier: 'light',
    about: ABOUT,
    account,
    transcript,
    prompt: {
      stable: 'This is a test of a connection.',
      shared: '',
      own: 'Say whether you are ready, and one word of greeting.',
    },
    answer: { name: 'readiness', schema: READY },
  };
}

/** Not to be guessed: who knows it has called the tool. */
const NOTE = 'heron-4417';

async function probeTools(
  models: Models,
  account: Account,
  configured: boolean,
): Promise<{ readonly tools: Probe['tools']; readonly failure?: Probe['failure'] }> {
  if (!configured) return { tools: 'off' };
  let called = false;
  const tool: Tool = {
    name: 'read_note',
    description: 'Gives the note that you are asked about.',
    input: z.object({ title: z.string() }),
    async run() {
      called = true;
      return { ok: true, text: `The note says: ${NOTE}`, truncated: false };
    },
  };
  const answer = await models.ask<string>({
    agent: 'models-test',
    tier: 'light',
    about: ABOUT,
    account,
    prompt: {
      stable: 'This is a test of a connection.',
      shared: '',
      own: 'Call the tool read_note with the title "today". Then answer with what the note says.',
    },
    tools: [tool],
    maxSteps: 3,
  });
  if (answer.kind === 'failed') return { tools: 'failed', failure: failureOf(answer) };
  return { tools: called ? 'called' : 'not called' };
}

function failureOf(answer: Answer<unknown>): Probe['failure'] {
  return answer.kind === 'failed' ? { reason: answer.reason, message: answer.message } : null;
}

/** How an answer that came to its end is called; the others are kinds of trouble. */
const WHOLE: ReadonlySet<string> = new Set(['stop', 'tool-calls', 'other']);

/** From the last request, sent at that time, to the first of its words. */
function firstTokenOf(events: readonly TranscriptEvent[], sent: number): number | null {
  const last = events.findLastIndex(({ type }) => type === 'call');
  const word = events.slice(last).find(({ type }) => type === 'text' || type === 'reasoning');
  return word === undefined ? null : word.at - sent;
}

function bodyOf(init: RequestInit | undefined): unknown {
  return typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
}

function formOfRequest(body: unknown): AnswerMode {
  const { response_format: format, tools } = (body ?? {}) as { response_format?: unknown; tools?: unknown };
  return format !== undefined ? 'schema' : tools !== undefined ? 'tool' : 'text';
}
