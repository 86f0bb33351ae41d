import type { AstGrepCheck } from '../check.ts';
import { type Clauses, either, SHORTEST, simplest } from './clauses.ts';
import type { Grammar } from './grammars.ts';
import { keywordOf } from './keywords.ts';
import { comparedTexts, patternTree } from './pattern.ts';
import { regexClauses } from './regex-literals.ts';

const MOST_CLAUSES = 4;

/**
 * What a file must hold for the rule to match anything in it, parsed with one of these grammars: of each group one literal, the
 * group that rules out most first. A shortcut that changes no finding: what is not surely required is not in it, unless `keywords`
 * that kinds of nodes begin with are wanted as well.
 */
export function requiredLiterals(
  { rule, utils = {} }: Pick<AstGrepCheck, 'rule' | 'utils'>,
  grammars: readonly Grammar[],
  keywords = false,
): Clauses {
  const clauses = either(grammars.map((grammar) => ofRule(rule, { grammar, keywords, utils, open: new Set() })));
  return simplest(clauses).slice(0, MOST_CLAUSES);
}

interface Context {
  readonly grammar: Grammar;
  readonly keywords: boolean;
  readonly utils: Readonly<Record<string, unknown>>;
  /** Utils that are being looked at: one that comes back to itself requires nothing more. */
  readonly open: ReadonlySet<string>;
}

/** Each of these holds a rule that has to match as well, somewhere in the file. */
const PARTS = ['has', 'inside', 'precedes', 'follows'] as const;

function ofRule(rule: unknown, context: Context): Clauses {
  if (!isObject(rule)) return [];
  const clauses: (readonly string[])[] = [...ofPattern(rule.pattern, context)];
  const keyword = context.keywords ? keywordOf(rule.kind, context.grammar.language) : undefined;
  if (keyword !== undefined) clauses.push([keyword]);
  if (typeof rule.regex === 'string') clauses.push(...regexClauses(rule.regex));
  for (const part of PARTS) clauses.push(...ofRule(rule[part], context));
  if (Array.isArray(rule.all)) for (const part of rule.all) clauses.push(...ofRule(part, context));
  if (Array.isArray(rule.any)) clauses.push(...either(rule.any.map((part) => ofRule(part, context))));
  clauses.push(...ofUtil(rule.matches, context));
  return simplest(clauses);
}

function ofPattern(pattern: unknown, { grammar }: Context): Clauses {
  const tree = patternTree(pattern, grammar);
  const texts = tree ? comparedTexts(tree) : [];
  return texts.filter((text) => text.length >= SHORTEST).map((text) => [text]);
}

function ofUtil(name: unknown, context: Context): Clauses {
  if (typeof name !== 'string' || context.open.has(name) || !Object.hasOwn(context.utils, name)) return [];
  return ofRule(context.utils[name], { ...context, open: new Set([...context.open, name]) });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
