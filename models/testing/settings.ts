import { type ModelSettings, type ModelsSettings, type ProviderSettings, SETTINGS_DEFAULTS } from '../config.ts';

export const MODEL: ModelSettings = {
  context: 128_000,
  output: 4096,
  price: { input: 1, cached: 0.1, output: 4 },
  family: 'f',
  structured: 'auto',
  tools: true,
};

export const PROVIDER: ProviderSettings = {
  baseUrl: 'http://127.0.0.1:1/v1',
  keyEnv: '',
  headers: {},
  concurrency: 8,
  zeroRetention: true,
  prefixCache: true,
  classes: ['public', 'internal'],
  enabled: true,
  models: {},
};

/** Settings with one provider, `gw`; every tier asks its first model unless `tiers` says otherwise. */
export function settings(
  given: {
    readonly models?: Readonly<Record<string, Partial<ModelSettings>>>;
    readonly provider?: Partial<ProviderSettings>;
  } & Partial<Omit<ModelsSettings, 'providers'>> & { readonly providers?: Readonly<Record<string, ProviderSettings>> },
): ModelsSettings {
  const { models = { one: {} }, provider, providers, ...rest } = given;
  const first = `gw/${Object.keys(models)[0]}`;
  return {
    ...SETTINGS_DEFAULTS,
    tiers: { top: first, standard: first, light: first },
    ...rest,
    providers: {
      gw: {
        ...PROVIDER,
        ...provider,
        models: Object.fromEntries(Object.entries(models).map(([id, model]) => [id, { ...MODEL, ...model }])),
      },
      ...providers,
    },
  };
}
