import type { SourceFile } from '../../source-file.ts';

/** One thing a Makefile says, in file order: what comes later may override it, and an include stands where its text would. */
export type Statement = Rule | Assignment | Include | Expansion;

export interface Rule {
  readonly kind: 'rule';
  /** Everything before the colon, unexpanded. */
  readonly targets: string;
  /** `objects: %.o: %.c` has a pattern between two colons. */
  readonly targetPattern: string | undefined;
  readonly prerequisites: string;
  readonly doubleColon: boolean;
  readonly recipe: string[];
  /** Variables without which the recipe gives up: `ifndef NAME` around a `$(error ...)`. */
  readonly demands: string[];
  /** Inside `ifeq` or the like: both branches are kept. */
  readonly conditional: boolean;
  readonly description: string | undefined;
  readonly path: string;
  readonly line: number;
}

export interface Assignment {
  readonly kind: 'assignment';
  readonly name: string;
  readonly operator: '=' | '?=' | '+=' | '!=' | 'define';
  readonly value: string;
  readonly conditional: boolean;
  readonly path: string;
}

export interface Include {
  readonly kind: 'include';
  /** The paths as written, unexpanded. */
  readonly paths: string;
  readonly path: string;
}

/** A line that is nothing until make expands it, and then may be rules: `$(eval ...)`, `$(call targets,x)`. */
export interface Expansion {
  readonly kind: 'expansion';
  readonly path: string;
  readonly line: number;
}

/** A recipe longer than this is data. */
const MAX_RECIPE_LINES = 200;
const ASSIGNMENT = /^(?:(?:export|override|private)\s+)*([A-Za-z_.][\w.-]*)\s*(=|:{1,3}=|\?=|\+=|!=)[^\S\n]*([\s\S]*)$/;
const CONDITIONAL = /^(ifeq|ifneq|ifdef|ifndef|else|endif)\b/;

/**
 * Splits a Makefile into rules, assignments and includes. Nothing is expanded here. Both branches of a conditional are
 * taken: which one holds is known to the machine that runs make, not to the file.
 */
