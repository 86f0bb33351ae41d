import { hasLine } from '../../render/note-marker.ts';
import type { Person } from '../../review-port.ts';
import { readOne, readPages } from '../http/gitbeaker.ts';
import type { GitlabHttp } from '../http/port.ts';
import {
  type Discussion,
  type Draft,
  readApprovals,
  readDiscussion,
  readDiscussions,
  readDrafts,
  readEmoji,
  readMergeRequest,
  readNewestVersion,
  readReviewState,
  type SeenMergeRequest,
} from './answers.ts';
import type { Subject } from './requests.ts';

/** What is looked at on the merge request, before a write and after one whose answer was lost. */
export interface Looks {
  mergeRequest(): Promise<SeenMergeRequest>;
  /** When it was last looked at right before something was said, in ms of the clock. */
  checkedAt: number | undefined;
  /** As it was when it was last looked at; `undefined`: it was not. */
  readonly lastMergeRequest: SeenMergeRequest | undefined;
  /** All of them, oldest first, each with a note. */
  discussions(): Promise<readonly Discussion[]>;
  /** As they were when they were last looked at; `undefined`: they were not. */
  readonly lastDiscussions: readonly Discussion[] | undefined;
  discussion(id: string): Promise<Discussion>;
  emoji(note: string): Promise<readonly { readonly name: string; readonly by: Person }[]>;
  /** Of our own. */
  drafts(): Promise<readonly Draft[]>;
  approvals(): Promise<{ readonly byUs: boolean; readonly mayApprove: boolean }>;
  /** Of ours; `undefined`: we are no reviewer. */
  reviewState(): Promise<string | undefined>;
  /** ISO 8601; `undefined`: there is no version yet. */
  newestVersion(): Promise<string | undefined>;
}

/** @param self who the token stands for. */
export function looks(http: GitlabHttp, { project, iid }: Subject, self: () => Promise<Person>): Looks {
  const asking = { about: project.path };
  const page = { perPage: 100 };
  let seen: readonly Discussion[] | undefined;
  let seenMergeRequest: SeenMergeRequest | undefined;
  return {
    checkedAt: undefined,
    get lastDiscussions() {
      return seen;
    },
    get lastMergeRequest() {
      return seenMergeRequest;
    },
    mergeRequest: async () => {
      const read = await readOne(http, (gitlab) => gitlab.MergeRequests.show(project.id, iid), asking);
      seenMergeRequest = readMergeRequest(read);
      return seenMergeRequest;
    },
    discussions: async () => {
      const found: Discussion[] = [];
      const pages = readPages(http, (gitlab) => gitlab.MergeRequestDiscussions.all(project.id, iid, page), asking);
      for await (const answer of pages) found.push(...readDiscussions(answer).filter(({ notes }) => notes.length > 0));
      seen = found;
      return found;
    },
    discussion: async (id) =>
      readDiscussion(await readOne(http, (gitlab) => gitlab.MergeRequestDiscussions.show(project.id, iid, id), asking)),
    emoji: async (note) => {
      const found = [];
      const pages = readPages(
        http,
        (gitlab) => gitlab.MergeRequestNoteAwardEmojis.all(project.id, iid, Number(note), page),
        asking,
      );
      for await (const answer of pages) found.push(...readEmoji(answer));
      return found;
    },
    drafts: async () => {
      const us = await self();
      const found: Draft[] = [];
      const pages = readPages(http, (gitlab) => gitlab.MergeRequestDraftNotes.all(project.id, iid, page), asking);
      for await (const answer of pages) found.push(...readDrafts(answer));
      return found.filter((draft) => String(draft.author_id) === us.id);
    },
    approvals: async () => {
      const of = { mergerequestIId: iid };
      return readApprovals(
        await readOne(http, (gitlab) => gitlab.MergeRequestApprovals.showConfiguration(project.id, of), asking),
      );
    },
    reviewState: async () => {
      const us = await self();
      return readReviewState(
        await readOne(http, (gitlab) => gitlab.MergeRequests.showReviewers(project.id, iid), asking),
        us,
      );
    },
    newestVersion: async () =>
      readNewestVersion(await readOne(http, (gitlab) => gitlab.MergeRequests.allDiffVersions(project.id, iid), asking)),
  };
}

type SeenNote = Discussion['notes'][number];

/** The oldest note of ours with that line: whoever quotes one silences nobody. */
export function saidBy(us: Person, discussions: readonly Discussion[], key: string): SeenNote | undefined {
  return allSaidBy(us, discussions, key)[0]?.note;
}

/** All of them, the oldest first, each with its thread. */
export function allSaidBy(
  us: Person,
  discussions: readonly Discussion[],
  key: string,
): readonly { readonly note: SeenNote; readonly thread: Discussion }[] {
  return discussions
    .flatMap((thread) => thread.notes.map((note) => ({ note, thread })))
    .filter(({ note: { author, system, body } }) => String(author?.id) === us.id && !system && hasLine(body, key))
    .toSorted((a, b) => a.note.id - b.note.id);
}
