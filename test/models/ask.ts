import type { ModelServer, Usage } from './index.ts';

/** An answer, a chunk of one or an error: what tests look at, if it is there. */
export interface Said {
  readonly error?: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
  readonly choices?: readonly {
    readonly message?: Words;
    readonly delta?: Words;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Usage | null;
}

interface Words {
  readonly role?: string;
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string;
  readonly reasoning?: string;
  readonly tool_calls?: readonly {
    readonly index?: number;
    readonly id?: string;
    readonly function: { readonly name?: string; readonly arguments: string };
  }[];
}

/** What raw HTTP gets, without any library between. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** `{}` where it is no JSON. */
  readonly body: Said;
  readonly text: string;
}

export const hello = { model: 'small-1', messages: [{ role: 'user', content: 'hello' }] };

export async function ask(server: ModelServer, body: unknown, headers: Record<string, string> = {}): Promise<Got> {
  const response = await post(server, body, headers);
  const said = await response.text();
  const json = response.headers.get('content-type') === 'application/json';
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(said) : {}, text: said };
}

export function post(
  server: ModelServer,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.key}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** The events of a stream without its `[DONE]`, which has to be there; until it ends, or throws as the connection does. */
export async function* events(response: Response): AsyncGenerator<Said> {
  let rest = '';
  let done = false;
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop()!;
    for (const part of parts) {
      const data = part.replace(/^data: /, '');
      if (data === '[DONE]') done = true;
      else yield JSON.parse(data);
    }
  }
  if (!done) throw new Error('the stream ended without [DONE]');
}

/** The words of a stream put together. */
export async function wordsOf(server: ModelServer, body: object): Promise<{ text: string; chunks: Said[] }> {
  const chunks: Said[] = [];
  for await (const event of events(await post(server, { ...body, stream: true }))) chunks.push(event);
  return { text: chunks.map((chunk) => chunk.choices?.[0]?.delta?.content ?? '').join(''), chunks };
}

/** What an answer that is not streamed comes to. */
export async function saidBy(server: ModelServer, body: object) {
  const { body: answer } = await ask(server, body);
  const choice = answer.choices?.[0];
  return { ...choice?.message, finish: choice?.finish_reason, usage: answer.usage };
}

export const told = (content: string, more: object = {}) => ({
  model: 'small-1',
  messages: [{ role: 'user', content }],
  ...more,
});
export const FOUND = { findings: [{ path: 'a.ts', title: 'assigns instead of comparing', rule: 'TS-1' }] };
const schema = {
  type: 'object',
  properties: {
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          line: { type: 'integer' },
          rule: { type: 'string' },
          title: { type: 'string' },
          severity: { enum: ['critical'] },
        },
        required: ['path', 'line', 'rule', 'title', 'severity'],
        additionalProperties: false,
      },
    },
  },
  required: ['findings'],
  additionalProperties: false,
};
export const format = {
  response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
};
export const tools = ['read', 'answer'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object' } },
}));
