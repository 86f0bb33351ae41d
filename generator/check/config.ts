import type * as Zod from 'zod';
import type { Levels } from './levels.ts';

/** What an organisation sets for `check`: `check:` in agentsmd.config.yaml. */
export interface CheckConfig {
  /** By the rule's ID. */
  readonly rules: Levels;
  /** Documents that are not checked, written as in a .gitignore. */
  readonly ignore: readonly string[];
}

export const CHECK_DEFAULTS: CheckConfig = { rules: {}, ignore: [] };

/** See `generateConfigSchema`. That a rule exists is looked up where rules are run: to load them all costs every command its time. */
export function checkConfigSchema(z: typeof Zod): Zod.ZodType<CheckConfig> {
  return z
    .strictObject({
      rules: z
        .record(
          z.string().regex(/^AMD\d{3}$/, 'expected a rule ID such as AMD301'),
          z.enum(['off', 'info', 'warning', 'error']),
        )
        .default(CHECK_DEFAULTS.rules)
        .describe('What a rule reports at its highest severity gets this one instead; off: the rule is not asked.'),
      ignore: z
        .array(z.string().min(1))
        .default([...CHECK_DEFAULTS.ignore])
        .describe('Documents that are not checked, written as in a .gitignore, from the root.'),
    })
    .prefault({})
    .describe('How agent documents are checked.');
}
