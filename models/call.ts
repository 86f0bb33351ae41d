import type { ModelMessage } from 'ai';
import type { Candidate } from './chain.ts';
import { classify, type Trouble } from './classify.ts';
import { openDeadline, type Timeouts } from './deadline.ts';
import type { Wire } from './wire.ts';

/** One request. */
export interface CallRequest {
  readonly candidate: Candidate;
  readonly key: string | undefined;
  readonly instructions?: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolForm[];
  readonly toolChoice: ToolChoice;
  /** Tokens of the answer at most. */
  readonly output: number;
  /** Name of the field that says so there. */
  readonly outputField: string;
  /** Further fields of the request's body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
  /** It has begun to answer, in whatever form. */
  readonly onToken: () => void;
  readonly onDelta: (type: 'text' | 'reasoning', text: string) => void;
}

/** Which tools it may, or must, call. */
export type ToolChoice = 'auto' | 'none' | { readonly only: string };

export interface ToolForm {
  readonly name: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What came, be it all or a part. */
export interface Reply {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: Finish;
  /** Characters of all that it wrote, thoughts and tool calls too. */
  readonly written: number;
  /** As the provider counts; `undefined`: it did not say. */
  readonly usage: ReportedUsage | undefined;
}

const FINISHES = ['stop', 'length', 'tool-calls', 'content-filter', 'other'] as const;
export type Finish = (typeof FINISHES)[number];
/** What other servers call an answer that is whole, and one that was cut off at its limit; in any case of letters. */
const WHOLE = /^(?:|stop|stop_sequence|eos|eos_token|end_turn|complete|completed|done|tool_use|tool_calls)$/i;
const CUT_OFF = /^(?:length|max_tokens|model_length)$/i;

export interface ReportedUsage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As JSON, or the text where it is none. */
  readonly input: unknown;
}

/**
 * Nobody fills a limit with tokens that are longer on average (text has 3 to 5, code full of blanks 6): who writes more does not
 * hold to the limit, and is cut off. What such a call takes beyond its limit is not set aside in any budget, so this is kept low.
 */
const CHARACTERS_PER_TOKEN = 8;
/** For small limits, of which one endless word may be all. */
const LEEWAY = 2048;

/** Sends one request and reads the answer as it comes. Never throws, never hangs: the timeouts end it. */
export async function call(
  request: CallRequest,
  wire: Wire,
  now: () => number,
): Promise<{ readonly reply: Reply; readonly trouble?: Trouble }> {
  const { signal } = request;
  const deadline = openDeadline(request.timeouts, signal);
  const most = request.output * CHARACTERS_PER_TOKEN + LEEWAY;
  let text = '';
  let written = 0;
  let finish: Finish = 'other';
  let finished = false;
  let usage: ReportedUsage | undefined;
  const toolCalls: ToolCall[] = [];
  let trouble: Trouble | undefined;
  const grow = (delta: string) => {
    // Some servers keep a connection alive with deltas that hold nothing.
    if (delta === '') return;
    deadline.beat();
    request.onToken();
    written += delta.length;
  };
  const stop = new AbortController();
  const until = AbortSignal.any([deadline.signal, stop.signal]);
  try {
    const parts = await begin(request, wire, until);
    for await (const part of untilAborted(parts, until)) {
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
        grow(part.text);
        if (part.type === 'text-delta') text += part.text;
        request.onDelta(part.type === 'text-delta' ? 'text' : 'reasoning', part.text);
      } else if (part.type === 'tool-input-delta') grow(part.delta);
      else if (part.type === 'tool-call') {
        request.onToken();
        toolCalls.push({ id: part.toolCallId, name: part.toolName, input: part.input });
      } else if (part.type === 'error') trouble ??= classify(part.error, now());
      else if (part.type === 'finish-step') {
        finished = true;
        finish = finishOf(part.finishReason, part.rawFinishReason);
        usage = reported(part.usage);
        if (finish === 'other')
          trouble = { class: 'garbled', message: 'its answer ended for a reason that is not known', counted: true };
      }
      if (trouble) break;
      if (written > most) {
        finish = 'length';
        finished = true;
        break;
      }
    }
  } catch (error) {
    trouble ??= classify(error, now());
  } finally {
    deadline.stop();
    // Ends the connection of what is not read to its end.
    stop.abort();
  }
  if (finished && !trouble) return { reply: { text, toolCalls, finish, written, usage } };
  const expired = deadline.expired();
  if (signal.aborted) trouble = { class: 'aborted', message: 'it was called off', counted: true };
  else if (expired !== undefined) trouble = { class: 'timeout', message: expired, counted: true };
  trouble ??= { class: 'garbled', message: 'its answer ended before it was complete', counted: true };
  return { reply: { text, toolCalls: [], finish, written, usage }, trouble };
}

