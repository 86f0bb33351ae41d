import type { ModelsConfig } from '../../../models/config.ts';
import type { ReviewPlugin } from '../plugin.ts';

/** The providers of the configuration. */
export function models(config: ModelsConfig): ReviewPlugin {
  return {
    name: 'models',
    configure({ addProvider }) {
      if (config === 'none') return;
      for (const [name, provider] of Object.entries(config.providers)) addProvider(name, provider);
    },
  };
}
