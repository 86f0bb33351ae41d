import { createHash } from 'node:crypto';
import type { CatalogEntity } from '../model.ts';
import { parseRef, refOf } from '../ref.ts';
import { meantBy } from '../relations.ts';

/** What is read of an entity, as the server sends it. */
export interface RawEntity {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly title?: string | undefined;
    readonly description?: string | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec?:
    | {
        readonly type?: string | undefined;
        readonly lifecycle?: string | undefined;
        readonly owner?: string | undefined;
        readonly system?: string | undefined;
        readonly domain?: string | undefined;
        readonly subcomponentOf?: string | undefined;
        readonly dependsOn?: readonly string[] | undefined;
        readonly dependencyOf?: readonly string[] | undefined;
        readonly providesApis?: readonly string[] | undefined;
        readonly consumesApis?: readonly string[] | undefined;
        readonly profile?:
          | { readonly email?: string | undefined; readonly displayName?: string | undefined }
          | undefined;
      }
    | undefined;
  readonly relations?: readonly { readonly type: string; readonly targetRef: string }[] | undefined;
}

export const KINDS = ['Component', 'System', 'Domain', 'Group', 'Resource', 'API'] as const;

const ANNOTATIONS = [
  'gitlab.com/project-slug',
  'gitlab.com/project-id',
  'gitlab.com/instance',
  'backstage.io/source-location',
  'backstage.io/managed-by-location',
  'backstage.io/orphan',
  'backstage.io/techdocs-ref',
];

/** Fields that the catalog makes relations from: an entity that has the field and not the relation is still being worked out. */
const RELATED = [
  ...['owner', 'system', 'domain', 'subcomponentOf'],
  ...['dependsOn', 'dependencyOf', 'providesApis', 'consumesApis'],
];

const MAX_DESCRIPTION = 500;

/** The annotations that are kept: those of places, the tier's, and where a group stands on each GitLab (`HOST/team-path`). */
export function keptAnnotations(tier: string, hosts: Iterable<string>): readonly string[] {
  const tiers = tier.startsWith('annotation:') ? [tier.slice('annotation:'.length)] : [];
  const teams = Array.from(hosts, (host) => `${host.replace(/:\d+$/, '')}/team-path`);
  return [...new Set([...ANNOTATIONS, ...tiers, ...teams])];
}

/**
 * The fields of the one question. Whole `relations`: a field cannot descend into a list, `relations.type` would silently give none.
 * No `spec.definition`, which makes APIs large.
 */
export function fieldsOf(annotations: readonly string[]): readonly string[] {
  const metadata = ['namespace', 'name', 'title', 'description', 'tags', 'labels', 'etag'];
  const spec = ['type', 'lifecycle', 'profile.email', 'profile.displayName'];
  return [
    'kind',
    ...metadata.map((name) => `metadata.${name}`),
    ...[...spec, ...RELATED].map((name) => `spec.${name}`),
    'relations',
    ...annotations.map((name) => `metadata.annotations.${name}`),
  ];
}

/**
 * What is kept of an entity; `undefined` for a kind that is not. Its hash is ours: `metadata.etag` need not change when the entity does.
 * The owner is the first `ownedBy`, and what the `spec` says where relations are missing.
 */
export function projected(raw: RawEntity, tier: string, annotations: readonly string[]): CatalogEntity | undefined {
  const kind = KINDS.find((known) => known.toLowerCase() === raw.kind.toLowerCase());
  if (kind === undefined) return undefined;
  const { metadata, spec = {} } = raw;
  const namespace = metadata.namespace ?? 'default';
  const relations = relationsOf(raw);
  const related = (type: string, target: string) =>
    relations.find((relation) => relation.type === type && relation.target.startsWith(target))?.target;
  const written = (ref: string | undefined, of: string) => (ref ? parseRef(ref, { kind: of, namespace }) : undefined);
  const kept: Record<string, string | undefined> = {};
  for (const key of annotations) kept[key] = metadata.annotations?.[key];
  const entity = {
    ref: refOf({ kind, namespace, name: metadata.name }),
    kind,
    name: metadata.name,
    namespace,
    ...present({
      title: metadata.title ?? spec.profile?.displayName,
      description: metadata.description?.slice(0, MAX_DESCRIPTION),
      type: spec.type,
      lifecycle: spec.lifecycle,
      tier: tierOf(metadata, tier),
      owner: firstOwner(raw) ?? written(spec.owner, 'group'),
      system: related('partOf', 'system:') ?? written(spec.system, 'system'),
      domain: related('partOf', 'domain:') ?? written(spec.domain, 'domain'),
    }),
    tags: [...(metadata.tags ?? [])].sort(),
    labels: sorted(metadata.labels ?? {}),
    annotations: sorted(kept),
    relations,
    ...present({ email: spec.profile?.email }),
    ...(isUnsettled(kind, namespace, spec, relations) && { unsettled: true as const }),
  };
  return { ...entity, hash: createHash('sha256').update(JSON.stringify(entity)).digest('hex').slice(0, 32) };
}

/** An owner may be another than the `spec` says: catalogs have rules of their own for that. */
function isUnsettled(
  kind: CatalogEntity['kind'],
  namespace: string,
  spec: NonNullable<RawEntity['spec']>,
  relations: CatalogEntity['relations'],
): boolean {
  return meantBy(kind, namespace, spec).some(
    (meant) =>
      !relations.some(({ type, target }) => type === meant.type && (type === 'ownedBy' || target === meant.target)),
  );
}

function relationsOf(raw: RawEntity): { type: string; target: string }[] {
  const all = new Map(
    (raw.relations ?? []).map(({ type, targetRef }) => [
      `${type} ${targetRef.toLowerCase()}`,
      { type, target: targetRef.toLowerCase() },
    ]),
  );
  return [...all.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, relation]) => relation);
}

/** In the order of the server, which is that of `spec`. */
function firstOwner(raw: RawEntity): string | undefined {
  return raw.relations?.find(({ type }) => type === 'ownedBy')?.targetRef.toLowerCase();
}

function tierOf(metadata: RawEntity['metadata'], tier: string): string | undefined {
  const [, place, key = ''] = /^(label|annotation|tag):(.+)$/.exec(tier) ?? [];
  switch (place) {
    case 'label':
      return metadata.labels?.[key];
    case 'annotation':
      return metadata.annotations?.[key];
    case 'tag':
      return metadata.tags?.find((tag) => tag.startsWith(key))?.slice(key.length);
    default:
      return undefined;
  }
}

/** Without what is not there. */
function present<T extends Readonly<Record<string, string | undefined>>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '')) as {
    [K in keyof T]?: string;
  };
}

function sorted(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const known = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}
