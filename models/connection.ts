/**
 * Why a connection failed, in words that somebody can look into: `ECONNREFUSED 127.0.0.1:8000`, `ENOTFOUND models.example.com`. What
 * `fetch` throws says only that it failed; why stands in its causes.
 */
export function connectionError(error: unknown): string {
  const { code, address, port, hostname, message: words } = deepest(error);
  const message = typeof words === 'string' ? words.replace(ADDRESS, 'its address') : '';
  if (typeof code !== 'string') return message === '' ? 'it failed without a word' : message;
  if (typeof address === 'string') return `${code} ${address}${typeof port === 'number' ? `:${port}` : ''}`;
  if (typeof hostname === 'string') return `${code} ${hostname}`;
  const said = message === '' ? code : `${code} (${message})`;
  return UNTRUSTED.test(code) ? `${said}; NODE_EXTRA_CA_CERTS may name the certificates to trust` : said;
}

/** A certificate whose signer is not known here; not one that is out of date, or of another host. */
const UNTRUSTED = /SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/;
/** May hold a password, which is one of the things that `fetch` complains about. */
const ADDRESS = /\b[a-z][a-z+.-]*:\/\/\S+/gi;
const DEEPEST = 6;

function deepest(error: unknown): Readonly<Record<string, unknown>> {
  let at = record(error);
  // Of a name with several addresses there is one error for each; they fail alike.
  const below = (one: typeof at) => one.cause ?? (Array.isArray(one.errors) ? one.errors[0] : undefined);
  for (let depth = 0; below(at) && depth < DEEPEST; depth += 1) at = record(below(at));
  return at;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { message: String(value) };
}
