import type { Dispatcher } from 'undici';
import { environmentProxy } from '../forge/http/environment-proxy.ts';

/** What is sent to a provider goes through here. */
export interface Wire {
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** Of one answer, in bytes; a token in a stream takes some 250. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Goes by the proxies of the environment. Has no timeouts of its own, those of the models hold. A redirect is not followed: it would
 * carry a prompt to a host that nobody has cleared for it.
 */
export function openWire(env: NodeJS.ProcessEnv): Wire {
  let opened: Promise<{ fetch: typeof import('undici').fetch; dispatcher: Dispatcher }> | undefined;

  async function open() {
    const { EnvHttpProxyAgent, fetch } = await import('undici');
    const proxies = environmentProxy(env);
    return { fetch, dispatcher: new EnvHttpProxyAgent({ ...proxies, headersTimeout: 0, bodyTimeout: 0 }) };
  }

  return {
    async fetch(url, init) {
      opened ??= open();
      const { fetch, dispatcher } = await opened;
      // The types of undici's fetch and of Node's differ, what they do does not.
      const send = fetch as unknown as (url: unknown, init: unknown) => Promise<Response>;
      return capped(await send(url, { ...init, redirect: 'manual', dispatcher }));
    },
    async close() {
      await (await opened)?.dispatcher.destroy();
    },
  };
}

function capped(response: Response): Response {
  if (!response.body) return response;
  let bytes = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) controller.error(new Error(`an answer of more than ${MOST_BYTES} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(count), { status, statusText, headers });
}
