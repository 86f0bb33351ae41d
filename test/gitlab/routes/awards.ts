import { signedIn } from '../access.ts';
import { type App, applied, type Ctx, notFound, unauthorized } from '../api.ts';
import { paged } from '../paginate.ts';
import { userOf } from '../present/user.ts';
import type { Award } from '../review-state.ts';
import type { Note } from '../state.ts';
import type { World } from '../world.ts';
import { mergeRequestOf } from './merge-requests.ts';
import { noteOf } from './notes.ts';

const ALL = '/projects/:id/merge_requests/:iid/notes/:note_id/award_emoji';
const ONE = `${ALL}/:award_id`;

/** Emoji given to notes: lib/api/award_emoji.rb. */
export function awardRoutes(api: App, world: World): void {
  const noteAsked = async (c: Ctx): Promise<Note> => {
    signedIn(c);
    return noteOf(c, (await mergeRequestOf(c, world)).mergeRequest);
  };

  api.get(ALL, async (c) => {
    const note = await noteAsked(c);
    return paged(c, world, note.awards, {
      mode: 'legacy',
      key: ({ id }) => String(id),
      present: async (page) => page.map((award) => presentAward(world, note, award)),
    });
  });
  api.get(ONE, async (c) => {
    const note = await noteAsked(c);
    return c.json(presentAward(world, note, awardOf(c, note)));
  });
  api.post(ALL, async (c) => {
    const note = await noteAsked(c);
    const { user } = signedIn(c);
    const name = c.get('params').required('name');
    if (world.rule('award-once')) {
      if (note.system) throw notFound('Award Emoji');
      if (!/^[a-z0-9_+-]+$/.test(name)) throw notFound('Award Emoji {:name=>["is not a valid emoji name"]}');
      if (note.awards.some((award) => award.userId === user.id && award.name === name)) {
        throw notFound('Award Emoji {:name=>["has already been taken"]}');
      }
    }
    const award = { id: world.nextId(), userId: user.id, name, createdAt: new Date().toISOString() };
    note.awards.push(award);
    applied(c);
    return c.json(presentAward(world, note, award), 201);
  });
  api.delete(ONE, async (c) => {
    const note = await noteAsked(c);
    const { user } = signedIn(c);
    const award = awardOf(c, note);
    if (award.userId !== user.id && !user.admin && world.rule('award-of-others')) throw unauthorized();
    note.awards.splice(note.awards.indexOf(award), 1);
    applied(c);
    return c.body(null, 204);
  });
}

function awardOf(c: Ctx, { awards }: Note): Award {
  const award = awards.find(({ id }) => id === Number(c.req.param('award_id')));
  if (!award) throw notFound();
  return award;
}

/** `API_Entities_AwardEmoji`. */
function presentAward(world: World, note: Note, { id, userId, name, createdAt }: Award) {
  return {
    id,
    name,
    user: userOf(world, userId),
    created_at: createdAt,
    updated_at: createdAt,
    awardable_id: note.id,
    awardable_type: 'Note',
    url: null,
  };
}
