/**
 * Why a catalog could not be read.
 *
 * - `unauthorized`, `forbidden`, `not-found`, `refused` (400 and other 4xx): a setting must change.
 * - `redirect`: an answer that points elsewhere: a sign-in page. Never followed with a token.
 * - `not-json`, `not-understood`: an answer that is not what the API promises.
 * - `network`, `timeout`, `unavailable` (429, 5xx to the last attempt): it may go later.
 * - `cursor-loop`: the same page is offered without end.
 */
export type CatalogReason =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'refused'
  | 'redirect'
  | 'not-json'
  | 'not-understood'
  | 'network'
  | 'timeout'
  | 'unavailable'
  | 'cursor-loop';

/** What was wrong, where, and what to do. Its message never holds a token. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly reason: CatalogReason;

  constructor(reason: CatalogReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  /** Of a command that cannot do without the catalog. 2: a setting must change; 3: the catalog failed. */
  get exitCode(): 2 | 3 {
    return USERS.has(this.reason) ? 2 : 3;
  }
}

const USERS: ReadonlySet<CatalogReason> = new Set(['unauthorized', 'forbidden', 'not-found', 'refused', 'redirect']);
