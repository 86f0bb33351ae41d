import type { SgNode } from '@ast-grep/napi';
import type { Grammar } from './grammars.ts';

/** A pattern as ast-grep parses it. */
export interface PatternTree {
  readonly node: SgNode;
  readonly strictness: string;
  readonly expando: string;
}

/**
 * Parses a pattern the way ast-grep does: with the grammar's own sign in place of `$`, and only the first node of the kind that
 * `selector` names. `undefined` where that cannot be done here; whether the pattern is valid at all is ast-grep's to say.
 */
export function patternTree(pattern: unknown, { parse, expando }: Grammar): PatternTree | undefined {
  if (expando === undefined) return undefined;
  const given = typeof pattern === 'string' ? { context: pattern } : asObject(pattern);
  const { context, selector, strictness = 'smart' } = given ?? {};
  if (typeof context !== 'string' || typeof strictness !== 'string') return undefined;
  const root = parse(withExpando(context, expando)).root();
  if (selector === undefined) return { node: innermost(root), strictness, expando };
  if (typeof selector !== 'string') return undefined;
  const node = root.find({ rule: { kind: selector } });
  return node === null ? undefined : { node, strictness, expando };
}

/** ast-grep's `single_matcher`: a node around one other node is not compared, nor is an end that the grammar makes up. */
function innermost(root: SgNode): SgNode {
  let node = root;
  for (;;) {
    const [first, second, ...more] = node.children();
    if (!first || more.length > 0 || (second && second.text() !== '')) return node;
    node = first;
  }
}

/** ast-grep's `pre_process_pattern`: a `$` is replaced where a metavariable begins, and three of them anywhere. */
function withExpando(pattern: string, expando: string): string {
  return pattern.replace(/(\$+)(?=([\s\S]?))/g, (_, dollars: string, next: string) =>
    (/[A-Z_]/.test(next) || dollars.length === 3 ? expando : '$').repeat(dollars.length),
  );
}

/**
 * The texts that matching code holds as they are: ast-grep compares the named leaves of a pattern by their text. Of unnamed ones
 * (keywords, operators) it compares the kind alone, which even a token that the parser made up has, and text between leaves, such
 * as what stands beside an escape in a Python string, not at all.
 */
export function comparedTexts({ node, strictness, expando }: PatternTree): readonly string[] {
  if (!COMPARES_TEXT.has(strictness)) return [];
  const texts: string[] = [];
  const visit = (each: SgNode): void => {
    const text = each.text();
    // Comments are skipped by some of the ways to compare.
    if (mayBeMetavariable(text, expando) || /comment/.test(String(each.kind()))) return;
    const children = each.children();
    for (const child of children) visit(child);
    if (children.length === 0 && each.isNamed() && !text.includes(expando)) texts.push(text);
  };
  visit(node);
  return texts;
}

const COMPARES_TEXT = new Set(['cst', 'smart', 'ast', 'relaxed']);

/** What of a pattern is no code: it then matches only code that is broken in the same way, so in practice nothing. */
export function brokenPart({ node, expando }: PatternTree): string | undefined {
  const text = node.text();
  if (mayBeMetavariable(text, expando)) return undefined;
  if (node.kind() === 'ERROR') return text.replaceAll(expando, '$');
  for (const child of node.children()) {
    const broken = brokenPart({ node: child, expando, strictness: 'smart' });
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** `$A`, `$_`, `$$OP`, `$$$`, `$$$ARGS`; a few more, as no text is required then. */
function mayBeMetavariable(text: string, expando: string): boolean {
  let start = 0;
  while (start < 3 && (text[start] === expando || text[start] === '$')) start++;
  return start > 0 && /^[A-Z0-9_]*$/.test(text.slice(start));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
