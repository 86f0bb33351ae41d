import { ForgeError } from '../../errors.ts';
import type { Call } from './port.ts';

/** Path of the GraphQL door in a {@link Call}; every other path is below `/api/v4`. */
export const GRAPHQL_PATH = '/api/graphql';

/**
 * What a call asks for below the instance's address, with its query.
 * @throws {ForgeError} `invalid`: the path is none
 */
export function targetOf({ path, query = {} }: Call): string {
  // `..` would be resolved by a proxy on the way, to something nobody asked for.
  if (!/^\/[^?#\s\\]*$/.test(path) || /\/\.\.?(\/|$)/.test(path)) {
    throw new ForgeError('invalid', `no path of the API: ${JSON.stringify(path)}`);
  }
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(`${name}[]`, one);
    else if (value !== undefined) search.append(name, String(value));
  }
  const below = path === GRAPHQL_PATH ? path : `/api/v4${path}`;
  return search.size === 0 ? below : `${below}?${search}`;
}

/**
 * Where a project that moved is to be found: GitLab answers 301 with its number in place of its path (16.7 on). Only
 * that is followed, for reads, on the same origin; `undefined` for every other redirect.
 */
export function movedTarget(instance: string, call: Call, { status, headers }: Redirect): string | undefined {
  if (status < 300 || status >= 400) return undefined;
  const location = headers.get('location');
  if (!location || (call.method !== 'GET' && call.method !== 'HEAD') || !call.path.startsWith('/projects/'))
    return undefined;
  const base = new URL(instance);
  const to = URL.canParse(location, instance) ? new URL(location, instance) : undefined;
  if (to?.origin !== base.origin || to.username !== '' || to.password !== '') return undefined;
  const root = base.pathname.replace(/\/$/, '');
  if (!to.pathname.startsWith(`${root}/`)) return undefined;
  const target = to.pathname.slice(root.length) + to.search;
  return /^\/api\/v4\/projects\/\d+([/?]|$)/.test(target) ? target : undefined;
}

interface Redirect {
  readonly status: number;
  readonly headers: Headers;
}

/**
 * The next page, by `Link: rel="next"`. Only its query is taken: the host stays the configured one, which behind
 * a proxy is often another than GitLab believes.
 * @throws {ForgeError} `redirected`: the next page is of something else
 */
export function nextTarget(place: string, target: string, headers: Headers): string | undefined {
  const next = linkTo(headers.get('link') ?? '', 'next');
  if (next === undefined) return undefined;
  const [path = ''] = target.split('?', 1);
  const url = URL.canParse(next) ? new URL(next) : undefined;
  if (!url || !decoded(url.pathname).endsWith(decoded(path))) {
    throw new ForgeError(
      'redirected',
      `${place}: the next page is somewhere else: ${url?.origin ?? ''}${url?.pathname ?? ''}`,
    );
  }
  return `${path}${url.search}`;
}

function linkTo(header: string, rel: string): string | undefined {
  for (const [, url, parameters = ''] of header.matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (new RegExp(`;\\s*rel="?${rel}"?(;|\\s|$)`).test(parameters)) return url;
  }
  return undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
