import type { Commit, MergeRequest, Project, Standing } from '../../forge/port.ts';
import { CATALOG_KEY } from '../sections/dependencies.ts';
import type { Marker } from './marker.ts';
import { STOP_LABEL } from './marker.ts';
import { type Conversation, HANDS_OFF, isClosedByUs, rolledBackMarker, withdrawnMarker } from './notes.ts';
import type { OwnMergeRequest } from './own-merge-request.ts';
import type { Proposal } from './proposal.ts';
import type { CloseReason, SkipReason } from './result.ts';
import type { Settings } from './settings.ts';
import { isBranchOurs } from './whose-commits.ts';

/** What a decision rests on. What is `undefined` was not asked for yet. */
export interface Known {
  readonly settings: Settings;
  readonly standing: Standing;
  /** Our user names and e-mail addresses, in lower case. */
  readonly own: { readonly users: ReadonlySet<string>; readonly emails: ReadonlySet<string> };
  /** Our merge request that counts: the open one, else the newest. */
  readonly last: OwnMergeRequest | null;
  readonly conversation?: Conversation;
  /** Whether something happened on the last merge request not long ago. */
  readonly lately?: boolean;
  readonly proposal?: Pick<Proposal, 'files' | 'content' | 'nothing'> & { readonly said: string };
  /** What is on our branch, and not on the default branch. */
  readonly commits?: readonly Commit[];
  /** Whether facts changed that matter since the last merge request was written. */
  readonly material?: boolean;
  /** Whether the project is a pull mirror, where its standing does not tell. */
  readonly mirror?: boolean;
  /** Something that a proposal rests on, the catalog, could not be asked. */
  readonly uncertain?: boolean;
  /** Somebody wants what a rollback took back to be proposed again; of a folder, also what people closed. */
  readonly again?: boolean;
  /** It lies in a folder, where nobody can comment. */
  readonly isLocal?: boolean;
}

export type Question = 'conversation' | 'proposal' | 'commits' | 'material' | 'mirror';

export type Action =
  | { readonly kind: 'ask'; readonly what: Question }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly message: string; readonly tell?: MergeRequest }
  | { readonly kind: 'close'; readonly reason: CloseReason; readonly mergeRequest: MergeRequest }
  | { readonly kind: 'unchanged'; readonly mergeRequest: MergeRequest }
  /** `commit`: the branch has to be written, too. */
  | { readonly kind: 'update'; readonly mergeRequest: MergeRequest; readonly commit: boolean }
  | { readonly kind: 'create' };

/**
 * What to do with a project, or what must be known first. Pure. What costs nothing to know is asked first, and people's
 * word comes before facts.
 */
export function decide(known: Known): Action {
  const { settings, standing, last } = known;
  const blocked = blockedBy(standing.project, settings);
  if (blocked) return blocked;
  const open = last?.mergeRequest.state === 'opened' ? last.mergeRequest : undefined;
  const out = optedOut(standing.project, settings);
  if (out !== undefined)
    return open ? { kind: 'close', reason: 'opted-out', mergeRequest: open } : skip('opted-out', out);
  const foreign = standing.mergeRequests.find((each) => each.state === 'opened' && each !== open);
  if (foreign) return skip('not-ours', `!${foreign.iid} from our branch was opened by somebody else`);
  // It is being merged right now.
  if (last?.mergeRequest.state === 'locked') return { kind: 'unchanged', mergeRequest: last.mergeRequest };
  if (last && (known.conversation || mayHaveWord(known, last.mergeRequest))) {
    const said = known.conversation ? heeded(known, known.conversation) : ask('conversation');
    if (said) return said;
  }
  // What could not be asked today would only be taken out, and put back tomorrow.
  if (open && known.uncertain && restsOnCatalog(last!.marker) && !isAsked(known.conversation))
    return { kind: 'unchanged', mergeRequest: open };
  const { proposal } = known;
  if (!proposal) return ask('proposal');
  if (proposal.files.length === 0) {
    if (open) return leftAlone(known, open) ?? { kind: 'close', reason: 'pointless', mergeRequest: open };
    return proposal.nothing === undefined
      ? skip('up-to-date', saysAll(known))
      : skip('nothing-to-say', proposal.nothing);
  }
  if (last?.mergeRequest.state === 'closed' && wasTurnedDown(known) && last.marker?.content === proposal.content)
    return skip('closed-unmerged', 'it would be the proposal that was closed');
  // What was said on it since nobody heeded yet.
  if (last?.mergeRequest.state === 'merged' && !known.conversation) return ask('conversation');
  return write(known, proposal, open);
}

