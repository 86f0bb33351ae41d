import type { CatalogSource } from '../catalog/files.ts';
import { locateRepository } from '../forge/git/locate.ts';
import { runGit } from '../forge/git/run.ts';

/**
 * How the catalog knows a local repository: by the project that its remote `origin` names, else by its folder. The address is
 * only read, nobody is asked there.
 *
 * @param instances addresses of GitLab instances: one below a path (`https://git.example.com/gitlab`) is told from a group by them.
 */
export async function localProject(folder: string, instances: readonly string[]): Promise<CatalogSource['project']> {
  const { dir, name } = await locateRepository(folder);
  const local = { instance: dir, id: name, path: name, url: dir, defaultBranch: null };
  const asked = await runGit(['config', '--get', 'remote.origin.url'], { dir, codes: [0, 1] });
  const origin = placeOf(asked.toString('utf8').trim(), instances);
  return origin ? { ...local, ...origin, id: '', url: `${origin.instance}/${origin.path}` } : local;
}

/** `git@host:group/name.git`, `https://user@host/group/name.git`: the host and the path. A port belongs to ssh, not to the project. */
function placeOf(
  address: string,
  instances: readonly string[],
): { readonly instance: string; readonly path: string } | undefined {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)([^\s?#]+)$/.exec(address);
  const url = scp ? null : URL.parse(address);
  if (url && !['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return undefined;
  const host = scp?.[1] ?? (url?.protocol.startsWith('http') ? url.host : url?.hostname);
  const path = (scp?.[2] ?? url?.pathname ?? '').replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (!host || !path.includes('/')) return undefined;
  const below = instances.map((each) => URL.parse(each)).find((each) => each?.host === host.toLowerCase());
  const subpath = below?.pathname.replace(/^\/|\/$/g, '') ?? '';
  const own = subpath !== '' && path.startsWith(`${subpath}/`) ? path.slice(subpath.length + 1) : path;
  return { instance: `https://${host.toLowerCase()}`, path: own };
}
