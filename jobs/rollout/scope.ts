/** A path as it is compared: GitLab's differ in more than case. */
export function plainPath(path: string): string {
  return path.toLowerCase().replace(/^\/+|\/+$/g, '');
}

/** Whether a project is in a group, at any depth, or is that project itself. */
export function isWithin(path: string, scope: string): boolean {
  const [inner, outer] = [plainPath(path), plainPath(scope)];
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** Everything that a project is part of, the widest first: `shop`, `shop/backend`, `shop/backend/cart`. */
export function scopesOf(path: string): readonly string[] {
  const parts = plainPath(path).split('/');
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}

/** Limits, waves and windows hold for what people share, not for a folder. */
export function isShared(instance: string): boolean {
  return instance.includes('://');
}
