import { instancesFrom } from '../forge/instances.ts';
import type { ForgeTokens } from '../reviewer/plugins/allowed.ts';
import type { LoadedConfig } from './config/load.ts';

/** Variables that tokens of the configured instances stand in, with what they hold: no process of models may know one. */
export function forgeTokens({ values }: LoadedConfig, env: NodeJS.ProcessEnv): ForgeTokens {
  const sources = instancesFrom(values.gitlab, env).flatMap(({ token, groups = {} }) => [
    token,
    ...Object.values(groups),
  ]);
  const names = sources.flatMap((source) => (source && 'env' in source ? [source.env] : []));
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
}
