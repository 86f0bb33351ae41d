import * as z from 'zod';
import { configSchema } from './slices.ts';

/** The part of JSON Schema that is looked at here. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Of a list: what each of it is. */
  readonly items?: JsonSchema;
  /** Of settings by names that people choose. */
  readonly additionalProperties?: JsonSchema | boolean;
  readonly [keyword: string]: unknown;
}

/** What may stand in agentsmd.config.yaml, for editors and for looking up names. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema(z), { io: 'input' });
  return { ...schema, title: 'agentsmd.config.yaml' } as JsonSchema;
}

/** The names of the settings directly below a path: `['generate']` has `maxLines`, ... */
export function settingsBelow(path: readonly PropertyKey[]): readonly string[] {
  let at: JsonSchema | undefined = configJsonSchema();
  for (const part of path) at = at && below(at, String(part));
  return Object.keys(at?.properties ?? {});
}

function below({ properties, items, additionalProperties }: JsonSchema, part: string): JsonSchema | undefined {
  if (items && /^\d+$/.test(part)) return items;
  return properties?.[part] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}
