import type * as Zod from 'zod';
import { type Assignments, type Budget, type ModelsConfig, problemsOf, SETTINGS_DEFAULTS, TIERS } from './config.ts';

const ENV_NAME = /^(?:[A-Za-z_]\w*)?$/;
/** `provider/id`; an id may hold slashes itself. */
const MODEL_NAME = /^[\w.-]+\/\S+$/;

/** What is asked goes to a path below it; and nothing sends a user and a password that stand in an address. */
const BASE = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/;
const COLLECTOR = /^(?:https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?)?$/;
/** Is asked for as it stands, with its query. */
const DOCUMENT = /^(?:https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?)?$/;
/** As in GitLab, but for the case of letters; a pattern or an address would fit no project, and let it go where it must not. */
const GROUP = /^\/?[^\s/:*?]+(?:\/[^\s/:*?]+)*\/?$/;
/** RFC 9110 5.1 and 5.5. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** In seconds; timers that run for longer than 24.8 days end at once. */
const LONGEST_TIMEOUT = 86_400;

const envSchema = (z: typeof Zod) => z.string().regex(ENV_NAME, 'must be the name of an environment variable');
const nameSchema = (z: typeof Zod) => z.string().regex(MODEL_NAME, 'must name a provider and a model: gateway/large-1');

/** Something that is fetched from an address, with the variable that holds a token for it. */
export function documentSchema(z: typeof Zod) {
  return serverSchema(z, DOCUMENT);
}

/** The same of an OTLP collector. */
export function collectorSchema(z: typeof Zod) {
  return serverSchema(z, COLLECTOR);
}

function serverSchema(z: typeof Zod, address: RegExp) {
  return z
    .strictObject({
      url: z.string().regex(address, 'must be an address, without user and password').default(''),
      tokenEnv: envSchema(z).default(''),
    })
    .prefault({});
}

/** Tiers and models of single agents. */
export function assignmentsSchema(z: typeof Zod): Zod.ZodType<Assignments> {
  const one = z.strictObject({ tier: z.enum(TIERS).optional(), model: nameSchema(z).optional() });
  return z.record(z.string().min(1), one);
}

/** One entry of `models.providers`. */
export function providerSchema(z: typeof Zod) {
  const env = envSchema(z);
  const model = z.strictObject({
    context: z.int().min(1000).describe('Tokens of prompt and answer together.'),
    output: z.int().min(16).default(8192).describe('Tokens of an answer, at most.'),
    price: z
      .strictObject({ input: z.number().min(0), cached: z.number().min(0).optional(), output: z.number().min(0) })
      .optional()
      .describe('For a million tokens.'),
    family: z.string().default('').describe('Models of one family take over from one another.'),
    structured: z.enum(['auto', 'schema', 'tool', 'text']).default('auto').describe('How it gives structured answers.'),
    tools: z.boolean().default(true).describe('Whether it calls tools.'),
  });
  return z.strictObject({
    baseUrl: z.string().regex(BASE, 'must be an address, up to and with /v1, without user, password and query'),
    keyEnv: env.default('').describe('Environment variable that holds its key.'),
    headers: z
      .record(
        z.string().regex(HEADER_NAME, 'must be the name of a header'),
        z.string().regex(HEADER_VALUE, 'must be on one line, in characters that a header may have'),
      )
      .default({})
      .describe('Sent with each call.'),
    concurrency: z.int().min(1).max(256).default(8).describe('Calls at a time, of one process.'),
    zeroRetention: z.boolean().default(true).describe('Whether store: false is sent with each call.'),
    prefixCache: z.boolean().default(true).describe('Whether calls with one prefix wait for the first of them.'),
    classes: z.array(z.string().min(1)).default(['public', 'internal']).describe('Classes of data that it may see.'),
    enabled: z.boolean().default(true),
    models: z.record(z.string().min(1), model).describe('Its models, by their ids there.'),
  });
}

