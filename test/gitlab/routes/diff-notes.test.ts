import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../asking.ts';
import { CHANGED, LINES, openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
let threads: string;
beforeEach(async () => {
  place = await openReview();
  threads = `${place.one}/discussions`;
});
afterEach(() => place.gitlab.close());

/** The notes of the thread as it is now. */
const notesOf = async ({ body }: Answered) => (await place.bot('GET', `${threads}/${body.id}`)).body.notes;

/** Of `app.ts`: its third line is changed, one is added behind the fifth. */
const PLACES: readonly (readonly [string, Record<string, number>, number])[] = [
  ['an added line', { new_line: 3 }, 201],
  ['an added line with a number of the old file', { new_line: 3, old_line: 3 }, 400],
  ['a removed line', { old_line: 3 }, 201],
  ['a line of the context', { old_line: 6, new_line: 7 }, 201],
  ['a line of the context with one number', { new_line: 7 }, 400],
  ['a line of the context with the same number twice', { old_line: 7, new_line: 7 }, 400],
  ['a line below the end', { new_line: 99 }, 400],
];

describe('a thread on a line', () => {
  it.each(PLACES)('%s: %j answers %d', async (_, lines, status) => {
    const { status: answered, body } = await place.thread(lines);
    expect(answered).toBe(status);
    if (status === 201) {
      const [note] = body.notes;
      expect(note).toMatchObject({ type: 'DiffNote', resolvable: true, position: { ...lines, new_path: 'app.ts' } });
    } else expect(body.message).toContain('line_code');
  });

  it('of a new file, a removed one and a renamed one', async () => {
    await place.push({ 'new.ts': 'a\nb\n', 'README.md': null, 'app.ts': null, 'moved.ts': CHANGED.join('') });
    const at = async (old_path: string, new_path: string, lines: object) =>
      (await place.thread({ old_path, new_path, ...lines })).status;
    expect(await at('new.ts', 'new.ts', { new_line: 2 })).toBe(201);
    expect(await at('new.ts', 'new.ts', { old_line: 2, new_line: 2 })).toBe(400);
    expect(await at('README.md', 'README.md', { old_line: 1 })).toBe(201);
    expect(await at('app.ts', 'moved.ts', { new_line: 3 })).toBe(201);
    expect(await at('nowhere.ts', 'nowhere.ts', { new_line: 1 })).toBe(400);
  });

  it('of a file that is collapsed, but of none that is too large', async () => {
    const text = (bytes: number) => `${'x'.repeat(99)}\n`.repeat(bytes / 100);
    await place.push({ middle: text(21_000), large: text(210_000) });
    const at = async (path: string) => (await place.thread({ old_path: path, new_path: path, new_line: 5 })).status;
    expect([await at('middle'), await at('large')]).toEqual([201, 400]);
  });

  it('of an older version is taken, and stands where the line is now', async () => {
    const old = await place.position({ new_line: 3 });
    const head = await place.push({ 'app.ts': `first\n${CHANGED.join('')}` });
    const { status, body } = await place.bot('POST', threads, { body: 'x', position: old });
    expect(status).toBe(201);
    expect(body.notes[0].position).toMatchObject({ head_sha: head, new_line: 4, old_line: null });
  });

  it('is looked for from where the branches part; from the start itself where that is said to be the base', async () => {
    const target = await place.push({ 'app.ts': LINES.toSpliced(9, 1, 'other 10\n').join('') }, 'main');
    await place.push({ 'README.md': 'two\n' });
    expect((await place.refs()).start_sha).toBe(target);
    const lines = { old_line: 10, new_line: 11 };
    expect((await place.thread(lines)).status).toBe(201);
    expect((await place.thread({ ...lines, base_sha: (await place.refs()).head_sha })).status).toBe(201);
    expect((await place.thread({ ...lines, base_sha: target })).status).toBe(400);
    expect((await place.thread({ new_line: 11, base_sha: target })).status).toBe(201);
  });

  it('needs its commits and a type; unknown commits answer 400, or 500 where that is asked for', async () => {
    const position = await place.position({ new_line: 3 });
    const post = async (change: object) => {
      const { status, body } = await place.bot('POST', threads, { body: 'x', position: { ...position, ...change } });
      return `${status} ${body.error ?? body.message}`;
    };
    expect(await post({ base_sha: undefined })).toBe('400 position[base_sha] is missing');
    expect(await post({ position_type: 'line' })).toBe('400 position[position_type] does not have a valid value');
    expect(await post({ head_sha: '1'.repeat(40) })).toMatch(/^400 .*line_code/);
    const action = { kind: 'misbehave', how: 'unknown-sha-500' } as const;
    place.gitlab.faults.add({ method: 'POST', path: '/**/discussions', action });
    expect(await post({ head_sha: '1'.repeat(40) })).toMatch(/^500 /);
    expect(await post({})).toMatch(/^201 /);
  });

  it('has numbers for lines: a text is refused in JSON, and read from a form', async () => {
    const position = await place.position({ new_line: '3' });
    const json = await place.bot('POST', threads, { body: 'x', position });
    expect([json.status, json.body.message]).toEqual([400, expect.stringContaining('schema')]);
    const form = new URLSearchParams({ body: 'x', 'position[old_line]': '' });
    for (const [name, value] of Object.entries(position)) form.set(`position[${name}]`, String(value));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await place.bot('POST', threads, form.toString(), headers)).status).toBe(201);
    // The numbers of a range stay texts there.
    form.set('position[line_range][start][new_line]', '3');
    form.set('position[line_range][end][new_line]', '3');
    expect((await place.bot('POST', threads, form.toString(), headers)).body.message).toContain('schema');
  });

  it('of several lines keeps its range over a push', async () => {
    const at = (old: number, now: number) => `${createHash('sha1').update('app.ts').digest('hex')}_${old}_${now}`;
    const line_range = {
      start: { line_code: at(4, 3), type: 'new', new_line: 3, old_line: null },
      end: { line_code: at(6, 6), type: 'new', new_line: 6, old_line: null },
    };
    const begun = await place.thread({ new_line: 6, line_range });
    expect([begun.status, begun.body.notes[0].position.line_range]).toEqual([201, line_range]);
    await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    expect((await notesOf(begun))[0].position).toMatchObject({ new_line: 7, line_range });
  });

  it('of a whole file has no lines', async () => {
    const { status, body } = await place.thread({ position_type: 'file' });
    expect(status).toBe(201);
    expect(body.notes[0]).toMatchObject({ type: 'DiffNote', resolvable: true, position: { position_type: 'file' } });
    expect(body.notes[0].position).not.toHaveProperty('new_line');
  });
});

