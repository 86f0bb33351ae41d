import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANGED, openReview, type ReviewPlace } from '../review-place.ts';

let place: ReviewPlace;
beforeEach(async () => {
  place = await openReview();
});
afterEach(() => place.gitlab.close());

const versions = async () => (await place.bot('GET', `${place.one}/versions`)).body;
const diffs = async (ask = place) => (await ask.bot('GET', `${ask.one}/diffs?per_page=100`)).body;

describe('the versions of a merge request', () => {
  it('are one for each push to the source branch, the newest first, their numbers growing', async () => {
    const first = await place.refs();
    const head = await place.push({ 'README.md': 'two\n' });
    const target = await place.push({ other: 'x\n' }, 'main');
    const [newest, oldest, ...others] = await versions();
    expect(others).toEqual([]);
    expect(newest.id).toBeGreaterThan(oldest.id);
    expect(oldest).toMatchObject({ head_commit_sha: first.head_sha, base_commit_sha: first.base_sha, real_size: '1' });
    expect(newest).toMatchObject({ head_commit_sha: head, state: 'collected', real_size: '2' });
    expect(newest.start_commit_sha).not.toBe(newest.head_commit_sha);
    const last = await place.push({ 'README.md': 'three\n' });
    // The target's tip at that time; the merge base is still where the branch began.
    expect((await versions())[0]).toMatchObject({
      head_commit_sha: last,
      start_commit_sha: target,
      base_commit_sha: first.base_sha,
    });
  });

  it('are diff_refs, sha and draft of the merge request itself', async () => {
    const head = await place.push({ 'README.md': 'two\n' });
    await place.ann('PUT', place.one, { title: 'Draft: Change' });
    const { body } = await place.bot('GET', place.one);
    expect(body).toMatchObject({ sha: head, diff_refs: { head_sha: head }, draft: true });
    const { body: whole } = await place.bot('GET', `${place.one}/versions/${(await versions())[0].id}`);
    expect(whole.commits).toHaveLength(2);
    expect(whole.diffs.map((diff: { new_path: string }) => diff.new_path)).toEqual(['README.md', 'app.ts']);
    expect((await place.bot('GET', `${place.one}/versions/1`)).status).toBe(404);
  });

  it('come with another target branch, too', async () => {
    const target = await place.push({ 'README.md': 'release\n' }, 'release');
    await place.ann('PUT', place.one, { target_branch: 'release' });
    expect((await versions())[0]).toMatchObject({ start_commit_sha: target });
    expect(await versions()).toHaveLength(2);
  });

  it('are not there for a moment, where that is asked for, nor are diff_refs', async () => {
    const how = 'unprepared';
    place.gitlab.faults.add({ path: '/projects/*/merge_requests/1', first: 2, action: { kind: 'misbehave', how } });
    place.gitlab.faults.add({ path: '/**/versions', nth: 1, action: { kind: 'misbehave', how } });
    const refs = [await place.refs(), await place.refs(), await place.refs()];
    expect(refs.map((one) => one?.base_sha.length)).toEqual([undefined, undefined, 40]);
    expect(await versions()).toEqual([]);
    expect(await versions()).toHaveLength(1);
    expect(place.gitlab.requests.filter(({ fault }) => fault === how)).toHaveLength(3);
  });
});

describe('the diffs of a merge request', () => {
  const text = (bytes: number) => `${'x'.repeat(99)}\n`.repeat(bytes / 100);

  it('are collapsed above 20 KB and too large above 200 KB', async () => {
    await place.push({ small: text(20_000), middle: text(21_000), large: text(210_000) });
    const told = (await diffs()).map(
      (diff: { new_path: string; diff: string; collapsed: boolean; too_large: boolean }) =>
        `${diff.new_path} ${diff.diff.length > 0} ${diff.collapsed} ${diff.too_large}`,
    );
    expect(told).toEqual([
      'app.ts true false false',
      'large false false true',
      'middle false true false',
      'small true false false',
    ]);
  });

  it('say so from 18.4 on; before, their text is just missing', async () => {
    const old = await openReview({ version: '18.3.0' });
    try {
      await old.push({ middle: text(21_000) });
      const [, middle] = await diffs(old);
      expect(middle).toMatchObject({ new_path: 'middle', diff: '' });
      expect(middle).not.toHaveProperty('collapsed');
      expect(middle).not.toHaveProperty('too_large');
    } finally {
      await old.gitlab.close();
    }
  });

  it('are collapsed after 100 files and after 5,000 lines', async () => {
    await place.push(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`b${at + 100}`, 'x\n'])));
    const [{ diff }, ...others] = await diffs();
    expect(diff).toContain('+changed 3');
    expect(others.at(-1)).toMatchObject({ diff: expect.stringContaining('+x') });
    const { body } = await place.bot('GET', `${place.one}/diffs?per_page=100&page=2`);
    expect(body.map((one: { collapsed: boolean }) => one.collapsed)).toEqual([true, true]);
    await place.push({ a0: `${'x\n'.repeat(2499)}`, a1: `${'x\n'.repeat(2499)}` });
    const flags = (await diffs()).slice(0, 4).map((one: { collapsed: boolean }) => one.collapsed);
    expect(flags).toEqual([false, false, true, true]);
  });

  it('end after 1,000 files', async () => {
    await place.push(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`b${at + 1000}`, 'x\n'])));
    const { headers } = await place.bot('GET', `${place.one}/diffs`);
    expect(headers.get('x-total')).toBe('1000');
    expect((await place.bot('GET', place.one)).body.changes_count).toBe('1000+');
  });

  it('have the text that git has, without its header', async () => {
    expect((await diffs())[0].diff.split('\n').filter((line: string) => /^[+-]/.test(line))).toEqual([
      '-line 3',
      `+${CHANGED[2]?.trim()}`,
      '+added 6',
    ]);
  });
});