/** Takes zod as an argument, so that the defaults can be had without loading it. */
export function modelsConfigSchema(z: typeof Zod): Zod.ZodType<ModelsConfig> {
  const d = SETTINGS_DEFAULTS;
  const name = nameSchema(z);
  const env = envSchema(z);
  const limit = z.number().min(0).nullable();
  const seconds = z.number().min(1).max(LONGEST_TIMEOUT);
  const budget = (of: Budget, what: string) =>
    z
      .strictObject({
        tokens: limit.default(of.tokens).describe('Tokens in and out, cached ones too; null: no limit.'),
        money: limit.default(of.money).describe('In the currency of the price tables; null: no limit.'),
      })
      .prefault({})
      .describe(what);
  const provider = providerSchema(z);
  const settings = z
    .strictObject({
      providers: z.record(z.string().regex(/^[\w.-]+$/), provider).describe('OpenAI-compatible endpoints, by a name.'),
      tiers: z.strictObject({ top: name, standard: name, light: name }).describe('The first model of each tier.'),
      agents: assignmentsSchema(z)
        .default({ ...d.agents })
        .describe('Another tier, or a model, of single agents.'),
      failback: z
        .record(name, z.array(name))
        .default({ ...d.failback })
        .describe('Which models take over, in order, from the one named.'),
      acrossFamilies: z.boolean().default(d.acrossFamilies).describe('Whether a chain may leave its family.'),
      breaker: z
        .strictObject({
          failures: z.int().min(1).default(d.breaker.failures).describe('Failures in a row that open it.'),
          cooldown: z.number().min(0).default(d.breaker.cooldown).describe('Seconds until one call tries again.'),
        })
        .prefault({})
        .describe('When a model that fails is left alone.'),
      budgets: z
        .strictObject({
          call: budget(d.budgets.call, 'Of one call.'),
          review: budget(d.budgets.review, 'Of one review, or one draft, with all its agents.'),
          day: budget(d.budgets.day, 'Of one day (UTC).'),
        })
        .prefault({})
        .describe('Reached means stop, with a result that says so.'),
      data: z
        .strictObject({
          rules: z
            .array(
              z
                .strictObject({
                  class: z.string().min(1),
                  groups: z
                    .array(
                      z.string().regex(GROUP, 'must be the path of a group or project, and no pattern: bank/payments'),
                    )
                    .default([]),
                  tags: z.array(z.string().min(1)).default([]),
                })
                .refine(({ groups, tags }) => groups.length + tags.length > 0, {
                  error: 'fits no project: it needs groups or tags; models.data.otherwise is the class of all others',
                }),
            )
            .default([])
            .describe('The first that fits a project, by path or catalog tag, says its class.'),
          otherwise: z.string().min(1).default(d.data.otherwise).describe('The class of all others.'),
        })
        .prefault({})
        .describe('Which projects which provider may see.'),
      remote: documentSchema(z).describe(
        'A document at an address that overrides models, providers and chains while a process runs.',
      ),
      telemetry: collectorSchema(z).describe(
        'An OTLP collector that is told what was asked, how long it took and what it cost.',
      ),
      attributionKeyEnv: env
        .default('')
        .describe('Environment variable with the key under which users and projects are hashed; empty: not sent.'),
      transcript: z
        .strictObject({
          dir: z.string().default(''),
          retentionDays: z.number().min(0).default(d.transcript.retentionDays),
          content: z.enum(['full', 'usage']).default(d.transcript.content),
        })
        .prefault({})
        .describe('What was asked and answered, as lines of JSON.'),
      timeouts: z
        .strictObject({
          first: seconds.default(d.timeouts.first).describe('Seconds until the first token.'),
          between: seconds.default(d.timeouts.between).describe('Seconds between two.'),
          call: seconds.default(d.timeouts.call).describe('Seconds of a whole call.'),
        })
        .prefault({}),
    })
    .superRefine((value, { addIssue }) => {
      for (const { path, message } of problemsOf(value)) addIssue({ code: 'custom', path: [...path], message });
    });
  return z
    .union([z.literal('none'), settings])
    .default('none')
    .describe('Language models; none: everything works without.');
}
