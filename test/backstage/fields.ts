/**
 * What is left of an entity by its `fields`: a name may hold dots, as `metadata.annotations.gitlab.com/project-slug` does, and leads into
 * objects but not into lists.
 */
export function projectFields(entity: object, fields: readonly string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field of fields) copy(entity as Record<string, unknown>, kept, field);
  return kept;
}

function copy(from: Record<string, unknown>, to: Record<string, unknown>, field: string): void {
  if (field in from) {
    to[field] = from[field];
    return;
  }
  for (let dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
    const name = field.slice(0, dot);
    const inner = from[name];
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue;
    const kept = (to[name] ?? {}) as Record<string, unknown>;
    copy(inner as Record<string, unknown>, kept, field.slice(dot + 1));
    if (Object.keys(kept).length > 0) to[name] = kept;
    return;
  }
}
