import type { ModelMessage } from 'ai';
import type { ToolCall } from './call.ts';
import type { Tool, ToolResult } from './port.ts';
import { asData } from './tools/as-data.ts';

/** Of one step; the others are refused, which the model is told. */
const MOST_CALLS = 16;
/** Of one result, in characters; tools have narrower limits of their own. */
const MOST_TEXT = 64_000;

export interface Ran {
  readonly call: ToolCall;
  readonly result: ToolResult;
  readonly ms: number;
}

/** Has done what a model asked for. Every call gets a result; none of them throws or takes longer than `patience` ms. */
export async function runTools(
  calls: readonly ToolCall[],
  tools: readonly Tool[],
  signal: AbortSignal,
  patience: number,
  now: () => number,
): Promise<readonly Ran[]> {
  return await Promise.all(
    calls.map(async (call, at) => {
      const begun = now();
      const result =
        at < MOST_CALLS
          ? await runTool(call, tools, signal, patience)
          : refused('too-many', `no more than ${MOST_CALLS} calls at a time`);
      return { call, result, ms: now() - begun };
    }),
  );
}

/** What the model and the results are, as messages for its next step. */
export function asMessages(text: string, ran: readonly Ran[]): readonly ModelMessage[] {
  return [
    {
      role: 'assistant',
      content: [
        ...(text === '' ? [] : [{ type: 'text' as const, text }]),
        ...ran.map(({ call }) => ({
          type: 'tool-call' as const,
          toolCallId: call.id,
          toolName: plainName(call.name),
          // What was no JSON would make the next request malformed.
          input: isRecord(call.input) ? call.input : { malformed: String(call.input).slice(0, 2000) },
        })),
      ],
    },
    {
      role: 'tool',
      content: ran.map(({ call, result }) => ({
        type: 'tool-result' as const,
        toolCallId: call.id,
        toolName: plainName(call.name),
        output: { type: 'text' as const, value: asText(plainName(call.name), result) },
      })),
    },
  ];
}

async function runTool(
  { name, input }: ToolCall,
  tools: readonly Tool[],
  signal: AbortSignal,
  patience: number,
): Promise<ToolResult> {
  const tool = tools.find((one) => one.name === name);
  if (!tool)
    return refused('unknown-tool', `there is no such tool; there are: ${tools.map((one) => one.name).join(', ')}`);
  if (!isRecord(input)) return refused('invalid-input', 'the input is no JSON object');
  if (signal.aborted) return refused('aborted', 'it was called off');
  const until = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(patience))]);
  const ended = Promise.withResolvers<ToolResult>();
  const end = () =>
    ended.resolve(signal.aborted ? refused('aborted', 'it was called off') : refused('timeout', 'it took too long'));
  until.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([tool.run(input, until), ended.promise]);
  } catch {
    return refused('failed', 'the tool failed');
  } finally {
    until.removeEventListener('abort', end);
  }
}

/** The result is data, and marked as such. */
function asText(name: string, result: ToolResult): string {
  if (!result.ok) return `Refused (${result.reason}): ${result.message.slice(0, 2000)}`;
  const text = asData(name, result.text.slice(0, MOST_TEXT));
  return result.truncated || result.text.length > MOST_TEXT ? `${text}\nThere is more; this is cut off.` : text;
}

/** A name that a server takes, whatever a model made up. */
function plainName(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, 64) || 'tool';
}

function refused(reason: string, message: string): ToolResult {
  return { ok: false, reason, message };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
