import { createHash } from 'node:crypto';
import { may } from '../access.ts';
import type { App } from '../api.ts';
import { paged } from '../paginate.ts';
import { presentNote } from '../present/note.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';

const ONE = '/projects/:id/merge_requests/:iid';

/** What other clients read before they write: there are no threads, approvals and issues yet. doc/api/discussions.md. */
export function reviewRoutes(api: App, world: World): void {
  api.get(`${ONE}/approvals`, async (c) => {
    const { project, mergeRequest } = await mergeRequestOf(c, world);
    const actor = c.get('actor');
    const isAuthor = actor?.user.id === mergeRequest.authorId;
    return c.json({
      user_has_approved: false,
      user_can_approve: !isAuthor && may(world, actor, project, 'push_code'),
      approved: false,
      approved_by: [],
    });
  });
  api.get(`${ONE}/discussions`, async (c) => {
    const { mergeRequest } = await mergeRequestOf(c, world);
    return paged(c, world, mergeRequest.notes, {
      mode: 'legacy',
      key: ({ id }) => String(id),
      present: async (page) =>
        page.map((note) => ({
          id: createHash('sha1').update(String(note.id)).digest('hex'),
          individual_note: true,
          notes: [presentNote(world, mergeRequest, note)],
        })),
    });
  });
  api.get(`${ONE}/closes_issues`, async (c) => {
    await mergeRequestOf(c, world);
    return paged(c, world, [], { mode: 'legacy', key: () => '' });
  });
}
