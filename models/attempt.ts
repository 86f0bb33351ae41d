import type { ModelMessage } from 'ai';
import type { BreakerState, Permit } from './breaker.ts';
import { type Hold, newLimit, type Refusal } from './budget.ts';
import { call, type Reply, type ToolChoice, type ToolForm } from './call.ts';
import type { Candidate } from './chain.ts';
import { PROVIDERS_TROUBLE, type Trouble } from './classify.ts';
import type { ModelSettings, Tier } from './config.ts';
import { type Meter, NO_USAGE } from './meter.ts';
import type { FailureReason, TranscriptEvent, Usage } from './port.ts';
import type { Lead } from './prefix.ts';
import { costOf } from './price.ts';
import type { Purse, Room } from './room.ts';
import { vocabularyFactor } from './tokens.ts';
import { heartbeat } from './transcript/heartbeat.ts';

/** One request to one model, and who makes it. */
export interface Attempt {
  readonly candidate: Candidate;
  readonly agent: string;
  readonly tier: Tier;
  readonly step: number;
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolForm[];
  readonly toolChoice: ToolChoice;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** What it shares with others, as `prefixKey` gives it. */
  readonly prefix: string | undefined;
  readonly purse: Purse;
  /** Of the question. */
  readonly meter: Meter;
  readonly write: (event: Event) => void;
  /** Called with the size of the prompt in tokens, before anything is sent. */
  readonly onSize: (tokens: number, model: ModelSettings) => void;
  /** Whether the model may still be asked, by what holds at this moment. */
  readonly stands: () => Promise<boolean>;
}

export type Event = TranscriptEvent extends infer E ? (E extends unknown ? Omit<E, 'at' | 'agent'> : never) : never;

export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly breaker: BreakerState }
  /** Nothing was sent, and no other model would change that. */
  | { readonly kind: 'stopped'; readonly reason: FailureReason; readonly message: string }
  /** Nothing was sent: the model is out of use since it was chosen. */
  | { readonly kind: 'elsewhere' };

/** Else the request could not even be made, and its failure would look like one of the connection. */
const IN_A_HEADER = /^[\x21-\x7e]+$/;
/** An answer of less is none, in tokens. */
const LEAST_OUTPUT = 16;
/** What is left for an answer where the estimate, being high, leaves less. */
const SOME_OUTPUT = 256;
const CHARACTERS_PER_TOKEN = 3;

/** Reserves, waits for its place, sends, counts. Whatever happens, all that was reserved is given back. */
export async function attempt(what: Attempt, room: Room): Promise<Outcome> {
  const { candidate, signal } = what;
  const { keyEnv } = candidate.endpoint;
  const key = keyEnv === '' ? undefined : room.env[keyEnv];
  if (keyEnv !== '' && !key)
    return stopped(
      'authentication',
      `the environment variable ${keyEnv} with the key of "${candidate.provider}" is not set`,
    );
  if (key !== undefined && !IN_A_HEADER.test(key.trim()))
    return stopped(
      'authentication',
      `the environment variable ${keyEnv} holds what no key of "${candidate.provider}" can be: a blank, a line break, or a character beyond ASCII; put the key there, and nothing else`,
    );
  const counted = await size(what, room);
  const { model } = candidate;
  what.onSize(counted, model);
  if (counted + LEAST_OUTPUT > model.context)
    return stopped(
      'context',
      `the prompt takes ${counted} tokens, "${candidate.name}" has ${model.context} for prompt and answer; ask with less`,
    );
  const input = Math.ceil(counted * vocabularyFactor(candidate.id));
  const fitting = outputFor(input, counted, model, room);
  if (typeof fitting !== 'number') return stopped('budget', fitting.message);
  const estimate = { tokens: input + fitting, money: moneyOf(input, fitting, model) };
  const day = await room.day();
  let hold: Hold | undefined;
  let leave: (() => void) | undefined;
  let permit: Permit | undefined;
  let lead: Lead | undefined;
  try {
    if (what.prefix !== undefined) lead = await room.prefixes.enter(what.prefix, signal);
    const held = await room.holds.hold([what.purse.limit, day.limit], estimate, signal);
    if ('over' in held) return stopped('budget', held.message);
    hold = held;
    leave = await room.places(candidate).acquire(signal);
    // Looked at last, that what is switched off meanwhile is not asked any more.
    if (!(await what.stands())) return { kind: 'elsewhere' };
    signal.throwIfAborted();
    permit = room.breakers.permit(candidate.name);
    if (!permit) return { kind: 'elsewhere' };
    const { reply, trouble, usage, cost } = await send(what, room, { key, input, output: fitting, lead });
    const taken = { tokens: usage.inputTokens + usage.outputTokens, money: cost ?? 0 };
    hold.settle(taken);
    day.add(taken);
    if (!trouble) {
      permit.succeed();
      return { kind: 'reply', reply };
    }
    note(permit, trouble);
    return { kind: 'trouble', trouble, breaker: room.breakers.state(candidate.name) };
  } catch (error) {
    if (signal.aborted) return stopped('aborted', 'it was called off');
    throw error;
  } finally {
    lead?.leave();
    permit?.giveBack();
    leave?.();
    hold?.settle({ tokens: 0, money: 0 });
  }
}

