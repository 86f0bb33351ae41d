import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../test/gitlab/port.ts';
import { ForgeError } from '../../errors.ts';
import type { CommitPlan, MergeRequestPlan } from '../../port.ts';
import type { SafeText } from '../../render/safe-text.ts';
import { BRANCH } from '../../testing/publisher-contract.ts';
import { type GitlabPlace, openGitlabPlace } from './testing/gitlab-place.ts';

const opened: GitlabPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

async function open(faults: readonly FaultRule[] = [], timeout = 60): Promise<GitlabPlace> {
  const place = await openGitlabPlace({ timeout });
  opened.push(place);
  for (const fault of faults) place.gitlab.faults.add(fault);
  return place;
}

const APPLIED: readonly (readonly [string, FaultRule['action']])[] = [
  ['the connection is cut', { kind: 'applied-then-reset' }],
  ['a proxy answers 502', { kind: 'applied-then-status', status: 502 }],
  ['a proxy gives up with 504', { kind: 'applied-then-status', status: 504 }],
  ['the answer is cut', { kind: 'truncated' }],
];

const NOT_APPLIED: readonly (readonly [string, FaultRule['action'], RegExp])[] = [
  ['the connection is cut', { kind: 'reset' }, /reset|cut|closed|other side/i],
  ['a proxy answers 502', { kind: 'status', status: 502 }, /502/],
  ['GitLab is overloaded', { kind: 'status', status: 503 }, /503/],
  ['GitLab asks to come back later', { kind: '429', retryAfter: 7 }, /429/],
];

interface Verb {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  prepare?(place: GitlabPlace): Promise<unknown>;
  run(place: GitlabPlace): Promise<unknown>;
  check(place: GitlabPlace): Promise<unknown>;
}

const VERBS: readonly Verb[] = [
  {
    name: 'a commit',
    method: 'POST',
    path: '/projects/*/repository/commits',
    run: ({ publisher, base }) => publisher.ensureCommit(commitPlan(base), WHY),
    check: async ({ git, base }) => {
      expect(await git('rev-list', '--count', `${base}..${BRANCH}`)).toBe('1');
      expect(await git('show', `${BRANCH}:AGENTS.md`)).toBe('text');
    },
  },
  {
    name: 'a commit that replaces one',
    method: 'POST',
    path: '/projects/*/repository/commits',
    prepare: ({ publisher, base }) => publisher.ensureCommit(commitPlan(base, 'older\n'), WHY),
    run: async ({ publisher, base, git }) =>
      publisher.ensureCommit({ ...commitPlan(base), expectedTip: await git('rev-parse', BRANCH) }, WHY),
    check: async ({ git, base }) => {
      expect(await git('rev-list', '--count', `${base}..${BRANCH}`)).toBe('1');
      expect(await git('show', `${BRANCH}:AGENTS.md`)).toBe('text');
    },
  },
  {
    name: 'a merge request',
    method: 'POST',
    path: '/projects/*/merge_requests',
    prepare: ({ publisher, base }) => publisher.ensureCommit(commitPlan(base), WHY),
    run: ({ publisher }) => publisher.ensureMergeRequest(PLAN, WHY),
    check: async ({ mergeRequests }) => expect(await mergeRequests(BRANCH)).toMatchObject([{ title: 'Add AGENTS.md' }]),
  },
  {
    name: 'an update',
    method: 'PUT',
    path: '/projects/*/merge_requests/1',
    prepare: openOne,
    run: async ({ publisher, mergeRequests }) =>
      publisher.ensureMergeRequest({ ...PLAN, title: safe('Newer') }, WHY, (await mergeRequests(BRANCH))[0]),
    check: async ({ mergeRequests }) => expect(await mergeRequests(BRANCH)).toMatchObject([{ title: 'Newer' }]),
  },
  {
    name: 'a comment',
    method: 'POST',
    path: '/projects/*/merge_requests/1/notes',
    prepare: openOne,
    run: ({ publisher }) => publisher.ensureNote(1, 'bye', safe('Farewell.'), WHY),
    check: async ({ notes }) => expect((await notes(1)).split('Farewell.')).toHaveLength(2),
  },
  {
    name: 'a close',
    method: 'PUT',
    path: '/projects/*/merge_requests/1',
    prepare: openOne,
    run: async ({ publisher, mergeRequests }) => publisher.ensureClosed((await mergeRequests(BRANCH))[0]!, WHY),
    check: async ({ mergeRequests }) => expect(await mergeRequests(BRANCH)).toMatchObject([{ state: 'closed' }]),
  },
  {
    name: 'a label',
    method: 'PUT',
    path: '/projects/*/merge_requests/1',
    prepare: openOne,
    run: async ({ publisher, mergeRequests }) =>
      publisher.ensureLabels((await mergeRequests(BRANCH))[0]!, ['declined'], WHY),
    check: async ({ mergeRequests }) =>
      expect(await mergeRequests(BRANCH)).toMatchObject([{ labels: ['agentsmd', 'declined'] }]),
  },
  {
    name: 'a branch that is taken away',
    method: 'DELETE',
    path: '/projects/*/repository/branches/*',
    prepare: ({ publisher, base }) => publisher.ensureCommit(commitPlan(base), WHY),
    run: async ({ publisher, git }) => publisher.ensureBranchGone(BRANCH, await git('rev-parse', BRANCH), WHY),
    check: async ({ git }) => expect(await git('for-each-ref', `refs/heads/${BRANCH}`)).toBe(''),
  },
];

/** Every fault for the two that matter most, one for each of the others. */
const some = <T>(verb: Verb, faults: readonly T[]) => (VERBS.indexOf(verb) % 2 === 0 ? faults : faults.slice(0, 1));

