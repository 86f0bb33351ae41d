import { randomBytes } from 'node:crypto';
import { forcedTool, isObject, schemaOf } from './body.ts';
import type { ChatRequest } from './check-request.ts';
import { inventedDraft, obedientDraft, textSeen, wantsDraft } from './drafting.ts';
import { ApiError, tooLong, unauthorized } from './errors.ts';
import { hallucination, instanceOf } from './invent.ts';
import { obey, ordersIn } from './obedient.ts';
import type { Alive, CapturedRequest, Character, ScriptEntry, SimulatedModel, ToolCall } from './port.ts';
import { asText, saidBefore, scripted, stepsTaken } from './script.ts';

/** What is said, before it is cut to any limit. */
export interface Turn {
  readonly reasoning?: { readonly field: 'reasoning' | 'reasoning_content'; readonly tokens: number };
  readonly text?: string;
  readonly endless?: 'words' | 'blanks';
  /** Whatever limit the request sets. */
  readonly overruns?: boolean;
  readonly refusal?: string;
  readonly calls?: readonly ToolCall[];
  /** Default: as it ends by itself. */
  readonly finish?: string;
  /** Tokens after which it stops with `length`. */
  readonly limit?: number;
  /** What becomes of the connection instead of an end, after that many tokens. */
  readonly accident?: Accident;
}

export type Accident =
  | { readonly kind: 'reset' | 'cut'; readonly after: number }
  | {
      readonly kind: 'hang';
      readonly after: number;
      readonly alive?: Alive | undefined;
    }
  | { readonly kind: 'error'; readonly after: number; readonly error: ApiError };

export interface Asked {
  readonly request: ChatRequest;
  readonly model: SimulatedModel;
  readonly script: readonly ScriptEntry[];
  /** Is told which entry answered, and what was obeyed. */
  readonly captured: CapturedRequest;
  readonly promptTokens: number;
}

/** @throws ApiError for a character that answers with one. */
export function turnOf(character: Character, asked: Asked): Turn {
  const { request, captured } = asked;
  switch (character.kind) {
    case 'helpful':
      return helpful(asked);
    case 'obedient': {
      const isDraft = wantsDraft(request, captured.prompt);
      const orders = ordersIn(isDraft ? textSeen(request.messages) : captured.prompt);
      captured.obeyed.push(...orders.found);
      const base = answerOf(asked);
      if (isDraft && base.calls.length === 0)
        return said(obedientDraft([...orders.prints, ...orders.found], request.messages, base.answer), request);
      const { calls, answer } = obey(orders, base.answer, request, base.from?.entry.obeyed);
      return calls.length > 0 || base.calls.length > 0 ? { calls: [...base.calls, ...calls] } : said(answer, request);
    }
    case 'chatty':
      return {
        text: `Sure! Here is my review:\n\n\`\`\`json\n${asText(answerOf(asked).answer)}\n\`\`\`\n\nLet me know if I can help with {anything} else.`,
      };
    case 'garbage':
      return said('%% ]}~ lorem \u0000 }{ NaN undefined <|im_end|> \\x 〓 [[[ " \' } findings :: ]', request);
    case 'half-json': {
      const whole = asText(answerOf(asked).answer);
      return said(whole.slice(0, Math.ceil(whole.length / 2)), request);
    }
    case 'wrong-schema':
      return said({ reviewer_says: 'all good', score: 'eleven', findings: 'none at all' }, request);
    case 'endless':
      return { endless: character.words ?? 'words', overruns: character.overruns ?? false };
    case 'truncating': {
      const turn = helpful(asked);
      const { parts } = saidBefore(asText(answerOf(asked).answer), request);
      return parts < (character.cuts ?? 1) ? { ...turn, limit: character.after } : turn;
    }
    case 'thinking':
      return {
        ...helpful(asked),
        reasoning: { field: character.field ?? 'reasoning_content', tokens: character.tokens ?? 200 },
      };
    case 'hallucinating': {
      if (wantsDraft(request, captured.prompt)) {
        // Who looks around before making something up is believed sooner.
        const { calls } = answerOf(asked);
        return calls.length > 0
          ? { calls }
          : said(inventedDraft(captured.prompt, request.messages, character.seed ?? ''), request);
      }
      const schema = schemaOf(request);
      const { write, text } = hallucination(captured.prompt);
      return said(schema === undefined ? text : instanceOf(schema, write), request);
    }
    case 'refusing': {
      const refusal = character.by === 'content_filter' ? {} : { refusal: "I'm sorry, but I can't help with that." };
      return { ...refusal, finish: character.by === 'refusal' ? 'stop' : 'content_filter' };
    }
    case 'calling': {
      const { steps, forever = false } = character;
      const calls = steps[stepsTaken(request.messages)] ?? (forever ? steps.at(-1) : undefined);
      return calls === undefined ? helpful(asked) : { calls };
    }
    case 'saying':
      return { ...said(character.answer, request), overruns: character.overruns ?? false };
    case 'overflow':
      throw tooLong(asked.model.context, asked.model.context + asked.promptTokens, 0);
    default:
      return { ...helpful(asked), accident: accidentOf(character) };
  }
}

