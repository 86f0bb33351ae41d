import { afterEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../../errors.ts';
import type { CommitPlan, MergeRequestPlan, Project } from '../../port.ts';
import type { SafeText } from '../../render/safe-text.ts';
import { BRANCH } from '../../testing/publisher-contract.ts';
import { explain } from './refusals.ts';
import { type GitlabPlace, type GitlabPlaceOptions, openGitlabPlace } from './testing/gitlab-place.ts';

const opened: GitlabPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

interface Case {
  readonly what: string;
  readonly options?: GitlabPlaceOptions;
  /** Happens after the project was looked at. */
  before?(place: GitlabPlace): unknown;
  readonly reason: ForgeError['reason'];
  readonly says: RegExp;
}

const PREMIUM = { edition: 'premium' } as const;

const COMMITS: readonly Case[] = [
  {
    what: 'a protected branch',
    options: { project: { protectedBranches: ['agentsmd/*'] } },
    reason: 'protected-branch',
    says: /^team\/shop: commit on "agentsmd\/refresh" refused: .*Protected branches/,
  },
  {
    what: 'a role that is too small',
    options: { project: { members: { bot: 'reporter' } } },
    reason: 'role',
    says: /give it the role Developer/,
  },
  {
    what: 'a project archived meanwhile',
    before: ({ gitlab }) => gitlab.changeProject('team/shop', { archived: true }),
    reason: 'archived',
    says: /archived; unarchive it/,
  },
  {
    what: 'a project that is about to be deleted',
    before: ({ gitlab }) => gitlab.changeProject('team/shop', { pendingDelete: true }),
    reason: 'pending-delete',
    says: /about to be deleted/,
  },
  {
    what: 'a project deleted meanwhile',
    before: ({ gitlab }) => gitlab.deleteProject('team/shop'),
    reason: 'not-found',
    says: /project is gone, or out of reach/,
  },
  {
    what: 'a repository switched off meanwhile',
    before: ({ gitlab }) => gitlab.changeProject('team/shop', { repositoryEnabled: false }),
    reason: 'repository-disabled',
    says: /switched off; switch it on/,
  },
  {
    what: 'a token that may only read',
    options: { token: { scopes: ['read_api'] } },
    reason: 'scope',
    says: /scope api/,
  },
  {
    what: 'signed commits, GitLab 18',
    options: { simulator: PREMIUM, project: { pushRules: { rejectUnsignedCommits: true } } },
    reason: 'signed-commits',
    says: /only signed commits.*GitLab: .*GPG/,
  },
  {
    what: 'signed commits, GitLab 19',
    options: { simulator: { ...PREMIUM, version: '19.2.0' }, project: { pushRules: { rejectUnsignedCommits: true } } },
    reason: 'signed-commits',
    says: /only signed commits/,
  },
  {
    what: 'a push rule for messages',
    options: { simulator: PREMIUM, project: { pushRules: { commitMessageRegex: '^JIRA-\\d+' } } },
    reason: 'push-rule',
    says: /GitLab: .*does not follow the pattern '\^JIRA/,
  },
  {
    what: 'a push rule for branches',
    options: { simulator: PREMIUM, project: { pushRules: { branchNameRegex: '^feature/' } } },
    reason: 'push-rule',
    says: /Branch name does not follow/,
  },
  {
    what: 'a push rule for addresses',
    options: { simulator: PREMIUM, project: { pushRules: { authorEmailRegex: '@corp\\.example$' } } },
    reason: 'push-rule',
    says: /does not follow the pattern '@corp/,
  },
];

const MERGE_REQUESTS: readonly Case[] = [
  {
    what: 'merge requests switched off meanwhile',
    before: ({ gitlab }) => gitlab.changeProject('team/shop', { mergeRequestsEnabled: false }),
    reason: 'merge-requests-disabled',
    says: /takes no merge requests; switch them on in its settings \(.*\), or leave the project out by a topic/,
  },
  {
    what: 'a project archived meanwhile',
    before: ({ gitlab }) => gitlab.changeProject('team/shop', { archived: true }),
    reason: 'archived',
    says: /archived/,
  },
];

describe('a commit is refused for', () => {
  it.each(COMMITS)('$what', async ({ options, before, reason, says }) => {
    const place = await open(options);
    await before?.(place);
    const plan: CommitPlan = {
      branch: BRANCH,
      base: place.base,
      expectedTip: null,
      message: safe('Add AGENTS.md'),
      files: [{ path: 'AGENTS.md', text: 'text\n', exists: false }],
    };
    const error = await place.publisher.ensureCommit(plan, 'why').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ForgeError);
    expect((error as ForgeError).message).toMatch(says);
    expect((error as ForgeError).message).not.toContain('\n');
    expect((error as ForgeError).reason).toBe(reason);
    expect(place.writes()).toHaveLength(1);
  });
});