export async function loadSdk() {
  return await Promise.all([import('ai'), import('@ai-sdk/openai-compatible')]);
}

async function begin(request: CallRequest, wire: Wire, abortSignal: AbortSignal) {
  const [{ streamText, tool, jsonSchema }, { createOpenAICompatible }] = await loadSdk();
  const { candidate, key, instructions, tools, outputField } = request;
  const provider = createOpenAICompatible({
    // Also the key under which it looks for options of its own: must not be one that means something.
    name: 'endpoint',
    baseURL: candidate.endpoint.baseUrl,
    ...(key === undefined ? {} : { apiKey: key }),
    headers: { ...candidate.endpoint.headers },
    includeUsage: true,
    fetch: wire.fetch,
    transformRequestBody: ({ max_tokens, ...body }) => ({
      ...body,
      ...(tools.length > 0 ? { tool_choice: toolChoiceField(request.toolChoice) } : {}),
      [outputField]: max_tokens,
      ...request.body,
    }),
  });
  const { fullStream } = streamText({
    model: provider(candidate.id),
    ...(instructions === undefined ? {} : { instructions }),
    messages: [...request.messages],
    maxOutputTokens: request.output,
    maxRetries: 0,
    abortSignal,
    ...(tools.length === 0
      ? {}
      : {
          tools: Object.fromEntries(
            tools.map(({ name, description, schema }) => [
              name,
              tool({ description, inputSchema: jsonSchema(schema) }),
            ]),
          ),
        }),
    // Its default writes to the console; errors come as parts of the stream.
    onError: () => {},
  });
  return fullStream;
}

/** Set past the SDK, which makes an error of a model that does not hold to it; what that means is decided by who asks. */
function toolChoiceField(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.only } };
}

/** Ends with the signal's reason even where the stream does not end by itself. */
async function* untilAborted<T>(parts: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const iterator = parts[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await Promise.race([iterator.next(), aborted.promise]);
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Must not be waited for: it may be what hangs.
    iterator.return?.().catch(() => {});
  }
}

/** Servers that break off in the middle say so here, each by a word of its own: what is not known to be an end is none. */
function finishOf(finish: string, raw = ''): Finish {
  if (finish !== 'other') return FINISHES.find((one) => one === finish) ?? 'other';
  return WHOLE.test(raw) ? 'stop' : CUT_OFF.test(raw) ? 'length' : 'other';
}

function reported(usage: {
  readonly inputTokens: number | undefined;
  readonly inputTokenDetails: { readonly cacheReadTokens: number | undefined };
  readonly outputTokens: number | undefined;
  readonly outputTokenDetails: { readonly reasoningTokens: number | undefined };
}): ReportedUsage | undefined {
  const { inputTokens, outputTokens } = usage;
  // No prompt is empty: some gateways say 0 where they do not know.
  if (!isCount(inputTokens) || !isCount(outputTokens) || inputTokens === 0) return undefined;
  const { cacheReadTokens: cached } = usage.inputTokenDetails;
  const { reasoningTokens: reasoning } = usage.outputTokenDetails;
  return {
    inputTokens,
    cachedTokens: isCount(cached) ? Math.min(cached, inputTokens) : 0,
    outputTokens,
    reasoningTokens: isCount(reasoning) ? reasoning : 0,
  };
}

/** A provider that takes tokens back would fill a budget up again. */
function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}
