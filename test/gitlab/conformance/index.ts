import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import description from '../data/openapi.json' with { type: 'json' };
import { ANSWERS, PARAMETERS } from './overlay.ts';
import { PROPERTIES } from './overlay-entities.ts';

/** Checks the simulator's answers, and the requests it gets, against GitLab's API description. */
export interface Conformance {
  /** What is wrong with an answer; empty where nothing is. `route` as in the log: `/projects/:id/merge_requests`. */
  conforms(route: string, method: string, status: number, body: unknown): readonly string[];
  /** Names of query and body parameters that the route does not have: GitLab ignores them in silence. */
  unknownParameters(route: string, method: string, query: Iterable<string>, body: unknown): readonly string[];
}

type Schema = { [key: string]: unknown };
interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
}
interface Route {
  readonly operation: Operation | undefined;
  readonly answers: Map<number, Schema | undefined>;
  readonly parameters: ReadonlySet<string>;
}

const REFUSALS = new Set([400, 401, 403, 404, 405, 409, 412, 415, 422, 429, 500, 502, 503, 504]);
const REFUSAL = { type: 'object', anyOf: [{ required: ['message'] }, { required: ['error'] }] };

/** Compiles a schema when its route is first met. */
export function conformance(): Conformance {
  const schemas = withOverlay(structuredClone(description.components.schemas) as Record<string, Schema>);
  const routes = allRoutes(schemas);
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true, schemas: [] }));
  ajv.addSchema({ $id: 'api', components: { schemas } });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (key: string, schema: Schema): ValidateFunction => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = ajv.compile(absolute(schema) as Schema);
    compiled.set(key, made);
    return made;
  };

  return {
    conforms(route, method, status, body) {
      const key = keyOf(method, route);
      const found = routes.get(key);
      if (found === undefined) return [`${key}: no such route in the API description or the overlay`];
      const at = `${key} ${status}`;
      if (status >= 400) {
        if (!REFUSALS.has(status)) return [`${at}: not a status that GitLab answers`];
        return body === undefined ? [] : told(at, validator('refusal', REFUSAL), body);
      }
      if (status >= 300) return [];
      if (!found.answers.has(status)) return [`${at}: known are ${[...found.answers.keys()].join(', ')}`];
      const schema = found.answers.get(status);
      return schema === undefined || body === undefined ? [] : told(at, validator(at, schema), body);
    },
    unknownParameters(route, method, query, body) {
      const found = routes.get(keyOf(method, route));
      if (found === undefined || found.parameters.has('*')) return [];
      const names = [...query, ...(isPlain(body) ? Object.keys(body) : [])].map((name) => name.replace(/\[\]$/, ''));
      return names.filter((name) => !found.parameters.has(name) && !found.parameters.has(name.replace(/\[.*$/, '')));
    },
  };
}

function told(at: string, check: ValidateFunction, body: unknown): readonly string[] {
  if (check(body)) return [];
  // "or null" fails beside whatever is really wrong.
  const errors = (check.errors ?? []).filter(({ keyword, params }) => keyword !== 'anyOf' && params.type !== 'null');
  return errors.map((error) => {
    const extra = (error.params as { additionalProperty?: string }).additionalProperty;
    return `${at}: ${error.instancePath || '/'} ${error.message}${extra === undefined ? '' : `: ${extra}`}`;
  });
}

/** `/projects/:id/x` and `/projects/{id}/x` are one route, whatever a part is called. */
function keyOf(method: string, route: string): string {
  const path = route.replace(/\{[^}]*\}|:[A-Za-z_]+(\{[^}]*\})?/g, ':');
  return `${method.toLowerCase()} ${path}`;
}

function allRoutes(schemas: Record<string, Schema>): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(operations as unknown as Record<string, Operation>)) {
      routes.set(keyOf(method, path), {
        operation,
        answers: new Map(
          Object.entries(operation.responses).map(([code, answer]) => [Number(code), closed(jsonOf(answer.content))]),
        ),
        parameters: parametersOf(operation, schemas),
      });
    }
  }
  for (const { route, status, schema } of ANSWERS) {
    const known = routes.get(route) ?? { operation: undefined, answers: new Map(), parameters: new Set<string>() };
    known.answers.set(status, schema && closed(structuredClone(schema)));
    routes.set(route, known);
  }
  for (const { route, names } of PARAMETERS) {
    const known = routes.get(route);
    if (known === undefined) throw new Error(`the overlay names parameters of ${route}, which is no route`);
    routes.set(route, { ...known, parameters: new Set([...known.parameters, ...names.split(' ').filter(Boolean)]) });
  }
  return routes;
}

function jsonOf(content: Record<string, { readonly schema: Schema }> | undefined): Schema | undefined {
  return structuredClone(content?.['application/json']?.schema);
}

function parametersOf(operation: Operation, schemas: Record<string, Schema>): ReadonlySet<string> {
  const names = new Set((operation.parameters ?? []).map((parameter) => parameter.name.replace(/\[.*$/, '')));
  for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
    const named = typeof schema.$ref === 'string' ? schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
    for (const name of Object.keys((named?.properties as Schema | undefined) ?? {})) names.add(name);
  }
  return names;
}

function withOverlay(schemas: Record<string, Schema>): Record<string, Schema> {
  for (const { entity, properties } of PROPERTIES) {
    for (const name of entity.split(' ')) {
      const schema = schemas[`API_Entities_${name}`];
      if (schema === undefined) throw new Error(`the overlay names the entity ${name}, which does not exist`);
      schema.properties = { ...(schema.properties as Schema), ...structuredClone(properties) };
    }
  }
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = absolute(closed(schema)) as Schema;
  return schemas;
}

/** The general rules: a property may be null, and a name that is not listed is none. */
function closed<S extends Schema | undefined>(schema: S): S {
  if (schema === undefined) return schema;
  if (isPlain(schema.items)) closed(schema.items);
  const properties = schema.properties as Record<string, Schema> | undefined;
  if (properties === undefined) return schema;
  schema.additionalProperties ??= false;
  for (const [name, property] of Object.entries(properties)) properties[name] = orNull(closed(property));
  return schema;
}

function orNull(schema: Schema): Schema {
  if (schema['x-undocumented'] === true || NO_TYPES.has(schema.type)) return {};
  if (typeof schema.$ref === 'string') return { anyOf: [{ type: 'null' }, schema] };
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'], ...nullEnum(schema) } : schema;
}

/** Types of Ruby's that got into the description. */
const NO_TYPES = new Set<unknown>(['text', 'file', 'hash']);

function nullEnum(schema: Schema): Schema {
  return Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
}

/** References into the description, wherever the schema that has them is compiled. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, item]) =>
    key === '$ref' && typeof item === 'string' && item.startsWith('#') ? [key, `api${item}`] : [key, absolute(item)],
  );
  return Object.fromEntries(entries);
}

function isPlain(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
