import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { isObject } from './body.ts';
import type { ChatRequest } from './check-request.ts';
import { cut, messageOf, type Piece, piecesOf } from './pieces.ts';
import type { Alive, CapturedRequest, SimulatedModel, Usage } from './port.ts';
import type { Tokenizer } from './tokenizer.ts';
import { type Accident, freshId, type Turn } from './turn.ts';

export interface Delivery {
  readonly turn: Turn;
  readonly request: ChatRequest;
  readonly captured: CapturedRequest;
  readonly model: SimulatedModel;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly tokenizer: Tokenizer;
  readonly tokensPerSecond: number;
  readonly response: ServerResponse;
  /** The client is. */
  readonly gone: AbortSignal;
  untilFirstToken(): Promise<void>;
  /** The first token is there. */
  onFirstToken(): void;
}

/** Tokens of a chunk where nothing is paced. */
const CHUNK = 8;

/** Sends an answer whole or as a stream, with its usage in `captured` however it ends. */
export async function deliver(delivery: Delivery): Promise<void> {
  const { request, turn, tokenizer } = delivery;
  const counted = { reasoning: 0, all: 0 };
  const count = (pieces: readonly Piece[]) => {
    counted.all += pieces.length;
    counted.reasoning += pieces.filter(({ kind }) => kind === 'reasoning').length;
    delivery.captured.usage = usageOf(delivery, counted);
  };
  count([]);
  const pieces = cut(piecesOf(turn, tokenizer), limitOf(delivery));
  await delivery.untilFirstToken();
  if (request.stream === true) await stream(delivery, pieces, count);
  else await whole(delivery, pieces, count);
}

async function stream(
  delivery: Delivery,
  pieces: Iterator<Piece, 'whole' | 'length'>,
  count: (pieces: readonly Piece[]) => void,
): Promise<void> {
  const { turn, captured, request, response, gone, tokensPerSecond } = delivery;
  const size = tokensPerSecond > 0 ? 1 : CHUNK;
  const usageWanted = isObject(request.stream_options) && request.stream_options.include_usage === true;
  const head = { ...headOf(delivery), object: 'chat.completion.chunk' };
  const send = async (part: Record<string, unknown>) => {
    if (!response.write(`data: ${JSON.stringify(part)}\n\n`)) await once(response, 'drain', { signal: gone });
    // An endless answer must let its reader, which may be in the same process, come to its turn.
    await setImmediate();
    gone.throwIfAborted();
  };
  const choose = (delta: unknown, finish: string | null) =>
    send({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(usageWanted && { usage: null }),
    });

  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  delivery.onFirstToken();
  await choose({ role: 'assistant', content: '' }, null);
  for (let said = 0; ; ) {
    const room = turn.accident === undefined ? size : Math.min(size, turn.accident.after - said);
    const { taken, end } = take(pieces, room);
    count(taken);
    said += taken.length;
    if (taken.length > 0) await choose(messageOf(taken, turn, true), null);
    if (turn.accident !== undefined && (end !== undefined || said >= turn.accident.after))
      return strike(delivery, turn.accident);
    if (end !== undefined) {
      captured.finish = finishOf(turn, end);
      await choose({}, captured.finish);
      break;
    }
    if (tokensPerSecond > 0) await pause((taken.length * 1000) / tokensPerSecond, gone);
  }
  if (usageWanted) await send({ ...head, choices: [], usage: captured.usage });
  response.end('data: [DONE]\n\n');
  captured.outcome = 'whole';
}

async function whole(
  delivery: Delivery,
  pieces: Iterator<Piece, 'whole' | 'length'>,
  count: (pieces: readonly Piece[]) => void,
): Promise<void> {
  const { turn, captured, response, gone, tokensPerSecond } = delivery;
  delivery.onFirstToken();
  const { taken, end } = take(pieces, Number.POSITIVE_INFINITY);
  count(taken);
  if (tokensPerSecond > 0) await pause((taken.length * 1000) / tokensPerSecond, gone);
  // Of an answer that comes in one piece, nothing comes before it.
  if (turn.accident !== undefined) return strike(delivery, turn.accident);
  captured.finish = finishOf(turn, end ?? 'whole');
  const choice = { index: 0, message: messageOf(taken, turn, false), logprobs: null, finish_reason: captured.finish };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ ...headOf(delivery), object: 'chat.completion', choices: [choice], usage: captured.usage }),
  );
  captured.outcome = 'whole';
}

/** What becomes of the connection. */
export async function strike(
  { response, captured, gone }: Pick<Delivery, 'response' | 'captured' | 'gone'>,
  accident: Accident,
  page = false,
): Promise<void> {
  if (accident.kind === 'hang') return hang(response, accident.alive, gone);
  captured.outcome = 'double';
  if (accident.kind === 'error') {
    const { error } = accident;
    if (response.headersSent) return void response.end(`data: ${JSON.stringify(error.body())}\n\n`);
    captured.outcome = 'whole';
    response.writeHead(error.status, { ...error.headers, 'content-type': page ? 'text/html' : 'application/json' });
    response.end(page ? `<html><body><h1>${error.status}</h1></body></html>` : JSON.stringify(error.body()));
  } else if (accident.kind === 'reset') response.socket?.resetAndDestroy();
  else response.end();
}

function take(pieces: Iterator<Piece, 'whole' | 'length'>, most: number): { taken: Piece[]; end?: 'whole' | 'length' } {
  const taken: Piece[] = [];
  while (taken.length < most) {
    const next = pieces.next();
    if (next.done) return { taken, end: next.value };
    taken.push(next.value);
  }
  return { taken };
}

/** An endless stream without `max_tokens` has no limit: that is what its client has to end. */
function limitOf({ turn, request, model, promptTokens }: Delivery): number {
  const asked = (request.max_completion_tokens ?? request.max_tokens) as number | null | undefined;
  const most =
    (turn.endless || turn.overruns) && request.stream === true
      ? Number.POSITIVE_INFINITY
      : Math.min(model.output, model.context - promptTokens);
  return Math.min((turn.overruns ? undefined : asked) ?? most, turn.limit ?? most);
}

function finishOf(turn: Turn, end: 'whole' | 'length'): string {
  if (end === 'length') return 'length';
  return turn.finish ?? (turn.calls === undefined ? 'stop' : 'tool_calls');
}

function headOf({ request }: Delivery): Record<string, unknown> {
  return { id: freshId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model: request.model };
}

function usageOf({ promptTokens, cachedTokens }: Delivery, counted: { reasoning: number; all: number }): Usage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: counted.all,
    total_tokens: promptTokens + counted.all,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: counted.reasoning },
  };
}

export async function pause(ms: number, gone: AbortSignal): Promise<void> {
  if (ms > 0) await setTimeout(ms, undefined, { signal: gone });
}

const event = (delta: unknown) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;

const ALIVE: Readonly<Record<Alive, string>> = {
  comments: ': still here\n\n',
  blanks: '\n   \n\n',
  'empty-deltas': event({ content: '' }),
  'empty-arguments': event({ tool_calls: [{ index: 0, function: { arguments: '' } }] }),
};
/** In ms. */
const ALIVE_EVERY = 20;

async function hang(response: ServerResponse, alive: Alive | undefined, gone: AbortSignal): Promise<void> {
  if (alive === undefined) {
    if (!gone.aborted) await once(gone, 'abort');
    return;
  }
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (;;) {
    response.write(ALIVE[alive]);
    await pause(ALIVE_EVERY, gone);
  }
}
