import { expect } from 'vitest';
import type { ForgeReason } from '../../forge/errors.ts';
import type { GitlabHttp } from '../../forge/gitlab/http/port.ts';
import type { CommitPlan } from '../../forge/port.ts';
import type { NewProject } from '../gitlab/port.ts';
import { BRANCH, commitPlan, raw, refused, type Scenario, type Scenarios, WHY, withBody } from './scenario.ts';

/** Commits through the API, protected branches and push rules. */
export const COMMITS: Scenarios = {
  'protected-branch': refusedIn({ protectedBranches: ['agentsmd/*'] }, 'protected-branch', /Protected branches/),
  'push-rule-branch-name': refusedIn(
    { pushRules: { branchNameRegex: '^feature/' } },
    'push-rule',
    /Push rules\) \(GitLab: .*Branch name does not follow/,
  ),
  'push-rule-message': refusedIn(
    { pushRules: { commitMessageRegex: '^JIRA-' } },
    'push-rule',
    /Push rules\) \(GitLab: .*Commit message does not follow/,
  ),
  'push-rule-author': refusedIn(
    { pushRules: { authorEmailRegex: '@corp\\.example$' } },
    'push-rule',
    /Push rules\) \(GitLab: .*email 'bot@example\.com' does not follow/,
  ),
  'push-rule-signed': refusedIn(
    { pushRules: { rejectUnsignedCommits: true } },
    'signed-commits',
    /let GitLab sign the commits of its API/,
  ),
  'create-on-existing': refusedPlan({ files: [file('README.md', false)] }, 'conflict', /the repository changed/),
  'change-of-missing': refusedPlan({ files: [file('nowhere.md', true)] }, 'conflict', /the repository changed/),
  'start-sha-known': refusedPlan({ base: '1'.repeat(40) }, 'conflict', /the repository changed.*start_sha/),
  'start-sha-whole': async (place) => {
    const shop = await place.shop();
    const plan = commitPlan(shop, { base: shop.base.slice(0, 12) });
    await refused(shop.publisher.ensureCommit(plan, WHY), 'invalid', /Invalid start_sha/);
  },
  'branch-exists': async (place) => {
    const shop = await place.shop();
    const theirs = await place.gitlab.push(shop.path, { branch: BRANCH, user: 'ada', message: 'x', files: { x: 'x' } });
    // The client takes the branch for new: GitLab itself must refuse it.
    await refused(shop.publisher.ensureCommit(commitPlan(shop), WHY), 'conflict', /this run did not write; it is left/);
    expect(await shop.git('rev-parse', `refs/heads/${BRANCH}`)).toBe(theirs);
  },
  'start-branch-known': refusedOver(
    (http) => withBody(http, { start_sha: undefined }),
    'invalid',
    /You can only create or edit files when you are on a branch/,
  ),
  'one-start': refusedOver(
    (http) => withBody(http, { start_branch: 'main' }),
    'invalid',
    /start_branch, start_sha are mutually exclusive/,
  ),
  'action-needs': refusedOver(
    (http) => withBody(http, { actions: [{ action: 'update', file_path: 'README.md' }] }),
    'invalid',
    /actions\[0\]\[content\] is missing/,
  ),
  'last-commit-id': refusedOver(
    (http) =>
      withBody(http, {
        actions: [{ action: 'update', file_path: 'README.md', content: 'x', last_commit_id: '1'.repeat(40) }],
      }),
    'conflict',
    /has changed since you started editing it/,
  ),
  'default-branch-stays': async (place) => {
    const shop = await place.shop();
    // Our own guard stands before it: the branch becomes the default one after we looked.
    await shop.git('branch', 'agentsmd/b', 'main');
    shop.change({ defaultBranch: 'agentsmd/b' });
    await refused(shop.publisher.ensureBranchGone('agentsmd/b', shop.base, WHY), 'invalid', /default branch/);
    expect(await shop.git('rev-parse', 'refs/heads/agentsmd/b')).toBe(shop.base);
  },
};

function file(path: string, exists: boolean): CommitPlan['files'][number] {
  return { path, text: 'text\n', exists };
}

/** Our commit is refused in such a project, and the message tells what to do. */
function refusedIn(project: Partial<NewProject>, reason: ForgeReason, says: RegExp): Scenario {
  return async (place) => {
    const shop = await place.shop({ project });
    await refused(shop.publisher.ensureCommit(commitPlan(shop), WHY), reason, says);
    await expectNoBranch(shop);
  };
}

function refusedPlan(plan: Partial<CommitPlan>, reason: ForgeReason, says: RegExp): Scenario {
  return async (place) => {
    const shop = await place.shop();
    await refused(shop.publisher.ensureCommit(commitPlan(shop, plan), WHY), reason, says);
    await expectNoBranch(shop);
  };
}

/** What our commit would be without its care is refused. */
function refusedOver(change: (http: GitlabHttp) => GitlabHttp, reason: ForgeReason, says: RegExp): Scenario {
  return async (place) => {
    const shop = await place.shop();
    const plan = commitPlan(shop, { message: raw('Careless') });
    await refused(shop.publisherOver(change(shop.http)).ensureCommit(plan, WHY), reason, says);
    await expectNoBranch(shop);
  };
}

async function expectNoBranch({ git }: { git(...args: readonly string[]): Promise<string> }): Promise<void> {
  expect(await git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe('main');
}
