import type * as Zod from 'zod';
import { templateProblem } from './notify/template.ts';

/** How much of ours a group, or everything, bears; `null`: as much as there is. */
export interface FleetLimits {
  /** Merge requests of ours that are open at a time. */
  readonly openMergeRequests: number | null;
  /** New merge requests in any 60 minutes. */
  readonly newPerHour: number | null;
  /** Pushes of ours, each of which starts a pipeline, in any 60 minutes. */
  readonly pipelinesPerHour: number | null;
}

/** A step of a rollout: so many percent of all repositories, or those of some groups. All earlier waves are in it. */
export type Wave = { readonly percent: number } | { readonly groups: readonly string[] };

/** Days and hours of a week in a time zone. One whose end is before its start goes on until the next day. */
export interface Window {
  readonly days: readonly Day[];
  /** `08:30` */
  readonly from: string;
  /** `18:00`; `24:00` is the end of the day. */
  readonly to: string;
}

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

/** `fleet:` in agentsmd.config.yaml: what a sweep does and how politely. Limits, waves and windows hold for GitLab, not for a folder. */
export interface FleetConfig {
  /** What `sweep --all` is about; empty: every project that the token's user is a member of. */
  readonly groups: readonly string[];
  /** Repositories that one process works on at a time. */
  readonly concurrency: number;
  /** How often a repository is tried again before it is set aside. */
  readonly retries: number;
  readonly limits: FleetLimits & {
    /** Of single groups and everything below them, by the group's path, beside those of all. */
    readonly groups: Readonly<Record<string, { readonly [key in keyof FleetLimits]?: FleetLimits[key] | undefined }>>;
  };
  readonly rollout: {
    /** Empty: everything at once. What no wave names comes after the last one. */
    readonly waves: readonly Wave[];
    /** Share of a wave's merge requests that people closed or merged before the next wave begins; 0..1. */
    readonly advanceAt: number;
    /** Days after which it begins all the same. */
    readonly advanceAfterDays: number;
    /** Share of those people decided on that were closed without a merge, above which no new ones are opened; 0..1. */
    readonly haltAt: number;
    /** At least so many must be decided on before that counts. */
    readonly haltAfter: number;
  };
  readonly timeZone: string;
  /** When merge requests may be opened and branches pushed; empty: at any time. */
  readonly windows: readonly Window[];
  /** When nothing is done at all. */
  readonly quiet: readonly Window[];
  readonly notify: {
    /** Where owners are told by POST; '': nobody is. */
    readonly url: string;
    /** Name of an environment variable that holds a secret, sent as `X-Agentsmd-Token`; '': none. */
    readonly tokenEnv: string;
    /** Which results are told. */
    readonly on: readonly NotifyOn[];
    /** The body, JSON; `{{project}}` and the like are replaced within texts. '': our own. */
    readonly template: string;
  };
  readonly outcomes: {
    /** Of which repositories what became of reviews is read: those whose CI includes the review component, all, or none. */
    readonly from: OutcomesFrom;
    /** So long after its end what people say on a merge request still counts. */
    readonly days: number;
  };
  /** What people make of reviews and proposals has effects. */
  readonly learning: {
    readonly enabled: boolean;
    /** Days that count. */
    readonly windowDays: number;
    /** Shares of unwanted findings from which a rule is on probation, and muted; 0..1. */
    readonly probationAt: number;
    readonly muteAt: number;
    /** Of which repositories lines of code that wrong findings were about are kept, and shown to the owner of the rule. */
    readonly quotes: Quoting;
  };
  /** The CI component that reviews merge requests, as `include: component` names it; '': not known. */
  readonly reviewComponent: string;
  /** Whether whatever is worked on is audited, too. */
  readonly audit: boolean;
}

const QUOTING = ['none', 'internal', 'all'] as const;
/** Of which repositories: of those that whoever has signed in may read, or of all. */
export type Quoting = (typeof QUOTING)[number];

const OUTCOMES_FROM = ['reviewed', 'all', 'none'] as const;
type OutcomesFrom = (typeof OUTCOMES_FROM)[number];

export const NOTIFY_ON = ['created', 'updated', 'closed', 'refused', 'failed', 'halted'] as const;
export type NotifyOn = (typeof NOTIFY_ON)[number];

export const FLEET_DEFAULTS: FleetConfig = {
  groups: [],
  concurrency: 4,
  retries: 3,
  limits: { openMergeRequests: 1000, newPerHour: 100, pipelinesPerHour: 200, groups: {} },
  rollout: { waves: [], advanceAt: 0.8, advanceAfterDays: 14, haltAt: 0.3, haltAfter: 10 },
  timeZone: 'UTC',
  windows: [],
  quiet: [],
  notify: { url: '', tokenEnv: '', on: ['created', 'halted'], template: '' },
  outcomes: { from: 'reviewed', days: 7 },
  learning: { enabled: true, windowDays: 60, probationAt: 0.1, muteAt: 0.25, quotes: 'internal' },
  reviewComponent: '',
  audit: false,
};

