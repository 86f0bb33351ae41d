import type { Entity } from '@backstage/catalog-model';

/** An entity of a file that keeps Backstage's rules, its namespace filled in. */
export interface ValidEntity {
  readonly kind: string;
  readonly metadata: Entity['metadata'];
  readonly spec: Readonly<Record<string, unknown>>;
}

/** @returns the entity; `undefined` for a kind that is none of the catalog's own (a `Template`). Rejects with what is wrong, in words. */
export type Validate = (data: unknown) => Promise<ValidEntity | undefined>;

/** Backstage's own rules for what may stand in a catalog file: the envelope, and the eight kinds. */
export async function entityValidator(): Promise<Validate> {
  const model = await import('@backstage/catalog-model');
  const policy = model.EntityPolicies.allOf([
    new model.SchemaValidEntityPolicy(),
    new model.DefaultNamespaceEntityPolicy(),
    new model.NoForeignRootFieldsEntityPolicy(),
    new model.FieldFormatEntityPolicy(),
  ]);
  const kinds = [
    model.componentEntityV1alpha1Validator,
    model.apiEntityV1alpha1Validator,
    model.resourceEntityV1alpha1Validator,
    model.systemEntityV1alpha1Validator,
    model.domainEntityV1alpha1Validator,
    model.groupEntityV1alpha1Validator,
    model.userEntityV1alpha1Validator,
    model.locationEntityV1alpha1Validator,
  ];
  return async (data) => {
    const entity = await policy.enforce(data as Entity);
    if (!entity) throw new Error('no entity');
    for (const kind of kinds) if (await kind.check(entity)) return { ...entity, spec: entity.spec ?? {} };
    return undefined;
  };
}
