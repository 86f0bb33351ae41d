import type { Attempt } from './attempt.ts';
import { attributionOf } from './attribution.ts';
import type { ToolChoice, ToolForm } from './call.ts';
import type { Candidate } from './chain.ts';
import type { Complaint } from './classify.ts';
import type { Conversation } from './conversation.ts';
import type { Meter } from './meter.ts';
import type { Prompt, Question } from './port.ts';
import { prefixKey } from './prefix.ts';
import type { Learned, Omissible, Purse, Room } from './room.ts';
import {
  type AnswerForm,
  type AnswerMode,
  formInWords,
  formOf,
  jsonSchemaOf,
  modeAfter,
  responseFormat,
} from './structured.ts';

/** What a question has besides itself. */
export interface Talk<T> {
  readonly question: Question<T>;
  readonly prompt: Prompt;
  readonly signal: AbortSignal;
  readonly purse: Purse;
  readonly meter: Meter;
  readonly write: Attempt['write'];
  /** The models that may be asked at this moment, in order. */
  readonly chain: () => Promise<readonly Candidate[]>;
  /** Says which one is asked. */
  readonly onModel: (name: string) => void;
}

/** The forms of what a model may give, and call. */
export interface Forms {
  readonly answer: AnswerForm | undefined;
  readonly tools: readonly ToolForm[];
}

export async function formsOf<T>({ answer, tools = [] }: Question<T>): Promise<Forms> {
  const [form, ...own] = await Promise.all([
    answer && formOf(answer),
    ...tools.map(async ({ name, description, input }) => ({ name, description, schema: await jsonSchemaOf(input) })),
  ]);
  return { answer: form, tools: own };
}

/** The next request: the conversation so far, in the form that the model takes. */
export function requestOf<T>(
  { question, prompt, signal, purse, meter, write, chain }: Talk<T>,
  room: Room,
  now: {
    readonly candidate: Candidate;
    readonly conversation: Conversation;
    readonly forms: Forms;
    readonly mode: AnswerMode | undefined;
    readonly hasTools: boolean;
    readonly step: number;
    /** Whether an answer is being continued that was cut off. */
    readonly continuing: boolean;
    readonly maxSteps: number;
  },
): Omit<Attempt, 'onSize'> {
  const { candidate, conversation, forms, mode, hasTools, step, continuing, maxSteps } = now;
  const { instructions, messages } = conversation.messages(
    mode === 'text' && forms.answer ? formInWords(forms.answer) : '',
  );
  const learned = room.learned(candidate.name);
  const { attributionKeyEnv } = room.settings;
  const key = attributionKeyEnv === '' ? undefined : room.env[attributionKeyEnv];
  const answerTool = mode === 'tool' && forms.answer;
  const all = [
    ...(hasTools ? forms.tools : []),
    ...(answerTool
      ? [
          {
            name: answerTool.name,
            description: 'Give your answer with this, once, at the end.',
            schema: answerTool.schema,
          },
        ]
      : []),
  ];
  const finalTool: ToolChoice = answerTool ? { only: answerTool.name } : 'none';
  const last = !hasTools || step >= maxSteps;
  const toolChoice = continuing ? 'none' : last ? finalTool : 'auto';
  const { omitted } = learned;
  // Who cannot be told which tools it may call is given no others.
  const tools = omitted?.has('tool_choice') ? all.filter(({ name }) => mayCall(name, toolChoice)) : all;
  return {
    candidate,
    agent: question.agent,
    tier: question.tier,
    step,
    instructions,
    messages,
    tools,
    toolChoice,
    body: {
      // JSON has no `undefined`: these go.
      ...Object.fromEntries([...(omitted ?? [])].map((name) => [name, undefined])),
      ...(candidate.endpoint.zeroRetention ? { store: false } : {}),
      ...(learned.anonymous ? {} : attributionOf(question.agent, question.about, key)),
      // What is continued begins in the middle: no schema fits it.
      ...(mode === 'schema' && forms.answer && !continuing ? { response_format: responseFormat(forms.answer) } : {}),
    },
    prefix: candidate.endpoint.prefixCache
      ? prefixKey([candidate.name, JSON.stringify(tools), prompt.stable, prompt.shared])
      : undefined,
    signal,
    purse,
    meter,
    write,
    stands: async () => (await chain()).some(({ name }) => name === candidate.name),
  };
}

function mayCall(name: string, choice: ToolChoice): boolean {
  return choice === 'auto' || (choice !== 'none' && choice.only === name);
}

/**
 * Leaves out what an endpoint does not know, once for each model. Never `store: false`: that was promised.
 *
 * @param knew What was known when the request was made that was rejected: questions side by side meet the same refusal, and each of
 * them has to ask again with what the first of them learned.
 */
export function adapt(
  complaint: ReadonlySet<Complaint>,
  { name, model }: Candidate,
  mode: AnswerMode | undefined,
  room: Room,
  knew: Learned,
): boolean {
  const learned = room.learned(name);
  if (complaint.has('output-limit') && !knew.outputField) {
    learned.outputField = 'max_completion_tokens';
    return true;
  }
  for (const [named, field] of OMISSIBLE) {
    if (!complaint.has(named) || knew.omitted?.has(field)) continue;
    learned.omitted = new Set([...(learned.omitted ?? []), field]);
    return true;
  }
  const next = mode && modeAfter(mode, model);
  const about: readonly Complaint[] = mode === 'schema' ? ['format'] : ['tools', 'tool-choice'];
  if (next && about.some((one) => complaint.has(one))) {
    // Another question may be further already.
    if (learned.mode === knew.mode) learned.mode = next;
    return true;
  }
  if (complaint.has('attribution') && !knew.anonymous && room.settings.attributionKeyEnv !== '') {
    learned.anonymous = true;
    return true;
  }
  return false;
}

const OMISSIBLE: readonly (readonly [Complaint, Omissible])[] = [
  ['tool-choice', 'tool_choice'],
  ['stream-options', 'stream_options'],
];
