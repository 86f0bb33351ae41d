import { isObject, type JsonObject } from './body.ts';
import { invalid } from './errors.ts';

/** Of https://platform.openai.com/docs/guides/structured-outputs: known there, refused in strict mode. */
const REFUSED = [
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'minLength',
  'maxLength',
  'unevaluatedProperties',
];

/**
 * Strict mode wants an object at the root, every property required and no others.
 *
 * @throws ApiError 400 as OpenAI's.
 */
export function checkStrictSchema(schema: JsonObject, what: string, param: string): void {
  const fail = (context: readonly string[], why: string) =>
    invalid(param, `Invalid schema for ${what}: In context=(${context.map((key) => `'${key}'`).join(', ')}), ${why}`);
  if (schema.type !== 'object')
    throw fail([], `schema must be a JSON Schema of 'type: "object"', got 'type: "${schema.type}"'.`);

  const visit = (node: unknown, context: readonly string[]): void => {
    if (!isObject(node)) {
      if (typeof node === 'boolean') throw fail(context, 'a schema of true or false is not permitted.');
      return;
    }
    for (const keyword of REFUSED) if (keyword in node) throw fail(context, `'${keyword}' is not permitted.`);
    if (Object.keys(node).length === 0) throw fail(context, "schema must have a 'type' key.");
    if (node.type === 'object' || isObject(node.properties)) {
      const properties = isObject(node.properties) ? node.properties : {};
      if (node.additionalProperties !== false)
        throw fail(context, "'additionalProperties' is required to be supplied and to be false.");
      const required = Array.isArray(node.required) ? node.required : [];
      const missing = Object.keys(properties).find((name) => !required.includes(name));
      if (missing !== undefined)
        throw fail(
          context,
          `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`,
        );
      for (const [name, child] of Object.entries(properties)) visit(child, [...context, 'properties', name]);
    }
    if (node.items !== undefined) visit(node.items, [...context, 'items']);
    if (Array.isArray(node.anyOf))
      for (const [at, child] of node.anyOf.entries()) visit(child, [...context, 'anyOf', String(at)]);
    for (const key of ['$defs', 'definitions'])
      for (const [name, child] of Object.entries(isObject(node[key]) ? node[key] : {}))
        visit(child, [...context, key, name]);
  };
  visit(schema, []);
}
