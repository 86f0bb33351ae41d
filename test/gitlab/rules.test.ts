import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { type Ask, asking } from './asking.ts';
import type { GitlabSimulator, NewToken } from './port.ts';
import { RULES } from './rules.ts';
import { MERGE_REQUEST_RULES } from './rules-merge-requests.ts';
import { REVIEW_RULES } from './rules-reviews.ts';
import { startGitlab } from './start.ts';

interface Place {
  readonly sim: GitlabSimulator;
  /** As a developer of `a/b/c`. */
  readonly ask: Ask;
  readonly as: (token: Omit<NewToken, 'user'> & { readonly user?: string }) => Ask;
  /** Of `a/b/c`, a project with a README.md. */
  readonly id: number;
  readonly commit: (body: Record<string, unknown>) => Promise<number>;
}

/** What each rule's own request answers while the rule is in force; with the rule switched off it answers something else. */
const REQUESTS: Record<string, readonly [unknown, (place: Place) => Promise<unknown>]> = {
  'token-unknown': [401, async ({ sim }) => status(asking(sim, 'glpat-wrong')('GET', '/projects'))],
  'token-revoked': [401, async ({ as, id }) => status(as({ revoked: true })('GET', `/projects/${id}`))],
  'token-expired': [401, async ({ as, id }) => status(as({ expiresAt: '2020-01-01' })('GET', `/projects/${id}`))],
  'token-scope': [403, async ({ as, id }) => status(as({ scopes: ['read_user'] })('GET', `/projects/${id}`))],
  'job-token-routes': [404, async (place) => status(jobToken(place, 'a/b/c', `/projects/${place.id}`))],
  'job-token-other-project': [
    403,
    async (place) => {
      await place.sim.addProject({ path: 'a/b/other', members: { dev: 'developer' } });
      return status(jobToken(place, 'a/b/other', `/projects/${place.id}/repository/branches`));
    },
  ],
  'invisible-project': [404, async ({ as, id }) => status(as({ user: 'stranger' })('GET', `/projects/${id}`))],
  'moved-get': [
    301,
    async ({ sim, ask }) => {
      sim.moveProject('a/b/c', 'a/moved');
      return status(ask('GET', '/projects/a%2Fb%2Fc'));
    },
  ],
  'moved-write': [
    405,
    async ({ sim, ask }) => {
      sim.moveProject('a/b/c', 'a/moved');
      return status(ask('POST', '/projects/a%2Fb%2Fc/repository/branches', { branch: 'x', ref: 'main' }));
    },
  ],
  'repository-disabled': [
    404,
    async ({ sim, ask, id }) => {
      sim.changeProject('a/b/c', { repositoryEnabled: false });
      return status(ask('GET', `/projects/${id}/repository/tree`));
    },
  ],
  'code-needs-reporter': [
    403,
    async ({ sim, as, id }) => {
      sim.changeProject('a/b/c', { members: { guest: 'guest' } });
      return status(as({ user: 'guest' })('GET', `/projects/${id}/repository/tree`));
    },
  ],
  'push-needs-developer': [
    403,
    async ({ sim, as, id }) => {
      sim.changeProject('a/b/c', { members: { reader: 'reporter' } });
      return status(
        as({ user: 'reader' })('POST', `/projects/${id}/repository/branches`, { branch: 'x', ref: 'main' }),
      );
    },
  ],
  'archived-read-only': [
    403,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { archived: true });
      return commit({ actions: [create('new')] });
    },
  ],
  'pending-delete-read-only': [
    403,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { pendingDelete: true });
      return commit({ actions: [create('new')] });
    },
  ],
  'tree-none-needs-recursive': [
    400,
    async ({ ask, id }) => status(ask('GET', `/projects/${id}/repository/tree?pagination=none`)),
  ],
  'tree-path-missing': [404, async ({ ask, id }) => status(ask('GET', `/projects/${id}/repository/tree?path=nowhere`))],
  'file-needs-ref': [400, async ({ ask, id }) => status(ask('GET', `/projects/${id}/repository/files/README.md`))],
  'per-page-at-most-100': [
    '100',
    async ({ ask }) => (await ask('GET', '/projects?per_page=500')).headers.get('x-per-page'),
  ],
  'offset-at-most-50000': [405, async ({ ask }) => status(ask('GET', '/projects?per_page=100&page=501'))],
  'no-total-above-10000': [
    null,
    async ({ sim, ask, id }) => {
      const files = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`f${at}`, '']));
      await sim.push('a/b/c', { branch: 'main', user: 'dev', message: 'many', files });
      return (await ask('GET', `/projects/${id}/repository/tree`)).headers.get('x-total');
    },
  ],
  'wrong-method': [405, async ({ ask }) => status(ask('PATCH', '/projects'))],
  'url-too-long': [414, async ({ ask, id }) => status(ask('GET', `/projects/${id}?x=${'x'.repeat(9000)}`))],
  'body-without-type': [
    415,
    async ({ sim, id }) => {
      const headers = { 'PRIVATE-TOKEN': sim.rootToken };
      const body = new TextEncoder().encode('{"branch":"x","ref":"main"}');
      const answer = await fetch(`${sim.url}/api/v4/projects/${id}/repository/branches`, {
        method: 'POST',
        headers,
        body,
      });
      return answer.status;
    },
  ],
  'protected-branch': [
    403,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { protectedBranches: ['ma*'] });
      return commit({ actions: [create('new')] });
    },
  ],
  'push-rule-branch-name': [
    400,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { pushRules: { branchNameRegex: '^bot/' } });
      return commit({ branch: 'other', start_branch: 'main', actions: [create('new')] });
    },
  ],
  'push-rule-message': [
    400,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { pushRules: { commitMessageRegex: '^JIRA-' } });
      return commit({ actions: [create('new')] });
    },
  ],
  'push-rule-author': [
    400,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { pushRules: { authorEmailRegex: '@corp$' } });
      return commit({ actions: [create('new')] });
    },
  ],
  'push-rule-signed': [
    400,
    async ({ sim, commit }) => {
      sim.changeProject('a/b/c', { pushRules: { rejectUnsignedCommits: true } });
      return commit({ actions: [create('new')] });
    },
  ],
  'action-needs': [400, async ({ commit }) => commit({ actions: [{ action: 'update', file_path: 'README.md' }] })],
  'create-on-existing': [400, async ({ commit }) => commit({ actions: [create('README.md')] })],
  'change-of-missing': [400, async ({ commit }) => commit({ actions: [{ ...create('nowhere'), action: 'update' }] })],
  'last-commit-id': [
    400,
    async ({ commit }) =>
      commit({ actions: [{ ...create('README.md'), action: 'update', last_commit_id: '1'.repeat(40) }] }),
  ],
  'start-sha-whole': [
    'Invalid',
    async ({ ask, id }) => firstWord(ask, id, { branch: 'x', start_sha: '12345678', actions: [create('new')] }),
  ],
  'start-sha-known': [
    400,
    async ({ commit }) => commit({ branch: 'x', start_sha: '1'.repeat(40), actions: [create('new')] }),
  ],
  'start-branch-known': [400, async ({ commit }) => commit({ branch: 'x', actions: [create('new')] })],
  'branch-exists': [
    400,
    async ({ sim, commit }) => {
      await sim.push('a/b/c', { branch: 'bot', user: 'dev', message: 'x', files: { x: 'x' } });
      return commit({ branch: 'bot', start_branch: 'main', actions: [create('new')] });
    },
  ],
  'one-start': [
    'start_branch,',
    async ({ ask, id }) =>
      firstWord(ask, id, { branch: 'x', start_branch: 'main', start_sha: '1'.repeat(40), actions: [create('new')] }),
  ],
  'git-scope': [
    'refused',
    async ({ sim }) => {
      const token = sim.addToken({ user: 'dev', scopes: ['read_user'] });
      const url = `${sim.url.replace('://', `://oauth2:${token}@`)}/a/b/c.git`;
      return testGit('/', ['ls-remote', url]).catch(() => 'refused');
    },
  ],
  'keyset-needs-id': [405, async ({ ask }) => status(ask('GET', '/projects?pagination=keyset&order_by=name'))],
  'subgroups-on-request': [0, async ({ ask }) => (await ask('GET', '/groups/a/projects')).body.length],
  'default-branch-stays': [
    400,
    async ({ ask, id }) => status(ask('DELETE', `/projects/${id}/repository/branches/main`)),
  ],
};

