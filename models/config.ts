import type * as Zod from 'zod';

/** How demanding a task is: `top` judges, `standard` finds, `light` reads and phrases. */
export const TIERS = ['top', 'standard', 'light'] as const;
export type Tier = (typeof TIERS)[number];

/** `models: none`: nothing is ever asked. */
export type ModelsConfig = 'none' | ModelsSettings;

/** `models:` in agentsmd.config.yaml. A model is named `provider/id` everywhere, the provider by its key here. */
export interface ModelsSettings {
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  /** The first model of a tier; its failback chain follows. */
  readonly tiers: Readonly<Record<Tier, string>>;
  /** By the agent's name: another tier, or one model. */
  readonly agents: Readonly<Record<string, AgentModel>>;
  /** Which model takes over, in order, from the one named. Only models of one family, but for `acrossFamilies`. */
  readonly failback: Readonly<Record<string, readonly string[]>>;
  /** Whether a chain may lead from one family to another. */
  readonly acrossFamilies: boolean;
  readonly breaker: {
    /** Failures of a model in a row after which it is left alone. */
    readonly failures: number;
    /** Seconds until exactly one call tries it again. */
    readonly cooldown: number;
  };
  readonly budgets: Readonly<Record<BudgetScope, Budget>>;
  readonly data: DataSettings;
  readonly remote: {
    /** Any static address of a document that overrides the above while a process runs; '': none. */
    readonly url: string;
    /** Name of an environment variable with a token, sent as `Authorization: Bearer`; '': none. */
    readonly tokenEnv: string;
  };
  /** Name of an environment variable with the key under which users, projects and agents are hashed; '': they are not sent. */
  readonly attributionKeyEnv: string;
  readonly transcript: {
    /** Where transcripts are kept; '': nowhere. */
    readonly dir: string;
    readonly retentionDays: number;
    /** `full`: with prompts and answers. `usage`: only what was called, how long it took and what it cost. */
    readonly content: 'full' | 'usage';
  };
  /** In s: of one call until its first token, and between two. */
  readonly timeouts: { readonly first: number; readonly between: number; readonly call: number };
}

export interface AgentModel {
  readonly tier?: Tier | undefined;
  readonly model?: string | undefined;
}

export interface ProviderSettings {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  /** Name of the environment variable with its key; '': it wants none. */
  readonly keyEnv: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Calls at a time, of one process. */
  readonly concurrency: number;
  /** Has `store: false` sent with each call. */
  readonly zeroRetention: boolean;
  /** Whether it holds prefixes of prompts: then the first of several calls with one prefix goes ahead of the others. */
  readonly prefixCache: boolean;
  /** Classes of data that it may see. */
  readonly classes: readonly string[];
  readonly enabled: boolean;
  /** By its id there. */
  readonly models: Readonly<Record<string, ModelSettings>>;
}

export interface ModelSettings {
  /** Tokens of prompt and answer together. */
  readonly context: number;
  /** Tokens of an answer, at most. */
  readonly output: number;
  /** For a million tokens, in `currency`; what is not known costs nothing, and is said to be unknown. */
  readonly price?:
    | { readonly input: number; readonly cached?: number | undefined; readonly output: number }
    | undefined;
  /** Models of one family take over from one another; '': a family of its own. */
  readonly family: string;
  /** How it gives structured answers; `auto`: by schema, else by a tool call, else from its text, as it turns out. */
  readonly structured: 'auto' | 'schema' | 'tool' | 'text';
  /** Whether it calls tools. */
  readonly tools: boolean;
}

