/** What `models` may say, for those who begin: two models behind a gateway, the smaller one for what is light. */
export const MODELS_EXAMPLE = {
  providers: {
    gateway: {
      baseUrl: 'https://models.example.com/v1',
      keyEnv: 'MODELS_KEY',
      models: {
        'large-1': { context: 200_000, family: 'one', price: { input: 3, cached: 0.3, output: 15 } },
        'small-1': { context: 128_000, family: 'one', price: { input: 0.5, cached: 0.05, output: 2 } },
      },
    },
  },
  tiers: { top: 'gateway/large-1', standard: 'gateway/large-1', light: 'gateway/small-1' },
  failback: { 'gateway/large-1': ['gateway/small-1'] },
};