describe('the rules of the simulator', () => {
  it('are asked somewhere, each under its own id', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('rules'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('');
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !sources.includes(`'${id}'`))).toEqual([]);
  });

  it('name where it is written that GitLab does so', () => {
    for (const { id, source } of RULES) expect(source, id).toMatch(/\.(md|rb|json)|openapi/);
  });

  it('are told in the README, each with its source', async () => {
    const page = join(import.meta.dirname, 'README.md');
    const text = readFileSync(page, 'utf8');
    const made = '`npx vitest run test/gitlab/rules.test.ts -u` writes it again. -->\n';
    const rows = RULES.map((rule) => {
      const cells = [rule.id, rule.says, rule.source].map((text) => text.replaceAll('|', '\\|'));
      return `| ${cells.join(' | ')} |`;
    });
    const table = ['| rule | what it says | where it is written |', '|---|---|---|', ...rows].join('\n');
    const written = text.slice(0, text.indexOf(made) + made.length);
    await expect(`${written}\n${table}\n`).toMatchFileSnapshot(page);
  });

  it('are known when they are switched off', async () => {
    await expect(startGitlab({ broken: ['no-such-rule'] })).rejects.toThrow('no such rule: no-such-rule');
  });

  const others = new Set<string>([...MERGE_REQUEST_RULES, ...REVIEW_RULES].map(({ id }) => id));
  const core = RULES.filter(({ id }) => !others.has(id));
  it.each(core)('$id: $says', async ({ id }) => {
    const [answer, ask] = REQUESTS[id] ?? [];
    if (!ask) throw new Error(`no request shows ${id}`);
    expect(await inPlace([], ask)).toEqual(answer);
    expect(await inPlace([id], ask)).not.toEqual(answer);
  });
});

