/** References of entities as text: `kind:namespace/name`, lower case, as relations hold them. */
export interface RefParts {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function refOf({ kind, namespace, name }: RefParts): string {
  return `${kind}:${namespace}/${name}`.toLowerCase();
}

/**
 * A reference in any of its short forms: `team-a`, `group:team-a`, `pay/team-a`, `group:pay/team-a`. `undefined` where it is none, or
 * says no kind and none is given.
 */
export function parseRef(
  text: string,
  defaults: { readonly kind?: string; readonly namespace?: string } = {},
): string | undefined {
  const [, kind = defaults.kind, namespace = defaults.namespace ?? 'default', name] =
    /^(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)$/.exec(text.trim()) ?? [];
  return kind === undefined || name === undefined ? undefined : refOf({ kind, namespace, name });
}

/** The parts of a full reference. */
export function refParts(ref: string): RefParts {
  const colon = ref.indexOf(':');
  const slash = ref.indexOf('/', colon);
  return { kind: ref.slice(0, colon), namespace: ref.slice(colon + 1, slash), name: ref.slice(slash + 1) };
}
