import { connectionError } from '../connection.ts';
import type { Wire } from '../wire.ts';
import { type LogRecord, recordOf, type Told } from './records.ts';

export type { Told } from './records.ts';

/** Tells a collector what happens. Nobody waits for it, and nothing depends on it. */
export interface Telemetry {
  /** Never throws, never waits. */
  tell(told: Told): void;
  /** Sends what is left, for two seconds at most; to be called right before the process ends. */
  close(): Promise<void>;
}

export interface TelemetryOptions {
  /** Of an OTLP collector, without `/v1/logs`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly wire: Wire;
  readonly onProblem: (message: string) => void;
}

/** What may wait to be sent; older records go first. */
const MOST = 50;
/** Of one request, and of the end, in ms. */
const PATIENCE = 2_000;

/**
 * Records are sent in batches, one request at a time, as OTLP's logs in JSON: jobs of a pipeline are gone before anybody could ask
 * them for numbers.
 */
export function openTelemetry({ url, headers, wire, onProblem }: TelemetryOptions): Telemetry {
  const waiting: LogRecord[] = [];
  const over = new AbortController();
  let dropped = 0;
  let problemTold = false;
  let sending: Promise<void> | undefined;

  function problem(message: string): void {
    // Not the address, which may hold a password.
    if (!problemTold) onProblem(`models.telemetry.url: telemetry could not be sent: ${message}`);
    problemTold = true;
  }

  async function send(records: readonly LogRecord[]): Promise<void> {
    // Others may be dropped while this is under way.
    const said = dropped;
    dropped = 0;
    const lost = (message: string) => {
      dropped += said + records.length;
      problem(message);
    };
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const response = await wire.fetch(`${url.replace(/\/+$/, '')}/v1/logs`, {
        method: 'POST',
        signal,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(bodyOf(records, said)),
      });
      await response.body?.cancel();
      if (!response.ok) lost(`it answered ${response.status}`);
    } catch (error) {
      lost(connectionError(error));
    }
  }

  async function drain(): Promise<void> {
    // What is told in one go is sent in one go.
    await Promise.resolve();
    while (waiting.length > 0 && !over.signal.aborted) await send(waiting.splice(0));
    sending = undefined;
  }

  return {
    tell(told) {
      if (over.signal.aborted) return;
      waiting.push(recordOf(told));
      while (waiting.length > MOST) {
        waiting.shift();
        dropped += 1;
      }
      sending ??= drain();
    },
    async close() {
      const timer = setTimeout(() => over.abort(new Error('the process ends')), PATIENCE);
      await sending;
      clearTimeout(timer);
      over.abort();
    },
  };
}

function bodyOf(logRecords: readonly LogRecord[], dropped: number): object {
  const service = { key: 'service.name', value: { stringValue: 'agentsmd' } };
  return {
    resourceLogs: [
      {
        resource: { attributes: [service] },
        scopeLogs: [
          {
            scope: {
              name: 'agentsmd',
              attributes: [{ key: 'agentsmd.dropped', value: { intValue: String(dropped) } }],
            },
            logRecords,
          },
        ],
      },
    ],
  };
}
