import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type Actor, ApiError, type App, applied } from '../api.ts';
import { type Weight, weigh } from '../graphql/complexity.ts';
import { mutations } from '../graphql/mutations.ts';
import { groupByPath, type ProjectsArguments, projectNode, projects } from '../graphql/project.ts';
import { projectAt } from '../state.ts';
import type { World } from '../world.ts';

interface Query {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

interface Planned {
  readonly query: Query;
  readonly document: DocumentNode;
  readonly weight: Weight;
}

/** `POST /api/graphql`: app/controllers/graphql_controller.rb. Errors of a query are answered with 200. */
export function graphqlRoutes(site: App, world: World): void {
  const parts = ['schema', ...(world.atLeast('18.10') ? ['request-changes'] : [])];
  const texts = parts.map((part) => readFileSync(new URL(`../graphql/${part}.graphql`, import.meta.url), 'utf8'));
  const schema = buildSchema(texts.join('\n'));

  site.post('/api/graphql', async (c) => {
    const actor = c.get('actor');
    checkToken(world, actor, c.req.raw.headers);
    const body = c.get('body');
    const queries = (Array.isArray(body) ? body : [body]).map(queryOf);
    const length = queries.reduce((sum, { query }) => sum + query.length, 0);
    if (length > 10_000 && world.rule('graphql-query-length')) throw refusal(422, 'Query too large');
    const planned = queries.map((query) => plan(world, schema, query));
    const limits = limitsOf(actor);
    const sum = planned.reduce((total, one) => total + ('weight' in one ? one.weight.complexity : 0), 0);
    const answers = await Promise.all(
      planned.map((one) => {
        if (!('weight' in one)) return one;
        return tooMuch(world, one, sum, limits) ?? run(world, actor, schema, one, limits.complexity, () => applied(c));
      }),
    );
    return c.json(Array.isArray(body) ? answers : answers[0]);
  });
}

/** Everybody may ask, but a token that is no good is told so. */
function checkToken(world: World, actor: Actor | null, headers: Headers): void {
  if (!world.rule('graphql-scope')) return;
  const good =
    actor?.token.scopes.some((scope) => scope === 'api' || scope === 'read_api') && actor.token.kind !== 'job';
  if (actor ? !good : headers.has('job-token')) throw refusal(401, 'Invalid token');
}

function refusal(status: number, message: string): ApiError {
  return new ApiError(status, { errors: [{ message }] });
}

function queryOf(value: unknown): Query {
  const { query, variables, operationName } = (value ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') throw refusal(422, 'No query string was present');
  const given = typeof variables === 'string' && variables !== '' ? JSON.parse(variables) : variables;
  return {
    query,
    variables: (given ?? {}) as Record<string, unknown>,
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

function plan(
  world: World,
  schema: GraphQLSchema,
  query: Query,
): Planned | { readonly errors: readonly GraphQLError[] } {
  let document: DocumentNode;
  try {
    document = parse(query.query);
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const operation = operations.find(
    ({ name }) => query.operationName === undefined || name?.value === query.operationName,
  );
  if (!operation) return { errors: [new GraphQLError(`No operation named "${query.operationName}"`)] };
  return { query, document, weight: weigh(world, schema, document, operation, query.variables) };
}

interface Limits {
  readonly complexity: number;
  readonly depth: number;
}

/** app/graphql/gitlab_schema.rb. */
function limitsOf(actor: Actor | null): Limits {
  if (!actor) return { complexity: 200, depth: 15 };
  return { complexity: actor.user.admin ? 300 : 250, depth: 20 };
}

/** Queries that are sent together are weighed together. */
function tooMuch(world: World, { query, weight }: Planned, complexity: number, limits: Limits) {
  if (/^\s*(query\s+IntrospectionQuery\b|\{\s*__schema\b)/.test(query.query)) return undefined;
  const error = (what: string, value: number, most: number) => ({
    errors: [{ message: `Query has ${what} of ${value}, which exceeds max ${what} of ${most}` }],
  });
  if (complexity > limits.complexity && world.rule('graphql-complexity')) {
    return error('complexity', complexity, limits.complexity);
  }
  if (weight.depth > limits.depth && world.rule('graphql-depth')) return error('depth', weight.depth, limits.depth);
  return undefined;
}

async function run(
  world: World,
  actor: Actor | null,
  schema: GraphQLSchema,
  planned: Planned,
  limit: number,
  changed: () => void,
) {
  const { query, document, weight } = planned;
  const rootValue = {
    queryComplexity: { score: weight.complexity, limit },
    metadata: () => actor && { version: world.version, revision: '5e5c1a2b3d4', enterprise: world.edition !== 'ce' },
    currentUser: () =>
      actor && {
        id: `gid://gitlab/User/${actor.user.id}`,
        username: actor.user.username,
        name: actor.user.name,
        publicEmail: '',
        bot: actor.user.bot,
        webUrl: `${world.url}/${actor.user.username}`,
      },
    project: ({ fullPath }: { fullPath: string }) => projectNode(world, actor, projectAt(world.state, fullPath)),
    projects: (args: ProjectsArguments) => projects(world, actor, args),
    group: ({ fullPath }: { fullPath: string }) => groupByPath(world, actor, fullPath),
    ...mutations(world, actor, changed),
  };
  return execute({
    schema,
    document,
    rootValue,
    variableValues: query.variables,
    ...(query.operationName === undefined ? {} : { operationName: query.operationName }),
  });
}
