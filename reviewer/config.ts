import type * as Zod from 'zod';
import { settingsOfGroups } from '../forge/group-settings.ts';
import { collectorSchema, documentSchema } from '../models/config-schema.ts';

/** What a review does with its decision. */
export const REVIEW_MODES = ['shadow', 'advisory', 'blocking'] as const;
/** `shadow`: nobody sees it but who asks for it; `advisory`: it tells, and holds nothing up; `blocking`: it holds up. */
export type ReviewMode = (typeof REVIEW_MODES)[number];

/** What can be set for all, and otherwise for a group and everything below it. */
export interface ReviewKeys {
  readonly mode: ReviewMode;
  /** Where not everything could be looked at: `block` fails the job, `warn` says so and lets it pass. Never an approval. */
  readonly onFailure: 'block' | 'warn';
  /** What a broken MUST of the codex is. */
  readonly must: 'warning' | 'critical';
  /** What becomes of a merge request that is a draft. */
  readonly drafts: 'skip' | 'review';
  /** User names of bots, with `*`, beside those that GitLab tells: what they open is never approved by us. */
  readonly bots: readonly string[];
  /** Who may overrule a review by a comment: members with at least that role; `author`: also who opened the merge request. */
  readonly breakGlass: { readonly role: 'developer' | 'maintainer' | 'owner'; readonly author: boolean };
  /** At most so many findings of each severity get a comment on their line; the summary lists them all. */
  readonly maxNotes: { readonly critical: number; readonly warning: number; readonly suggestion: number };
  /** Merge requests that no model looks at: opened by these users, or from these branches, with `*`. */
  readonly computedOnly: { readonly authors: readonly string[]; readonly branches: readonly string[] };
}

/** `review:` in agentsmd.config.yaml. */
export interface ReviewConfig extends ReviewKeys {
  /** By the path of a group, or of a single project. */
  readonly groups: Readonly<Record<string, { readonly [key in keyof ReviewKeys]?: ReviewKeys[key] | undefined }>>;
  /** In seconds: what one agent may take, and all of them together. */
  readonly deadlines: { readonly agent: number; readonly whole: number };
  /** Files of plugins that the organisation wrote, from the configuration's folder. */
  readonly plugins: readonly string[];
  /** A text for all reviewers; '': none. */
  readonly template: Server;
  /** An OTLP collector, without `/v1/traces`; '': nobody is told. */
  readonly tracing: Server;
}

interface Server {
  readonly url: string;
  /** Name of an environment variable with a token, sent as `Authorization: Bearer`; '': none. */
  readonly tokenEnv: string;
}

export const REVIEW_DEFAULTS: ReviewConfig = {
  mode: 'blocking',
  onFailure: 'block',
  must: 'warning',
  drafts: 'skip',
  bots: [],
  computedOnly: { authors: ['*renovate*', '*dependabot*'], branches: [] },
  breakGlass: { role: 'developer', author: false },
  maxNotes: { critical: 50, warning: 15, suggestion: 5 },
  groups: {},
  deadlines: { agent: 300, whole: 900 },
  plugins: [],
  template: { url: '', tokenEnv: '' },
  tracing: { url: '', tokenEnv: '' },
};

/** What holds for a project; for no one that is known, what holds for all. */
export function reviewKeysFor(config: ReviewConfig, project: string | undefined): ReviewKeys {
  const { groups, plugins: _, template: __, tracing: ___, deadlines: ____, ...keys } = config;
  return project === undefined ? keys : { ...keys, ...settingsOfGroups<ReviewKeys>(groups, project).own };
}

/** Takes zod as an argument, so that the defaults can be had without loading it. */
export function reviewConfigSchema(z: typeof Zod): Zod.ZodType<ReviewConfig> {
  const d = REVIEW_DEFAULTS;
  const keys = keysOf(z);
  return z
    .strictObject({
      mode: keys.mode.default(d.mode),
      onFailure: keys.onFailure.default(d.onFailure),
      must: keys.must.default(d.must),
      drafts: keys.drafts.default(d.drafts),
      bots: keys.bots.default([...d.bots]),
      computedOnly: keys.computedOnly.prefault({}),
      breakGlass: keys.breakGlass.prefault({}),
      maxNotes: keys.maxNotes.prefault({}),
      groups: z
        .record(z.string().min(1), z.strictObject(keys).partial())
        .default({})
        .describe('The same settings for a group, or a project, by its path; the nearest one counts, key by key.'),
      deadlines: z
        .strictObject({
          agent: z.int().min(10).max(3600).default(d.deadlines.agent).describe('Of one agent.'),
          whole: z.int().min(10).max(7200).default(d.deadlines.whole).describe('Of all agents together.'),
        })
        .prefault({})
        .describe('How long language models may take for a review, in seconds.'),
      plugins: z
        .array(z.string().min(1))
        .default([...d.plugins])
        .describe('Files of your own plugins, from the folder of this configuration: ./plugins/audit.ts.'),
      template: documentSchema(z).describe('A text that all reviewers are told, at an address.'),
      tracing: collectorSchema(z).describe('An OTLP collector that is sent a span for each agent of a review.'),
    })
    .prefault({});
}

function keysOf(z: typeof Zod) {
  const names = z.array(z.string().min(1));
  const { computedOnly: d, breakGlass, maxNotes } = REVIEW_DEFAULTS;
  const count = z.int().min(0).max(100);
  return {
    mode: z
      .enum(REVIEW_MODES)
      .describe('What becomes of the decision: shadow tells nobody else, advisory holds nothing up, blocking does.'),
    onFailure: z
      .enum(['block', 'warn'])
      .describe(
        'Where not everything could be looked at: block fails the job, warn lets it pass. It is never approved.',
      ),
    must: z.enum(['warning', 'critical']).describe('What breaking a MUST of the codex is.'),
    drafts: z.enum(['skip', 'review']).describe('What becomes of drafts; one that is skipped is not approved.'),
    bots: names.describe('User names of bots, with *: what they open is never approved by us.'),
    computedOnly: z
      .strictObject({
        authors: names.default([...d.authors]).describe('User names, with *.'),
        branches: names.default([...d.branches]).describe('Source branches, with *: release/*.'),
      })
      .describe('Merge requests that no model looks at: those of bots that update dependencies, release trains.'),
    breakGlass: z
      .strictObject({
        role: z.enum(['developer', 'maintainer', 'owner']).default(breakGlass.role).describe('The least role.'),
        author: z.boolean().default(breakGlass.author).describe('Also who opened the merge request.'),
      })
      .describe('Who may overrule a review by a comment.'),
    maxNotes: z
      .strictObject({
        critical: count.default(maxNotes.critical),
        warning: count.default(maxNotes.warning),
        suggestion: count.default(maxNotes.suggestion),
      })
      .describe('At most so many findings of each severity get a comment on their line; the summary lists them all.'),
  };
}
