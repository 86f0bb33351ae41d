import { findRepositories } from '../git/find-repositories.ts';
import type { LabelledMergeRequest } from '../port.ts';
import { readRepository } from './local-repository.ts';
import { asItStands, storedMergeRequests } from './merge-requests.ts';
import { idOf } from './projects.ts';
import { understood } from './understood.ts';

/** Of every repository below the folder; one that cannot be read has none. */
export async function* labelledMergeRequestsOf(
  top: string,
  label: string,
  updatedAfter?: string,
): AsyncIterable<LabelledMergeRequest> {
  for (const found of findRepositories(top)) {
    const stored = await understood(found.name, async () => {
      const repository = await readRepository(found.path);
      return Promise.all(storedMergeRequests(repository).map((each) => asItStands(repository, each)));
    }).catch(() => []);
    for (const mergeRequest of stored)
      if (
        mergeRequest.labels.includes(label) &&
        (updatedAfter === undefined || (mergeRequest.updatedAt ?? '') > updatedAfter)
      )
        yield { projectId: idOf(top, found), mergeRequest };
  }
}
