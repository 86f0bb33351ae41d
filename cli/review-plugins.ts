import { catalogFields } from '../catalog/context.ts';
import { cacheFolder } from '../codex/cache.ts';
import type { ModelsSettings } from '../models/config.ts';
import type { ConfiguredModels } from '../models/open.ts';
import { openRemote } from '../models/remote/copy.ts';
import type { Wire } from '../models/wire.ts';
import type { PanelSubject } from '../reviewer/panel/panel.ts';
import { agentsMdPlugin } from '../reviewer/plugins/builtin/agents-md.ts';
import { catalogPlugin } from '../reviewer/plugins/builtin/catalog.ts';
import { codexRules } from '../reviewer/plugins/builtin/codex.ts';
import { gitlab } from '../reviewer/plugins/builtin/gitlab.ts';
import { local } from '../reviewer/plugins/builtin/local.ts';
import { models } from '../reviewer/plugins/builtin/models.ts';
import { remoteConfig } from '../reviewer/plugins/builtin/remote-config.ts';
import { telemetry } from '../reviewer/plugins/builtin/telemetry.ts';
import { template } from '../reviewer/plugins/builtin/template.ts';
import { tracing } from '../reviewer/plugins/builtin/tracing.ts';
import type { ReviewPlugin } from '../reviewer/plugins/plugin.ts';
import type { KnownProject } from './known-project.ts';
import type { PanelAround } from './review-around.ts';

interface Deps {
  readonly settings: ModelsSettings;
  readonly telling: Pick<ConfiguredModels, 'tell'>;
  readonly wire: Wire;
}

/** The plugins that come with a review, in the order in which they configure: what changes least is told first. */
export function builtinPlugins(
  around: PanelAround,
  { documents }: PanelSubject,
  project: KnownProject,
  { settings, telling, wire }: Deps,
): readonly ReviewPlugin[] {
  const { config, change, codex, unchosen, today, keys, words } = around;
  const { before, after, target } = change;
  const { review } = config.values;
  const env = process.env;
  const { context, known } = project;
  const fields = typeof context === 'object' ? { fields: async () => catalogFields(context) } : undefined;
  const problems: string[] = [];
  const remote = openRemote(settings, { env, wire, onProblem: (message) => void problems.push(message) });
  return [
    models(settings),
    ...(review.template.url === '' ? [] : [template({ ...review.template, env, wire, cache: cacheFolder(env) })]),
    agentsMdPlugin({ target, after, computed: documents }),
    catalogPlugin({ context, catalog: known?.catalog, before, after }),
    codexRules({ codex, unchosen, must: keys.must, after, target, catalog: fields, today }),
    'gitlab' in words ? gitlab(words.gitlab) : local(words.local),
    ...(settings.remote.url === '' ? [] : [remoteConfig(remote.overrides, () => problems)]),
    ...(settings.telemetry.url === '' ? [] : [telemetry(telling.tell)]),
    ...(review.tracing.url === '' ? [] : [tracing(collectorOf(around, wire))]),
  ];
}

function collectorOf({ config, out }: PanelAround, wire: Wire) {
  const { url, tokenEnv } = config.values.review.tracing;
  const token = tokenEnv === '' ? undefined : process.env[tokenEnv];
  if (tokenEnv !== '' && !token) out.warn(`review.tracing.tokenEnv: the environment variable ${tokenEnv} is not set`);
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  return { url, headers, wire, onProblem: (message: string) => out.warn(message) };
}
