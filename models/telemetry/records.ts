import type { Report } from '../room.ts';

/** What is told of a run: when it began and ended, and what came of it; never of prompts, answers, code or names of people. */
export type Told =
  | Report
  | { readonly at: number; readonly type: 'start'; readonly attributes: Attributes }
  | {
      readonly at: number;
      readonly type: 'end';
      readonly outcome: string;
      readonly ms: number;
      readonly attributes: Attributes;
    };

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** OpenTelemetry's form of an attribute, as JSON. */
export interface KeyValue {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean };
}

export interface LogRecord {
  readonly timeUnixNano: string;
  readonly eventName: string;
  readonly attributes: readonly KeyValue[];
}

/** As a record of OTLP, by the names that OpenTelemetry has for generative models; ours begin with `agentsmd.`. */
export function recordOf(told: Told): LogRecord {
  return {
    timeUnixNano: nanoseconds(told.at),
    eventName: NAMES[told.type],
    attributes: keyValues(attributesOf(told)),
  };
}

/** @param at in ms since 1970. */
export function nanoseconds(at: number): string {
  return `${BigInt(Math.round(at)) * 1_000_000n}`;
}

const NAMES: Readonly<Record<Told['type'], string>> = {
  call: 'gen_ai.client.inference.operation.details',
  question: 'agentsmd.question',
  start: 'agentsmd.run.start',
  end: 'agentsmd.run.end',
};

function attributesOf(told: Told): Attributes {
  switch (told.type) {
    case 'call':
      return {
        'gen_ai.operation.name': 'chat',
        ...modelOf(told.model),
        'gen_ai.agent.name': told.agent,
        'gen_ai.usage.input_tokens': told.usage.inputTokens,
        'gen_ai.usage.cache_read.input_tokens': told.usage.cachedTokens,
        'gen_ai.usage.output_tokens': told.usage.outputTokens,
        ...(told.outcome === 'answer' ? {} : { 'error.type': told.outcome }),
        'agentsmd.tier': told.tier,
        'agentsmd.duration_ms': told.ms,
        'agentsmd.usage_estimated': told.usage.estimated,
        ...(told.cost === null ? {} : { 'agentsmd.cost': told.cost }),
      };
    case 'question':
      return {
        'gen_ai.operation.name': 'invoke_agent',
        ...(told.model === null ? {} : modelOf(told.model)),
        'gen_ai.agent.name': told.agent,
        'gen_ai.usage.input_tokens': told.spent.usage.inputTokens,
        'gen_ai.usage.output_tokens': told.spent.usage.outputTokens,
        ...(told.outcome === 'answer' ? {} : { 'error.type': told.outcome }),
        'agentsmd.tier': told.tier,
        'agentsmd.calls': told.spent.calls,
        'agentsmd.duration_ms': told.spent.ms,
        ...(told.spent.cost === null ? {} : { 'agentsmd.cost': told.spent.cost }),
      };
    case 'start':
      return told.attributes;
    case 'end':
      return { ...told.attributes, 'agentsmd.outcome': told.outcome, 'agentsmd.duration_ms': told.ms };
  }
}

function modelOf(name: string): Attributes {
  const slash = name.indexOf('/');
  return { 'gen_ai.provider.name': name.slice(0, slash), 'gen_ai.request.model': name.slice(slash + 1) };
}

/** Attributes as OTLP writes them. */
export function keyValues(attributes: Attributes): readonly KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: typedValue(value) }));
}

function typedValue(value: string | number | boolean): KeyValue['value'] {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
