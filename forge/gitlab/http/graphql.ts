import { ForgeError, type ForgeReason } from '../../errors.ts';
import type { Answer, Call } from './port.ts';
import { placeOf } from './refusal.ts';
import { oneLine } from './said.ts';
import { GRAPHQL_PATH } from './target.ts';

/** GitLab: doc/api/graphql/_index.md, "Maximum query size". */
const LONGEST_QUERY = 10_000;

/** GraphQL answered, with errors. What it could tell nevertheless is in `data`. */
export class GraphqlError extends ForgeError {
  readonly messages: readonly string[];
  readonly data: unknown;

  constructor(place: string, messages: readonly string[], data: unknown, requestId: string | undefined) {
    const details = { status: 200, ...(requestId === undefined ? {} : { requestId }) };
    super(reasonOf(messages), `${place}: ${oneLine(messages.join('; ')) || 'errors without a word'}`, details);
    this.messages = messages;
    this.data = data;
  }
}

/**
 * A query may be sent again after a failure, a mutation never.
 * @throws {ForgeError} `invalid`: longer than GitLab takes
 */
export function graphqlCall(
  instance: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  about?: string,
): Call {
  const call: Call = {
    method: 'POST',
    path: GRAPHQL_PATH,
    body: { query, variables },
    repeatable: !hasMutation(query),
    ...(about === undefined ? {} : { about }),
  };
  if (query.length > LONGEST_QUERY) {
    const long = `a query of ${query.length} characters; GitLab takes ${LONGEST_QUERY}: ask for less at once`;
    throw new ForgeError('invalid', `${placeOf(instance, call)}: ${long}`);
  }
  return call;
}

/** @throws {ForgeError} `not-understood`, or {@link GraphqlError} */
export function graphqlData(place: string, answer: Answer): unknown {
  const body = answer.json();
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) {
    throw new ForgeError('not-understood', `${place}: answered neither data nor errors`, { status: answer.status });
  }
  const { data, errors } = body as { data?: unknown; errors?: unknown };
  if (errors !== undefined && !(Array.isArray(errors) && errors.length === 0)) {
    throw new GraphqlError(place, messagesOf(errors), data, answer.requestId);
  }
  return data;
}

/** Comments and texts aside, is there an operation of that kind? A name that says so costs no more than a retry. */
function hasMutation(query: string): boolean {
  const bare = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, ' ');
  return /\b(mutation|subscription)\b/.test(bare);
}

function messagesOf(errors: unknown): string[] {
  return [errors].flat().map((error) => {
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    return oneLine(typeof message === 'string' ? message : JSON.stringify(message));
  });
}

function reasonOf(messages: readonly string[]): ForgeReason {
  const all = messages.join('\n');
  if (/does not exist or you don.t have permission/i.test(all)) return 'not-found';
  if (/requested too many times/i.test(all)) return 'rate-limited';
  if (/timeout|timed out/i.test(all)) return 'timeout';
  return 'invalid';
}
