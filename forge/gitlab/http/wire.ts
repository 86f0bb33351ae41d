import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { failureOf, WireFailure } from './wire-failure.ts';

/** One try, as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the host, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** Of a body that only explains an error this much is read. */
const EXCERPT_BYTES = 64 << 10;

/**
 * Sends once and reads the whole answer. Follows nothing, repeats nothing; the connection is free or gone afterwards.
 * @throws {WireFailure} or the signal's reason
 */
export async function sendOnce(dispatcher: Dispatcher, origin: string, request: WireRequest): Promise<WireAnswer> {
  const { signal, timeoutMs } = request;
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const late = (part: string) => () =>
    stop.abort(new WireFailure('timeout', `${part} within ${timeoutMs / 1000} s`, { sent: true }));
  let timer = setTimeout(late('no answer'), timeoutMs);
  try {
    const { statusCode, headers, body } = await dispatcher.request({
      origin,
      path: request.path,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal: stop.signal,
      // Our own clock covers these, connecting included, and measures the whole body and not its pauses.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    clearTimeout(timer);
    timer = setTimeout(late('the answer was not complete'), timeoutMs);
    const ok = statusCode < 300;
    const packed = await readBody(body, ok ? request.maxBytes : EXCERPT_BYTES, ok);
    const answer = { status: statusCode, headers: headersOf(headers) };
    return { ...answer, bytes: await unpack(packed, answer.headers, request.maxBytes) };
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    throw failureOf(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** @param whole whether more bytes than the limit are a failure; else the rest is left and the connection dropped. */
async function readBody(body: Dispatcher.ResponseData['body'], limit: number, whole: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early destroys the body, and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit && whole) throw tooBig(limit);
    chunks.push(chunk);
    if (bytes > limit) break;
  }
  return Buffer.concat(chunks, bytes);
}

async function unpack(packed: Buffer, headers: Headers, maxBytes: number): Promise<Uint8Array> {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding === 'identity' || packed.length === 0) return packed;
  if (encoding !== 'gzip') throw new WireFailure('garbled', `an answer packed as ${encoding}`, { sent: true });
  return promisify(gunzip)(packed, { maxOutputLength: maxBytes }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ERR_BUFFER_TOO_LARGE'
      ? tooBig(maxBytes)
      : new WireFailure('garbled', 'an answer that cannot be unpacked', { sent: true, cause: error });
  });
}

function tooBig(limit: number): WireFailure {
  return new WireFailure('too-big', `an answer of more than ${limit} bytes`, { sent: true });
}

function headersOf(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of [value ?? []].flat()) {
      // A server can send what the standard forbids; nothing of ours depends on such a header.
      if (/^[\t\x20-\x7e\x80-\xff]*$/.test(one)) headers.append(name, one);
    }
  }
  return headers;
}
