import type * as Zod from 'zod';
import { CATALOG_DEFAULTS, type CatalogConfig, catalogConfigSchema } from '../../catalog/config.ts';
import { CODEX_DEFAULTS, type CodexConfig, codexConfigSchema } from '../../codex/config.ts';
import { FACTS_DEFAULTS, type FactsConfig, factsConfigSchema } from '../../facts/config.ts';
import { GITLAB_DEFAULTS, type GitlabConfig, gitlabConfigSchema } from '../../forge/config.ts';
import { CHECK_DEFAULTS, type CheckConfig, checkConfigSchema } from '../../generator/check/config.ts';
import { GENERATE_DEFAULTS, type GenerateConfig, generateConfigSchema } from '../../generator/config.ts';
import { PUBLISH_DEFAULTS, type PublishConfig, publishConfigSchema } from '../../generator/publish/config.ts';
import { FLEET_DEFAULTS, type FleetConfig, fleetConfigSchema } from '../../jobs/config.ts';
import { AGENTS_DEFAULTS, type AgentsConfig, agentsConfigSchema } from '../../models/agents/config.ts';
import { MODELS_DEFAULTS, type ModelsConfig, SETTINGS_DEFAULTS } from '../../models/config.ts';
import { modelsConfigSchema } from '../../models/config-schema.ts';
import { REVIEW_DEFAULTS, type ReviewConfig, reviewConfigSchema } from '../../reviewer/config.ts';

/** The whole of agentsmd.config.yaml: one slice of each room that can be configured. */
export interface Config {
  readonly facts: FactsConfig;
  readonly codex: CodexConfig;
  readonly gitlab: GitlabConfig;
  readonly catalog: CatalogConfig;
  readonly models: ModelsConfig;
  readonly agents: AgentsConfig;
  readonly generate: GenerateConfig;
  readonly publish: PublishConfig;
  readonly fleet: FleetConfig;
  readonly check: CheckConfig;
  readonly review: ReviewConfig;
}

export const DEFAULTS: Config = {
  facts: FACTS_DEFAULTS,
  codex: CODEX_DEFAULTS,
  gitlab: GITLAB_DEFAULTS,
  catalog: CATALOG_DEFAULTS,
  models: MODELS_DEFAULTS,
  agents: AGENTS_DEFAULTS,
  generate: GENERATE_DEFAULTS,
  publish: PUBLISH_DEFAULTS,
  fleet: FLEET_DEFAULTS,
  check: CHECK_DEFAULTS,
  review: REVIEW_DEFAULTS,
};

/** A value of the kind of every setting. `models`, which is a word by default, as the settings that stand in its place. */
export const EXAMPLES = {
  ...DEFAULTS,
  models: { providers: {}, tiers: { top: '', standard: '', light: '' }, ...SETTINGS_DEFAULTS },
};

/** Strict everywhere: a misspelt setting is an error, never silently a default. */
export function configSchema(z: typeof Zod): Zod.ZodType<Config> {
  return z
    .strictObject({
      facts: factsConfigSchema(z),
      codex: codexConfigSchema(z),
      gitlab: gitlabConfigSchema(z),
      catalog: catalogConfigSchema(z),
      models: modelsConfigSchema(z),
      agents: agentsConfigSchema(z),
      generate: generateConfigSchema(z),
      publish: publishConfigSchema(z),
      fleet: fleetConfigSchema(z),
      check: checkConfigSchema(z),
      review: reviewConfigSchema(z),
    })
    .describe('Configuration of agentsmd (agentsmd.config.yaml).');
}
