/**
 * A double of OpenAI-compatible model endpoints, over real HTTP on loopback: `POST /v1/chat/completions` (streaming and not) and
 * `GET /v1/models`. It is strict: what real endpoints refuse, it refuses with their error. It sleeps only where told to.
 *
 *     await using server = await startModels({ models: { large: { context: 32_000 }, small: { tools: false } } });
 *     // server.url, server.key: for a provider's baseUrl and key.
 *
 * A helpful model, which every model is unless it is told otherwise, answers from a script, and only if it was told what the answer
 * rests on; without any entry that fits it says `{ "findings": [] }`. `requests` tells which entry answered, and what it missed.
 *
 *     server.script({ when: ['src/pay.ts'], needs: ['+  if (amount = 0)', 'TS-COND-001'], answer: { findings: [one] } });
 *
 * Everything else is a character, of a model (`models`, may be changed while it runs), or of the requests that fit:
 *
 *     server.play({ kind: 'obedient' }, { prompt: 'attack' });      // from now on; the rule added last wins
 *     server.fail({ kind: 'overloaded' }, { model: 'large' });      // the next one; then as before
 *     server.fail([{ kind: 'hang' }, { kind: 'reset', after: 5 }, { kind: 'status', status: 500 }], { share: 0.3 });
 *
 * An answer that has to go through a function (`tool_choice` forces it) goes through it. An answer that was cut off goes on from
 * where it was if its own words are in the conversation and the last message is one of them or a user's "continue".
 *
 * Usage has the tokens of the rendered prompt (o200k), tools first, then messages. Its cached tokens are those of whole blocks of 16
 * from the beginning, per model and organisation, of prompts whose first token was produced before this request came.
 *
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { casting } from './casting.ts';
import { answer, type Place } from './endpoint.ts';
import type { ModelServer, ModelsOptions } from './port.ts';
import { prefixCache } from './prefix-cache.ts';
import { loadTokenizer } from './tokenizer.ts';

export type * from './port.ts';

/** Starts one on a free port of 127.0.0.1. `close` it, or leave that to `await using`. */
export async function startModels(options: ModelsOptions = {}): Promise<ModelServer & AsyncDisposable> {
  const place: Place = {
    options,
    keys: new Map(Object.entries(options.keys ?? { 'test-key-agcanary': 'org-1' })),
    models: new Map(Object.entries(options.models ?? { 'small-1': {} }).map(([id, model]) => [id, { ...model }])),
    requests: [],
    going: new Set(),
    script: [],
    cast: casting(options.seed ?? 1),
    cache: prefixCache(options.cacheBlocks ?? 65_536),
    tokenizer: await loadTokenizer(),
  };
  const server = createServer((request, response) => void answer(place, request, response));
  // Else a client's idle connection is cut at a moment of its own choosing.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that forgot to close it still ends.
  server.unref();
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    key: [...place.keys.keys()][0] ?? '',
    models: place.models,
    requests: place.requests,
    script: (...entries) => void place.script.unshift(...entries),
    play: place.cast.play,
    fail: place.cast.fail,
    reset() {
      place.script.length = 0;
      place.cast.clear();
    },
    forgetPrefixes: place.cache.clear,
    tokens: (words) => place.tokenizer.encode(words).length,
    close,
    [Symbol.asyncDispose]: close,
  };
}
