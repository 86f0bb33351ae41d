import type * as Zod from 'zod';

/** What a team may be allowed to set in its own repository. */
export const TEAM_KEYS = [
  'enabled',
  'generate.maxLines',
  'generate.maxBytes',
  'generate.nested',
  'generate.companion',
  'generate.rules',
  'generate.history',
  'mergeRequest.draft',
  'mergeRequest.labels',
  'mergeRequest.reviewers',
  'models.agents',
] as const;
export type TeamKey = (typeof TEAM_KEYS)[number];

/** They take the organisation's time and money: it has to let teams set them. */
const ORGANISATIONS: ReadonlySet<TeamKey> = new Set(['generate.history', 'models.agents']);

/** What can be set for all, and otherwise for a group and everything below it. */
export interface PublishKeys {
  readonly enabled: boolean;
  readonly branch: string;
  readonly titlePrefix: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly ciSkip: boolean;
  readonly squash: boolean;
  readonly removeSourceBranch: boolean;
  readonly maxReviewers: number;
  readonly forks: boolean;
  readonly mirrors: boolean;
  readonly optOutTopics: readonly string[];
  /** Where is remembered what was last merged. `store`: in that of the fleet, and no file of ours beside the document. */
  readonly ledger: 'repository' | 'store';
  readonly teamMaySet: readonly TeamKey[];
}

/** What an organisation sets of merge requests: `publish:` in agentsmd.config.yaml. */
export interface PublishConfig extends PublishKeys {
  readonly ownUsers: readonly string[];
  readonly ownEmails: readonly string[];
  /** By the path of a group, or of a single project. */
  readonly groups: Readonly<Record<string, { readonly [key in keyof PublishKeys]?: PublishKeys[key] | undefined }>>;
}

export const PUBLISH_DEFAULTS: PublishConfig = {
  enabled: true,
  branch: 'agentsmd/refresh',
  titlePrefix: '',
  draft: false,
  labels: [],
  ciSkip: false,
  squash: false,
  removeSourceBranch: true,
  maxReviewers: 2,
  forks: false,
  mirrors: false,
  optOutTopics: ['no-agentsmd'],
  ledger: 'repository',
  teamMaySet: TEAM_KEYS.filter((key) => !ORGANISATIONS.has(key)),
  ownUsers: [],
  ownEmails: [],
  groups: {},
};

/** Takes zod as an argument, as `generateConfigSchema` does. */
export function publishConfigSchema(z: typeof Zod): Zod.ZodType<PublishConfig> {
  const d = PUBLISH_DEFAULTS;
  const keys = keysOf(z);
  return z
    .strictObject({
      enabled: keys.enabled.default(d.enabled),
      branch: keys.branch.default(d.branch),
      titlePrefix: keys.titlePrefix.default(d.titlePrefix),
      draft: keys.draft.default(d.draft),
      labels: keys.labels.default([...d.labels]),
      ciSkip: keys.ciSkip.default(d.ciSkip),
      squash: keys.squash.default(d.squash),
      removeSourceBranch: keys.removeSourceBranch.default(d.removeSourceBranch),
      maxReviewers: keys.maxReviewers.default(d.maxReviewers),
      forks: keys.forks.default(d.forks),
      mirrors: keys.mirrors.default(d.mirrors),
      optOutTopics: keys.optOutTopics.default([...d.optOutTopics]),
      ledger: keys.ledger.default(d.ledger),
      teamMaySet: keys.teamMaySet.default([...d.teamMaySet]),
      ownUsers: z
        .array(z.string().min(1))
        .default([])
        .describe('User names that opened our merge requests before: those of tokens that were replaced.'),
      ownEmails: z
        .array(z.string().min(3))
        .default([])
        .describe('Further e-mail addresses of our commits. Commits of all others are never pushed over.'),
      groups: z
        .record(z.string().min(1), z.strictObject(keys).partial())
        .default({})
        .describe('The same settings for a group, or a project, by its path; the nearest one counts, key by key.'),
    })
    .prefault({})
    .describe('How merge requests are opened, and where none are.');
}

/** A name that git takes for a branch, and for nothing else (a commit, `HEAD`, a whole ref), written so that it needs no quoting anywhere. */
const BRANCH =
  /^(?!(?:HEAD|[0-9a-f]{40}|[0-9a-f]{64})$|refs\/)(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)))[A-Za-z0-9][A-Za-z0-9._/-]*[A-Za-z0-9_-]$/i;

function keysOf(z: typeof Zod) {
  return {
    enabled: z.boolean().describe('false: no merge requests here, and one that is open is closed.'),
    branch: z
      .string()
      .regex(BRANCH, 'must be a plain branch name')
      .describe('The branch that only we write, never the default branch. Changing it leaves the old one behind.'),
    titlePrefix: z
      .string()
      .max(40)
      .describe('Stands before every title and commit subject: `docs: `. An open one gets it with its next change.'),
    draft: z
      .boolean()
      .describe('Open merge requests as drafts. Counts when one is opened: one that is open stays as it is.'),
    labels: z
      .array(labelSchema(z))
      .max(10)
      .describe(
        'Labels beside `agentsmd`, which every merge request has. Counts when one is opened; an open one gets them with its next change.',
      ),
    ciSkip: z.boolean().describe('Add [skip ci] to the commit: no pipeline runs for it.'),
    squash: z.boolean().describe('Ask for the commits to be squashed.'),
    removeSourceBranch: z.boolean().describe('Ask for the branch to be deleted by the merge.'),
    maxReviewers: z.int().min(0).max(10).describe('At most this many reviewers are asked; 0: nobody.'),
    forks: z.boolean().describe('Also in forks.'),
    mirrors: z.boolean().describe('Also in pull mirrors, where the next update may overwrite what was merged.'),
    optOutTopics: z.array(z.string().min(1)).describe('A project with one of these topics is left alone.'),
    ledger: z
      .enum(['repository', 'store'])
      .describe(
        'Where is remembered what was last merged: in .agentsmd/ledger.json beside the file, or in the fleet store, which only `agentsmd sweep` and `agentsmd worker` have: back it up (`agentsmd state export`). A repository that has the file goes on using it.',
      ),
    teamMaySet: z.array(z.enum(TEAM_KEYS)).describe('What a team may set in its repository; all else is locked.'),
  };
}

/** GitLab separates labels by commas, and cuts none: 255 characters (app/models/label.rb). */
export function labelSchema(z: typeof Zod): Zod.ZodString {
  return z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^,\p{C}]+$/u, 'must be one label, without a comma');
}
