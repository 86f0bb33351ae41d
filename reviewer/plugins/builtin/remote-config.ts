import type { RemoteOverrides } from '../../../models/overrides.ts';
import type { PostConfigureContext, ReviewPlugin } from '../plugin.ts';

/**
 * Says what the document at `models.remote.url` changes. Nothing is assigned here: the door of the models asks for that document before each
 * call, and what was read once would go on to hold after it changed.
 *
 * @param overrides reads it, once. @param problems what went wrong with that.
 */
export function remoteConfig(
  overrides: () => Promise<RemoteOverrides | undefined>,
  problems: () => readonly string[] = () => [],
): ReviewPlugin {
  return {
    name: 'remote-config',
    async postConfigure(context) {
      const read = await overrides();
      for (const line of [...problems(), ...(read ? changes(read, context) : [])]) context.report(line);
    },
  };
}

function changes(read: RemoteOverrides, { models, agents }: PostConfigureContext): readonly string[] {
  if (models === null) return [];
  const off = models.providers.filter((name) => read.providers?.[name]?.enabled === false);
  const known = agents();
  const assigned = Object.entries(read.agents ?? {}).filter(([agent]) => known.includes(agent));
  return [
    ...(off.length === 0 ? [] : [`models.remote.url switches off ${off.join(', ')}`]),
    ...(off.length > 0 && off.length === models.providers.length ? ['models.remote.url leaves no provider on'] : []),
    ...assigned.map(([agent, { model, tier }]) => `models.remote.url has ${agent} ask ${model ?? `the tier ${tier}`}`),
    ...Object.entries(read.tiers ?? {}).map(([tier, model]) => `models.remote.url has the tier ${tier} ask ${model}`),
  ];
}
