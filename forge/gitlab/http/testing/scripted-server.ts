import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a request is answered with. */
export type Step =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly body?: string | Uint8Array;
    }
  /** `reset`: no answer but a broken connection; `silent`: none at all; `stalled`, `cut`: half of one, then nothing or the end. */
  | { readonly fault: 'reset' | 'silent' | 'stalled' | 'cut' };

export interface Seen {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Seen[];
}

/**
 * A server on loopback that says what it is told to: step by step, or asked for each request. A request too many is answered 599.
 */
export async function scriptedServer(
  script: readonly Step[] | ((seen: Seen, nth: number) => Step | Promise<Step>),
  tls?: { readonly key: string; readonly cert: string },
): Promise<ScriptedServer> {
  const requests: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    const body = await text(request);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    const nth = requests.push(seen);
    const step = typeof script === 'function' ? await script(seen, nth) : (script[nth - 1] ?? { status: 599 });
    perform(step, response);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function perform(step: Step, response: ServerResponse): void {
  if (!('fault' in step)) {
    const body = step.json === undefined ? (step.body ?? '') : JSON.stringify(step.json);
    const type = step.json === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(step.status ?? 200, { ...type, ...step.headers }).end(body);
  } else if (step.fault === 'reset') {
    response.destroy();
  } else if (step.fault !== 'silent') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"half": ', () => {
      if (step.fault === 'cut') response.destroy();
    });
  }
}
