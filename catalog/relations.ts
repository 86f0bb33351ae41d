import type { ValidEntity } from './backstage/validate.ts';
import { parseRef, refOf } from './ref.ts';

interface Relation {
  readonly type: string;
  readonly targetRef: string;
}

/** A field of `spec` that names others, the relation it means and the one back. As in the models of @backstage/catalog-model. */
interface Field {
  readonly name: string;
  readonly forth: string;
  readonly back: string;
  /** Of a target that names no kind. */
  readonly kind?: string;
}

const OWNER: Field = { name: 'owner', forth: 'ownedBy', back: 'ownerOf', kind: 'group' };
const SYSTEM: Field = { name: 'system', forth: 'partOf', back: 'hasPart', kind: 'system' };
const DEPENDS: readonly Field[] = [
  { name: 'dependsOn', forth: 'dependsOn', back: 'dependencyOf' },
  { name: 'dependencyOf', forth: 'dependencyOf', back: 'dependsOn' },
];

const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  Component: [
    OWNER,
    SYSTEM,
    { name: 'subcomponentOf', forth: 'partOf', back: 'hasPart', kind: 'component' },
    ...DEPENDS,
    { name: 'providesApis', forth: 'providesApi', back: 'apiProvidedBy', kind: 'api' },
    { name: 'consumesApis', forth: 'consumesApi', back: 'apiConsumedBy', kind: 'api' },
  ],
  API: [OWNER, SYSTEM],
  Resource: [OWNER, SYSTEM, ...DEPENDS],
  System: [OWNER, { name: 'domain', forth: 'partOf', back: 'hasPart', kind: 'domain' }],
  Domain: [OWNER, { name: 'subdomainOf', forth: 'partOf', back: 'hasPart', kind: 'domain' }],
  Group: [
    { name: 'parent', forth: 'childOf', back: 'parentOf', kind: 'group' },
    { name: 'children', forth: 'parentOf', back: 'childOf', kind: 'group' },
  ],
};

/** The relations that the `spec` of an entity means and the one back. A name without a kind, where none is meant, means nothing. */
export function meantBy(
  kind: string,
  namespace: string,
  spec: Readonly<Record<string, unknown>>,
): readonly { readonly type: string; readonly back: string; readonly target: string }[] {
  return (FIELDS[kind] ?? []).flatMap(({ name, forth, back, kind: meant }) =>
    [spec[name]].flat().flatMap((value) => {
      const defaults = { namespace, ...(meant !== undefined && { kind: meant }) };
      const target = typeof value === 'string' ? parseRef(value, defaults) : undefined;
      return target === undefined ? [] : [{ type: forth, back, target }];
    }),
  );
}

/** The relations of every entity, both ways, by reference; those to entities that are not there too. */
export function relationsOf(entities: readonly ValidEntity[]): ReadonlyMap<string, readonly Relation[]> {
  const relations = new Map<string, Relation[]>();
  const add = (ref: string, relation: Relation) => {
    const known = relations.get(ref) ?? [];
    known.push(relation);
    relations.set(ref, known);
  };
  for (const { kind, metadata, spec } of entities) {
    const namespace = metadata.namespace ?? 'default';
    const ref = refOf({ kind, namespace, name: metadata.name });
    for (const { type, back, target } of meantBy(kind, namespace, spec)) {
      add(ref, { type, targetRef: target });
      add(target, { type: back, targetRef: ref });
    }
  }
  return relations;
}
