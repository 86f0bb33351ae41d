/**
 * No usable answer came over the wire.
 *
 * - `unreachable`: no connection was made; `reset`: it broke; `timeout`: it took too long.
 * - `untrusted`: the certificate or the encryption is not acceptable.
 * - `too-big`, `garbled`: there was an answer, but not one we take.
 */
export type WireFailureKind = 'unreachable' | 'reset' | 'timeout' | 'untrusted' | 'too-big' | 'garbled';

export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  readonly kind: WireFailureKind;
  /** `false`: GitLab cannot have seen the request. */
  readonly sent: boolean;
  readonly code: string | undefined;

  constructor(kind: WireFailureKind, message: string, details: { sent: boolean; code?: string } & ErrorOptions) {
    super(message, details);
    this.kind = kind;
    this.sent = details.sent;
    this.code = details.code;
  }
}

/**
 * What an error of undici or of the operating system means.
 * @throws what is neither: a bug
 */
export function failureOf(error: unknown): WireFailure {
  if (error instanceof WireFailure) return error;
  if (!(error instanceof Error)) throw error;
  const { code = '', message, syscall } = error as NodeJS.ErrnoException;
  const details = { sent: false, code, cause: error };
  // undici has no codes of its own for a proxy that says no.
  const refused = /^(?:Proxy response|Proxy Authentication Required) \((\d+)\)/.exec(message)?.[1];
  if (refused) {
    const advice = refused === '407' ? ': it wants a name and a password, http://NAME:PASSWORD@HOST:PORT' : '';
    return new WireFailure('unreachable', `the proxy refused (${refused})${advice}`, { ...details, code: refused });
  }
  if (TLS.test(code)) return new WireFailure('untrusted', `its certificate is not accepted (${code})`, details);
  if (NO_CONNECTION.has(code) || syscall === 'connect') {
    return new WireFailure('unreachable', NO_CONNECTION.get(code) ?? `no connection (${code})`, details);
  }
  if (code.startsWith('HPE_')) return new WireFailure('garbled', `no HTTP (${code})`, { ...details, sent: true });
  if (syscall === undefined && !BROKEN.has(code)) throw error;
  return new WireFailure('reset', `the connection broke (${code})`, { ...details, sent: true });
}

const BROKEN: ReadonlySet<string> = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_ABORTED',
  'ECONNRESET',
  'EPIPE',
]);

const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$|UND_ERR_PRX_TLS)/;

const NO_CONNECTION: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody listens there (ECONNREFUSED)'],
  ['ENOTFOUND', 'there is no such host (ENOTFOUND)'],
  ['EAI_AGAIN', 'its name cannot be looked up now (EAI_AGAIN)'],
  ['EHOSTUNREACH', 'no way there (EHOSTUNREACH)'],
  ['ENETUNREACH', 'no way there (ENETUNREACH)'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection within 10 s'],
  ['UND_ERR_PRX_CONN', 'the proxy broke the connection'],
]);
