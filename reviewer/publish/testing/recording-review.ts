import type { MergeRequestReview, NewNote, Person, PublishedBatch, ReviewState } from '../../../forge/review-port.ts';

/** What a merge request that only takes notes of what is done to it answers. */
export interface Recording {
  /** One after the other, for each look. An error is thrown. */
  readonly states?: readonly (ReviewState | Error)[];
  readonly bots?: readonly Person[];
  readonly lost?: PublishedBatch['lost'];
  /** Whether this GitLab takes requests for changes. Default: true. */
  readonly takesChanges?: boolean;
  /** Why there is nothing to approve once it comes to that. */
  readonly unfit?: string;
}

/** A merge request of a forge that does nothing. */
export function recordingReview(recording: Recording = {}): {
  readonly api: MergeRequestReview;
  /** The verbs, in their order; `publish 2 1`: two notes and an answer. */
  readonly done: readonly string[];
  readonly summaries: readonly string[];
  readonly notes: readonly NewNote[];
} {
  const { bots = [], lost = new Map(), takesChanges = true, unfit = '' } = recording;
  const states = [...(recording.states ?? [])];
  const done: string[] = [];
  const summaries: string[] = [];
  const said: NewNote[] = [];
  const api: MergeRequestReview = {
    look: async () => {
      const state = states.shift();
      if (state === undefined || state instanceof Error) throw state;
      return state;
    },
    said: async () => ({ self: { id: '9', username: 'agentsmd-bot' }, threads: [] }),
    emoji: async () => [],
    pushedAt: async () => '2026-11-22T09:00:00.000Z',
    withoutLines: async () => new Set(),
    takesFileNotes: async () => true,
    accessOf: async () => 'maintainer',
    isBot: async ({ id }) => bots.some((bot) => bot.id === id),
    publish: async ({ notes, replies }) => {
      said.push(...notes);
      if (notes.length + replies.length > 0) done.push(`publish ${notes.length} ${replies.length}`);
      return { placed: new Map(), lost };
    },
    summary: async (id, _, body) => {
      done.push(id === null ? 'summary' : `summary ${id}`);
      summaries.push(body);
      return id ?? '1';
    },
    setResolved: async (thread, resolved) => void done.push(`${resolved ? 'resolve' : 'reopen'} ${thread}`),
    approve: async ({ head }) => {
      if (unfit === '') done.push(`approve ${head.slice(0, 4)}`);
      return unfit;
    },
    revoke: async () => void done.push('revoke'),
    requestChanges: async () => {
      done.push('request-changes');
      return takesChanges;
    },
  };
  return { api, done, summaries, notes: said };
}