export const BUDGET_SCOPES = ['call', 'review', 'day'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

/** `null`: no limit. */
export interface Budget {
  /** Of input and output together, cached ones too. */
  readonly tokens: number | null;
  readonly money: number | null;
}

export interface DataSettings {
  /** The first rule that fits a project says its class. */
  readonly rules: readonly DataRule[];
  /** The class of a project that no rule fits. */
  readonly otherwise: string;
}

export interface DataRule {
  readonly class: string;
  /** Groups and projects by path, with everything below them. */
  readonly groups: readonly string[];
  /** Tags in the catalog. */
  readonly tags: readonly string[];
}

export const MODELS_DEFAULTS: ModelsConfig = 'none';

/** What of `models:` need not be said. */
export const SETTINGS_DEFAULTS = {
  agents: {},
  failback: {},
  acrossFamilies: false,
  breaker: { failures: 3, cooldown: 120 },
  budgets: {
    call: { tokens: 200_000, money: null },
    review: { tokens: 2_000_000, money: 5 },
    day: { tokens: null, money: null },
  },
  data: { rules: [], otherwise: 'internal' },
  remote: { url: '', tokenEnv: '' },
  attributionKeyEnv: '',
  transcript: { dir: '', retentionDays: 14, content: 'full' },
  timeouts: { first: 120, between: 60, call: 600 },
} as const satisfies Omit<ModelsSettings, 'providers' | 'tiers'>;

const ENV_NAME = /^(?:[A-Za-z_]\w*)?$/;
/** `provider/id`; an id may hold slashes itself. */
const MODEL_NAME = /^[\w.-]+\/\S+$/;

/** Takes zod as an argument, so that the defaults can be had without loading it. */
export function modelsConfigSchema(z: typeof Zod): Zod.ZodType<ModelsConfig> {
  const d = SETTINGS_DEFAULTS;
  const name = z.string().regex(MODEL_NAME, 'must name a provider and a model: gateway/large-1');
  const env = z.string().regex(ENV_NAME, 'must be the name of an environment variable');
  const limit = z.number().min(0).nullable();
  const budget = (of: Budget, what: string) =>
    z
      .strictObject({
        tokens: limit.default(of.tokens).describe('Tokens in and out, cached ones too; null: no limit.'),
        money: limit.default(of.money).describe('In the currency of the price tables; null: no limit.'),
      })
      .prefault({})
      .describe(what);
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
  const provider = z.strictObject({
    baseUrl: z.string().regex(/^https?:\/\/\S+$/, 'must be an address, up to and with /v1'),
    keyEnv: env.default('').describe('Environment variable that holds its key.'),
    headers: z.record(z.string().min(1), z.string()).default({}).describe('Sent with each call.'),
    concurrency: z.int().min(1).max(256).default(8).describe('Calls at a time, of one process.'),
    zeroRetention: z.boolean().default(true).describe('Whether store: false is sent with each call.'),
    prefixCache: z.boolean().default(true).describe('Whether calls with one prefix wait for the first of them.'),
    classes: z.array(z.string().min(1)).default(['public', 'internal']).describe('Classes of data that it may see.'),
    enabled: z.boolean().default(true),
    models: z.record(z.string().min(1), model).describe('Its models, by their ids there.'),
  });
  const settings = z
    .strictObject({
      providers: z.record(z.string().regex(/^[\w.-]+$/), provider).describe('OpenAI-compatible endpoints, by a name.'),
      tiers: z.strictObject({ top: name, standard: name, light: name }).describe('The first model of each tier.'),
      agents: z
        .record(z.string().min(1), z.strictObject({ tier: z.enum(TIERS).optional(), model: name.optional() }))
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
              z.strictObject({
                class: z.string().min(1),
                groups: z.array(z.string().min(1)).default([]),
                tags: z.array(z.string().min(1)).default([]),
              }),
            )
            .default([])
            .describe('The first that fits a project, by path or catalog tag, says its class.'),
          otherwise: z.string().min(1).default(d.data.otherwise).describe('The class of all others.'),
        })
        .prefault({})
        .describe('Which projects which provider may see.'),
      remote: z
        .strictObject({
          url: z
            .string()
            .regex(/^(?:https?:\/\/\S+)?$/, 'must be an address')
            .default(''),
          tokenEnv: env.default(''),
        })
        .prefault({})
        .describe('A document at an address that overrides models, providers and chains while a process runs.'),
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
          first: z.number().min(1).default(d.timeouts.first).describe('Seconds until the first token.'),
          between: z.number().min(1).default(d.timeouts.between).describe('Seconds between two.'),
          call: z.number().min(1).default(d.timeouts.call).describe('Seconds of a whole call.'),
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

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What single fields cannot tell: names of models that there are not, chains that leave their family or go in circles. */
export function problemsOf(
  settings: Pick<ModelsSettings, 'providers' | 'tiers' | 'agents' | 'failback' | 'acrossFamilies'>,
): readonly Problem[] {
  const { providers, tiers, agents, failback, acrossFamilies } = settings;
  const known = new Map<string, ModelSettings>(
    Object.entries(providers).flatMap(([provider, { models }]) =>
      Object.entries(models).map(([id, model]) => [`${provider}/${id}`, model] as const),
    ),
  );
  const problems: Problem[] = [];
  const check = (path: Problem['path'], name: string): boolean => {
    if (known.has(name)) return true;
    problems.push({ path, message: `unknown model "${name}"; known: ${[...known.keys()].join(', ') || 'none'}` });
    return false;
  };
  for (const tier of TIERS) check(['tiers', tier], tiers[tier]);
  for (const [agent, { model }] of Object.entries(agents))
    if (model !== undefined) check(['agents', agent, 'model'], model);
  for (const [from, chain] of Object.entries(failback)) {
    if (!check(['failback', from], from)) continue;
    for (const [at, to] of chain.entries()) {
      const path = ['failback', from, at];
      if (!check(path, to)) continue;
      if (to === from || chain.indexOf(to) !== at) problems.push({ path, message: `"${to}" comes twice` });
      else if (!acrossFamilies && familyOf(known, from) !== familyOf(known, to))
        problems.push({
          path,
          message: `"${to}" is of the family "${familyOf(known, to)}", "${from}" of "${familyOf(known, from)}"; models.acrossFamilies allows that`,
        });
    }
  }
  return problems;
}

function familyOf(known: ReadonlyMap<string, ModelSettings>, name: string): string {
  return known.get(name)?.family || name;
}