export function parseMakefile(file: SourceFile): readonly Statement[] {
  const statements: Statement[] = [];
  const path = file.path;
  let rule: Rule | undefined;
  let depth = 0;
  // For each open conditional the variable that is missing inside it.
  const missing: (string | undefined)[] = [];
  let comments: string[] = [];
  let recipePrefix = '\t';

  for (let number = 1; number <= file.lines.count; ) {
    const line = number;
    const { text, next } = logicalLine(file, number, recipePrefix);
    number = next;
    if (rule && text.startsWith(recipePrefix)) {
      if (rule.recipe.length < MAX_RECIPE_LINES) rule.recipe.push(text.slice(1));
      const demanded = GIVES_UP.test(text) ? missing.at(-1) : undefined;
      if (demanded) rule.demands.push(demanded);
      continue;
    }
    const trimmed = text.trim();
    if (trimmed === '') {
      comments = [];
      continue;
    }
    if (trimmed.startsWith('#')) {
      comments.push(trimmed);
      continue;
    }
    const conditional = CONDITIONAL.exec(trimmed)?.[1];
    if (conditional) {
      if (conditional.startsWith('if')) depth++;
      else if (conditional === 'endif') depth = Math.max(0, depth - 1);
      if (conditional !== 'endif') missing.splice(depth - 1, missing.length, missingIn(trimmed));
      else missing.length = depth;
      continue;
    }
    const define = /^(?:(?:export|override)\s+)*define\s+([\w.-]+)/.exec(trimmed);
    if (define) {
      const body = definition(file, number);
      number = body.next;
      statements.push({
        kind: 'assignment',
        name: define[1]!,
        operator: 'define',
        value: body.text,
        conditional: depth > 0,
        path,
      });
      comments = [];
      rule = undefined;
      continue;
    }
    const { code, help } = withoutComment(trimmed);
    const include = /^(?:-|s)?include\s+([\s\S]*)$/.exec(code);
    const assignment = include ? null : ASSIGNMENT.exec(code);
    if (include) statements.push({ kind: 'include', paths: include[1]!, path });
    if (assignment) {
      const [, name = '', operator = '', value = ''] = assignment;
      if (name === '.RECIPEPREFIX') recipePrefix = value.trim()[0] ?? '\t';
      const kind = operator.startsWith(':') ? '=' : (operator as Assignment['operator']);
      statements.push({ kind: 'assignment', name, operator: kind, value: value.trim(), conditional: depth > 0, path });
    }
    // `export X` and the like leave a recipe open; an assignment or another rule ends it.
    if (!include && !assignment && findColon(code) < 0) {
      if (/\$[({]/.test(code) && !SAYS.test(code)) statements.push({ kind: 'expansion', path, line });
      continue;
    }
    rule =
      include || assignment
        ? undefined
        : ruleIn(code, { path, line, conditional: depth > 0, description: help ?? described(comments) });
    if (rule) statements.push(rule);
    // What is said above `.PHONY: x` is said of the rule that follows.
    if (rule?.targets.trim() !== '.PHONY') comments = [];
  }
  return statements;
}

/** What stands alone on a line and defines nothing. */
const SAYS = /^(?:\$[({](?:info|warning|error|shell)\b|(?:un)?export\b|undefine\b|v?path\b)/;
const GIVES_UP = /^\s*[@-]*(?:\$\(error\b|.{0,300}\bexit [1-9])/;

/** `ifndef NAME`, `ifeq ($(NAME),)`, `ifeq "$(strip $(NAME))" ""`. */
function missingIn(condition: string): string | undefined {
  const found =
    /^ifndef\s+([\w.-]+)/.exec(condition) ??
    /^ifeq\s*\(\s*\$[({](?:strip \$[({])?([\w.-]+)[)}]{1,2}\s*,\s*\)/.exec(condition) ??
    /^ifeq\s+["']\$[({](?:strip \$[({])?([\w.-]+)[)}]{1,2}["']\s+["']{2}/.exec(condition);
  return found?.[1];
}

/** A line with its continuations. In a recipe a continued line begins with the recipe prefix again: it is taken off. */
function logicalLine(file: SourceFile, from: number, recipePrefix: string): { text: string; next: number } {
  let text = file.lines.line(from);
  let next = from + 1;
  if (!isContinued(text)) return { text, next };
  const parts: string[] = [];
  while (isContinued(text) && next <= file.lines.count) {
    parts.push(text.slice(0, -1).trimEnd());
    text = file.lines.line(next++);
    if (text.startsWith(recipePrefix)) text = text.slice(1);
    text = text.trimStart();
  }
  parts.push(isContinued(text) ? text.slice(0, -1) : text);
  return { text: parts.join(' '), next };
}

/** Ends in an odd number of backslashes. */
function isContinued(text: string): boolean {
  let slashes = 0;
  while (slashes < text.length && text.charCodeAt(text.length - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}

/** The lines up to the matching `endef`. */
function definition(file: SourceFile, from: number): { text: string; next: number } {
  const lines: string[] = [];
  let open = 1;
  let number = from;
  for (; number <= file.lines.count; number++) {
    const line = file.lines.line(number);
    const word = line.trim();
    if (/^(?:override\s+)?define\s/.test(word)) open++;
    else if (/^endef\b/.test(word) && --open === 0) break;
    if (lines.length < MAX_RECIPE_LINES) lines.push(line);
  }
  return { text: lines.join('\n'), next: number + 1 };
}

/** Takes `# ...` off a line; `## ...` is what self-documenting Makefiles print as help. */
function withoutComment(text: string): { code: string; help: string | undefined } {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (text[at - 1] === '\\') continue;
    const help = text.startsWith('##', at) ? cleaned(text.slice(at)) : '';
    return { code: text.slice(0, at).trimEnd(), help: help === '' ? undefined : help };
  }
  return { code: text, help: undefined };
}

/** The comment block above a rule, without rulers and markup. */
function described(comments: readonly string[]): string | undefined {
  const said = comments.map(cleaned).filter((line) => /[A-Za-z]/.test(line));
  return said.length === 0 ? undefined : said.join(' ').slice(0, 300);
}

function cleaned(comment: string): string {
  return comment
    .replace(/^[#\s@!-]+/, '')
    .replace(/^(?:help|HELP):\s*/, '')
    .trim();
}

function ruleIn(code: string, at: Pick<Rule, 'path' | 'line' | 'conditional' | 'description'>): Rule | undefined {
  const colon = findColon(code);
  if (colon <= 0) return undefined;
  const doubleColon = code[colon + 1] === ':';
  const tail = code.slice(colon + (doubleColon ? 2 : 1));
  // `test: CFLAGS += -g` sets a variable for one target; it is no rule.
  if (/^\s*(?:(?:export|override|private)\s+)*[\w.-]+\s*(?::{0,3}=|\?=|\+=|!=)/.test(tail)) return undefined;
  const semicolon = findSemicolon(tail);
  const needs = semicolon < 0 ? tail : tail.slice(0, semicolon);
  const command = semicolon < 0 ? '' : tail.slice(semicolon + 1).trim();
  const second = findColon(needs);
  return {
    kind: 'rule',
    targets: code.slice(0, code[colon - 1] === '&' ? colon - 1 : colon),
    targetPattern: second < 0 ? undefined : needs.slice(0, second).trim(),
    prerequisites: needs.slice(second + 1),
    doubleColon,
    recipe: command === '' ? [] : [command],
    demands: [],
    ...at,
  };
}

/** The colon of a rule: outside `$(...)`, not escaped; none where an `=` comes first, for that is an assignment. */
function findColon(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (char === '=') return -1;
    else if (char === ':') return /^:{1,3}=/.test(text.slice(i, i + 4)) ? -1 : i;
  }
  return -1;
}

function findSemicolon(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth = Math.max(0, depth - 1);
    else if (char === ';' && depth === 0) return i;
  }
  return -1;
}