async function send(
  what: Attempt,
  room: Room,
  {
    key,
    input,
    output,
    lead,
  }: {
    readonly key: string | undefined;
    readonly input: number;
    readonly output: number;
    readonly lead: Lead | undefined;
  },
) {
  const { candidate, write, step, agent, tier } = what;
  const begun = room.now();
  const { instructions, messages } = what;
  write({
    type: 'call',
    model: candidate.name,
    step,
    prompt: { instructions, messages, tools: what.tools.map(({ name }) => name) },
    estimatedTokens: input,
  });
  const outputField = room.learned(candidate.name).outputField ?? 'max_tokens';
  const { timeouts } = room.settings;
  const tell = (seconds: number) => write({ type: 'thinking', seconds });
  const beat = heartbeat({ every: room.thinking, now: () => performance.now(), tell });
  const onDelta = (type: 'text' | 'reasoning', text: string) => write({ type, text });
  // Arguments of tools are output, too.
  const onToken = () => {
    beat.said();
    lead?.warm();
  };
  const request = { ...what, key, output, outputField, timeouts, onDelta, onToken };
  const { reply, trouble } = await call(request, room.wire, room.now).finally(() => beat.stop());
  const usage = usageOf(reply, trouble, input);
  const cost = costOf(usage, candidate.model);
  const ms = room.now() - begun;
  what.meter.add({ usage, cost });
  what.purse.meter.add({ usage, cost });
  write({ type: 'step', model: candidate.name, finish: trouble?.class ?? reply.finish, usage, cost, ms });
  room.report({
    at: begun,
    agent,
    tier,
    type: 'call',
    model: candidate.name,
    outcome: trouble?.class ?? 'answer',
    usage,
    cost,
    ms,
  });
  return { reply, trouble, usage, cost };
}

function note(permit: Permit, trouble: Trouble): void {
  if (PROVIDERS_TROUBLE.has(trouble.class)) permit.fail();
  else if (trouble.class === 'aborted' || trouble.class === 'authentication') permit.giveBack();
  else permit.succeed();
}

/** What the provider says; where it says nothing, what may have been counted there: rather too much than too little. */
function usageOf({ usage, written }: Reply, trouble: Trouble | undefined, input: number): Usage {
  if (usage) return { ...usage, estimated: false };
  if (trouble && !trouble.counted) return NO_USAGE;
  const outputTokens = Math.ceil(written / CHARACTERS_PER_TOKEN);
  return { ...NO_USAGE, inputTokens: input, outputTokens, estimated: true };
}

async function size({ instructions = '', messages, tools }: Attempt, { tokenizer }: Room): Promise<number> {
  const texts = messages.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
  let tokens = 0;
  // 4: what a message takes besides its text.
  for (const text of [instructions, ...texts, ...tools.map((tool) => JSON.stringify(tool))])
    if (text !== '') tokens += 4 + (await tokenizer.count(text));
  return tokens;
}

/** @returns how many tokens the answer may have by the model and by the budget of one call. */
function outputFor(input: number, counted: number, model: ModelSettings, { settings }: Room): number | Refusal {
  const { call: budget } = settings.budgets;
  const inContext = Math.max(model.context - input, Math.min(SOME_OUTPUT, model.context - counted));
  const inTokens = (budget.tokens ?? Number.POSITIVE_INFINITY) - input;
  const price = model.price?.output ?? 0;
  const leftOver = (budget.money ?? Number.POSITIVE_INFINITY) - moneyOf(input, 0, model);
  const inMoney = price > 0 ? (leftOver / price) * 1_000_000 : leftOver < 0 ? 0 : Number.POSITIVE_INFINITY;
  const output = Math.floor(Math.min(model.output, inContext, inTokens, inMoney));
  if (output >= LEAST_OUTPUT) return output;
  const kind = inTokens <= inMoney ? 'tokens' : 'money';
  const most = budget[kind];
  return {
    over: newLimit('call', budget),
    message: `a call with this prompt takes more ${kind} than the ${most} that it may; models.budgets.call.${kind} sets it`,
  };
}

function moneyOf(inputTokens: number, outputTokens: number, model: ModelSettings): number {
  return costOf({ inputTokens, cachedTokens: 0, outputTokens }, model) ?? 0;
}

function stopped(reason: FailureReason, message: string): Outcome {
  return { kind: 'stopped', reason, message };
}
