import type { RepoReader } from '../../forge/reader.ts';
import type { ToolName } from '../../models/agents/agent.ts';
import type { ModelsConfig, Tier } from '../../models/config.ts';
import type { Answer, Prompt, Spent, Subject } from '../../models/port.ts';
import type { Answers } from '../agents/answers.ts';

/**
 * The language models of one review, in a process of their own that knows no token of the forge. It only answers: who asks, what is made of
 * the answers and what is published is up to this process.
 */
export interface Engine {
  /**
   * Never throws: what went wrong is an answer, too. Questions that a crash cuts off are asked once more, of a new process; what the first
   * time took counts. After a second crash every question is answered `unavailable`.
   */
  ask<K extends keyof Answers>(question: EngineQuestion<K>): Promise<Answer<Answers[K]>>;
  /** By all questions so far; those that a crash cut off with what is known of them. */
  spent(): Spent;
  /** How often a process had to be replaced: 0 or 1. */
  restarts(): number;
  /** Calls off what is under way. Twice is fine. */
  close(): Promise<void>;
}

export interface EngineQuestion<K extends keyof Answers = keyof Answers> {
  /** Who asks; chooses the model by `models.agents`, else by its tier. */
  readonly agent: string;
  readonly tier: Tier;
  readonly prompt: Prompt;
  /** The name of the answer's schema. */
  readonly answer: K;
  /** What it may look at the repository with, and at the change (`patch`). */
  readonly tools: readonly (ToolName | 'patch')[];
  readonly maxSteps?: number | undefined;
  /** In ms, from now; then it is called off, and the answer is `aborted`. */
  readonly deadline: number;
}

/** What an engine is opened with. What its process is told of it can be written as JSON. */
export interface EngineSettings {
  readonly models: ModelsConfig;
  /** The folder of the configuration, from which relative paths in it are seen. */
  readonly home: string;
  /** Where who opens it keeps what the processes of a day took. */
  readonly state: string;
  readonly about: Subject;
  /** What transcripts are called, where they are kept. */
  readonly name: string;
  /**
   * What the tools see, which who opens it runs: a commit of a repository, a folder as it lies on the disk, or whatever a reader reads,
   * of which there are `list` and `read` only.
   */
  readonly sees:
    | { readonly repo: string; readonly commit: string }
    | { readonly folder: string }
    | { readonly reader: Pick<RepoReader, 'paths' | 'read'> };
  /** A folder with the patches and an `index.json` that names them by the changed files' paths; `null`: there is none. */
  readonly patches: string | null;
  /** Set for the process besides what it needs; secrets of providers by their `keyEnv` go without saying. No token of the forge. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Told while questions are under way. Must not throw. */
export type EngineEvent =
  | { readonly type: 'thinking'; readonly agent: string; readonly seconds: number }
  | { readonly type: 'failback'; readonly agent: string; readonly from: string; readonly to: string | null }
  | { readonly type: 'continued'; readonly agent: string; readonly model: string }
  | { readonly type: 'warning'; readonly agent: string; readonly message: string }
  | { readonly type: 'restart'; readonly why: string };
