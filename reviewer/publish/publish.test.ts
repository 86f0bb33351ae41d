import { afterEach, describe, expect, it } from 'vitest';
import { CHANGED } from '../../test/gitlab/review-place.ts';
import { REVIEW_DEFAULTS } from '../config.ts';
import { planOf } from './plan.ts';
import { found, openPublishPlace, type PublishPlace, reviewOf } from './testing/gitlab-place.ts';

const opened: PublishPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.gitlab.close();
});

async function open(...options: Parameters<typeof openPublishPlace>): Promise<PublishPlace> {
  const place = await openPublishPlace(...options);
  opened.push(place);
  return place;
}

const CRITICAL = { severity: 'critical', title: 'It breaks', quote: 'changed 3', line: 3, endLine: 3 } as const;
const WARNING = { severity: 'warning', title: 'It is slow', quote: 'added 6', line: 6, endLine: 6 } as const;

describe('a review on a merge request', { timeout: 120_000 }, () => {
  it('is told, and what is fixed is answered, resolved and approved', async () => {
    const place = await open();
    const against = await place.run({ findings: found(CRITICAL, WARNING) });
    expect(against).toMatchObject({ said: 2, resolved: 0, effect: { kind: 'request-changes' }, problem: '' });
    expect(await place.approvers()).toEqual([]);
    expect(await place.summaries()).toMatchObject([expect.stringMatching(/^## Significant concerns\n/)]);
    await place.push({ 'app.ts': 'other\n' });
    const clean = await place.run();
    expect(clean).toMatchObject({ said: 2, resolved: 2, effect: { kind: 'approve' } });
    expect(await place.approvers()).toEqual(['bot']);
    expect(await place.summaries()).toMatchObject([expect.stringMatching(/^## Approved\n/)]);
    expect((await place.threads()).filter(({ notes }) => notes[0]!.resolvable && !notes[0]!.resolved)).toEqual([]);
    expect(place.gitlab.effects.filter(({ what }) => what !== '/request_changes')).toEqual([]);
  });

  it.each([
    ['the next one is against it', {}, { findings: found(CRITICAL) }],
    ['the next one cannot be done', {}, { review: { decision: null } }],
    ['it is a draft by then', { title: 'Draft: Change' }, { review: { skipped: 'it is a draft' } }],
    ['reviews only tell by then', {}, { keys: { mode: 'advisory' } }],
  ] as const)('takes an approval back where %s', async (_, change, next) => {
    const place = await open();
    await place.run();
    expect(await place.approvers()).toEqual(['bot']);
    await place.push({ 'app.ts': `${'line\n'.repeat(2)}changed 3\n` });
    if ('title' in change) await place.ann('PUT', place.one, change);
    const { review = {}, ...more } = { review: {}, ...next };
    const failed = 'decision' in review ? { agents: [{ ...AGENT, state: 'failed' as const }] } : review;
    await place.run({ ...more, review: failed });
    expect(await place.approvers()).toEqual([]);
  });

  it.each([
    ['is retargeted', { target_branch: 'release' }, /goes into release by now/],
    ['is a draft', { title: 'Draft: Change' }, 'it is a draft'],
    ['is closed', { state_event: 'close' }, 'it is closed'],
  ] as const)('is no approval of what %s after it was looked at, though nothing is said', async (_, change, because) => {
    const place = await open();
    await place.push({ 'other.ts': 'x\n' }, 'release');
    const running = place.withReview((api) =>
      place.runWith(
        { ...api, summary: (...args) => happens(place, change).then(() => api.summary(...args)) },
        () => ({}),
      ),
    );
    if (typeof because === 'string') expect((await running).effect).toEqual({ kind: 'none', because });
    else await expect(running).rejects.toMatchObject({ reason: 'conflict', message: expect.stringMatching(because) });
    expect(await place.approvers()).toEqual([]);
  });

  it('takes an approval back that was for another target, and gives it anew where it approves that one', async () => {
    const place = await open();
    await place.run();
    await place.push({ 'other.ts': 'x\n' }, 'release');
    await happens(place, { target_branch: 'release' });
    expect(await place.approvers()).toEqual(['bot']);
    place.gitlab.forget();
    expect(await place.run()).toMatchObject({ effect: { kind: 'approve' } });
    const sent = place.gitlab.requests.filter(({ applied }) => applied).map(({ route }) => route.split('/').at(-1));
    expect(sent).toEqual(['unapprove', ':note_id', 'approve']);
    expect(await place.approvers()).toEqual(['bot']);
    // Now it is for that one.
    place.gitlab.forget();
    await place.run();
    expect(place.gitlab.requests.filter(({ route }) => route.endsWith('approve'))).toEqual([]);
  });

  it('does not fill up what was capped with every run', async () => {
    const place = await open();
    const many = found(
      ...[1, 2, 3, 4].map((line) => ({ ...WARNING, line, endLine: line, quote: '', title: `No ${line}` })),
    );
    const keys = { maxNotes: { critical: 1, warning: 2, suggestion: 1 } };
    expect(await place.run({ findings: many, keys })).toMatchObject({ said: 2 });
    expect(await place.run({ findings: many, keys })).toMatchObject({ said: 0 });
    // What is fixed makes room.
    expect(await place.run({ findings: many.slice(1), keys })).toMatchObject({ said: 2, resolved: 1 });
  });

  it('opens what GitLab resolved with a push again, once; what a person then resolves stays so', async () => {
    const place = await open({}, { resolveOutdatedDiscussions: true });
    const findings = found({ ...WARNING, quote: '' });
    await place.run({ findings });
    await place.push({ 'app.ts': CHANGED.with(5, 'other 6\n').join('') });
    const isResolved = async () =>
      (await place.threads()).find(({ notes }) => notes[0]!.resolvable)!.notes[0]!.resolved;
    expect(await isResolved()).toBe(true);
    await place.run({ findings });
    expect(await isResolved()).toBe(false);
    place.gitlab.forget();
    await place.run({ findings });
    expect(
      place.gitlab.requests.filter(({ method, route }) => method === 'PUT' && route.includes('discussions')),
    ).toEqual([]);
  });

  it('says again what people deleted', async () => {
    const place = await open();
    const findings = found(CRITICAL);
    await place.run({ findings });
    const boss = place.as('boss');
    for (const { notes } of await place.threads())
      if (!notes[0]!.system) expect((await boss('DELETE', `${place.one}/notes/${notes[0]!.id}`)).status).toBe(204);
    expect(await place.summaries()).toEqual([]);
    expect(await place.run({ findings })).toMatchObject({ said: 1 });
    expect(await place.summaries()).toHaveLength(1);
  });

  it('goes on with what a user said whom we had before, and has a summary of its own', async () => {
    const place = await open();
    await place.run({ findings: found(CRITICAL) });
    const renamed = await place.withReview(async (review) => {
      const { mergeRequest, threads, ...state } = await review.look();
      const self = { id: '99', username: 'newer' };
      return { ...state, mergeRequest, threads, self };
    });
    const plan = async (ownUsers: readonly string[]) =>
      await planOf(
        {
          ...{ review: reviewOf(found(CRITICAL)), state: renamed, keys: REVIEW_DEFAULTS, ownUsers },
          ...{
            anchorOf: () => ({ rung: 'general', why: 'not-in-diff' }) as const,
            place: { ...HERE, instance: place.gitlab.url },
          },
        },
        { accessOf: async () => 'none', isBot: async () => true },
      );
    expect((await plan(['BOT'])).reconciled).toMatchObject({ fresh: [], kept: [{}] });
    expect((await plan([])).reconciled).toMatchObject({ fresh: [{}], kept: [] });
  });

  it('tells in the summary what would stand on a file where this GitLab takes no comments on files', async () => {
    const place = await open({ version: '16.3.0' });
    await place.push({ 'new name.md': 'x\n', 'README.md': null });
    const findings = found({ ...WARNING, path: 'README.md', side: 'old', line: 0, endLine: 0, quote: '' });
    expect(await place.run({ findings })).toMatchObject({ said: 0, lost: new Map() });
    expect(await place.summaries()).toMatchObject([expect.stringContaining('It is slow')]);
  });

  it.each([
    ['19.2.0', 'file'],
    ['18.3.0', 'file'],
    ['16.3.0', undefined],
    ['15.6.0', undefined],
  ])('comments on the file where it is too large for lines, else in the summary, and on lines of what is only collapsed: %s', async (version, onLarge) => {
    const place = await open({ version });
    const lines = (many: number) => Array.from({ length: many }, (_, at) => `line ${at + 1}\n`).join('');
    await place.push({ 'large.txt': lines(25_000), 'collapsed.txt': lines(4_000) });
    const at = (path: string) => ({ ...WARNING, path, quote: 'line 6', title: `In ${path}` });
    place.gitlab.forget();
    const done = await place.run({ findings: found(at('large.txt'), at('collapsed.txt'), CRITICAL) });
    expect(done).toMatchObject({ lost: new Map(), said: onLarge === undefined ? 2 : 3 });
    const drafted = place.gitlab.requests.filter(
      ({ method, route }) => method === 'POST' && route.endsWith('/draft_notes'),
    );
    const types = drafted.map(
      ({ body }) => (body as { position: { position_type: string; new_path: string } }).position,
    );
    expect(types.map(({ new_path, position_type }) => [new_path, position_type]).toSorted()).toEqual([
      ['app.ts', 'text'],
      ['collapsed.txt', 'text'],
      ...(onLarge === undefined ? [] : [['large.txt', onLarge]]),
    ]);
    // Nothing had to be made good.
    expect(
      place.gitlab.requests.filter(({ method, route }) => method === 'POST' && route.endsWith('/discussions')),
    ).toEqual([]);
    expect((await place.summaries())[0]).toContain('In large.txt');
  });

  it('asks nothing of the forge for files of which it shows all lines', async () => {
    const place = await open();
    place.gitlab.forget();
    await place.run({ findings: found(WARNING) });
    const routes = place.gitlab.requests.map(({ route }) => route.split('/').at(-1));
    expect(routes).not.toContain('diffs');
    expect(routes).not.toContain('metadata');
  });

  it('tells of files with odd names, and of renamed, deleted and binary ones, at the place or in the summary', async () => {
    const place = await open();
    const odd = 'dir ü/a b#?%20`@ann`.md';
    await place.push({ [odd]: 'one\n', 'bin.dat': 'a\u0000b', 'README.md': null, 'MOVED.md': 'one\n' });
    const at = (path: string, more = {}) => ({
      ...CRITICAL,
      path,
      line: 1,
      endLine: 1,
      quote: '',
      title: `In ${path}`,
      ...more,
    });
    const findings = found(
      ...[at(odd), at('bin.dat'), at('MOVED.md'), at('README.md', { side: 'old' }), at('not/there.md')],
      at('AGENTS.md', { evidence: [{ path: odd, line: 1, side: 'new' }] }),
    );
    const done = await place.run({ findings });
    expect(done).toMatchObject({ said: 5, lost: new Map() });
    expect((await place.summaries())[0]).toContain('not/there.md');
    expect(place.gitlab.effects.filter(({ what }) => what !== '/request_changes')).toEqual([]);
    expect(await place.run({ findings })).toMatchObject({ said: 0 });
  });

  it('tells of every critical finding, however many there are', async () => {
    const place = await open();
    const detail = 'What goes wrong. '.repeat(30);
    const many = Array.from({ length: 500 }, (_, at) => ({
      ...{
        path: 'not/there.ts',
        line: at + 1,
        endLine: at + 1,
        quote: `line ${at}`,
        title: `Number ${at} of all`,
        detail,
      },
      ...(at % 5 === 0
        ? ({ severity: 'critical', category: 'documentation' } as const)
        : ({ severity: 'warning', category: 'security' } as const)),
    }));
    await place.run({ findings: found(...many) });
    const [summary, ...others] = await place.summaries();
    expect(others).toEqual([]);
    for (let at = 0; at < 500; at += 5) expect(summary).toContain(`Number ${at} of all`);
  });
});

async function happens(place: PublishPlace, change: Record<string, string>): Promise<void> {
  expect((await place.ann('PUT', place.one, change)).status).toBe(200);
}

const AGENT = { name: 'agents-md', state: 'done', findings: 0, ms: 1, message: null } as const;
const HERE = { hosts: [], lineUrl: () => '' };
