import { randomBytes } from 'node:crypto';
import { type Attributes, type KeyValue, keyValues, nanoseconds } from './records.ts';
import { type CollectorOptions, openSender, RESOURCE, scopeOf } from './sender.ts';

/** Something that took a while. Times in ms since 1970. */
export interface Span {
  readonly name: string;
  readonly begun: number;
  readonly ended: number;
  readonly attributes: Attributes;
  /** Why it failed; `null`: it did not. */
  readonly error: string | null;
}

/** One run, as a trace of OTLP. */
export interface Trace {
  /** Never throws, never waits. A part of the run. */
  part(span: Span): void;
  /** All of it. */
  whole(span: Span): void;
  /** As {@link Telemetry.close}. */
  close(): Promise<void>;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** INTERNAL. */
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  /** OK and ERROR are 1 and 2. */
  readonly status: { readonly code: 1 } | { readonly code: 2; readonly message: string };
}

/** Sends a trace of one run to a collector. */
export function openTrace(collector: CollectorOptions, what: string): Trace {
  const { add, close } = openSender<OtlpSpan>({
    ...collector,
    ...{ what, path: '/v1/traces' },
    bodyOf: (spans, dropped) => ({
      resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ scope: scopeOf(dropped), spans }] }],
    }),
  });
  const traceId = randomBytes(16).toString('hex');
  const root = randomBytes(8).toString('hex');
  const told = ({ name, begun, ended, attributes, error }: Span) => ({
    ...{ traceId, name, kind: 1 as const },
    startTimeUnixNano: nanoseconds(begun),
    endTimeUnixNano: nanoseconds(ended),
    attributes: keyValues(attributes),
    status: error === null ? { code: 1 as const } : { code: 2 as const, message: error },
  });
  return {
    part: (span) => add({ ...told(span), spanId: randomBytes(8).toString('hex'), parentSpanId: root }),
    whole: (span) => add({ ...told(span), spanId: root }),
    close,
  };
}
