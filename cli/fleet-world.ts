import { catalogFields } from '../catalog/context.ts';
import { dayOf, readWaivers } from '../codex/waivers.ts';
import type { InstanceSettings } from '../forge/config.ts';
import { ForgeError } from '../forge/errors.ts';
import type { SharedLimit } from '../forge/gitlab/http/shared-lane.ts';
import type { Forge } from '../forge/port.ts';
import type { RecordWrite } from '../forge/write-request.ts';
import { FleetError } from '../jobs/errors.ts';
import { type Log, SILENT } from '../jobs/log.ts';
import { campaignOf } from '../jobs/rollout/campaign.ts';
import type { World } from '../jobs/world.ts';
import type { CommandInput } from './command.ts';
import { instancesOf } from './config/instances.ts';
import type { LoadedConfig } from './config/load.ts';
import { assertOwnConfig } from './config/servers.ts';
import { openDrafting } from './drafting.ts';
import { fleetCatalog } from './fleet-catalog.ts';
import { fleetCodex, learnedCodex } from './fleet-codex.ts';
import { noInstance, openAudit, openFolder, openGitlab, tellOf } from './forges.ts';
import { loggedOutput } from './logged-output.ts';
import { narrowed, propose } from './propose.ts';
import { RequestCount } from './request-count.ts';
import { version } from './version.ts';

export interface WorldOptions {
  /** A folder of repositories instead of GitLab. */
  readonly folder?: string | undefined;
  /** Takes each write instead of the forges. */
  readonly record?: RecordWrite;
  /** Where is told what happens by the way. Default: the output. */
  readonly log?: Log;
  /** What all processes that use an instance keep to together. */
  readonly shared?: (instance: InstanceSettings) => SharedLimit | undefined;
  /** Told of every try of a request; `status` is absent where no answer came. */
  readonly onRequest?: (instance: string, status: number | undefined) => void;
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
}

/**
 * Everything that repositories of a fleet are worked on with: forges, codex, catalog and settings, each opened or read once.
 *
 * @throws {ConfigError} where the configuration was merely found in a repository, {CodexError} where the codex is wrong,
 * {ForgeError} where there is no such folder, {UsageError} where there is no instance.
 */
export async function openWorld(loaded: LoadedConfig, input: CommandInput, options: WorldOptions = {}): Promise<World> {
  // Nobody's repository says what becomes of all others.
  assertOwnConfig(loaded);
  const { values } = loaded;
  const { log = SILENT } = options;
  const quiet = { ...input, out: options.log ? loggedOutput(input.out, options.log) : input.out };
  const settings = options.folder === undefined ? instancesOf(loaded, process.env) : [];
  if (options.folder === undefined && settings.length === 0)
    throw noInstance('local repositories need none: agentsmd sweep --dir FOLDER');
  const codex = fleetCodex(loaded, quiet);
  // One that is wrong is told at once, and not of each repository.
  await codex.hash();
  const catalog = fleetCatalog(loaded, quiet.out, codex.isChosen);
  const drafting = await openDrafting(loaded, quiet);
  // What drafts are made with is what a proposal is made with: where it changes, that is a rollout.
  const generator = drafting ? `${version()}+draft.${drafting.id}` : version();
  const requests = new RequestCount();
  const audit = await openAudit();
  const record = options.record === undefined ? {} : { record: options.record };
  const folder = options.folder === undefined ? undefined : await openFolder(options.folder, { audit, ...record });
  const instances = folder ? [folder.instance] : settings.map(({ url }) => withoutSlash(url));
  const forges = new Map<string, Promise<Forge>>(folder && [[folder.instance, Promise.resolve(folder)]]);

  const open = async (instance: string): Promise<Forge> => {
    const found = settings.find(({ url }) => withoutSlash(url) === instance);
    if (!found)
      throw new FleetError(
        `${instance}: not configured here (known: ${instances.join(', ')}); set gitlab.instances, or sweep it with --dir`,
      );
    // What only reads may do without one, where projects are public.
    if (options.record === undefined && found.token === undefined && found.groups === undefined)
      throw new ForgeError(
        'unauthorized',
        `${instance}: no token is configured: set gitlab.instances.token, or GITLAB_TOKEN`,
      );
    const shared = options.shared?.(found);
    return await openGitlab(found, {
      audit,
      ...record,
      ...(shared === undefined ? {} : { shared }),
      onAttempt: (attempt) => {
        requests.add();
        options.onRequest?.(instance, attempt.status);
        tellOf(attempt, found, quiet.out);
      },
    });
  };

  return {
    config: {
      fleet: values.fleet,
      publish: values.publish,
      generate: values.generate,
      limits: values.facts.limits,
    },
    now: options.now ?? Date.now,
    instances,
    forge: (instance) => {
      const known = forges.get(instance);
      if (known) return known;
      const opening = open(instance);
      // What failed may go the next time.
      opening.catch(() => forges.delete(instance));
      forges.set(instance, opening);
      return opening;
    },
    policy: async (project) => ({
      generator,
      codex: await codex.hash(),
      catalog: await catalog.hashOf(project),
    }),
    campaign: async () => campaignOf(generator, await codex.hash()),
    codex: async () => learnedCodex(loaded, input, await codex.context()),
    narrowed: (reader) => narrowed(reader, loaded),
    propose: async (project, reader, config, given = {}) => {
      const { context } = await catalog.about(project, reader);
      return await propose(reader, {
        config,
        codex: () => codex.context(),
        ...(context === undefined ? {} : { catalog: context }),
        ...given,
        drafting: { drafting, project: project.path },
      });
    },
    audit: async (project, reader) => {
      const { context } = await catalog.about(project, reader);
      const { audit: auditOf } = await import('../codex/audit/index.ts');
      return await auditOf(await codex.whole(), reader, {
        panel: 'only a reader can tell, and a sweep asks no language model',
        waivers: await readWaivers(reader),
        today: dayOf(new Date((options.now ?? Date.now)())),
        ...(typeof context === 'object' ? { catalog: { fields: async () => catalogFields(context) } } : {}),
      });
    },
    about: async (project, reader) => {
      const { context, people, uncertain } = await catalog.about(project, reader);
      const owner = typeof context === 'object' ? context.owner : undefined;
      return { uncertain, ...(people === undefined ? {} : { people }), ...(owner === undefined ? {} : { owner }) };
    },
    requests: {
      total: () => requests.total,
      count: (run) => requests.count(run),
    },
    log,
    close: async () => {
      const opened = await Promise.allSettled(forges.values());
      for (const each of opened) if (each.status === 'fulfilled') await each.value.close();
      audit.close();
    },
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
