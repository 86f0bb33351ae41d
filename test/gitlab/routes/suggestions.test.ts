import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANGED, openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
beforeEach(async () => {
  place = await openReview();
});
afterEach(() => place.gitlab.close());

const fence = (text: string, range = '', marks = '```') => `Better:\n${marks}suggestion${range}\n${text}${marks}\n`;
const suggest = async (body: string, lines: Record<string, unknown> = { new_line: 3 }) =>
  (await place.thread(lines, body)).body.notes[0];
const apply = (id: number, body?: object, ask = place.ann) => ask('PUT', `/suggestions/${id}/apply`, body);
const file = async () => (await place.bot('GET', `${place.project}/repository/files/app.ts/raw?ref=topic`)).body;
const again = async (note: { id: number }) => (await place.bot('GET', `${place.one}/notes/${note.id}`)).body;

describe('a suggestion', () => {
  it.each([
    ['one line', fence('better 3\n'), 3, 3],
    ['lines above and below', fence('a\nb\n', ':-2+1'), 1, 4],
    ['no more lines than there are', fence('a\n', ':-9+0'), 1, 3],
    ['a fence of another length', fence('```\nx\n', ':-0+0', '````'), 3, 3],
  ])('is of %s', async (_, body, from, to) => {
    const { suggestions } = await suggest(body);
    expect(suggestions).toMatchObject([{ from_line: from, to_line: to, appliable: true, applied: false }]);
    expect(suggestions[0].from_content).toBe(CHANGED.slice(from - 1, to).join(''));
  });

  it.each([
    ['on a removed line', fence('x\n'), { old_line: 3 }],
    ['in an inline code', '`suggestion`', { new_line: 3 }],
    ['of another language', '```suggest\nx\n```', { new_line: 3 }],
    ['with a range of another form', fence('x\n', ':0-0'), { new_line: 3 }],
  ])('is none %s', async (_, body, lines) => {
    expect((await suggest(body, lines)).suggestions).toEqual([]);
  });

  it('may be several of one note, and goes with its text', async () => {
    const note = await suggest(`${fence('a\n')}\n${fence('b\n')}`);
    expect(note.suggestions.map((one: { to_content: string }) => one.to_content)).toEqual(['a\n', 'b\n']);
    await place.bot('PUT', `${place.one}/notes/${note.id}`, { body: 'Never mind' });
    expect((await again(note)).suggestions).toEqual([]);
    expect((await apply(note.suggestions[0].id)).status).toBe(404);
  });

  it('of the present text is nothing to apply', async () => {
    const [{ id, appliable }] = (await suggest(fence('changed 3\n'))).suggestions;
    expect(appliable).toBe(false);
    expect((await apply(id)).body.message).toContain('already matches');
  });
});

describe('applying a suggestion', () => {
  it('commits it to the source branch, in the name of its author, and makes a version', async () => {
    const note = await suggest(fence('a\nb\n', ':-0+1'));
    const [{ id }] = note.suggestions;
    const { status, body } = await apply(id, { commit_message: 'Take it' });
    expect([status, body]).toMatchObject([200, { id, applied: true, appliable: false, to_content: 'a\nb\n' }]);
    expect(await file()).toBe(CHANGED.toSpliced(2, 2, 'a\n', 'b\n').join(''));
    const { body: versions } = await place.bot('GET', `${place.one}/versions`);
    expect(versions).toHaveLength(2);
    const commit = (await place.bot('GET', `${place.project}/repository/commits/topic`)).body;
    expect(commit).toMatchObject({ id: versions[0].head_commit_sha, title: 'Take it', author_name: 'bot' });
    expect(commit.committer_name).toBe('ann');
    expect((await apply(id)).status).toBe(400);
  });

  it('takes away lines, and moves with them', async () => {
    const [{ id }] = (await suggest(fence('', ':-0+0'))).suggestions;
    await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    expect((await apply(id)).body).toMatchObject({ from_line: 4, applied: true });
    expect(await file()).toBe(`zero\n${CHANGED.toSpliced(2, 1).join('')}`);
  });

  it('is refused once the lines have changed, and on a closed merge request', async () => {
    const changed = await suggest(fence('a\n', ':-0+1'));
    const other = await suggest(fence('b\n'), { new_line: 6 });
    // Not the line of the note, but one of the suggestion.
    await place.push({ 'app.ts': CHANGED.toSpliced(3, 1, 'again 4\n').join('') });
    const { status, body } = await apply(changed.suggestions[0].id);
    expect([status, body.message]).toEqual([400, expect.stringContaining('changed in a more recent version')]);
    expect((await again(changed)).suggestions[0].appliable).toBe(false);
    expect((await again(other)).suggestions[0].appliable).toBe(true);
    await place.ann('PUT', place.one, { state_event: 'close' });
    expect((await apply(other.suggestions[0].id)).body.message).toContain('closed');
  });

  it('stays refused when the lines come back, for its thread is outdated', async () => {
    const note = await suggest(fence('a\n'));
    await place.push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    expect((await again(note)).suggestions[0].appliable).toBe(false);
    await place.push({ 'app.ts': CHANGED.join('') });
    expect((await apply(note.suggestions[0].id)).status).toBe(400);
  });

  it('is for those who may push to the branch', async () => {
    const [{ id }] = (await suggest(fence('a\n'))).suggestions;
    expect((await apply(id, {}, place.as('reader'))).status).toBe(403);
    expect((await apply(id, {}, place.as('stranger'))).status).toBe(404);
    expect((await apply(1)).status).toBe(404);
    place.gitlab.changeProject('team/app', { protectedBranches: ['topic'] });
    expect((await apply(id)).status).toBe(403);
  });
});
