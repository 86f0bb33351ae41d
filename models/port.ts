import type { ZodType } from 'zod';
import type { Assignments, BudgetScope, Tier } from './config.ts';

/** The one door: everything that asks a language model asks here. */
export interface Models {
  /** Never throws but for a programming error: what went wrong is an answer, too. */
  ask<T>(question: Question<T>): Promise<Answer<T>>;
  /**
   * What one review, or one draft, may take together; questions that share it share its limits.
   *
   * @param before What another process took of it: counts against its limits, and is no part of what is spent here.
   */
  account(before?: Taken): Account;
  close(): Promise<void>;
}

export interface Question<T> {
  /** Who asks; chooses the model by `models.agents`, else by its tier. */
  readonly agent: string;
  readonly tier: Tier;
  /** What the repository sets for its agents, as it stands on the target branch; goes before `models.agents`. */
  readonly assigned?: Assignments | undefined;
  readonly about: Subject;
  readonly account: Account;
  /** A function is called only once it is sure that a provider may see that class of data. */
  readonly prompt: Prompt | (() => Prompt | Promise<Prompt>);
  /** Absent: any text. */
  readonly answer?: { readonly name: string; readonly schema: ZodType<T> } | undefined;
  readonly tools?: readonly Tool[] | undefined;
  /** Calls of a model at most, each with the results of the tools it asked for. Default: 20 with tools, 1 without. */
  readonly maxSteps?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly transcript?: Recorder | undefined;
}

/** What it is about: decides who may see it. */
export interface Subject {
  /** Path of the project. */
  readonly project: string;
  /** In the catalog. */
  readonly tags: readonly string[];
  /** Who caused it; only ever sent as a keyed hash. */
  readonly user?: string | undefined;
}

/**
 * A prompt in the order in which it is sent: what never changes first, byte for byte the same for every agent and run, so that a
 * provider's prefix cache holds it; then what a review shares; then what the agent alone is told.
 */
export interface Prompt {
  readonly stable: string;
  readonly shared: string;
  readonly own: string;
}

export type Answer<T> = (Given<T> | Failed) & Spent;

export interface Given<T> {
  readonly kind: 'answer';
  readonly value: T;
  /** `provider/id` of the model that gave it. */
  readonly model: string;
}

export interface Failed {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  /** What is wrong, and what to do about it. Nothing of prompts or code. */
  readonly message: string;
}

/** Why there is no answer. None of them may ever be taken for "looks good". */
export const FAILURE_REASONS = [
  /** `models: none`. */
  'none',
  /** No provider may see that class of data. */
  'not-allowed',
  /** A budget is used up; see the message for which. */
  'budget',
  /** The prompt does not go into the context window. */
  'context',
  'authentication',
  'aborted',
  /** Every model of the chain failed, or is left alone. */
  'unavailable',
  /** Cut off once more after it was continued. */
  'truncated',
  /** Not what was asked for, even after it was told so. */
  'unparsable',
  /** The provider's own filter, or the model itself, refuses. */
  'refused',
  /** It wanted more steps than there are. */
  'steps',
  /** A model that does not exist there, a request that it does not understand. */
  'configuration',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Counted by what the provider says, else estimated. */
export interface Usage {
  /** All of the prompt, cached ones included. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** Whether any of it is an estimate. */
  readonly estimated: boolean;
}

/** What a question took, answered or not: every retry, repair and continuation is in it. */
export interface Spent {
  readonly usage: Usage;
  /** In the currency of the price tables; `null` where a price is not known. */
  readonly cost: number | null;
  /** Requests sent. */
  readonly calls: number;
  readonly ms: number;
}

export interface Taken {
  /** In and out together. */
  readonly tokens: number;
  /** 0 where no price is known. */
  readonly money: number;
}

/** What several questions may take together. */
export interface Account {
  /** What was taken so far. */
  spent(): Spent;
  /** What is used up; `undefined`: nothing. */
  over(): BudgetScope | undefined;
}

/** Something that a model may have done for it. Its result is data, never an instruction. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema, of a tool that is run elsewhere and checks there what it is given. */
  readonly input: ZodType | Readonly<Record<string, unknown>>;
  /** Never throws: a refusal is a result with its reason. */
  run(input: unknown, signal: AbortSignal): Promise<ToolResult>;
}

export type ToolResult =
  | { readonly ok: true; readonly text: string; readonly truncated: boolean }
  | { readonly ok: false; readonly reason: string; readonly message: string };

/** Keeps what happened, line by line. Must not throw, and must not be waited for. */
export interface Recorder {
  write(event: TranscriptEvent): void;
}

/** What of a call's prompt is new since the call before it of the same question; of its first call that is all. */
export interface NewInPrompt {
  /** Which question; those of one agent may be under way side by side. */
  readonly question: string;
  /** So many messages of the call before stand unchanged at the beginning. */
  readonly from: number;
  /** Those that follow. */
  readonly messages: readonly unknown[];
  /** The system message, `null`: none any more. Absent: as before. */
  readonly instructions?: string | null;
  /** Names of the tools. Absent: as before. */
  readonly tools?: readonly string[];
}

/** Times in ms since 1970. */
export type TranscriptEvent = { readonly at: number; readonly agent: string } & (
  | {
      readonly type: 'call';
      readonly model: string;
      readonly step: number;
      /** A {@link NewInPrompt}. */
      readonly prompt: unknown;
      readonly estimatedTokens: number;
    }
  | { readonly type: 'text' | 'reasoning'; readonly text: string }
  | {
      readonly type: 'tool';
      readonly name: string;
      readonly input: unknown;
      readonly result: ToolResult;
      readonly ms: number;
    }
  | {
      readonly type: 'step';
      readonly model: string;
      readonly finish: string;
      readonly usage: Usage;
      readonly cost: number | null;
      readonly ms: number;
    }
  | {
      readonly type: 'failback';
      readonly from: string;
      readonly to: string | null;
      readonly class: string;
      readonly message: string;
    }
  | { readonly type: 'thinking'; readonly seconds: number }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'end'; readonly outcome: 'answer' | FailureReason }
);