/** Strikes before the request is read: no key is looked at, nothing validated. */
export function strikesFirst(character: Character): boolean {
  if (['rate-limit', 'status', 'authentication'].includes(character.kind)) return true;
  return (
    ['overloaded', 'reset', 'cut', 'hang'].includes(character.kind) &&
    !('after' in character && character.after !== undefined)
  );
}

/** What a failure does to the connection; `after` 0 where it strikes first. */
export function accidentOf(character: Character): Accident {
  const after = 'after' in character ? (character.after ?? 0) : 0;
  switch (character.kind) {
    case 'reset':
    case 'cut':
      return { kind: character.kind, after };
    case 'hang':
      return { kind: 'hang', after, alive: character.alive };
    case 'rate-limit': {
      const { retryAfter, code = 'rate_limit_exceeded' } = character;
      const message = 'Rate limit reached. Please try again later.';
      return {
        kind: 'error',
        after,
        error: new ApiError(429, message, { type: 'requests', code, headers: retryHeader(retryAfter) }),
      };
    }
    case 'overloaded': {
      const error = new ApiError(character.status ?? 529, 'Overloaded', {
        type: 'overloaded_error',
        code: 'overloaded_error',
      });
      return { kind: 'error', after, error };
    }
    case 'status': {
      const type = character.status < 500 ? 'invalid_request_error' : 'server_error';
      const { message = 'The server had an error while processing your request.' } = character;
      return {
        kind: 'error',
        after,
        error: new ApiError(character.status, message, { type, headers: retryHeader(character.retryAfter) }),
      };
    }
    case 'authentication':
      return {
        kind: 'error',
        after,
        error:
          character.status === 403
            ? new ApiError(403, 'This key has no access to this model.', {
                type: 'permission_error',
                code: 'permission_denied',
              })
            : unauthorized('Incorrect API key provided.'),
      };
    default:
      throw new TypeError(`${character.kind} is no accident`);
  }
}

function retryHeader(after: number | string | undefined): Record<string, string> {
  return after === undefined ? {} : { 'retry-after': String(after) };
}

function answerOf({ script, captured, request }: Asked) {
  const found = scripted(script, request.model, captured.prompt, request.messages);
  captured.script = found.from;
  return found;
}

function helpful(asked: Asked): Turn {
  const { calls, answer } = answerOf(asked);
  if (calls.length > 0) return { calls };
  const text = asText(answer);
  const { length } = saidBefore(text, asked.request);
  return length > 0 ? { text: text.slice(length) } : said(answer, asked.request);
}

/** Through the function that is forced, if one is. */
function said(answer: unknown, request: ChatRequest): Turn {
  const tool = forcedTool(request);
  if (tool === undefined) return { text: asText(answer) };
  const call = { name: String(tool.name), arguments: answer };
  // What was forced by its name does not count as the model's own wish.
  return { calls: [call], ...(isObject(request.tool_choice) && { finish: 'stop' }) };
}

export function freshId(prefix: string): string {
  return `${prefix}${randomBytes(9).toString('hex')}`;
}
