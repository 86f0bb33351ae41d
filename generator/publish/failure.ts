import { ForgeError, type ForgeReason } from '../../forge/errors.ts';
import type { MergeRequest } from '../../forge/port.ts';
import type { PublishResult, SkipReason } from './result.ts';

type Failure = Extract<PublishResult, { readonly kind: 'skipped' | 'refused' | 'failed' }>;
type Told = Pick<Failure, 'project' | 'problems' | 'answered'>;

/** The project became so while we were at it. */
const SKIPPED: ReadonlySet<ForgeReason> = new Set<ForgeReason & SkipReason>([
  'archived',
  'pending-delete',
  'empty',
  'merge-requests-disabled',
  'repository-disabled',
]);
/** A person has to change something: a token, a role, a setting. */
export const REFUSED: ReadonlySet<ForgeReason> = new Set<ForgeReason>([
  'not-found',
  'unauthorized',
  'scope',
  'role',
  'forbidden',
  'protected-branch',
  'push-rule',
  'signed-commits',
  'unsupported',
]);

/**
 * The result of an error that belongs to one project; all others are thrown again: they are bugs.
 *
 * @param open our merge request, where one is open.
 */
export function failureOf(error: unknown, told: Told, open?: Pick<MergeRequest, 'iid'>): Failure {
  if (error instanceof ForgeError) {
    const { reason, message } = error;
    if (SKIPPED.has(reason)) return { ...told, kind: 'skipped', reason: reason as SkipReason, message };
    return REFUSED.has(reason)
      ? { ...told, kind: 'refused', reason, message: open ? `${message} (!${open.iid} stays as it is)` : message }
      : { ...told, kind: 'failed', reason, message };
  }
  // Documents and ledgers that cannot be used name an exit code: 2 for what their owner can mend.
  const { exitCode, message } = error as { readonly exitCode?: unknown; readonly message?: unknown };
  if (error instanceof Error && (exitCode === 2 || exitCode === 3))
    return {
      ...told,
      kind: exitCode === 2 ? 'refused' : 'failed',
      reason: 'document',
      message: String(message),
    } as Failure;
  throw error;
}