describe.each(VERBS)('$name', (verb) => {
  const { method, path, prepare, run, check } = verb;

  it.each(some(verb, APPLIED))('is not sent again when it was applied and %s', async (_, action) => {
    const place = await open();
    await prepare?.(place);
    const { length } = place.audit;
    place.gitlab.forget();
    place.gitlab.faults.add({ method, path, nth: 1, action });
    await run(place);
    await check(place);
    expect(place.writes()).toHaveLength(1);
    expect(place.audit.slice(length).map(({ result }) => result)).toEqual(['sent', 'lost', 'found-applied']);
  });

  it.each(some(verb, NOT_APPLIED))('is sent again when it was not applied and %s', async (_, action, why) => {
    const place = await open();
    await prepare?.(place);
    const { length } = place.audit;
    place.gitlab.forget();
    place.gitlab.faults.add({ method, path, nth: 1, action });
    await run(place);
    await check(place);
    expect(place.writes()).toHaveLength(2);
    const log = place.audit.slice(length);
    const lost = action.kind === '429' ? 'refused' : 'lost';
    const told = log.map(({ result, attempt }) => `${attempt} ${result}`);
    expect(told).toEqual(['1 sent', `1 ${lost}`, '2 sent', '2 applied']);
    expect(log[2]?.retryOf).toMatch(why);
    expect(place.waits.length).toBeGreaterThan(0);
  });
});

it('is not sent again when it was applied and the answer never ends', async () => {
  const place = await open([{ method: 'POST', nth: 1, action: { kind: 'slow', ms: 1e6, part: 'body' } }], 2);
  expect((await place.publisher.ensureCommit(commitPlan(place.base), WHY)).outcome).toBe('created');
  expect(place.writes()).toHaveLength(1);
  expect(place.audit.map(({ result }) => result)).toEqual(['sent', 'lost', 'found-applied']);
});

it('gives up where GitLab stays away, and says so', async () => {
  const place = await open([{ method: 'POST', action: { kind: 'status', status: 503 } }]);
  const error = await place.publisher.ensureCommit(commitPlan(place.base), WHY).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ForgeError);
  expect(error).toMatchObject({ reason: 'unavailable', status: 503 });
  expect(place.writes().length).toBeLessThan(10);
  expect(Math.max(...place.waits)).toBeLessThanOrEqual(15_000);
});

it('sends nothing while it cannot be seen what became of it', async () => {
  const place = await open([
    { method: 'POST', nth: 1, action: { kind: 'reset' } },
    { method: 'GET', path: '/projects/*/repository/branches/*', action: { kind: 'status', status: 500 } },
  ]);
  await expect(place.publisher.ensureCommit(commitPlan(place.base), WHY)).rejects.toMatchObject({
    reason: 'unavailable',
  });
  expect(place.writes()).toHaveLength(1);
});

it('does not send again over a commit that somebody made in between', async () => {
  const place = await open([{ method: 'POST', nth: 1, action: { kind: 'reset' } }]);
  place.onWait = async () => void (await place.push(BRANCH, { 'theirs.txt': 'x\n' }));
  await expect(place.publisher.ensureCommit(commitPlan(place.base), WHY)).rejects.toMatchObject({ reason: 'conflict' });
  expect(await place.git('ls-tree', '--name-only', BRANCH)).toContain('theirs.txt');
  expect(place.writes()).toHaveLength(1);
});

it.each([1, 2, 3])('makes one of each whatever fails, at one fault in four: seed %s', async (seed) => {
  const place = await openGitlabPlace({ simulator: { seed } });
  opened.push(place);
  const kinds = [...APPLIED.map(([, action]) => action), ...NOT_APPLIED.map(([, action]) => action)];
  for (const action of kinds) place.gitlab.faults.add({ probability: 0.25 / kinds.length, action });
  const { publisher, base } = place;
  for (let run = 1; run <= 12; run++) {
    const branch = `agentsmd/${run}`;
    await publisher.ensureCommit({ ...commitPlan(base), branch }, WHY);
    const { value } = await publisher.ensureMergeRequest({ ...PLAN, source: branch }, WHY);
    await publisher.ensureNote(value.mergeRequest.iid, 'bye', safe('Farewell.'), WHY);
  }
  place.gitlab.faults.clear();
  for (let run = 1; run <= 12; run++) {
    const branch = `agentsmd/${run}`;
    expect(await place.git('rev-list', '--count', `${base}..${branch}`)).toBe('1');
    const found = await place.mergeRequests(branch);
    expect(found).toHaveLength(1);
    expect((await place.notes(found[0]!.iid)).split('Farewell.')).toHaveLength(2);
  }
  const writes = place.gitlab.requests.filter(({ method, applied }) => method !== 'GET' && applied);
  expect(writes).toHaveLength(36);
});

const WHY = 'the repository has no AGENTS.md';
const PLAN: MergeRequestPlan = {
  source: BRANCH,
  target: 'main',
  title: safe('Add AGENTS.md'),
  description: safe('What it is.'),
  labels: ['agentsmd'],
  draft: false,
  assignees: [],
  reviewers: ['kim'],
  removeSourceBranch: true,
  squash: false,
};

function commitPlan(base: string, text = 'text\n'): CommitPlan {
  const files = [{ path: 'AGENTS.md', text, exists: false }];
  return { branch: BRANCH, base, expectedTip: null, message: safe('Add AGENTS.md'), files };
}

async function openOne({ publisher, base }: GitlabPlace): Promise<void> {
  await publisher.ensureCommit(commitPlan(base), WHY);
  await publisher.ensureMergeRequest(PLAN, WHY);
}

function safe(text: string): SafeText {
  return text as SafeText;
}
