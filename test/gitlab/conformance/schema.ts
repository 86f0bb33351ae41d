/** Pieces of JSON schema that the overlay is written in. */
export type Schema = Readonly<Record<string, unknown>>;

export const TEXT = { type: 'string' };
export const INT = { type: 'integer' };
export const BOOL = { type: 'boolean' };
export const ANY = {};

/** Of the API description: `#/components/schemas/API_Entities_Name`. */
export function entity(name: string): Schema {
  return { $ref: `#/components/schemas/API_Entities_${name}` };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** The same schema for each of the names, which stand in one text. */
export function all(schema: Schema, names: string): Record<string, Schema> {
  return Object.fromEntries(names.split(' ').map((name) => [name, schema]));
}
