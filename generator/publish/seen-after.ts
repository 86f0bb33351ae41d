import type { MergeRequest, Standing } from '../../forge/port.ts';
import type { Ledger } from '../refresh/ledger.ts';
import type { Known } from './decide.ts';
import { type KeptLedger, type ProposedLedger, withDrafts } from './kept-ledger.ts';
import { type Conversation, isClosedByUs } from './notes.ts';
import { isOurs, type OwnMergeRequest } from './own-merge-request.ts';
import type { Proposal } from './proposal.ts';
import type { PublishResult, Seen, SeenMergeRequest } from './result.ts';

/** What a run knew of a project when it was done. */
interface Ended {
  readonly standing: Standing;
  readonly own: Known['own'];
  readonly last: OwnMergeRequest | null;
  readonly proposal: Proposal | undefined;
  readonly conversation: Conversation | undefined;
  /** What is merged, where the repository does not keep it itself. */
  readonly ledger: Ledger | null | undefined;
  /** What was proposed until then. */
  readonly earlier: ProposedLedger | null;
}

/** What the next run is to know. @param result what was done. */
export function seenAfter(result: PublishResult, ended: Ended): Seen {
  const { standing, own, proposal } = ended;
  const now = 'mergeRequest' in result ? result.mergeRequest : undefined;
  const others = standing.mergeRequests.filter((each) => each.iid !== now?.iid && isOurs(each, own.users));
  const facts = proposal?.facts;
  return {
    head: standing.head,
    hasDocument: standing.blobs.has('AGENTS.md'),
    ...(facts === undefined ? {} : { facts }),
    mergeRequests: [...(now ? [now] : []), ...others]
      .sort((a, b) => b.iid - a.iid)
      .map((mergeRequest) => ({ mergeRequest, ...closedBy(mergeRequest, result, ended) })),
    ...(proposal?.ledger && { ledger: ended.ledger === undefined ? null : ledgerAfter(result, proposal, ended) }),
  };
}

function closedBy(
  { iid }: MergeRequest,
  result: PublishResult,
  { last, conversation }: Ended,
): Pick<SeenMergeRequest, 'closedBy'> {
  if (result.kind === 'closed' && iid === result.mergeRequest.iid)
    return { closedBy: result.reason === 'asked-to-stop' ? 'people' : 'us' };
  if (last?.mergeRequest.state !== 'closed' || iid !== last.mergeRequest.iid || !conversation) return {};
  return { closedBy: isClosedByUs(conversation, last.marker?.content) ? 'us' : 'people' };
}

function ledgerAfter(result: PublishResult, { ledger, files }: Proposal, { ledger: kept, earlier }: Ended): KeptLedger {
  const before = kept ?? null;
  const merged = ledger && files.length === 0 ? withDrafts(before, ledger) : before;
  const isProposed = result.kind === 'created' || result.kind === 'updated' || result.kind === 'unchanged';
  return {
    merged,
    proposed:
      ledger && isProposed
        ? { iid: result.mergeRequest.iid, ledger }
        : earlier && merged && earlier.ledger === before
          ? { ...earlier, ledger: merged }
          : earlier,
  };
}
