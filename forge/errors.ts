/**
 * Why a forge could not do what was asked.
 *
 * - `not-found`: it is not there, or not for this token: the forge does not tell which.
 * - `unauthorized`: no token, or one that is not accepted (expired, revoked). Never tried again: too many of these lock a machine out.
 * - `scope`: the token's scopes do not reach; `needs` names what would. `role`: its user's role does not.
 * - `forbidden`: refused, and the forge does not say why.
 * - `archived`, `pending-delete`, `empty`, `merge-requests-disabled`, `repository-disabled`: of the project.
 * - `protected-branch`, `push-rule`, `signed-commits`: a write that the project's settings reject.
 * - `conflict`: what was to be changed is no longer what we saw.
 * - `invalid`: the request itself is refused (400, 422): a bug of ours, or a setting that the forge does not know.
 * - `redirected`: an answer that points elsewhere; never followed with a token.
 * - `rate-limited`, `unavailable` (5xx, no connection), `timeout`: it may go later.
 * - `not-understood`: an answer that is not what the API promises: a proxy's page, cut JSON.
 * - `unsupported`: this version or edition of the forge cannot do it.
 */
export type ForgeReason =
  | 'not-found'
  | 'unauthorized'
  | 'scope'
  | 'role'
  | 'forbidden'
  | 'archived'
  | 'pending-delete'
  | 'empty'
  | 'merge-requests-disabled'
  | 'repository-disabled'
  | 'protected-branch'
  | 'push-rule'
  | 'signed-commits'
  | 'conflict'
  | 'invalid'
  | 'redirected'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'not-understood'
  | 'unsupported';

export interface ForgeErrorDetails extends ErrorOptions {
  readonly status?: number;
  /** The forge's own id of the request, for its administrators. */
  readonly requestId?: string;
  /** Of `scope` and `role`: what would do. */
  readonly needs?: string;
  /** The forge's own words, as its answer's `message` or `error` tells them; where they decide, they are read from here. */
  readonly said?: string;
}

/** What was wrong, where, and what to do. Its message never holds a token. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly reason: ForgeReason;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly needs: string | undefined;
  readonly said: string | undefined;

  constructor(reason: ForgeReason, message: string, details: ForgeErrorDetails = {}) {
    super(message, details);
    this.reason = reason;
    this.status = details.status;
    this.requestId = details.requestId;
    this.needs = details.needs;
    this.said = details.said;
  }

  /** 2: a setting or the command line must change; 3: the forge failed. */
  get exitCode(): 2 | 3 {
    return USERS.has(this.reason) ? 2 : 3;
  }
}

const USERS: ReadonlySet<ForgeReason> = new Set(['not-found', 'unauthorized', 'scope', 'role', 'forbidden', 'empty']);
