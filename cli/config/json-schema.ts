import * as z from 'zod';
import { configSchema } from './slices.ts';

/** The part of JSON Schema that is looked at here. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
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
  for (const part of path) at = at?.properties?.[String(part)];
  return Object.keys(at?.properties ?? {});
}
