import { type Ctx, invalid } from '../api.ts';
import type { Sent } from '../merge-requests/place.ts';
import type { World } from '../world.ts';

/**
 * The position of a request, as far as lib/api/discussions.rb and lib/api/draft_notes.rb look at it; `undefined` for none. A
 * form's numbers come as text: those of the lines are read, those of a range stay what they are, and are refused later.
 * @throws {ApiError} 400 `{"error": …}`.
 */
export function positionParam(c: Ctx, world: World): Sent | undefined {
  const given = c.get('params').all.position;
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'object' || Array.isArray(given)) throw invalid('position is invalid');
  const sent = { ...(given as Record<string, unknown>) };
  if (world.rule('position-needs')) {
    const missing = NEEDED.filter((name) => sent[name] === undefined);
    if (missing.length > 0) throw invalid(missing.map((name) => `position[${name}] is missing`).join(', '));
    const types = world.atLeast('16.4') ? ['text', 'image', 'file'] : ['text', 'image'];
    if (!types.includes(String(sent.position_type))) {
      throw invalid('position[position_type] does not have a valid value');
    }
  }
  const isForm = !/\bjson\b/.test(c.req.header('content-type') ?? '');
  for (const name of isForm ? LINES : []) {
    const text = sent[name];
    if (text === '') sent[name] = null;
    else if (typeof text === 'string' && !/^-?\d+$/.test(text)) throw invalid(`position[${name}] is invalid`);
    else if (typeof text === 'string') sent[name] = Number(text);
  }
  return sent;
}

const NEEDED = ['base_sha', 'start_sha', 'head_sha', 'position_type'];
const LINES = ['old_line', 'new_line'];
