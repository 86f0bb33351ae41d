import { isDeepStrictEqual } from 'node:util';
import { adviceOn } from './advice.ts';
import { attempt } from './attempt.ts';
import type { Reply } from './call.ts';
import type { Candidate } from './chain.ts';
import type { Trouble } from './classify.ts';
import { openConversation } from './conversation.ts';
import { type Extracted, extract, take } from './extract.ts';
import type { Failed, Given, Question } from './port.ts';
import { adapt, formsOf, requestOf, type Talk } from './request.ts';
import type { Learned, Room } from './room.ts';
import { route } from './route.ts';
import { runTools } from './run-tools.ts';
import { type AnswerMode, modeFor } from './structured.ts';
import { onlyNew } from './transcript/only-new.ts';

const MOST_STEPS = 20;

export type End<T> = Given<T> | Failed;

/** What changes from call to call. */
interface State {
  step: number;
  /** Where the answer stands that is being continued. */
  said: string;
  continuing: boolean;
  extended: boolean;
  repaired: boolean;
  waited: boolean;
  /** Models that failed in this step. */
  readonly tried: Map<string, string>;
  /** The conversation holds calls of tools: gateways refuse that of a model that is given none. */
  calledTools: boolean;
  asked: Candidate | undefined;
  trouble: Trouble | undefined;
}

/** Asks until there is an answer, or none can be had: each turn is one request, and what came of it says what the next one is. */
export async function talk<T>(asked: Talk<T>, room: Room): Promise<End<T>> {
  const talk = { ...asked, write: onlyNew(asked.write) };
  const { question, signal, write } = talk;
  const conversation = openConversation(talk.prompt);
  const forms = await formsOf(question);
  const maxSteps = Math.max(1, question.maxSteps ?? (forms.tools.length > 0 ? MOST_STEPS : 1));
  const state: State = {
    step: 1,
    said: '',
    continuing: false,
    extended: false,
    repaired: false,
    waited: false,
    tried: new Map(),
    calledTools: false,
    asked: undefined,
    trouble: undefined,
  };
  let warned = false;
  let toolless = false;

  for (;;) {
    if (signal.aborted) return failed('aborted', 'it was called off');
    const chain = await talk.chain();
    for (const { name, model } of chain)
      if (state.calledTools && !model.tools) state.tried.set(name, 'calls no tools, and some were called already');
    const usable = (one: Candidate) => !state.tried.has(one.name) && room.breakers.state(one.name) !== 'open';
    const candidate = chain.find((one) => one.name === state.asked?.name && usable(one)) ?? chain.find(usable);
    if (!candidate) {
      if (state.asked) write(failback(state.asked.name, null, state.trouble));
      return failed('unavailable', unavailable(chain, state.tried));
    }
    if (state.asked && state.asked.name !== candidate.name)
      write(failback(state.asked.name, candidate.name, state.trouble));
    state.asked = candidate;
    talk.onModel(candidate.name);
    const hasTools = candidate.model.tools && forms.tools.length > 0;
    if (forms.tools.length > 0 && !hasTools && !toolless) {
      toolless = true;
      write({ type: 'warning', message: `${candidate.name} is asked without the agent's tools: its tools are off` });
    }
    const knew = { ...room.learned(candidate.name) };
    const mode = forms.answer && modeFor(candidate.model, hasTools, knew.mode);
    const outcome = await attempt(
      {
        ...requestOf(talk, room, { candidate, conversation, forms, mode, hasTools, maxSteps, ...state }),
        onSize(tokens, model) {
          if (warned || tokens * 2 <= model.context) return;
          warned = true;
          const share = Math.round((tokens / model.context) * 100);
          write({ type: 'warning', message: `the prompt fills ${share} % of the context window of ${candidate.name}` });
        },
      },
      room,
    );
    if (outcome.kind === 'stopped') return failed(outcome.reason, outcome.message);
    if (outcome.kind === 'elsewhere') {
      state.tried.set(candidate.name, 'is left alone, or switched off');
      continue;
    }
    const heard = outcome.kind === 'reply' ? await hear(outcome.reply, candidate, mode) : outcome;
    if (heard.kind === 'end') return heard.end;
    if (heard.kind === 'on') continue;
    const ended = await goOn(heard, candidate, mode, knew);
    if (ended) return ended;
  }

  /** Takes what came: the answer, calls of tools, or trouble of its own kind. */
  async function hear(reply: Reply, candidate: Candidate, mode: AnswerMode | undefined): Promise<Heard<T>> {
    const { finish, toolCalls } = reply;
    const text = state.said + reply.text;
    if (finish === 'content-filter') return own('refused', 'it refused to answer', { text });
    if (finish === 'length') {
      const begun = toolCalls.length === 0 && reply.written > 0 && reply.text.trim() !== '';
      return own('truncated', 'its answer was cut off', { text, last: reply.text, begun });
    }
    const calls = toolCalls.filter(({ name }) => mode === 'tool' && name === forms.answer?.name);
    const [given, ...others] = calls;
    if (given && question.answer) {
      const { schema } = question.answer;
      // A model that calls several tools at a time may spread its answer over them: to take the first would lose the rest.
      if (others.some(({ input }) => !isDeepStrictEqual(input, given.input)))
        return own('unparsable', 'It was called several times; call it once, with all of the answer.', { text, calls });
      const taken = typeof given.input === 'string' ? extract(given.input, schema) : take(given.input, schema);
      return taken.ok ? answer(taken.value, candidate) : own('unparsable', taken.wrong, { text, calls: [given] });
    }
    if (toolCalls.length > 0) {
      if (forms.tools.length === 0) return own('unparsable', 'There is no tool to call.', { text });
      if (state.step >= maxSteps)
        return { kind: 'end', end: failed('steps', `${candidate.name}: no answer within ${maxSteps} steps`) };
      await useTools(text, toolCalls);
      return { kind: 'on' };
    }
    const taken = read(text, question);
    return taken.ok ? answer(taken.value, candidate) : own('unparsable', taken.wrong, { text });
  }

  async function useTools(text: string, calls: Reply['toolCalls']): Promise<void> {
    const patience = room.settings.timeouts.call * 1000;
    const ran = await runTools(calls, question.tools ?? [], signal, patience, room.now);
    for (const { call, result, ms } of ran) write({ type: 'tool', name: call.name, input: call.input, result, ms });
    conversation.ran(text, ran);
    state.step += 1;
    state.calledTools = true;
    Object.assign(state, { said: '', continuing: false, extended: false, waited: false });
    state.tried.clear();
  }

  /** Does what the route says. @returns the end, where it is one. */
  async function goOn(
    { trouble, breaker, at }: Extract<Heard<T>, { kind: 'trouble' }>,
    candidate: Candidate,
    mode: AnswerMode | undefined,
    knew: Learned,
  ): Promise<End<T> | undefined> {
    state.trouble = trouble;
    if (trouble.complaint && adapt(trouble.complaint, candidate, mode, room, knew)) return undefined;
    const chain = await talk.chain();
    const next = route({
      class: trouble.class,
      breaker,
      retryAfter: trouble.retryAfter,
      waited: state.waited,
      begun: at?.begun ?? false,
      extended: state.extended,
      repaired: state.repaired,
      rest: chain
        .filter(({ name }) => name !== candidate.name && !state.tried.has(name))
        .map(({ name }) => ({ model: name, breaker: room.breakers.state(name) })),
    });
    switch (next.to) {
      case 'stop':
        if (next.reason === 'unavailable') write(failback(candidate.name, null, trouble));
        return failed(next.reason, `${candidate.name}: ${said(trouble)}${adviceOn(trouble, candidate)}`);
      case 'next':
        state.tried.set(candidate.name, trouble.message);
        state.waited = false;
        return undefined;
      case 'same':
        state.waited = true;
        await room.sleep(next.after, signal).catch(() => {});
        return undefined;
      case 'continue':
        Object.assign(state, { extended: true, continuing: true, said: at?.text ?? '' });
        conversation.goOn(at?.last ?? '');
        return undefined;
      case 'shorten':
        Object.assign(state, { extended: true, said: '' });
        conversation.shorten(candidate.model.output);
        return undefined;
      case 'repair':
        Object.assign(state, { repaired: true, continuing: false, said: '' });
        conversation.object(at?.text ?? '', at?.calls ?? [], trouble.message);
        return undefined;
    }
  }
}

