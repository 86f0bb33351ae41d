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
  readonly agents: Assignments;
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
  readonly telemetry: {
    /** Of an OTLP collector, without `/v1/logs`; '': nothing is told to anybody. */
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

/** By the agent's name. */
export type Assignments = Readonly<Record<string, AgentModel>>;

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
  telemetry: { url: '', tokenEnv: '' },
  attributionKeyEnv: '',
  transcript: { dir: '', retentionDays: 14, content: 'full' },
  timeouts: { first: 120, between: 60, call: 600 },
} as const satisfies Omit<ModelsSettings, 'providers' | 'tiers'>;

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