describe('after a push', () => {
  it('a thread goes along with its line', async () => {
    const added = await place.thread({ new_line: 6 });
    const context = await place.thread({ old_line: 10, new_line: 11 });
    const removed = await place.thread({ old_line: 3 });
    const head = await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    const base_sha = (await place.refs()).base_sha;
    expect((await notesOf(added))[0].position).toMatchObject({ head_sha: head, base_sha, old_line: null, new_line: 7 });
    expect((await notesOf(context))[0].position).toMatchObject({ head_sha: head, old_line: 10, new_line: 12 });
    expect((await notesOf(removed))[0].position).toMatchObject({ head_sha: head, old_line: 3, new_line: null });
  });

  it('it goes along with a renamed file', async () => {
    const begun = await place.thread({ new_line: 6 });
    await place.push({ 'app.ts': null, 'moved.ts': CHANGED.join('') });
    const [{ position }] = await notesOf(begun);
    expect(position).toMatchObject({ old_path: 'app.ts', new_path: 'moved.ts', new_line: 6 });
  });

  it('an added line that the target has got stands as a line of the context', async () => {
    const begun = await place.thread({ new_line: 6 });
    await place.push({ 'app.ts': [...LINES.slice(0, 5), 'added 6\n', ...LINES.slice(5)].join('') }, 'main');
    const main = (await place.bot('GET', `${place.project}/repository/branches/main`)).body.commit.id;
    // As after a rebase.
    await place.gitlab.push('team/app', {
      branch: 'topic',
      user: 'ann',
      message: 'Rebased',
      files: { 'app.ts': CHANGED.join('') },
      from: main,
    });
    const [{ position }] = await notesOf(begun);
    expect(position).toMatchObject({ base_sha: main, old_line: 6, new_line: 6 });
  });

  it('a removed line is where the target has it', async () => {
    const removed = await place.thread({ old_line: 3 });
    const main = await place.push({ 'app.ts': `zero\n${LINES.join('')}` }, 'main');
    const files = { 'app.ts': `zero\n${CHANGED.join('')}` };
    await place.gitlab.push('team/app', { branch: 'topic', user: 'ann', message: 'Rebased', files, from: main });
    expect((await notesOf(removed))[0].position).toMatchObject({ base_sha: main, old_line: 4, new_line: null });
    await place.push({ 'app.ts': ['zero\n', ...CHANGED.toSpliced(2, 1, 'line 3\n')].join('') });
    expect(await notesOf(removed)).toMatchObject([{ position: { old_line: 4 } }, { system: true }]);
  });

  it('it stays where it was when its line is gone, and says so', async () => {
    const begun = await place.thread({ new_line: 3 });
    const { position: before } = begun.body.notes[0];
    await place.push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    const [note, system] = await notesOf(begun);
    expect(note).toMatchObject({ position: before, resolved: false });
    expect(system).toMatchObject({ system: true, resolvable: false });
    expect(system.body).toMatch(/^changed this line in \[version 2 of the diff\]\(http/);
    // Once outdated it is not traced again.
    await place.push({ 'app.ts': CHANGED.join('') });
    expect(await notesOf(begun)).toMatchObject([{ position: before }, { system: true }]);
  });

  it('it stays where it was when its file is no longer in the diff', async () => {
    const begun = await place.thread({ old_line: 6, new_line: 7 });
    await place.push({ 'app.ts': LINES.join('') });
    expect(await notesOf(begun)).toMatchObject([{ position: begun.body.notes[0].position }, { system: true }]);
  });

  it('a project may have outdated threads resolved', async () => {
    place.gitlab.changeProject('team/app', { resolveOutdatedDiscussions: true });
    const begun = await place.thread({ new_line: 3 });
    await place.push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    expect((await notesOf(begun))[0]).toMatchObject({ resolved: true, resolved_by: { username: 'ann' } });
  });

  it('a whole file stays as long as it is in the diff', async () => {
    const begun = await place.thread({ position_type: 'file' });
    const head = await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    expect((await notesOf(begun))[0].position.head_sha).toBe(head);
    await place.push({ 'app.ts': LINES.join('') });
    expect((await notesOf(begun))[0].position.head_sha).toBe(head);
    expect(await notesOf(begun)).toHaveLength(2);
  });

  it('readers at the same time all see the new version', async () => {
    const begun = await place.thread({ new_line: 6 });
    const head = await place.push({ 'app.ts': `zero\n${CHANGED.join('')}` });
    const seen = await Promise.all(Array.from({ length: 5 }, () => notesOf(begun)));
    expect(seen.map(([note]) => note.position.head_sha)).toEqual(Array(5).fill(head));
  });
});