/** Whether a line of the proposal is one that only the catalog proves. */
function restsOnCatalog(marker: Marker | null): boolean {
  return marker?.numbers.some(([, , key]) => key.startsWith(CATALOG_KEY)) ?? false;
}

/** Whether people said something that was not answered yet. */
function isAsked(conversation: Conversation | undefined): boolean {
  return conversation?.replies.some(({ note }) => !conversation.answered.has(note)) ?? false;
}

/** Why a project takes nothing from us, whoever wants what. Tells it from the list of projects alone. */
export function blockedBy(project: Project, settings: Settings): (Action & { readonly kind: 'skip' }) | undefined {
  if (project.defaultBranch?.toLowerCase() === settings.branch.toLowerCase())
    return skip('branch-is-default', `${project.defaultBranch} is the default branch; set another publish.branch`);
  if (project.pendingDelete) return skip('pending-delete', 'the project is about to be deleted');
  if (project.archived) return skip('archived', 'the project is archived');
  if (!project.repositoryEnabled) return skip('repository-disabled', 'the project has no repository');
  if (project.empty || project.defaultBranch === null) return skip('empty', 'the repository has no commit');
  if (!project.mergeRequestsEnabled) return skip('merge-requests-disabled', 'the project takes no merge requests');
  if (project.mirror && !settings.mirrors) return skip('mirror', MIRROR);
  if (project.forkOf !== null && !settings.forks)
    return skip('fork', `a fork of ${project.forkOf} (publish.forks lets it in)`);
  if (BELOW_DEVELOPER.has(project.access))
    return skip('read-only', `our access is ${project.access}, and writing takes developer`);
  return undefined;
}

const MIRROR = 'the project mirrors another one (publish.mirrors lets it in)';

const BELOW_DEVELOPER: ReadonlySet<string> = new Set(['none', 'minimal', 'guest', 'planner', 'reporter']);

/** Which setting keeps us out of a project, in words. */
export function optedOut({ topics }: Project, { enabled, enabledBy, optOutTopics }: Settings): string | undefined {
  const unwanted = new Set(optOutTopics.map((topic) => topic.toLowerCase()));
  const topic = topics.find((each) => unwanted.has(each.toLowerCase()));
  if (topic !== undefined) return `the project has the topic "${topic}"`;
  return enabled ? undefined : `${enabledBy} says so`;
}

/**
 * Whether people's words on the last merge request come before what there is to propose. On one that is merged they are
 * asked for at once only while something happens on it: what stands still would cost a request in every run.
 */
function mayHaveWord({ lately }: Known, { state, labels }: MergeRequest): boolean {
  return state !== 'merged' || lately === true || labels.includes(STOP_LABEL);
}

/** What people said on the last merge request, where that settles it. */
function heeded(known: Known, conversation: Conversation): Action | undefined {
  const { mergeRequest, marker } = known.last!;
  const { replies } = conversation;
  const open = mergeRequest.state === 'opened';
  const asked = replies.flatMap(({ note, commands }) =>
    commands.flatMap(({ kind }) => (kind === 'stop' || kind === 'try-again' ? [{ kind, note }] : [])),
  );
  const word = asked.at(-1);
  const stopped = mergeRequest.labels.includes(STOP_LABEL);
  if (open) {
    // Answered and open again: a person reopened it, which is another way to ask.
    const answered = word !== undefined && known.conversation!.answered.has(word.note);
    if (word?.kind === 'stop' && !answered) return { kind: 'close', reason: 'asked-to-stop', mergeRequest };
    return undefined;
  }
  if (word?.kind === 'try-again') return undefined;
  if (word?.kind === 'stop' || stopped) return skip('asked-to-stop', `somebody said so on !${mergeRequest.iid}`);
  if (mergeRequest.state === 'merged' || isClosedByUs(conversation, marker?.content)) return undefined;
  if (isWished(known)) return undefined;
  return turnedDown(known, mergeRequest, marker);
}

