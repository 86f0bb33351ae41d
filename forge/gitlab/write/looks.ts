import { ForgeError } from '../../errors.ts';
import type { MergeRequest, Project } from '../../port.ts';
import { isMarked } from '../../publish/marker.ts';
import type { GitlabHttp } from '../http/port.ts';
import type { Tip } from './answers.ts';
import { branchPath, mergeRequestPath } from './requests.ts';

/** What is looked at before a write, and after one whose answer was lost. */
export interface Looks {
  /** `null` where there is no such branch. */
  tip(branch: string): Promise<Tip | null>;
  /** Open ones from that branch of the project itself, newest first. */
  openFrom(branch: string): Promise<readonly MergeRequest[]>;
  mergeRequest(iid: number): Promise<MergeRequest>;
  /** The oldest comment with that marker. */
  note(iid: number, marker: string): Promise<{ readonly id: string } | undefined>;
  /** As it is now. */
  project(): Promise<Project>;
}

export function looks(http: GitlabHttp, project: Pick<Project, 'id' | 'path'>): Looks {
  const get = (path: string, query: Readonly<Record<string, string | number>> = {}) => ({
    method: 'GET' as const,
    path,
    query,
    about: project.path,
  });
  return {
    tip: async (branch) => {
      const { readTip } = await import('./answers.ts');
      try {
        return readTip(await http.send(get(branchPath(project.id, branch))));
      } catch (error) {
        if (isMissingBranch(error)) return null;
        throw error;
      }
    },
    openFrom: async (branch) => {
      const { readOwnMergeRequests } = await import('./answers.ts');
      const query = { source_branch: branch, state: 'opened', per_page: 100 };
      return readOwnMergeRequests(await http.send(get(`/projects/${project.id}/merge_requests`, query)));
    },
    mergeRequest: async (iid) => {
      const { readMergeRequest } = await import('./answers.ts');
      return readMergeRequest(await http.send(get(mergeRequestPath(project.id, iid))));
    },
    note: async (iid, marker) => {
      const { readNotes } = await import('./answers.ts');
      const query = { sort: 'asc', order_by: 'created_at', per_page: 100 };
      for await (const page of http.pages(get(`${mergeRequestPath(project.id, iid)}/notes`, query))) {
        const note = readNotes(page).find(({ body, system }) => !system && isMarked(body, marker));
        if (note) return { id: String(note.id) };
      }
      return undefined;
    },
    project: async () => (await import('../project.ts')).findProject(http, project.id),
  };
}

/** `404 Branch Not Found`, not `404 Project Not Found`: a project that is gone is no news about a branch. */
function isMissingBranch(error: unknown): boolean {
  if (!(error instanceof ForgeError) || error.reason !== 'not-found') return false;
  return !/404 Project Not Found/i.test(error.said ?? error.message);
}
