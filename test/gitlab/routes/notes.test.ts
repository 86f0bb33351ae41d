import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, asking } from '../asking.ts';
import type { GitlabSimulator } from '../port.ts';
import { startGitlab } from '../start.ts';

let gitlab: GitlabSimulator;
let bot: Ask;
let notes: string;

beforeEach(async () => {
  gitlab = await startGitlab();
  const { id } = await gitlab.addProject({
    path: 'team/app',
    files: { 'README.md': 'one\n' },
    members: { bot: 'developer', ann: 'developer', reader: 'reporter', boss: 'maintainer' },
  });
  await gitlab.push('team/app', { branch: 'topic', user: 'bot', message: 'Two', files: { 'README.md': 'two\n' } });
  bot = asking(gitlab, gitlab.addToken({ user: 'bot' }));
  await bot('POST', `/projects/${id}/merge_requests`, { title: 'Two', source_branch: 'topic', target_branch: 'main' });
  notes = `/projects/${id}/merge_requests/1/notes`;
});
afterEach(() => gitlab.close());

const as = (user: string) => asking(gitlab, gitlab.addToken({ user }));
const effects = () => gitlab.effects.map(({ kind, what, in: place }) => `${kind} ${what} in ${place}`);
const state = async () => (await bot('GET', notes.replace(/\/notes$/, ''))).body;

describe('notes', () => {
  it('are made, changed, listed newest first and deleted', async () => {
    const made = await bot('POST', notes, { body: 'Hello' });
    expect(made.status).toBe(201);
    await as('reader')('POST', notes, { body: 'Hi' });
    expect((await bot('GET', notes)).body.map((note: { body: string }) => note.body)).toEqual(['Hi', 'Hello']);
    const own = `${notes}/${made.body.id}`;
    expect((await bot('PUT', own, { body: 'Hello!' })).body.body).toBe('Hello!');
    expect((await as('ann')('PUT', own, { body: 'x' })).status).toBe(403);
    expect((await as('boss')('DELETE', own)).status).toBe(204);
    expect((await bot('GET', own)).status).toBe(404);
  });

  it('need a body and no archived project', async () => {
    expect((await bot('POST', notes, {})).status).toBe(400);
    expect((await bot('POST', notes, { body: ' ' })).status).toBe(400);
    gitlab.changeProject('team/app', { archived: true });
    expect((await bot('POST', notes, { body: 'x' })).status).toBe(403);
  });

  it('count as notes of people, the own ones of the instance do not', async () => {
    await bot('POST', notes, { body: 'x' });
    await bot('PUT', notes.replace(/\/notes$/, ''), { add_labels: 'l' });
    expect((await state()).user_notes_count).toBe(1);
    const [system] = (await bot('GET', notes)).body;
    expect(system).toMatchObject({ system: true, body: 'added ~l label' });
    expect((await bot('GET', `${notes}?activity_filter=only_comments`)).body).toHaveLength(1);
    expect((await bot('PUT', `${notes}/${system.id}`, { body: 'x' })).status).toBe(403);
  });
});

describe('quick actions', () => {
  it('are executed and taken out of the text', async () => {
    const { status, body } = await bot('POST', notes, { body: 'Done.\n\n/label ~x ~"two words"\n/close' });
    expect(status).toBe(201);
    expect(body.body).toBe('Done.');
    expect(await state()).toMatchObject({ state: 'closed', labels: ['two words', 'x'] });
    expect(effects()).toEqual(['quick-action /label ~x ~"two words" in note', 'quick-action /close in note']);
  });

  it('alone leave no note: 202', async () => {
    const { status, body } = await bot('POST', notes, { body: '/approve' });
    expect(status).toBe(202);
    expect(body.summary).toEqual(['Executed /approve.']);
    const { body: left } = await bot('GET', notes);
    expect(left).toMatchObject([{ system: true, body: 'approved this merge request' }]);
  });

  it('merge', async () => {
    await bot('POST', notes, { body: '/merge' });
    expect((await state()).state).toBe('merged');
  });

  it.each([
    ['at the start of a line of a paragraph', 'text\n/close', true],
    ['indented by spaces', '  /close', true],
    ['whatever its case', '/CLOSE', true],
    ['after a carriage return', 'text\r\n/close\r\n', true],
    ['behind text', 'text /close', false],
    ['escaped', '\\/close', false],
    ['as an entity', '&#47;close', false],
    ['in a quote', '> /close', false],
    ['in a list', '- /close', false],
    ['in a fence', '```\n/close\n```', false],
    ['in a fence that is not closed', '```\n/close', false],
    ['in code', '`/close`', false],
    ['in an indented block', 'x\n\n    /close', false],
    ['as a path', '/close/file', false],
    ['unknown', '/closing', false],
    ['after a zero-width space', '\u200b/close', false],
  ])('%s: %j', async (_, body, done) => {
    await bot('POST', notes, { body });
    expect((await state()).state).toBe(done ? 'closed' : 'opened');
    expect(effects()).toEqual(done ? [expect.stringMatching('quick-action /close in note')] : []);
  });

  it('are not obeyed from somebody who may not give them', async () => {
    await as('reader')('POST', notes, { body: '/close' });
    expect((await state()).state).toBe('opened');
  });

  it('count in a description, too', async () => {
    await bot('PUT', notes.replace(/\/notes$/, ''), { description: 'Text\n\n/label ~d' });
    expect(await state()).toMatchObject({ description: 'Text', labels: ['d'] });
  });
});

describe('mentions', () => {
  it.each([
    ['@ann', ['ann']],
    ['> @ann and @team/sub.', ['ann', 'team/sub']],
    ['&#64;ann', ['ann']],
    ['`@ann` \\@boss <a@b.example> @\u200bx', []],
    ['[@ann](https://example.com)', []],
  ])('%j', async (body, names) => {
    await bot('POST', notes, { body });
    expect(gitlab.effects.map(({ what }) => what)).toEqual(names);
  });
});
