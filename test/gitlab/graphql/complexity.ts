import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { World } from '../world.ts';

type Variables = Readonly<Record<string, unknown>>;

export interface Weight {
  readonly complexity: number;
  readonly depth: number;
}

/** What GitLab counts before it executes a query: app/graphql/types/base_field.rb, resolvers/base_resolver.rb. */
export function weigh(
  world: World,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Weight {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }

  /** The fields of a selection set by the names they are answered under; those that are skipped cost nothing. */
  const fieldsOf = (sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> => {
    const fields = new Map<string, FieldNode[]>();
    const add = (selection: SelectionNode): void => {
      if (isSkipped(selection, variables)) return;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        fields.set(key, [...(fields.get(key) ?? []), selection]);
        return;
      }
      const set =
        selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments.get(selection.name.value);
      for (const inner of set?.selections ?? []) add(inner);
    };
    for (const set of sets) for (const selection of set.selections) add(selection);
    return fields;
  };

  const weighSets = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Weight => {
    let complexity = 0;
    let depth = 0;
    for (const nodes of fieldsOf(sets).values()) {
      const [node] = nodes;
      if (!node) continue;
      const field = type.getFields()[node.name.value];
      const below = field && getNamedType(field.type);
      const innerSets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
      const inner = isObjectType(below) ? weighSets(below, innerSets) : { complexity: 0, depth: 0 };
      complexity += field
        ? costOf(world, field, argumentsOf(field, node, variables), inner.complexity, innerSets, fieldsOf)
        : 1;
      depth = Math.max(depth, inner.depth + 1);
    }
    return { complexity, depth };
  };

  const root = schema.getRootType(operation.operation);
  return root ? weighSets(root, [operation.selectionSet]) : { complexity: 0, depth: 0 };
}

function costOf(
  world: World,
  field: GraphQLField<unknown, unknown>,
  args: Variables,
  children: number,
  sets: readonly SelectionSetNode[],
  fieldsOf: (sets: readonly SelectionSetNode[]) => Map<string, FieldNode[]>,
): number {
  const cost = costDirective(field);
  if (cost.constant !== undefined) return cost.constant + children;
  const gitaly = cost.gitaly ? 1 : 0;
  if (!cost.resolver) return 1 + gitaly + children;
  const paths = Array.isArray(args.paths) ? args.paths.length : 0;
  const resolver = 1 + (args.sort ? 1 : 0) + (args.search ? 5 : 0) + cost.extra + paths;
  const one = children + resolver + gitaly;
  if (!isConnection(field)) return one;
  const sizes = [args.first, args.last].filter((size) => typeof size === 'number');
  const perItem = args.iids ? 0 : 0.01;
  const total = Math.trunc(one + one * Math.min(...sizes, LARGEST_PAGE) * perItem);
  const withText = field.name === 'blobs' && paths > 1 && wantsText(sets, fieldsOf);
  return total + (withText && isBroken(world) ? surcharge(paths) : 0);
}

/** 18.4.2 to 18.5: fleet-bot.md 3.2. Two published numbers fix the line: 346 with 2 paths, 1421 with 100. */
function isBroken(world: World): boolean {
  return world.rule('graphql-blobs-18-4') && world.atLeast('18.4.2') && !world.atLeast('18.6');
}

function surcharge(paths: number): number {
  return 330 + Math.round(8.97 * (paths - 2));
}

export const DATA_FIELDS = ['rawBlob', 'rawTextBlob'];

function wantsText(
  sets: readonly SelectionSetNode[],
  fieldsOf: (sets: readonly SelectionSetNode[]) => Map<string, FieldNode[]>,
) {
  const below = (fields: Map<string, FieldNode[]>, name: string) =>
    [...fields.values()].flat().filter((node) => node.name.value === name);
  const setsOf = (nodes: readonly FieldNode[]) =>
    nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  const direct = fieldsOf(sets);
  const viaEdges = below(fieldsOf(setsOf(below(direct, 'edges'))), 'node');
  const items = fieldsOf(setsOf([...below(direct, 'nodes'), ...viaEdges]));
  return DATA_FIELDS.some((name) => below(items, name).length > 0);
}

function isConnection(field: GraphQLField<unknown, unknown>): boolean {
  return getNamedType(field.type).name.endsWith('Connection');
}

function costDirective(field: GraphQLField<unknown, unknown>) {
  const directive = field.astNode?.directives?.find(({ name }) => name.value === 'cost');
  const values = Object.fromEntries(
    (directive?.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  return {
    constant: values.constant,
    gitaly: values.gitaly ?? false,
    resolver: values.resolver ?? false,
    extra: values.extra ?? 0,
  } as {
    constant: number | undefined;
    gitaly: boolean;
    resolver: boolean;
    extra: number;
  };
}

function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables): Variables {
  const args: Record<string, unknown> = {};
  for (const argument of field.args) {
    const given =
      node.arguments?.find(({ name }) => name.value === argument.name)?.value ?? argument.astNode?.defaultValue;
    if (given !== undefined) args[argument.name] = valueFromASTUntyped(given, variables);
  }
  return args;
}

function isSkipped(selection: SelectionNode, variables: Variables): boolean {
  return (selection.directives ?? []).some(({ name, arguments: args }) => {
    const value = args?.[0] && valueFromASTUntyped(args[0].value, variables);
    return (name.value === 'skip' && value === true) || (name.value === 'include' && value === false);
  });
}

export const LARGEST_PAGE = 100;
