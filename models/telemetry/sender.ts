import { connectionError } from '../connection.ts';
import type { Wire } from '../wire.ts';

/** Sends records to a collector. Nobody waits for it, and nothing depends on it. */
export interface Sender<T> {
  /** Never throws, never waits. */
  add(record: T): void;
  /** Sends what is left, for two seconds at most; to be called right before the process ends. */
  close(): Promise<void>;
}

/** Where an OTLP collector is. */
export interface CollectorOptions {
  /** Without `/v1/logs` and its like. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly wire: Wire;
  readonly onProblem: (message: string) => void;
}

export interface SenderOptions<T> extends CollectorOptions {
  /** `/v1/logs`. */
  readonly path: string;
  /** For people: `models.telemetry.url: telemetry`. */
  readonly what: string;
  /** @param dropped how many were lost since what was sent last. */
  readonly bodyOf: (records: readonly T[], dropped: number) => object;
}

/** What may wait to be sent; older records go first. */
const MOST = 50;
/** Of one request, and of the end, in ms. */
const PATIENCE = 2_000;

/** Records are sent in batches, one request at a time, as OTLP in JSON. */
export function openSender<T>({ url, path, headers, wire, what, onProblem, bodyOf }: SenderOptions<T>): Sender<T> {
  const waiting: T[] = [];
  const over = new AbortController();
  let dropped = 0;
  let problemTold = false;
  let sending: Promise<void> | undefined;

  function problem(message: string): void {
    // Not the address, which may hold a password.
    if (!problemTold) onProblem(`${what} could not be sent: ${message}`);
    problemTold = true;
  }

  async function send(records: readonly T[]): Promise<void> {
    // Others may be dropped while this is under way.
    const said = dropped;
    dropped = 0;
    const lost = (message: string) => {
      dropped += said + records.length;
      problem(message);
    };
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const response = await wire.fetch(`${url.replace(/\/+$/, '')}${path}`, {
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
    add(record) {
      if (over.signal.aborted) return;
      waiting.push(record);
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

/** What OTLP says of who sends. */
export const RESOURCE = { attributes: [{ key: 'service.name', value: { stringValue: 'agentsmd' } }] };

/** And of which part of it. */
export function scopeOf(dropped: number): object {
  return { name: 'agentsmd', attributes: [{ key: 'agentsmd.dropped', value: { intValue: String(dropped) } }] };
}