/** Takes zod as an argument, so that the defaults can be had without loading it. */
export function fleetConfigSchema(z: typeof Zod): Zod.ZodType<FleetConfig> {
  const d = FLEET_DEFAULTS;
  const limit = z.int().min(0).nullable();
  const limits = {
    openMergeRequests: limit.describe('Merge requests of ours that are open at a time; null: no limit.'),
    newPerHour: limit.describe('New merge requests in any 60 minutes; null: no limit.'),
    pipelinesPerHour: limit.describe(
      'Pushes of ours, each of which starts a pipeline, in any 60 minutes; null: no limit.',
    ),
  };
  const share = z.number().min(0).max(1);
  const wave = z.union([
    z.strictObject({ percent: z.number().min(0).max(100) }),
    z.strictObject({ groups: z.array(z.string().min(1)).min(1) }),
  ]);
  const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time: 08:30');
  const window = z.strictObject({
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS]),
    from: time,
    to: time,
  });
  return z
    .strictObject({
      groups: z
        .array(z.string().min(1))
        .default([...d.groups])
        .describe(
          'Groups that a sweep of all is about; empty: every project that the token\u2019s user is a member of.',
        ),
      concurrency: z
        .int()
        .min(1)
        .max(64)
        .default(d.concurrency)
        .describe('Repositories that a process works on at a time.'),
      retries: z
        .int()
        .min(0)
        .max(10)
        .default(d.retries)
        .describe('How often a repository is tried again before it is set aside.'),
      limits: z
        .strictObject({
          openMergeRequests: limits.openMergeRequests.default(d.limits.openMergeRequests),
          newPerHour: limits.newPerHour.default(d.limits.newPerHour),
          pipelinesPerHour: limits.pipelinesPerHour.default(d.limits.pipelinesPerHour),
          groups: z
            .record(z.string().min(1), z.strictObject(limits).partial())
            .default({})
            .describe('The same of single groups and everything below them, beside those of all.'),
        })
        .prefault({})
        .describe('How much of ours GitLab and its people have to bear.'),
      rollout: z
        .strictObject({
          waves: z
            .array(wave)
            .default([])
            .describe(
              'Steps of a rollout, { percent: 5 } or { groups: [shop] }; what none names comes last. Empty: all at once.',
            ),
          advanceAt: share
            .default(d.rollout.advanceAt)
            .describe('Share of a wave\u2019s merge requests that are closed or merged before the next wave begins.'),
          advanceAfterDays: z
            .number()
            .min(0)
            .default(d.rollout.advanceAfterDays)
            .describe('Days after which the next wave begins all the same.'),
          haltAt: share
            .default(d.rollout.haltAt)
            .describe(
              'Share of a wave\u2019s decided merge requests that were closed without a merge, above which no new ones are opened.',
            ),
          haltAfter: z
            .int()
            .min(1)
            .default(d.rollout.haltAfter)
            .describe('So many must be decided before that counts.'),
        })
        .prefault({})
        .describe('How new merge requests spread over the fleet.'),
      timeZone: z
        .string()
        .refine(isTimeZone, 'must be a time zone: Europe/Berlin')
        .default(d.timeZone)
        .describe('Of windows, quiet hours and schedules.'),
      windows: z
        .array(window)
        .default([])
        .describe(
          'When merge requests may be opened and branches pushed: { days: [mon], from: "08:00", to: "18:00" }; empty: always.',
        ),
      quiet: z.array(window).default([]).describe('When nothing is done at all.'),
      notify: z
        .strictObject({
          url: z
            .string()
            .regex(/^(?:https?:\/\/.+)?$/, 'must be an address')
            .default('')
            .describe('Where owners are told by POST; empty: nobody is.'),
          tokenEnv: z
            .string()
            .regex(/^(?:[A-Za-z_]\w*)?$/)
            .default('')
            .describe('Environment variable with a secret that is sent along as X-Agentsmd-Token.'),
          on: z
            .array(z.enum(NOTIFY_ON))
            .default([...d.notify.on])
            .describe('What is told.'),
          template: z
            .string()
            .superRefine((text, { addIssue }) => {
              const message = templateProblem(text);
              if (message !== undefined) addIssue({ code: 'custom', message });
            })
            .default('')
            .describe(
              'The body as JSON, with {{project}}, {{kind}}, {{reason}}, {{message}}, {{url}}, {{owner}}, {{sweep}} in its texts.',
            ),
        })
        .prefault({})
        .describe('Who is told of results.'),
      outcomes: z
        .strictObject({
          from: z
            .enum(OUTCOMES_FROM)
            .default(d.outcomes.from)
            .describe('Of which repositories: those whose CI includes the review component, all, or none.'),
          days: z
            .number()
            .min(0)
            .max(90)
            .default(d.outcomes.days)
            .describe('So many days after its end what people say on a merge request still counts.'),
        })
        .prefault({})
        .describe('What a sweep reads of what became of reviews.'),
      learning: z
        .strictObject({
          enabled: z.boolean().default(d.learning.enabled).describe('false: it is counted, and has no effects.'),
          windowDays: z.int().min(7).max(365).default(d.learning.windowDays).describe('Days whose findings count.'),
          probationAt: share
            .default(d.learning.probationAt)
            .describe('Share of unwanted findings, its lower bound, from which a rule is on probation.'),
          muteAt: share.default(d.learning.muteAt).describe('The same from which it is muted.'),
          quotes: z
            .enum(QUOTING)
            .default(d.learning.quotes)
            .describe('Of which repositories the owner of a rule is shown the lines that wrong findings were about.'),
        })
        .prefault({})
        .describe('What people make of reviews and proposals has effects.'),
      reviewComponent: z
        .string()
        .default('')
        .describe('The CI component that reviews merge requests: gitlab.example.com/platform/agentsmd/review@1.'),
      audit: z.boolean().default(d.audit).describe('Whether whatever is worked on is held against the codex, too.'),
    })
    .prefault({})
    .describe('The sweep over all repositories.');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
