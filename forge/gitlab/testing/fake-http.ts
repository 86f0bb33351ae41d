import type { Answer, Call, GitlabHttp } from '../http/port.ts';

/** What a test says GitLab answers. An error that is returned is thrown. */
export interface FakeAnswers {
  readonly send?: (call: Call) => unknown;
  readonly graphql?: (query: string, variables: Readonly<Record<string, unknown>>) => unknown;
}

/** A connection to nowhere, for answers that no real instance can be made to give. `asked` counts. */
export function fakeHttp({ send, graphql }: FakeAnswers): GitlabHttp & { readonly asked: string[] } {
  const asked: string[] = [];
  const counts = { requests: 0, retries: 0, bytes: 0 };
  const answer = async (call: Call): Promise<Answer> => {
    asked.push(`${call.method} ${call.path}`);
    const told = thrown(send?.(call));
    const bytes = told instanceof Uint8Array ? told : Buffer.from(JSON.stringify(told ?? null));
    return {
      status: 200,
      headers: new Headers(),
      bytes,
      requestId: undefined,
      attempts: 1,
      text: () => Buffer.from(bytes).toString('utf8'),
      json: () => JSON.parse(Buffer.from(bytes).toString('utf8')),
    };
  };
  return {
    instance: 'https://gitlab.example.com',
    asked,
    counts,
    send: answer,
    async *pages(call) {
      yield await answer(call);
    },
    graphql: async (query, variables) => {
      asked.push('GraphQL');
      return thrown(graphql?.(query, variables));
    },
    tokenFor: async () => undefined,
    close: async () => {},
  };
}

function thrown(told: unknown): unknown {
  if (told instanceof Error) throw told;
  return told;
}
