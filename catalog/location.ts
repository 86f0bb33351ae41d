/** The GitLab hosts that count, lower case with their port, each with its subpath (`/gitlab` or ''). The first is the default. */
export type GitlabHosts = ReadonlyMap<string, { readonly subpath: string }>;

/** A place in a repository, read from an address. */
export interface SourcePlace {
  readonly host: string;
  readonly path: string;
  readonly dir: string;
  /** Branch and folder, not split; absent where the address names no branch. */
  readonly branchAndDir?: string;
}

/** What an address says: a place, that it leads elsewhere, nothing (a local file, a bootstrap location), or something broken. */
export type Located =
  | { readonly kind: 'gitlab'; readonly place: SourcePlace }
  | { readonly kind: 'elsewhere'; readonly because: string }
  | { readonly kind: 'broken'; readonly because: string };

/** The branch that a project's addresses may name, where it is known. */
export type DefaultBranch = (host: string, path: string) => string | undefined;

/**
 * Reads `url:https://gitlab.example.com/g/p/-/blob/main/dir/catalog-info.yaml` and its many other forms: `tree`, `raw` and `edit`, old
 * addresses without `/-/`, a bare project with or without `.git`. A trailing slash means a folder even below `blob`, as Backstage
 * writes `backstage.io/source-location`. `undefined`: no web address, so it says nothing of a repository.
 */
export function readLocation(
  text: string | undefined,
  hosts: GitlabHosts,
  defaultBranch: DefaultBranch,
): Located | undefined {
  const target = /^\s*url:(.*)$/s.exec(text ?? '')?.[1]?.trim();
  if (target === undefined) return undefined;
  const url = URL.parse(target);
  if (!url || !/^https?:$/.test(url.protocol)) return { kind: 'broken', because: `no web address: ${shown(target)}` };
  const host = hostIn(url.host, hosts);
  if (host === undefined) return { kind: 'elsewhere', because: url.host };
  const parts = segments(url.pathname);
  if (parts === undefined) return { kind: 'broken', because: `broken escapes in ${shown(target)}` };
  const below = segments(hosts.get(host)!.subpath) ?? [];
  if (below.some((part, at) => part.toLowerCase() !== parts[at]?.toLowerCase()))
    return { kind: 'elsewhere', because: `${url.host} outside of /${below.join('/')}` };
  const { project, rest, folder } = split(parts.slice(below.length), url.pathname.endsWith('/'));
  const path = projectPath(project.join('/'));
  if (path === undefined) return { kind: 'broken', because: `names no project: ${shown(target)}` };
  return { kind: 'gitlab', place: { host, path, ...withoutBranch(rest, folder, defaultBranch(host, path)) } };
}

/** A project's full path, without slashes around it and `.git`; `undefined` where GitLab allows no such path. */
export function projectPath(text: string): string | undefined {
  const path = text
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '');
  return /^\w[\w.-]*(\/[\w.][\w.-]*)+$/.test(path) && !/(^|\/)\.{1,2}(\/|$)/.test(path) ? path : undefined;
}

/** The configured host that is meant, with or without its port. */
export function hostIn(name: string, hosts: GitlabHosts): string | undefined {
  const wanted = name.toLowerCase();
  if (hosts.has(wanted)) return wanted;
  const near = [...hosts.keys()].filter((host) => host.replace(/:\d+$/, '') === wanted);
  return near.length === 1 ? near[0] : undefined;
}

function segments(pathname: string): string[] | undefined {
  try {
    const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
    return parts.some((part) => /[\0-\x1f\x7f]/.test(part)) ? undefined : parts;
  } catch {
    return undefined; // a % without two digits
  }
}

const VIEWS: ReadonlySet<string> = new Set(['tree', 'blob', 'raw', 'edit']);

/** What stands before the view, after it, and whether the last part is a folder. */
function split(
  parts: readonly string[],
  slash: boolean,
): { project: readonly string[]; rest: readonly string[]; folder: boolean } {
  const dash = parts.indexOf('-');
  // `tree`, `blob`, `raw` and `edit` are names that GitLab refuses to projects (lib/gitlab/path_regex.rb), the first part excepted.
  const view =
    dash >= 0 ? dash + 1 : parts.findIndex((part, at) => at >= 2 && VIEWS.has(part) && at + 1 < parts.length);
  if (dash < 0 && view < 0) return { project: parts, rest: [], folder: true };
  const known = VIEWS.has(parts[view] ?? '');
  return {
    project: parts.slice(0, dash >= 0 ? dash : view),
    rest: known ? parts.slice(view + 1) : [],
    folder: slash || parts[view] === 'tree',
  };
}

function withoutBranch(
  rest: readonly string[],
  folder: boolean,
  branch: string | undefined,
): { dir: string; branchAndDir?: string } {
  const kept = folder ? rest : rest.slice(0, -1);
  if (kept.length === 0) return { dir: '' };
  const branchAndDir = kept.join('/');
  return { dir: dirBelow(branchAndDir, branch), branchAndDir };
}

/** The folder in `main/services/a`, by the branch that is known, else by the first part. */
export function dirBelow(branchAndDir: string, branch: string | undefined): string {
  const known = branch !== undefined && (branchAndDir === branch || branchAndDir.startsWith(`${branch}/`));
  const length = known ? branch.length : branchAndDir.indexOf('/');
  return length < 0 ? '' : branchAndDir.slice(length + 1);
}

function shown(target: string): string {
  const line = target.replace(/[\0-\x1f\x7f]+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
