import type { Project } from '../forge/port.ts';

/**
 * The name of a repository in state and queue: its instance and its id there, which survives moves.
 * `https://gitlab.example.com#42`, `/srv/repos#shop/cart`; the folder `/srv/a#b` is written `/srv/a%23b`, as an id may hold a `#`.
 */
export function keyOf({ instance, id }: Pick<Project, 'instance' | 'id'>): string {
  return `${instance.replace(/[%#]/g, encodeURIComponent)}#${id}`;
}

/** The two parts of a {@link keyOf key}. */
export function partsOf(key: string): { readonly instance: string; readonly id: string } {
  const at = key.indexOf('#');
  return { instance: key.slice(0, at).replace(/%2[35]/g, decodeURIComponent), id: key.slice(at + 1) };
}
