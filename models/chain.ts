import type { ModelSettings, ModelsSettings, ProviderSettings, Tier } from './config.ts';
import type { RemoteOverrides } from './overrides.ts';
import type { Question } from './port.ts';

/** A model that may be asked. */
export interface Candidate {
  /** `provider/id`. */
  readonly name: string;
  readonly provider: string;
  readonly id: string;
  readonly model: ModelSettings;
  readonly endpoint: ProviderSettings;
}

/** Who asks. */
type Asking = Pick<Question<unknown>, 'agent' | 'tier' | 'assigned'>;

/**
 * The models for an agent, in order: its own or its tier's, then those that take over from that one. Models of providers that are
 * switched off are left out, and those of another family, but for `acrossFamilies`.
 */
export function chainFor(
  asking: Asking,
  settings: ModelsSettings,
  overrides: RemoteOverrides | undefined,
): readonly Candidate[] {
  const first = firstFor(asking, settings, overrides);
  const follow = overrides?.failback?.[first] ?? settings.failback[first] ?? [];
  const family = familyOf(first, settings);
  const related = follow.filter((name) => settings.acrossFamilies || familyOf(name, settings) === family);
  return [...new Set([first, ...related])].flatMap((name) => candidateOf(name, settings, overrides) ?? []);
}

function firstFor(
  { agent, tier, assigned }: Asking,
  settings: ModelsSettings,
  overrides: RemoteOverrides | undefined,
): string {
  const ofTier = (one: Tier) => overrides?.tiers?.[one] ?? settings.tiers[one];
  // What a repository names was checked against nothing yet: a model that there is not leaves things as they are.
  for (const source of [overrides?.agents, assigned, settings.agents]) {
    const found = own(source, agent);
    if (found?.model !== undefined && isModel(found.model, settings)) return found.model;
    if (found?.tier !== undefined) return ofTier(found.tier);
  }
  return ofTier(tier);
}

function candidateOf(
  name: string,
  settings: ModelsSettings,
  overrides: RemoteOverrides | undefined,
): Candidate | undefined {
  const { provider, id } = partsOf(name);
  const endpoint = own(settings.providers, provider);
  const model = own(endpoint?.models, id);
  const enabled = own(overrides?.providers, provider)?.enabled ?? endpoint?.enabled;
  return endpoint && model && enabled ? { name, provider, id, model, endpoint } : undefined;
}

function isModel(name: string, { providers }: ModelsSettings): boolean {
  const { provider, id } = partsOf(name);
  return own(own(providers, provider)?.models, id) !== undefined;
}

/** An id may hold slashes itself, a provider's name does not. */
function partsOf(name: string): { readonly provider: string; readonly id: string } {
  const slash = name.indexOf('/');
  return { provider: name.slice(0, slash), id: name.slice(slash + 1) };
}

function familyOf(name: string, settings: ModelsSettings): string {
  const { provider, id } = partsOf(name);
  return own(own(settings.providers, provider)?.models, id)?.family || name;
}

/** An agent may be called `constructor`. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
