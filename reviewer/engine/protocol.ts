import * as z from 'zod';
import type { ToolForm } from '../../models/call.ts';
import type { ModelHealth } from '../../models/overrides.ts';
import { FAILURE_REASONS, type Taken, type ToolResult } from '../../models/port.ts';
import type { EngineQuestion, EngineSettings } from './port.ts';

/** A line to the process. */
export type Asked =
  | {
      readonly type: 'open';
      /** Without the environment, which it has, and what is looked at and kept for it. */
      readonly settings: Omit<EngineSettings, 'environment' | 'state' | 'sees' | 'patches'>;
      /** What questions may have done, all of it elsewhere. */
      readonly tools: readonly ToolForm[];
      /** Of {@link ModelsDeps}. */
      readonly thinking: number;
      /** From the process before it. */
      readonly health: Readonly<Record<string, ModelHealth>>;
      readonly before: Taken;
    }
  | { readonly type: 'ask'; readonly id: number; readonly question: Omit<EngineQuestion, 'deadline'> }
  | { readonly type: 'abort'; readonly id: number }
  /** To be answered at once. */
  | { readonly type: 'ping'; readonly id: number }
  /** Of a tool that it called. */
  | { readonly type: 'result'; readonly call: number; readonly result: ToolResult }
  /** What all processes took today; `null`: that cannot be read. */
  | { readonly type: 'day'; readonly call: number; readonly taken: Taken | null };

/** Characters of one line from the process. The longest hold answers, which the models' limits keep far below. */
export const MOST_OF_A_LINE = 8 << 20;

const id = z.int().min(0);
const count = z.int().min(0);
const name = z.string().max(500);
const text = z.string().max(20_000);
const cost = z.number().min(0).nullable();
const usage = z.strictObject({
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  estimated: z.boolean(),
});
const spent = { usage, cost, calls: count, ms: z.number().min(0) };

const event = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('thinking'), agent: name, seconds: z.number().min(0) }),
  z.strictObject({ type: z.literal('failback'), agent: name, from: name, to: name.nullable() }),
  z.strictObject({ type: z.literal('continued'), agent: name, model: name }),
  z.strictObject({ type: z.literal('warning'), agent: name, message: text }),
]);

const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), value: z.unknown(), model: name, ...spent }),
  z.strictObject({ kind: z.literal('failed'), reason: z.enum(FAILURE_REASONS), message: text, ...spent }),
]);

/** A line from the process. It reads foreign text, so none of it is taken on trust. */
export const toldSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** It cannot be opened, and another one could not either. */
  z.strictObject({ type: z.literal('failed'), message: text }),
  z.strictObject({ type: z.literal('pong'), id }),
  z.strictObject({ type: z.literal('event'), event }),
  /** A model is being asked; this much it takes at least. */
  z.strictObject({ type: z.literal('call'), id, usage, cost }),
  /** That call is over. */
  z.strictObject({ type: z.literal('step'), id, usage, cost }),
  z.strictObject({
    type: z.literal('health'),
    health: z.record(name, z.strictObject({ openUntil: z.number().min(0) })),
  }),
  z.strictObject({ type: z.literal('answer'), id, answer }),
  /** For the question `id`. */
  z.strictObject({ type: z.literal('tool'), id, call: id, name, input: z.record(z.string(), z.unknown()) }),
  /** Nobody waits for it any more. */
  z.strictObject({ type: z.literal('tool-off'), call: id }),
  /** Which day it is, who started it says. */
  z.strictObject({ type: z.literal('day'), call: id }),
  z.strictObject({ type: z.literal('took'), tokens: z.number().min(0), money: z.number().min(0) }),
]);
export type Told = z.output<typeof toldSchema>;
export type ToldAnswer = z.output<typeof answer>;
