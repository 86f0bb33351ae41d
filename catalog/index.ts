import { assemble, hostsOf } from './assemble.ts';
import type { BackstageWorld } from './backstage/fetch.ts';
import type { CatalogConfig } from './config.ts';
import type { Fresh } from './content.ts';
import type { CatalogSource } from './files.ts';
import type { DefaultBranch, GitlabHosts } from './location.ts';
import type { Catalog } from './model.ts';
import { placementOf, projectKey } from './placement.ts';

export interface CatalogDeps {
  readonly env: NodeJS.ProcessEnv;
  /** Where copies are kept; `undefined`: nowhere. */
  readonly folder: string | undefined;
  /** Addresses of the GitLab instances, the default one first: `https://gitlab.example.com`. */
  readonly instances: readonly string[];
  /** The repositories to look into, for `from: files`; asked for one after the other. */
  readonly sources?: () => AsyncIterable<CatalogSource> | Iterable<CatalogSource>;
  /** Of projects that are known already. */
  readonly defaultBranch?: DefaultBranch;
  /** Ask now, however young the copy is. */
  readonly refresh?: boolean;
  /** Believe a catalog that has shrunk: somebody looked. */
  readonly acceptShrunk?: boolean;
  readonly now?: () => Date;
  readonly world?: BackstageWorld;
}

/**
 * The catalog of the configuration; `undefined` with `from: none`. From Backstage it is a copy of at most `ttl` minutes, else read in one
 * paged question; see `Catalog.stale` for what happens when it fails or has shrunk.
 *
 * @throws {CatalogError} where Backstage cannot be read and there is no copy.
 * @example const catalog = await openCatalog(config.catalog, { env: process.env, folder, instances: ['https://gitlab.example.com'] });
 */
export async function openCatalog(config: CatalogConfig, deps: CatalogDeps): Promise<Catalog | undefined> {
  if (config.from === 'none') return undefined;
  const hosts = gitlabHosts(config, deps.instances);
  return config.from === 'files' ? await fromFiles(config, deps, hosts) : await fromBackstage(config, deps, hosts);
}

/** Those of the configuration, else those of the forge. */
function gitlabHosts({ hosts }: CatalogConfig, instances: readonly string[]): GitlabHosts {
  const configured = Object.entries(hosts);
  return configured.length > 0 ? new Map(configured) : hostsOf(instances);
}

async function fromBackstage(config: CatalogConfig, deps: CatalogDeps, hosts: GitlabHosts): Promise<Catalog> {
  const { now = () => new Date(), env, world = {} } = deps;
  const baseUrl = config.baseUrl.replace(/\/+$/, '').replace(/\/api\/catalog$/, '');
  const question = { tier: config.tier, hosts: [...hosts.keys()], insights: config.insights };
  const { believed, snapshotFile } = await import('./snapshot.ts');
  const plan = {
    file: deps.folder === undefined ? undefined : snapshotFile(deps.folder, baseUrl),
    baseUrl,
    question: JSON.stringify(question),
    ttlMinutes: config.ttl,
    shrinkPercent: config.shrinkLimit,
    refresh: deps.refresh,
    acceptShrunk: deps.acceptShrunk,
    now,
  };
  const content = await believed(plan, async (first): Promise<Fresh> => {
    const [{ backstageClient }, { readFleet }, { openNetwork }] = await Promise.all([
      import('./backstage/client.ts'),
      import('./backstage/read.ts'),
      import('./backstage/network.ts'),
    ]);
    const network = world.fetch ? undefined : await openNetwork(env);
    const fetch = world.fetch ?? (network!.fetch as typeof globalThis.fetch);
    const token = env[config.token.env] || undefined;
    const settings = {
      baseUrl,
      token,
      tokenFrom: config.token.env,
      pageSize: config.pageSize,
      timeoutMs: config.timeout * 1000,
    };
    try {
      const client = await backstageClient(settings, { ...world, fetch });
      const read = await readFleet(client, { ...question, first });
      return { ...read, scores: [...read.scores], fetchedAt: now().toISOString() };
    } finally {
      await network?.close();
    }
  });
  const placing = { hosts, ...(deps.defaultBranch && { defaultBranch: deps.defaultBranch }) };
  return assemble({ source: 'backstage', ...content, scores: new Map(content.scores) }, ({ annotations }) =>
    placementOf(annotations, placing),
  );
}

async function fromFiles(config: CatalogConfig, deps: CatalogDeps, configured: GitlabHosts): Promise<Catalog> {
  const { now = () => new Date(), sources = () => [] } = deps;
  const { readCatalogFiles } = await import('./files.ts');
  const instances = new Map<string, { readonly subpath: string }>();
  const branches = new Map<string, string>();
  async function* noted(): AsyncGenerator<CatalogSource> {
    for await (const source of sources()) {
      const { instance, path, defaultBranch } = source.project;
      for (const [host, at] of hostsOf([instance])) {
        instances.set(host, at);
        if (defaultBranch) branches.set(projectKey(host, path), defaultBranch);
      }
      yield source;
    }
  }
  const { entities, found, problems } = await readCatalogFiles(noted(), config.files, config.tier);
  const hosts = new Map([...configured, ...instances]);
  const defaultBranch: DefaultBranch = (host, path) =>
    branches.get(projectKey(host, path)) ?? deps.defaultBranch?.(host, path);
  const folders = new Map([...found.values()].filter(({ local }) => local).map((at) => [at.path.toLowerCase(), at]));
  return assemble({ source: 'files', entities, fetchedAt: now().toISOString(), problems }, ({ ref, annotations }) => {
    const here = found.get(ref);
    if (!here?.local) return placementOf(annotations, { hosts, defaultBranch });
    // Folders have no address: the slug counts where a folder has that path, else the file stands where its software does.
    const slug = annotations['gitlab.com/project-slug'];
    if (slug?.trim() === '') return { reason: 'opted-out', because: 'its GitLab annotation is empty' };
    const named = slug === undefined ? undefined : folders.get(slug.toLowerCase());
    if (named && named.path !== here.path)
      return { host: named.host, project: { path: named.path }, dir: '', via: 'slug' };
    return { host: here.host, project: { path: here.path }, dir: here.dir, via: 'managed-by-location' };
  });
}
