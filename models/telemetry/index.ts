import { type LogRecord, recordOf, type Told } from './records.ts';
import { type CollectorOptions, openSender, RESOURCE, scopeOf } from './sender.ts';

export type { Told } from './records.ts';

/** Tells a collector what happens. Nobody waits for it, and nothing depends on it. */
export interface Telemetry {
  /** Never throws, never waits. */
  tell(told: Told): void;
  /** Sends what is left, for two seconds at most; to be called right before the process ends. */
  close(): Promise<void>;
}

/** As OTLP's logs: jobs of a pipeline are gone before anybody could ask them for numbers. */
export function openTelemetry(collector: CollectorOptions): Telemetry {
  const { add, close } = openSender<LogRecord>({
    ...collector,
    path: '/v1/logs',
    what: 'models.telemetry.url: telemetry',
    bodyOf: (logRecords, dropped) => ({
      resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ scope: scopeOf(dropped), logRecords }] }],
    }),
  });
  return { tell: (told) => add(recordOf(told)), close };
}
