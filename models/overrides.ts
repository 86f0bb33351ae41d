import type { Assignments, Tier } from './config.ts';

/** What overrides the configuration while a process runs; as `models.remote.url` gives it, checked as a whole. */
export interface RemoteOverrides {
  readonly tiers?: Readonly<Partial<Record<Tier, string>>> | undefined;
  readonly agents?: Assignments | undefined;
  /** By name; a provider that is not named stays as it is configured. */
  readonly providers?: Readonly<Record<string, { readonly enabled: boolean }>> | undefined;
  /** By the model that they follow; takes the place of its whole chain. */
  readonly failback?: Readonly<Record<string, readonly string[]>> | undefined;
  /** By model; taken over once for each new copy of the document. */
  readonly health?: Readonly<Record<string, ModelHealth>> | undefined;
}

/** What a breaker knows of a model, to be kept from one process to the next. */
export interface ModelHealth {
  /** In ms since 1970: until then nobody asks it, then one call tries. */
  readonly openUntil: number;
}
