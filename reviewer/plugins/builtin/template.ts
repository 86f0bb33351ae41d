import { isUtf8 } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { connectionError } from '../../../models/connection.ts';
import type { Wire } from '../../../models/wire.ts';
import { MOST_SECTION_BYTES } from '../allowed.ts';
import type { ReviewPlugin } from '../plugin.ts';

export interface TemplateOptions {
  /** `review.template.url`. */
  readonly url: string;
  /** The name of the variable that holds a token; '': it wants none. */
  readonly tokenEnv: string;
  readonly env: NodeJS.ProcessEnv;
  readonly wire: Pick<Wire, 'fetch'>;
  /** Where the last copy is kept; `undefined`: nowhere. */
  readonly cache: string | undefined;
}

/** In ms, of all requests that it takes. */
const PATIENCE = 5_000;
const MOST_REDIRECTS = 3;

const kept = z.strictObject({ url: z.string(), etag: z.string().nullable(), text: z.string() });
type Kept = z.infer<typeof kept>;

/**
 * The organisation's own text for all reviewers, from an address. It is asked for by its ETag; where it cannot be had the last copy holds, which
 * is reported, and without one the review goes on without it.
 */
export function template(options: TemplateOptions, patience: number = PATIENCE): ReviewPlugin {
  let text = '';
  let problem: string | undefined;
  return {
    name: 'template',
    async bootstrap(_, signal) {
      const copy = await readCopy(options);
      text = copy?.text ?? '';
      try {
        const fresh = await fetched(options, copy, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
        text = fresh.text;
        if (fresh !== copy) await keep(options, fresh);
      } catch (error) {
        const why = `review.template.url: ${reason(error, patience)}`;
        if (copy === undefined) throw new Error(`${why}; nothing is known of it`, { cause: error });
        problem = `${why}; its last copy holds`;
      }
    },
    configure({ addPrompt, report }) {
      if (problem !== undefined) report(problem);
      if (text.trim() !== '') addPrompt({ title: 'conventions of the organisation', text, for: 'all' });
    },
  };
}

async function fetched(options: TemplateOptions, copy: Kept | undefined, signal: AbortSignal): Promise<Kept> {
  const { url, tokenEnv, env, wire } = options;
  const token = tokenEnv === '' ? undefined : env[tokenEnv];
  if (tokenEnv !== '' && !token) throw new Error(`the environment variable ${tokenEnv} with its token is not set`);
  const headers = {
    accept: 'text/markdown, text/plain, */*;q=0.5',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(copy?.etag ? { 'if-none-match': copy.etag } : {}),
  };
  let at = new URL(url);
  for (let redirects = 0; ; redirects++) {
    const response = await wire.fetch(at, { signal, headers });
    if (response.status === 200) return { url, etag: response.headers.get('etag'), text: await textOf(response) };
    await response.body?.cancel();
    if (response.status === 304 && copy?.etag) return copy;
    const to = response.status > 300 && response.status < 400 ? response.headers.get('location') : null;
    if (to === null) throw new Error(`its address answered ${response.status}`);
    const next = URL.parse(to, at.href);
    // It would carry the token there, and take its word.
    if (next?.origin !== at.origin) throw new Error('its address leads to another host, which is not followed');
    if (redirects === MOST_REDIRECTS) throw new Error(`its address leads on more than ${MOST_REDIRECTS} times`);
    at = next;
  }
}

async function textOf(response: Response): Promise<string> {
  if (/\bhtml\b/i.test(response.headers.get('content-type') ?? ''))
    throw new Error('its address answers with a web page: name that of the raw file');
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MOST_SECTION_BYTES) throw new Error(`it is larger than ${MOST_SECTION_BYTES} bytes`);
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  if (!isUtf8(whole)) throw new Error('it is no UTF-8 text');
  return whole.toString('utf8');
}

function reason(error: unknown, patience: number): string {
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  return isLate ? `its address did not answer within ${patience} ms` : connectionError(error);
}

function fileOf({ url, cache }: TemplateOptions): string | undefined {
  const name = createHash('sha256').update(url).digest('hex').slice(0, 32);
  return cache === undefined ? undefined : join(cache, 'review', `template-${name}.json`);
}

/** What is damaged is none. */
async function readCopy(options: TemplateOptions): Promise<Kept | undefined> {
  const file = fileOf(options);
  if (file === undefined) return undefined;
  try {
    const copy = kept.parse(JSON.parse(await readFile(file, 'utf8')));
    return copy.url === options.url && Buffer.byteLength(copy.text) <= MOST_SECTION_BYTES ? copy : undefined;
  } catch {
    return undefined;
  }
}

/** Where the cache cannot be written this only saves nothing. */
async function keep(options: TemplateOptions, fresh: Kept): Promise<void> {
  const file = fileOf(options);
  if (file === undefined) return;
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, JSON.stringify(fresh), { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}
