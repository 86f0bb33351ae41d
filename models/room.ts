import type { Breakers } from './breaker.ts';
import type { Holds, Limit } from './budget.ts';
import type { Candidate } from './chain.ts';
import type { TroubleClass } from './classify.ts';
import type { ModelsSettings, Tier } from './config.ts';
import type { Meter } from './meter.ts';
import type { RemoteOverrides } from './overrides.ts';
import type { Failed, Spent, Usage } from './port.ts';
import type { Prefixes } from './prefix.ts';
import type { Semaphore } from './semaphore.ts';
import type { AnswerMode } from './structured.ts';
import type { Tokenizer } from './tokens.ts';
import type { Wire } from './wire.ts';

/** What all questions of a process share. */
export interface Room {
  readonly settings: ModelsSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  /** In ms; throws when the signal comes. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly wire: Wire;
  /** Silence of a model after which is told that it is thinking, in ms. */
  readonly thinking: number;
  readonly breakers: Breakers;
  readonly holds: Holds;
  readonly prefixes: Prefixes;
  /** Of today. */
  readonly day: () => Promise<DayLimit>;
  readonly tokenizer: Tokenizer;
  places(candidate: Candidate): Semaphore;
  /** What turned out about a model's endpoint. */
  learned(model: string): Learned;
  readonly overrides: () => Promise<RemoteOverrides | undefined>;
  readonly report: (report: Report) => void;
}

export interface DayLimit {
  readonly limit: Limit;
  /** Tells whoever shares it. */
  add(taken: { readonly tokens: number; readonly money: number }): void;
}

export interface Learned {
  mode?: AnswerMode;
  /** It does not take hashes of who asks. */
  anonymous?: boolean;
  /** How it calls the most tokens of an answer. */
  outputField?: string;
  /** Fields that it does not take, and that may be left out. */
  omitted?: ReadonlySet<Omissible>;
}

export type Omissible = 'tool_choice' | 'stream_options';

/** What is known of a question's review. */
export interface Purse {
  readonly limit: Limit;
  readonly meter: Meter;
}

/** For telemetry: nothing of prompts, answers or projects. */
export type Report = { readonly at: number; readonly agent: string; readonly tier: Tier } & (
  | {
      readonly type: 'call';
      readonly model: string;
      readonly outcome: 'answer' | TroubleClass;
      readonly usage: Usage;
      readonly cost: number | null;
      readonly ms: number;
    }
  | {
      readonly type: 'question';
      /** The last one asked. */
      readonly model: string | null;
      readonly outcome: 'answer' | Failed['reason'];
      readonly spent: Spent;
    }
);
