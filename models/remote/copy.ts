import { setTimeout } from 'node:timers/promises';
import type { ModelsSettings } from '../config.ts';
import { connectionError } from '../connection.ts';
import type { RemoteOverrides } from '../overrides.ts';
import type { Wire } from '../wire.ts';
import { readDocument } from './document.ts';

/** The remote configuration, as this process knows it. */
export interface RemoteCopy {
  /** Never older than 4 s, as long as the address answers; never throws. To be asked before each call of a model. */
  overrides(): Promise<RemoteOverrides | undefined>;
}

/** A copy of that age, in ms, is taken as it is. */
const FRESH = 2_000;
/** An address that does not answer for so long is away, in ms: with {@link FRESH} that stays below 4 s. */
const PATIENCE = 1_500;
/** Who comes after so long, in ms, waits for an address that was away, too: it may be back since, and what is known that old. */
const OLDEST = 4_000;
/** Of a document, in bytes. */
const MOST_BYTES = 1 << 20;

export interface RemoteDeps {
  readonly env: NodeJS.ProcessEnv;
  readonly wire: Wire;
  /** In ms, of any clock that does not go back. */
  readonly now?: () => number;
  readonly onProblem: (message: string) => void;
}

/**
 * Reads `models.remote.url` when it is needed, and by its ETag. While it is away, or says what cannot be taken, what it said before
 * holds; nobody waits then, it is asked again by the way.
 */
export function openRemote(
  settings: ModelsSettings,
  { env, wire, now = () => performance.now(), onProblem }: RemoteDeps,
): RemoteCopy {
  const { url, tokenEnv } = settings.remote;
  if (url === '') return { overrides: async () => undefined };
  let known: RemoteOverrides | undefined;
  let etag: string | undefined;
  /** What is known, as it was read. */
  let text: string | undefined;
  /** When what is known was asked for. */
  let asked = Number.NEGATIVE_INFINITY;
  let away = false;
  let patient = true;
  let looking: Promise<void> | undefined;
  let told = '';

  function problem(message: string): void {
    if (message === told) return;
    told = message;
    const rest = known === undefined ? 'the configuration holds without it' : 'what it said before holds';
    onProblem(`models.remote.url: ${message}; ${rest}`);
  }

  async function look(): Promise<void> {
    const begun = now();
    // Also where it fails: it is not asked more often for that.
    asked = begun;
    try {
      const answer = await within(PATIENCE, (signal) => fetched(signal));
      away = false;
      // The same text is the same copy, also from a server without ETags: health is taken over once for each.
      if (answer === 'unchanged' || answer.text === text) {
        told = '';
        return;
      }
      const read = readDocument(answer.text, settings);
      if ('refused' in read) return problem(`refused, ${read.refused}`);
      known = read;
      ({ etag, text } = answer);
      told = '';
    } catch (error) {
      away = true;
      problem(connectionError(error));
    }
  }

  async function fetched(
    signal: AbortSignal,
  ): Promise<'unchanged' | { readonly text: string; readonly etag: string | undefined }> {
    const token = tokenEnv === '' ? undefined : env[tokenEnv];
    if (tokenEnv !== '' && !token) throw new Error(`the environment variable ${tokenEnv} with its token is not set`);
    const response = await wire.fetch(url, {
      signal,
      headers: {
        accept: 'application/json',
        'cache-control': 'no-cache',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
      },
    });
    if (response.status === 304 && etag !== undefined) {
      await response.body?.cancel();
      return 'unchanged';
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`its address answered ${response.status}`);
    }
    return { text: await textOf(response), etag: response.headers.get('etag') ?? undefined };
  }

  return {
    async overrides() {
      const age = now() - asked;
      if (age > FRESH && !looking) {
        // What is away is looked for beside the work.
        patient = !away || age > OLDEST;
        looking = look().finally(() => (looking = undefined));
      }
      if (looking && patient) await looking;
      return known;
    },
  };
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`its document is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function within<T>(ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const timer = new AbortController();
  const late = setTimeout(ms, undefined, { signal: timer.signal }).then(() => {
    const error = new Error(`its address does not answer within ${ms} ms`);
    over.abort(error);
    throw error;
  });
  late.catch(() => {});
  try {
    return await Promise.race([run(over.signal), late]);
  } finally {
    timer.abort();
  }
}
