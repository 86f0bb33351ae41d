import type { GitlabSimulator } from './port.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the simulator answers; the tests say what they expect
  readonly body: any;
}

/** Asks the simulator's REST API with plain fetch, as the simulator's own tests do. `body` goes as JSON, a text as it is. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answered>;

export function asking(gitlab: GitlabSimulator, token?: string): Ask {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${gitlab.url}/api/v4${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