async function inPlace(broken: readonly string[], ask: (place: Place) => Promise<unknown>): Promise<unknown> {
  const sim = await startGitlab({ edition: 'premium', broken, conformance: false });
  try {
    const { id } = await sim.addProject({
      path: 'a/b/c',
      files: { 'README.md': 'hello\n' },
      members: { dev: 'developer' },
    });
    const as: Place['as'] = (token) => asking(sim, sim.addToken({ user: 'dev', ...token }));
    const dev = as({});
    return await ask({
      sim,
      ask: dev,
      as,
      id,
      commit: (body) =>
        status(dev('POST', `/projects/${id}/repository/commits`, { branch: 'main', commit_message: 'x', ...body })),
    });
  } finally {
    await sim.close();
  }
}

async function status(answer: ReturnType<Ask>): Promise<number> {
  return (await answer).status;
}

function create(path: string) {
  return { action: 'create', file_path: path, content: 'new\n' };
}

async function firstWord(ask: Ask, id: number, body: Record<string, unknown>): Promise<unknown> {
  const answer = await ask('POST', `/projects/${id}/repository/commits`, { commit_message: 'x', ...body });
  return (answer.body.message ?? answer.body.error).split(' ')[0];
}

function jobToken({ sim }: Place, project: string, path: string): ReturnType<Ask> {
  const token = sim.addToken({ user: 'dev', kind: 'job', project });
  return asking(sim)('GET', path, undefined, { 'JOB-TOKEN': token });
}