describe('a merge request is refused for', () => {
  it.each(MERGE_REQUESTS)('$what', async ({ before, reason, says }) => {
    const place = await open();
    await place.push(BRANCH, { 'AGENTS.md': 'text\n' });
    await before?.(place);
    const plan: MergeRequestPlan = {
      source: BRANCH,
      target: 'main',
      title: safe('Add AGENTS.md'),
      description: safe('x'),
      labels: [],
      draft: false,
      assignees: [],
      reviewers: [],
      removeSourceBranch: true,
      squash: false,
    };
    const error = await place.publisher.ensureMergeRequest(plan, 'why').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(says) });
  });
});

/** Nothing stands in the way there. */
const SHOP = {
  pendingDelete: false,
  archived: false,
  repositoryEnabled: true,
  mergeRequestsEnabled: true,
  access: 'developer',
} as Project;

/** Wordings of other versions, and of what the simulator does not do. */
const WORDS: readonly (readonly [string, number, ForgeError['reason']])[] = [
  ['You cannot perform write operations on a read-only instance', 403, 'unavailable'],
  ['GitLab: You are not allowed to push code to protected branches on this project.', 400, 'protected-branch'],
  ['You are not allowed to force push code to a protected branch on this project.', 400, 'protected-branch'],
  ["Author 'x@y.z' is not a member of team", 400, 'push-rule'],
  ["Committer email 'x@y.z' is not verified.", 400, 'push-rule'],
  ["Comitter email 'x@y.z' is not verified.", 400, 'push-rule'],
  [
    "You cannot push commits for 'x@y.z'. You can only push commits that were committed with one of your own verified emails.",
    400,
    'push-rule',
  ],
  ["File name .env was prohibited by the pattern '\\.env'.", 400, 'push-rule'],
  ["Commit message contains the forbidden pattern 'wip'", 400, 'push-rule'],
  ['PUSH BLOCKED: Secrets detected in code changes', 400, 'push-rule'],
  ["The path 'docs' is locked by Jo", 400, 'push-rule'],
  ['GL-HOOK-ERR: no bots here', 400, 'push-rule'],
  [
    'Pushes to protected branches that contain changes to files that match the CODEOWNERS file are disabled',
    403,
    'protected-branch',
  ],
  ['A file with this name already exists', 400, 'conflict'],
  ["A file with this name doesn't exist", 400, 'conflict'],
  ['The file has changed since you started editing it: AGENTS.md', 400, 'conflict'],
  ["Cannot find start_sha 'abc'", 400, 'conflict'],
  ["A branch called 'x' already exists. Switch to that branch in order to make changes", 400, 'conflict'],
  ['something new', 400, 'invalid'],
];

