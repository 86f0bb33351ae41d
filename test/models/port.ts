/** What tests know of the model double; see index.ts for how to use it. */

export interface ModelsOptions {
  /** By id. Default: one, `small-1`, with every default below. */
  readonly models?: Readonly<Record<string, Partial<SimulatedModel>>>;
  /** Keys that it takes, and the organisation that each belongs to. `{}`: it wants none. Default: `test-key-agcanary` of `org-1`. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Request parameters that it does not know, as older gateways do not: `store`. */
  readonly refuses?: readonly string[];
  /** In ms, until the first token; or what is waited for, as a gate that a test opens. Default: 0, which does not sleep at all. */
  readonly latency?: number | ((request: CapturedRequest) => Promise<void>);
  /** Of each answer. Default: 0, as fast as the client reads. */
  readonly tokensPerSecond?: number;
  /** Seed of everything random. Default: 1. */
  readonly seed?: number;
  /** Blocks of 16 tokens that the prefix cache holds; 0: there is none. Default: 65,536. */
  readonly cacheBlocks?: number;
}

export interface SimulatedModel {
  /** Tokens of prompt and answer together. Default: 128,000. */
  context: number;
  /** Tokens of an answer, at most. Default: 8,192. */
  output: number;
  /**
   * What it makes of `json_schema`. `strict`: takes only what OpenAI's strict mode takes, where `strict: true` is asked for;
   * `lenient`: any schema, as common inference servers do; `none`: rejects it. Default: `strict`.
   */
  jsonSchema: 'strict' | 'lenient' | 'none';
  /** Default: true. */
  tools: boolean;
  /** Default: helpful. */
  character: Character;
}

export interface ModelServer {
  /** Up to and with `/v1`. */
  readonly url: string;
  /** One that it takes; '' where it wants none. */
  readonly key: string;
  /** May be changed, added to (`models.set('other', {})`) and deleted from while it runs. */
  readonly models: Map<string, Partial<SimulatedModel>>;
  /** In the order in which they came; those it rejected, too. Empty it when it grows too long. */
  readonly requests: CapturedRequest[];
  /** What helpful models answer. The first entry that fits wins; those added last are looked at first. */
  script(...entries: ScriptEntry[]): void;
  /** From now on, requests that fit meet this character, or one of them by lot. The rule added last wins. */
  play(character: Character | readonly Character[], when?: When): void;
  /** The same, before anything played, and once only, but for `times` or `share` in `when`. */
  fail(character: Character | readonly Character[], when?: When): void;
  /** Forgets everything scripted, played and failing. */
  reset(): void;
  /** Forgets every cached prefix. */
  forgetPrefixes(): void;
  /** By its own tokenizer (o200k). */
  tokens(text: string): number;
  close(): Promise<void>;
}

type Pattern = string | RegExp;

/** Everything said must fit. */
export interface When {
  readonly model?: string;
  /** In any message of the prompt. */
  readonly prompt?: Pattern;
  /** How often, then no more. */
  readonly times?: number;
  /** 0-1: drawn from the seed, the prompt and how often that came before; so the same whatever overlaps. */
  readonly share?: number;
}

export interface ScriptEntry {
  /** What the entry is about: all of it is in the prompt. Absent: whatever is asked. */
  readonly when?: readonly Pattern[];
  readonly model?: string;
  /**
   * What the answer rests on. It is looked for in what the model is told (system, user and tool messages), never in what
   * it said itself.
   */
  readonly needs: readonly Pattern[];
  /** A string as it is; anything else as JSON. */
  readonly answer: unknown;
  /** Said by an obedient model that was told to forget or to approve: an answer of the shape that was asked for, which gives in. Default: the answer, bent. */
  readonly obeyed?: unknown | ((told: string) => unknown);
  /** Said instead, where something is missing. Default: `{ "findings": [] }`. */
  readonly missing?: unknown | ((missing: readonly Pattern[]) => unknown);
  /** What it asks for first, one step each. The results count for `needs`. */
  readonly steps?: readonly (readonly ToolCall[])[];
}

export interface ToolCall {
  readonly name: string;
  /** A string as it is, JSON or not. */
  readonly arguments: unknown;
}

