import type { AstGrepCheck } from '../check.ts';
import type { Grammar } from './grammars.ts';
import { comparedTexts, patternTree } from './pattern.ts';

/** What must be in a text: of every clause one literal. Without clauses nothing is known. */
type Clauses = readonly (readonly string[])[];

/** A shorter literal is in nearly every file. */
const SHORTEST = 3;
const MOST_CLAUSES = 4;
/** More literals take longer to look for than they save. */
const LONGEST_CLAUSE = 24;
/** How far alternatives are multiplied out, in clauses. */
const MOST_PRODUCTS = 256;

/**
 * What a file must hold for the rule to match anything in it, parsed with one of these grammars: of each group one literal, the
 * group that rules out most first. A shortcut that changes no finding: what is not surely required is not in it.
 */
export function requiredLiterals(
  { rule, utils = {} }: Pick<AstGrepCheck, 'rule' | 'utils'>,
  grammars: readonly Grammar[],
): Clauses {
  const clauses = either(grammars.map((grammar) => ofRule(rule, { grammar, utils, open: new Set() })));
  return simplest(clauses).slice(0, MOST_CLAUSES);
}

interface Context {
  readonly grammar: Grammar;
  readonly utils: Readonly<Record<string, unknown>>;
  /** Utils that are being looked at: one that comes back to itself requires nothing more. */
  readonly open: ReadonlySet<string>;
}

/** Each of these holds a rule that has to match as well, somewhere in the file. */
const PARTS = ['has', 'inside', 'precedes', 'follows'] as const;

function ofRule(rule: unknown, context: Context): Clauses {
  if (!isObject(rule)) return [];
  const clauses: (readonly string[])[] = [...ofPattern(rule.pattern, context)];
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

/** What holds where at least one of the branches does: nothing, as soon as one of them requires nothing. */
function either(branches: readonly Clauses[]): Clauses {
  const [first = [], ...rest] = branches;
  return rest.reduce<Clauses>((known, branch) => {
    const fits = known.length * branch.length <= MOST_PRODUCTS;
    const [left, right] = fits ? [known, branch] : [known.slice(0, 1), branch.slice(0, 1)];
    return simplest(left.flatMap((a) => right.map((b) => [...a, ...b])));
  }, first);
}

/** The same without what says nothing more, the most telling first. */
function simplest(clauses: Clauses): Clauses {
  const kept: (readonly string[])[] = [];
  const short = clauses.map(withoutLonger).sort((a, b) => a.length - b.length);
  for (const clause of short) {
    if (clause.length > LONGEST_CLAUSE || kept.some((other) => implies(other, clause))) continue;
    kept.push(clause);
  }
  return kept.sort((a, b) => weight(b) - weight(a));
}

/** Where `foobar` is, `foo` is. */
function withoutLonger(clause: readonly string[]): readonly string[] {
  const unique = [...new Set(clause)];
  return unique.filter((one) => !unique.some((other) => other !== one && one.includes(other))).sort();
}

function implies(strong: readonly string[], weak: readonly string[]): boolean {
  return strong.every((literal) => weak.some((other) => literal.includes(other)));
}

/** Long literals are rare, many of them are not. */
function weight(clause: readonly string[]): number {
  return Math.min(...clause.map((literal) => literal.length)) / clause.length;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
