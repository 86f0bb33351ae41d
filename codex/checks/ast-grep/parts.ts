import type { AstGrepCheck } from '../check.ts';
import { CheckError } from '../kind.ts';

/** A rule object of ast-grep within a check. */
export interface Part {
  readonly rule: Readonly<Record<string, unknown>>;
  /** `rule.any.0.has`. */
  readonly where: string;
}

/** ast-grep follows nested rules by calling itself. */
const DEEPEST = 64;

const KEYS = new Set([
  ...['pattern', 'kind', 'regex', 'nthChild', 'range', 'inside', 'has', 'precedes', 'follows'],
  ...['all', 'any', 'not', 'matches'],
]);
const RELATIONS = ['inside', 'has', 'precedes', 'follows'] as const;

/**
 * Every rule object of a check, whatever it stands below.
 *
 * @throws {CheckError} for keys that ast-grep leaves unread without a word, and for rules that are nested beyond reason.
 */
export function partsOf({ rule, constraints = {}, utils = {} }: AstGrepCheck): readonly Part[] {
  const found: Part[] = [];
  visit(rule, 'rule', [], 0, found);
  for (const [name, each] of Object.entries(constraints)) visit(each, `constraints.${name}`, [], 0, found);
  for (const [name, each] of Object.entries(utils)) visit(each, `utils.${name}`, [], 0, found);
  return found;
}

function visit(value: unknown, where: string, also: readonly string[], depth: number, found: Part[]): void {
  if (!isObject(value)) return;
  if (depth > DEEPEST) throw new CheckError(`${where.slice(0, 60)}...: nested more than ${DEEPEST} deep`);
  for (const key of Object.keys(value))
    if (!KEYS.has(key) && !also.includes(key)) throw new CheckError(`${where}: unknown key ${JSON.stringify(key)}`);
  found.push({ rule: value, where });
  if (isObject(value.pattern)) only(value.pattern, ['context', 'selector', 'strictness'], `${where}.pattern`);
  for (const key of RELATIONS) {
    const relation = value[key];
    visit(relation, `${where}.${key}`, ['stopBy', 'field'], depth + 1, found);
    if (isObject(relation)) visit(relation.stopBy, `${where}.${key}.stopBy`, [], depth + 1, found);
  }
  visit(value.not, `${where}.not`, [], depth + 1, found);
  if (isObject(value.nthChild)) {
    only(value.nthChild, ['position', 'ofRule', 'reverse'], `${where}.nthChild`);
    visit(value.nthChild.ofRule, `${where}.nthChild.ofRule`, [], depth + 1, found);
  }
  for (const key of ['all', 'any'] as const) {
    const branches = value[key];
    if (Array.isArray(branches))
      for (const [at, branch] of branches.entries()) visit(branch, `${where}.${key}.${at}`, [], depth + 1, found);
  }
}

function only(value: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new CheckError(`${where}: unknown key ${JSON.stringify(unknown)}; known: ${known.join(', ')}`);
}

/** A rule that looks around takes time in the square of the depth: seconds, for a file of this many characters. */
const QUICK = 16_000;

/**
 * From how many characters on the depth of a file's code matters. A pattern goes no deeper than itself. Relations that look beyond
 * their neighbours take time in the square of the depth, and a util that asks itself ends the process a thousand levels down.
 */
export function depthMattersFrom(parts: readonly Part[]): number {
  if (parts.some(({ rule }) => rule.matches !== undefined)) return 0;
  const looksAround = parts.some(({ rule }) =>
    RELATIONS.some((key) => {
      const relation = rule[key];
      return isObject(relation) && relation.stopBy !== undefined && relation.stopBy !== 'neighbor';
    }),
  );
  return looksAround ? QUICK : Number.POSITIVE_INFINITY;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
