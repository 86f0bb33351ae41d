/**
 * Words without which a file has no node of a kind. A parser may make a missing word up while it recovers from an error; such a node
 * does not count, whether or not the prefilter is on.
 */
const KEYWORDS: Readonly<Record<string, string>> = {
  assert_statement: 'assert',
  await_expression: 'await',
  catch_clause: 'catch',
  debugger_statement: 'debugger',
  defer_statement: 'defer',
  enum_declaration: 'enum',
  except_clause: 'except',
  finally_clause: 'finally',
  global_statement: 'global',
  instanceof_expression: 'instanceof',
  raise_statement: 'raise',
  select_statement: 'select',
  switch_statement: 'switch',
  synchronized_statement: 'synchronized',
  throw_statement: 'throw',
  try_statement: 'try',
  unsafe_block: 'unsafe',
  while_statement: 'while',
  with_statement: 'with',
};

/** Languages in which these words are written in small letters only. */
const SMALL_LETTERS = new Set(['typescript', 'tsx', 'javascript', 'java', 'python', 'go', 'rust']);

/** The word that code of a kind begins with; `undefined` where none is known. */
export function keywordOf(kind: unknown, language: string): string | undefined {
  if (typeof kind !== 'string' || !SMALL_LETTERS.has(language)) return undefined;
  return Object.hasOwn(KEYWORDS, kind) ? KEYWORDS[kind] : undefined;
}

export function isKeyword(word: string): boolean {
  return ALL.has(word);
}

const ALL: ReadonlySet<string> = new Set(Object.values(KEYWORDS));
