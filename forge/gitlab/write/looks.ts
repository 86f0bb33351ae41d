import { ForgeError } from '../../errors.ts';
import type { MergeRequest, Project } from '../../port.ts';
import { isMarked } from '../../render/note-marker.ts';
import { readOne, readPages } from '../http/gitbeaker.ts';
import type { GitlabHttp } from '../http/port.ts';
import type { Tip } from './answers.ts';

/** What is looked at before a write, and after one whose answer was lost. */
export interface Looks {
  /** `null` where there is no such branch. */
  tip(branch: string): Promise<Tip | null>;
  /** Open ones from that branch of the project itself, newest first. */
  openFrom(branch: string): Promise<readonly MergeRequest[]>;
  mergeRequest(iid: number): Promise<MergeRequest>;
  /** The oldest comment of our own with that marker: a person who quotes one silences nobody. */
  note(iid: number, marker: string): Promise<{ readonly id: string } | undefined>;
  /** As it is now. */
  project(): Promise<Project>;
}

/** @param actor user name that the token stands for. */
export function looks(
  http: GitlabHttp,
  project: Pick<Project, 'id' | 'path'>,
  actor: () => string | Promise<string>,
): Looks {
  const { id } = project;
  const asking = { about: project.path };
  return {
    tip: async (branch) => {
      const { readTip } = await import('./answers.ts');
      try {
        return readTip(await readOne(http, (gitlab) => gitlab.Branches.show(id, branch), asking));
      } catch (error) {
        if (isMissingBranch(error)) return null;
        throw error;
      }
    },
    openFrom: async (branch) => {
      const { branchMergeRequests } = await import('../branch-merge-requests.ts');
      return branchMergeRequests(http, project, branch, 'opened');
    },
    mergeRequest: async (iid) => {
      const { readMergeRequest } = await import('./answers.ts');
      return readMergeRequest(await readOne(http, (gitlab) => gitlab.MergeRequests.show(id, iid), asking));
    },
    note: async (iid, marker) => {
      const { readNotes } = await import('./answers.ts');
      const username = await actor();
      const order = { sort: 'asc', orderBy: 'created_at', perPage: 100 } as const;
      for await (const page of readPages(http, (gitlab) => gitlab.MergeRequestNotes.all(id, iid, order), asking)) {
        const note = readNotes(page).find(
          ({ author, body, system }) => author?.username === username && !system && isMarked(body, marker),
        );
        if (note) return { id: String(note.id) };
      }
      return undefined;
    },
    project: async () => (await import('../project.ts')).findProject(http, id),
  };
}

/** `404 Branch Not Found`, not `404 Project Not Found`: a project that is gone is no news about a branch. */
function isMissingBranch(error: unknown): boolean {
  if (!(error instanceof ForgeError) || error.reason !== 'not-found') return false;
  return !/404 Project Not Found/i.test(error.said ?? error.message);
}
