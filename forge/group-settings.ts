/**
 * What holds for a project of settings that can be made for a group and everything below it, or for a project, by path: key by key
 * that of the nearest one which says something.
 *
 * @returns also which group said it, as it was written; those that no group says are absent.
 */
export function settingsOfGroups<T extends object>(
  groups: Readonly<Record<string, { readonly [key in keyof T]?: T[key] | undefined }>>,
  path: string,
): { readonly own: Partial<T>; readonly by: { readonly [key in keyof T]?: string } } {
  const byPath = new Map(Object.entries(groups).map(([group, own]) => [plain(group), { group, own }]));
  const parts = plain(path).split('/');
  const own: Partial<T> = {};
  const by: { [key in keyof T]?: string } = {};
  for (let depth = 1; depth <= parts.length; depth++) {
    const found = byPath.get(parts.slice(0, depth).join('/'));
    for (const key of found ? (Object.keys(found.own) as (keyof T)[]) : []) {
      const value = found!.own[key];
      if (value === undefined) continue;
      own[key] = value as T[keyof T];
      by[key] = found!.group;
    }
  }
  return { own, by };
}

/** GitLab's paths differ in more than case. */
function plain(path: string): string {
  return path.toLowerCase().replace(/^\/+|\/+$/g, '');
}