describe('explain', () => {
  it.each(WORDS)('understands %j', async (said, status, reason) => {
    const error = new ForgeError(status === 403 ? 'forbidden' : 'invalid', said, { status, said });
    const refused = { project: { path: 'team/shop', instance: 'x' }, what: 'commit', branch: 'b' } as const;
    const told = await explain(error, refused, async () => {
      throw new Error('not to be asked');
    });
    expect(told).toMatchObject({ reason, status });
  });

  const TITLE = 'its title is too long; shorten what stands before it (publish.titlePrefix)';
  const NAMED = 'GitLab does not take it so; change what it names, or leave the project out';
  const OURS =
    'our branch cannot have this name, or that of the default branch; configure another one (publish.branch)';
  it.each<[string, number, ForgeError['reason'], string]>([
    ['400 title: is too long (maximum is 255 characters)', 400, 'invalid', TITLE],
    ['422 title: is too long (maximum is 255 characters)', 422, 'invalid', TITLE],
    ['400 source_branch: does not exist', 400, 'invalid', 'its branch is gone; run it again: the branch is made anew'],
    [
      '400 target_branch: does not exist',
      400,
      'invalid',
      'the branch that it is to be merged into is gone; run it again: the default branch is asked for anew',
    ],
    ["422 You can't use same project/branch for source and target", 422, 'invalid', OURS],
    ['400 The default branch of a project cannot be deleted.', 400, 'invalid', OURS],
    ["400 Something went wrong when we tried to create 'a..b' for you: Branch name is invalid", 400, 'invalid', OURS],
    ['422 something new', 422, 'invalid', NAMED],
    ['409 something new', 409, 'conflict', 'it is no longer what we saw; it is looked at anew with the next run'],
    [
      '404 something new',
      404,
      'not-found',
      "it is gone, or hidden from the token's user; it is looked at anew with the next run",
    ],
    [
      '403 about the default branch',
      403,
      'forbidden',
      "the token's user may not; ask a maintainer which rule of the project or its group stands against it",
    ],
  ])('says where %j was, and what to do', async (said, status, reason, says) => {
    const details = { status, said, requestId: 'r7' };
    const error = new ForgeError(reason, `https://gitlab.example.com: POST /projects/147/x: ${said}`, details);
    const project = { path: 'team/shop', instance: 'https://gitlab.example.com' };
    const told = await explain(error, { project, what: 'merge request', branch: 'b' }, async () => SHOP);
    expect(told).toMatchObject({ reason, ...details, cause: error });
    expect((told as Error).message).toBe(
      `team/shop: merge request on "b" refused: ${says} (GitLab: ${said}; at https://gitlab.example.com)`,
    );
  });

  it('says that GitLab said it once', async () => {
    const said = '400 GitLab: You are not allowed to push code to protected branches on this project.';
    const error = new ForgeError('invalid', said, { status: 400, said });
    const refused = { project: { path: 'team/shop', instance: 'x' }, what: 'commit', branch: 'b' } as const;
    const told = (await explain(error, refused, async () => SHOP)) as ForgeError;
    expect(told.message).toMatch(/ \(GitLab: 400 You are not allowed to push code to protected .*; at x\)$/);
    expect(told.said).toBe(said);
  });

  it('says it as well where the project cannot be looked at', async () => {
    const error = new ForgeError('forbidden', '403 Forbidden', { status: 403, said: '403 Forbidden' });
    const refused = { project: { path: 'team/shop', instance: 'x' }, what: 'commit', branch: 'b' } as const;
    const told = await explain(error, refused, async () => {
      throw new ForgeError('timeout', 'later');
    });
    expect(told).toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(/^team\/shop: .*ask a maintainer/),
    });
  });

  it('leaves an error alone that says enough', async () => {
    const error = new ForgeError('rate-limited', 'later');
    const refused = { project: { path: 'team/shop', instance: 'x' }, what: 'commit' } as const;
    expect(await explain(error, refused, async () => ({}) as Project)).toBe(error);
    const other = new TypeError('a bug');
    expect(await explain(other, refused, async () => ({}) as Project)).toBe(other);
  });
});

async function open(options?: GitlabPlaceOptions): Promise<GitlabPlace> {
  const place = await openGitlabPlace(options);
  opened.push(place);
  return place;
}

function safe(text: string): SafeText {
  return text as SafeText;
}