type Heard<T> =
  | { readonly kind: 'end'; readonly end: End<T> }
  | { readonly kind: 'on' }
  | {
      readonly kind: 'trouble';
      readonly trouble: Trouble;
      readonly breaker: 'closed' | 'open' | 'half-open';
      readonly at?: Place;
    };

/** Where a reply that is no answer stopped. */
interface Place {
  /** All that was said, with what it continues. */
  readonly text: string;
  readonly last?: string;
  readonly begun?: boolean;
  readonly calls?: Reply['toolCalls'];
}

function own(trouble: 'refused' | 'truncated' | 'unparsable', message: string, at: Place) {
  return {
    kind: 'trouble' as const,
    trouble: { class: trouble, message, counted: true },
    breaker: 'closed' as const,
    at,
  };
}

function answer<T>(value: T, { name }: Candidate): Heard<T> {
  return { kind: 'end', end: { kind: 'answer', value, model: name } };
}

function failed(reason: Failed['reason'], message: string): Failed {
  return { kind: 'failed', reason, message };
}

function failback(from: string, to: string | null, trouble: Trouble | undefined) {
  return {
    type: 'failback' as const,
    from,
    to,
    class: trouble?.class ?? 'switched-off',
    message: trouble ? said(trouble) : 'it is left alone, or switched off',
  };
}

/** What was wrong with an answer is for the model alone: it may quote what was read. */
function said(trouble: Trouble): string {
  return trouble.class === 'unparsable'
    ? 'its answer is not what was asked for, not even after it was told so'
    : trouble.message;
}

function unavailable(chain: readonly Candidate[], tried: ReadonlyMap<string, string>): string {
  if (chain.length === 0) return 'no provider of its models is switched on; see models.providers and models.remote';
  const each = chain.map(({ name }) => `${name} ${tried.get(name) ?? 'is left alone after failures'}`);
  return `${each.join('; ')}; try again later, or let more models take over in models.failback`;
}

function read<T>(text: string, { answer }: Question<T>): Extracted<T> {
  if (answer) return extract(text, answer.schema);
  // Without a schema the answer is any text, which is what T is then.
  return text.trim() === '' ? { ok: false, wrong: 'The answer is empty.' } : { ok: true, value: text as T };
}