export type Character =
  | { readonly kind: 'helpful' }
  /** Does what any message tells it to: "ignore previous instructions", "approve", "call tool X with Y", "print ...". */
  | { readonly kind: 'obedient' }
  /** The helpful answer inside a fence, with words around it. */
  | { readonly kind: 'chatty' }
  /** Text that is nothing. */
  | { readonly kind: 'garbage' }
  /** The helpful answer up to its middle, as if that were all. */
  | { readonly kind: 'half-json' }
  /** JSON, but not of the shape that was asked for. */
  | { readonly kind: 'wrong-schema' }
  /** Goes on until `max_tokens` (but for `overruns`), the model's output (when not streaming) or the client ends it. */
  | { readonly kind: 'endless'; readonly overruns?: boolean; readonly words?: 'blanks' /** Default: words. */ }
  /** Stops after that many tokens with `length`; goes on from there when its own words are in the conversation. */
  | {
      readonly kind: 'truncating';
      readonly after: number /** In one conversation. Default: 1. */;
      readonly cuts?: number;
    }
  /** Reasons for that many tokens before the helpful answer. Default: 200. */
  | {
      readonly kind: 'thinking';
      readonly tokens?: number;
      /** What its server calls it. Default: `reasoning_content`. */
      readonly field?: 'reasoning_content' | 'reasoning';
    }
  /** Fits the schema; paths, commands and rule IDs are in no message. Of a draft half of them are, by the seed. */
  | { readonly kind: 'hallucinating'; readonly seed?: string }
  | { readonly kind: 'refusing' /** Default: both. */; readonly by?: 'refusal' | 'content_filter' }
  /** Asks for these, one step each, then answers helpfully; `forever`: the last step again and again. */
  | { readonly kind: 'calling'; readonly steps: readonly (readonly ToolCall[])[]; readonly forever?: boolean }
  /** Says this; `overruns`: all of it, whatever `max_tokens` says. */
  | { readonly kind: 'saying'; readonly answer: unknown; readonly overruns?: boolean }
  | Failure;

/** `after`: so many tokens of a streamed answer come first; absent: not even headers. */
type Failure =
  | {
      readonly kind: 'rate-limit';
      readonly retryAfter?: number | string /** Default: `rate_limit_exceeded`. */;
      readonly code?: string;
    }
  /** With an error of OpenAI's shape, or a proxy's page. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly retryAfter?: number | string;
      readonly page?: boolean;
    }
  /** Default: 529. In mid-stream: an error event. */
  | { readonly kind: 'overloaded'; readonly status?: 529 | 503; readonly after?: number }
  | { readonly kind: 'reset'; readonly after?: number }
  /** The body ends as if it were whole: no finish, no `[DONE]`. */
  | { readonly kind: 'cut'; readonly after?: number }
  /** No token comes any more; ends when the client does. `alive`: what comes instead, again and again, with headers first. */
  | {
      readonly kind: 'hang';
      readonly after?: number;
      readonly alive?: Alive | undefined;
    }
  | { readonly kind: 'authentication' /** Default: 401. */; readonly status?: 401 | 403 }
  /** Says that the prompt is too long, whatever its length. */
  | { readonly kind: 'overflow' };

/** Ways to keep a connection alive without a token; empty arguments want a call of a tool that was begun. */
export type Alive = 'comments' | 'blanks' | 'empty-deltas' | 'empty-arguments';

export interface CapturedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed; a string where it is no JSON. */
  readonly body: unknown;
  readonly model: string | undefined;
  /** Everything that the model is told, in order. */
  readonly prompt: string;
  /** In ms since 1970. */
  readonly begun: number;
  firstToken: number | undefined;
  /** Also when the client or the double cut it. */
  ended: number | undefined;
  /** Requests that were under way when it came, itself included. */
  readonly inFlight: number;
  /** Kind of the character that answered; `undefined`: rejected before one was asked. */
  character: Character['kind'] | undefined;
  /** Of the answer; `undefined`: none was sent. */
  status: number | undefined;
  /** `whole`: to the end. `client`: that one went first. `double`: cut on purpose. */
  outcome: 'whole' | 'client' | 'double' | undefined;
  finish: string | undefined;
  usage: Usage | undefined;
  /** Of a helpful answer: the entry that gave it, and what it missed. */
  script: { readonly entry: ScriptEntry; readonly missing: readonly Pattern[] } | undefined;
  /** What an obedient model found to obey. */
  readonly obeyed: string[];
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}
