import { chainFor } from '../models/chain.ts';
import { type AgentModel, type ModelSettings, type ModelsSettings, TIERS, type Tier } from '../models/config.ts';
import { maySee } from '../models/data-class.ts';
import type { RemoteOverrides } from '../models/overrides.ts';

/** What is configured of models, as it holds at this moment. */
export interface ModelsListing {
  readonly providers: readonly ListedProvider[];
  readonly models: readonly (Omit<ModelSettings, 'price'> & {
    readonly name: string;
    readonly price: ModelSettings['price'] | null;
  })[];
  /** The first model of each, and those that take over; empty: all of them are switched off. */
  readonly tiers: Readonly<Record<Tier, readonly string[]>>;
  readonly agents: readonly ListedAgent[];
  readonly classes: readonly ListedClass[];
  /** What remote configuration changes. */
  readonly changes: readonly Change[];
}

export interface ListedProvider {
  readonly name: string;
  readonly baseUrl: string;
  readonly enabled: boolean;
  /** `null`: it wants none. */
  readonly key: { readonly env: string; readonly present: boolean } | null;
  readonly classes: readonly string[];
  readonly zeroRetention: boolean;
  readonly concurrency: number;
}

export interface ListedAgent extends AgentModel {
  readonly name: string;
  readonly chain: readonly string[];
}

export interface ListedClass {
  readonly class: string;
  readonly groups: readonly string[];
  readonly tags: readonly string[];
  /** Of all projects that no other rule fits. */
  readonly otherwise: boolean;
  /** Who may see it. */
  readonly providers: readonly string[];
}

export interface Change {
  readonly setting: string;
  readonly from: unknown;
  readonly to: unknown;
}

export function listModels(
  settings: ModelsSettings,
  overrides: RemoteOverrides | undefined,
  env: NodeJS.ProcessEnv,
): ModelsListing {
  const providers = Object.entries(settings.providers);
  const chain = (agent: string, tier: Tier) => chainFor({ agent, tier }, settings, overrides).map(({ name }) => name);
  // No agent has an empty name.
  const tiers = Object.fromEntries(TIERS.map((tier) => [tier, chain('', tier)])) as Record<Tier, string[]>;
  const agents = { ...settings.agents, ...overrides?.agents };
  return {
    providers: providers.map(([name, { baseUrl, keyEnv, classes, zeroRetention, concurrency, enabled }]) => ({
      name,
      baseUrl: withoutSecrets(baseUrl),
      enabled: overrides?.providers?.[name]?.enabled ?? enabled,
      key: keyEnv === '' ? null : { env: keyEnv, present: Boolean(env[keyEnv]) },
      classes,
      zeroRetention,
      concurrency,
    })),
    models: providers.flatMap(([provider, { models }]) =>
      Object.entries(models).map(([id, model]) => ({
        ...model,
        name: `${provider}/${id}`,
        price: model.price ?? null,
      })),
    ),
    tiers,
    agents: Object.entries(agents).map(([name, agent]) => ({ name, ...agent, chain: chain(name, 'standard') })),
    classes: classesOf(settings),
    changes: overrides ? changesBy(overrides, settings) : [],
  };
}

function classesOf({ data, providers }: ModelsSettings): readonly ListedClass[] {
  const seenBy = (name: string) =>
    Object.entries(providers).flatMap(([provider, one]) => (maySee(one, name) ? [provider] : []));
  return [
    ...data.rules.map((rule) => ({ ...rule, otherwise: false, providers: seenBy(rule.class) })),
    { class: data.otherwise, groups: [], tags: [], otherwise: true, providers: seenBy(data.otherwise) },
  ];
}

/** Only what is another way than it is configured; and which models it says are left alone for now. */
function changesBy(overrides: RemoteOverrides, settings: ModelsSettings): readonly Change[] {
  const { tiers = {}, agents = {}, providers = {}, failback = {}, health = {} } = overrides;
  const all: readonly Change[] = [
    ...TIERS.flatMap((tier) => change(`tiers.${tier}`, settings.tiers[tier], tiers[tier])),
    ...Object.entries(agents).flatMap(([name, to]) => change(`agents.${name}`, settings.agents[name] ?? {}, to)),
    ...Object.entries(providers).flatMap(([name, { enabled }]) =>
      change(`providers.${name}.enabled`, settings.providers[name]?.enabled, enabled),
    ),
    ...Object.entries(failback).flatMap(([name, to]) => change(`failback.${name}`, settings.failback[name] ?? [], to)),
    ...Object.entries(health).flatMap(([name, { openUntil }]) =>
      openUntil > Date.now() ? change(`health.${name}`, 'in use', `left alone until ${timeOf(openUntil)}`) : [],
    ),
  ];
  return all;
}

function change(setting: string, from: unknown, to: unknown): readonly Change[] {
  return to === undefined || JSON.stringify(from) === JSON.stringify(to) ? [] : [{ setting, from, to }];
}

/** Whatever number somebody put there. */
function timeOf(ms: number): string {
  return ms > 8.64e15 ? 'further notice' : new Date(ms).toISOString();
}

/** An address without what may let somebody in: user, password and query. */
export function withoutSecrets(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.origin}${url.pathname}` : '…';
}
