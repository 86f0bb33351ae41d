import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { watch } from '../canary/watch.ts';
import { isObject, toldOf } from './body.ts';
import type { Casting } from './casting.ts';
import { checkRequest } from './check-request.ts';
import { deliver, pause, strike } from './deliver.ts';
import { ApiError, invalid, tooLong, unauthorized } from './errors.ts';
import type { CapturedRequest, ModelsOptions, ScriptEntry, SimulatedModel } from './port.ts';
import type { PrefixCache } from './prefix-cache.ts';
import type { Tokenizer } from './tokenizer.ts';
import { accidentOf, strikesFirst, turnOf } from './turn.ts';

/** What one double knows. */
export interface Place {
  readonly options: ModelsOptions;
  readonly keys: ReadonlyMap<string, string>;
  readonly models: Map<string, Partial<SimulatedModel>>;
  readonly requests: CapturedRequest[];
  /** Not ended yet. */
  readonly going: Set<CapturedRequest>;
  readonly script: ScriptEntry[];
  readonly cast: Casting;
  readonly cache: PrefixCache;
  readonly tokenizer: Tokenizer;
}

/** One request, from its first byte to its last; never throws. */
export async function answer(place: Place, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  let captured: CapturedRequest | undefined;
  try {
    captured = capture(place, request, await text(request));
    await route(place, request, response, captured, left.signal);
  } catch (error) {
    // The client went; or it was cut off on purpose.
    if (captured === undefined || left.signal.aborted) return;
    const told =
      error instanceof ApiError ? error : new ApiError(500, `The double itself failed: ${(error as Error).stack}`);
    await strike({ response, captured, gone: left.signal }, { kind: 'error', after: 0, error: told });
  } finally {
    if (captured) {
      captured.status = response.headersSent ? response.statusCode : undefined;
      captured.outcome ??= 'client';
      captured.ended = Date.now();
      place.going.delete(captured);
    }
  }
}

function capture({ requests, going }: Place, { url = '/', headers }: IncomingMessage, sent: string): CapturedRequest {
  const path = new URL(url, 'http://double').pathname;
  watch(`a request of ${url}`, sent);
  const body = parsed(sent);
  const captured: CapturedRequest = {
    path,
    headers,
    body,
    model: isObject(body) && typeof body.model === 'string' ? body.model : undefined,
    prompt: toldOf(body),
    begun: Date.now(),
    firstToken: undefined,
    ended: undefined,
    inFlight: 1 + going.size,
    character: undefined,
    status: undefined,
    outcome: undefined,
    finish: undefined,
    usage: undefined,
    script: undefined,
    obeyed: [],
  };
  requests.push(captured);
  going.add(captured);
  return captured;
}

async function route(
  place: Place,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  captured: CapturedRequest,
  gone: AbortSignal,
): Promise<void> {
  const { path, body } = captured;
  if (method === 'GET' && path === '/v1/models') {
    organisationOf(place, headers.authorization);
    const data = [...place.models].map(([id, model]) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: 'org-1',
      max_model_len: withDefaults(model).context,
    }));
    captured.outcome = 'whole';
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
    return;
  }
  if (path !== '/v1/chat/completions') throw new ApiError(404, `Invalid URL (${method} ${path})`);
  if (method !== 'POST') throw new ApiError(405, `Not allowed to ${method} on ${path}`);

  const rest = place.models.get(captured.model ?? '')?.character;
  const character = place.cast.choose(captured.model, captured.prompt) ?? rest;
  if (character !== undefined && strikesFirst(character)) {
    captured.character = character.kind;
    return strike({ response, captured, gone }, accidentOf(character), character.kind === 'status' && character.page);
  }
  const organisation = organisationOf(place, headers.authorization);
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw invalid(
      'content-type',
      `Unsupported content type: '${headers['content-type']}'. This API expects application/json.`,
    );
  if (!isObject(body)) throw new ApiError(400, 'We could not parse the JSON body of your request.');
  if (captured.model === undefined) throw new ApiError(400, 'you must provide a model parameter');
  const known = place.models.get(captured.model);
  if (known === undefined)
    throw new ApiError(404, `The model '${captured.model}' does not exist or you do not have access to it.`, {
      param: 'model',
      code: 'model_not_found',
    });
  const model = withDefaults(known);
  const checked = checkRequest(body, model, place.options.refuses ?? []);
  const tokens = place.tokenizer.prompt(checked);
  const completion = Number(checked.max_completion_tokens ?? checked.max_tokens ?? 1);
  if (tokens.length + completion > model.context) throw tooLong(model.context, tokens.length, completion);

  const chosen = character ?? model.character;
  captured.character = chosen.kind;
  const turn = turnOf(chosen, { request: checked, model, script: place.script, captured, promptTokens: tokens.length });
  const prefix = place.cache.lookup(`${captured.model} ${organisation}`, tokens);
  await deliver({
    turn,
    request: checked,
    captured,
    model,
    promptTokens: tokens.length,
    cachedTokens: prefix.cached,
    tokenizer: place.tokenizer,
    tokensPerSecond: place.options.tokensPerSecond ?? 0,
    response,
    gone,
    async untilFirstToken() {
      const { latency = 0 } = place.options;
      await (typeof latency === 'number' ? pause(latency, gone) : latency(captured));
      gone.throwIfAborted();
    },
    onFirstToken() {
      captured.firstToken = Date.now();
      prefix.remember();
    },
  });
}

/** @throws ApiError 401. */
function organisationOf({ keys }: Place, authorization: string | undefined): string {
  if (keys.size === 0) return '';
  const key = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined)
    throw unauthorized("You didn't provide an API key in an Authorization header using Bearer auth.");
  const organisation = keys.get(key);
  if (organisation === undefined) throw unauthorized('Incorrect API key provided.');
  return organisation;
}

function parsed(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
}

function withDefaults(model: Partial<SimulatedModel> | undefined): SimulatedModel {
  return {
    context: 128_000,
    output: 8192,
    jsonSchema: 'strict',
    tools: true,
    character: { kind: 'helpful' },
    ...model,
  };
}
