import type * as Zod from 'zod';

/** `agents:` in agentsmd.config.yaml. */
export interface AgentsConfig {
  /** The folder of the organisation's own agents and commands, from the configuration's own; '': none. */
  readonly dir: string;
}

export const AGENTS_DEFAULTS: AgentsConfig = { dir: '' };

/** See `modelsConfigSchema`. */
export function agentsConfigSchema(z: typeof Zod): Zod.ZodType<AgentsConfig> {
  return z
    .strictObject({
      dir: z
        .string()
        .default(AGENTS_DEFAULTS.dir)
        .describe('The folder of your own agents and commands, which are laid over the built-in ones; empty: none.'),
    })
    .prefault({})
    .describe('Prompts of agents and commands.');
}