/** What is asked for on a merge request elsewhere is asked for on the command line where nobody can comment. */
function isWished({ again, isLocal }: Known): boolean {
  return again === true && isLocal === true;
}

function turnedDown(
  { material, standing, isLocal }: Known,
  { iid }: MergeRequest,
  marker: Marker | null,
): Action | undefined {
  const message = isLocal ? `!${iid} was closed, or its branch deleted, unmerged` : `!${iid} was closed unmerged`;
  const another = isLocal ? 'agentsmd retry proposes it again' : '"agentsmd: try again" on it asks for another one';
  if (marker === null || marker.base === standing.head) return skip('closed-unmerged', `${message}; ${another}`);
  if (material === undefined) return ask('material');
  return material
    ? undefined
    : skip('closed-unmerged', `${message}, and no fact that matters changed since; ${another}`);
}

/** Closed by people, who did not ask for another one, or by a rollback. */
function wasTurnedDown(known: Known): boolean {
  const { conversation, last, again } = known;
  if (isWished(known)) return false;
  const asked = conversation?.replies.some(({ commands }) => commands.some(({ kind }) => kind === 'try-again'));
  if (asked === true) return false;
  const says = (marker: string): boolean => conversation?.told.has(marker) === true;
  const content = last?.marker?.content;
  return !says(withdrawnMarker(content)) && !(again === true && says(rolledBackMarker(content)));
}

function write(known: Known, proposal: NonNullable<Known['proposal']>, open: MergeRequest | undefined): Action {
  const { standing, last } = known;
  const marker = open && last!.marker;
  const sameFiles = isAsWritten(known) && proposal.content === marker?.content && !open!.hasConflicts;
  const sameWords = proposal.said === marker?.said && open?.target === targetOf(standing.project, open, marker ?? null);
  if (open && sameFiles && sameWords) return { kind: 'unchanged', mergeRequest: open };
  const peoples = sameFiles ? undefined : leftAlone(known, open);
  if (peoples) return peoples;
  if (!sameFiles && standing.project.mirror === null && !known.settings.mirrors) {
    if (known.mirror === undefined) return ask('mirror');
    if (known.mirror) return skip('mirror', MIRROR);
  }
  return open ? { kind: 'update', mergeRequest: open, commit: !sameFiles } : { kind: 'create' };
}

/** Where a merge request is to be merged into: the default branch, unless people chose another one. */
export function targetOf(
  { defaultBranch }: Project,
  open?: MergeRequest,
  marker?: Pick<Marker, 'target'> | null,
): string {
  return open && open.target !== marker?.target ? open.target : defaultBranch!;
}

/**
 * Whether our branch stands where the description of our open merge request says we left it. People may edit that, so it
 * is only good for leaving the branch as it is.
 */
function isAsWritten({ standing, last }: Known): boolean {
  return last?.mergeRequest.state === 'opened' && last.marker !== null && standing.branchTip === last.marker.tip;
}

/** What is to be done instead of a write where the branch is not ours. */
function leftAlone(known: Known, open: MergeRequest | undefined): Action | undefined {
  const { standing, commits, conversation, settings } = known;
  if (standing.branchTip === null) return undefined;
  if (!commits) return ask('commits');
  if (isBranchOurs(known, commits)) return undefined;
  if (commits.length === 0)
    return skip(
      'branch-taken',
      `${settings.branch} is there, and nothing tells that we wrote it; delete it, or set another publish.branch`,
    );
  const tell = open && !conversation?.told.has(HANDS_OFF) ? { tell: open } : {};
  return {
    ...skip(
      'human-commits',
      `people committed to ${settings.branch}; delete that branch once their work is merged${open ? ` (!${open.iid})` : ''}`,
    ),
    ...tell,
  };
}

/** Merged may be what people wrote themselves. */
function saysAll({ standing, own }: Known): string {
  return standing.mergeRequests.some(({ state, author }) => state === 'merged' && own.users.has(author.toLowerCase()))
    ? 'what is merged says all that is known'
    : 'nothing is to be changed';
}

function skip(reason: SkipReason, message: string): Action & { readonly kind: 'skip' } {
  return { kind: 'skip', reason, message };
}

function ask(what: Question): Action {
  return { kind: 'ask', what };
}
