import * as z from 'zod';
import { MODELS_EXAMPLE } from './models-example.ts';
import { configSchema } from './slices.ts';

/** The part of JSON Schema that is looked at here. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Of a list: what each of it is. */
  readonly items?: JsonSchema;
  /** Of settings by names that people choose. */
  readonly additionalProperties?: JsonSchema | boolean;
  /** Of what may be of several kinds. */
  readonly anyOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** What may stand in agentsmd.config.yaml, for editors and for looking up names. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema(z), { io: 'input' }) as JsonSchema;
  const models = { ...schema.properties?.models, examples: [MODELS_EXAMPLE] };
  const properties = { ...schema.properties, models };
  return { ...schema, title: 'agentsmd.config.yaml', properties };
}

/** The names of the settings directly below a path: `['generate']` has `maxLines`, ... */
export function settingsBelow(path: readonly PropertyKey[]): readonly string[] {
  let at: JsonSchema | undefined = configJsonSchema();
  for (const part of path) at = at && below(at, String(part));
  return Object.keys((at && byName(at))?.properties ?? {});
}

function below(schema: JsonSchema, part: string): JsonSchema | undefined {
  const { properties, items, additionalProperties } = byName(schema);
  if (items && /^\d+$/.test(part)) return items;
  return properties?.[part] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

/** Of a word or settings: the settings. */
function byName(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find(({ properties }) => properties) ?? schema;
}
