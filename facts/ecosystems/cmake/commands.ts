import type { SourceFile } from '../../source-file.ts';

/** A command of a CMake file: `add_subdirectory(tests)`. */
export interface CmakeCommand {
  /** Lower case, as CMake does not care. */
  readonly name: string;
  /** Arguments without quotes; what stands in inner brackets follows flat, as in `if((A) AND B)`. */
  readonly args: readonly string[];
  readonly path: string;
  readonly line: number;
  /** The words of every `if` around it, the outermost first; an `else` counts as nothing known. */
  readonly conditions: readonly (readonly string[])[];
}

/** Deeper conditions tell nothing about what is tested. */
const MAX_DEPTH = 12;

/**
 * Reads a CMake file (https://cmake.org/cmake/help/latest/manual/cmake-language.7.html#syntax) in one pass. What is no
 * command is stepped over, so that a broken place costs what stands at it.
 */
export function cmakeCommands(file: SourceFile): readonly CmakeCommand[] {
  const { text } = file;
  const commands: CmakeCommand[] = [];
  const conditions: (readonly string[])[] = [];
  let i = 0;
  while (i < text.length) {
    const skipped = skipComment(text, i);
    if (skipped !== i) {
      i = skipped;
      continue;
    }
    const start = i;
    while (i < text.length && isNameChar(text.charCodeAt(i))) i++;
    if (i === start) {
      i++;
      continue;
    }
    const name = text.slice(start, i).toLowerCase();
    while (text[i] === ' ' || text[i] === '\t') i++;
    if (text[i] !== '(') continue;
    const { args, end } = readArguments(text, i + 1);
    i = end;
    if (name === 'if') conditions.push(args);
    else if (name === 'elseif' || name === 'else') conditions.splice(-1, 1, name === 'else' ? [] : args);
    else if (name === 'endif') conditions.pop();
    else
      commands.push({
        name,
        args,
        path: file.path,
        line: file.lines.lineAt(start),
        conditions: conditions.slice(0, MAX_DEPTH),
      });
  }
  return commands;
}

function readArguments(text: string, start: number): { args: readonly string[]; end: number } {
  const args: string[] = [];
  let depth = 1;
  let i = start;
  while (i < text.length) {
    const skipped = skipComment(text, i);
    if (skipped !== i) {
      i = skipped;
      continue;
    }
    const char = text[i]!;
    if (char === '(') depth++;
    else if (char === ')') {
      if (--depth === 0) return { args, end: i + 1 };
    } else if (char === '"') {
      const end = closingQuote(text, i + 1);
      args.push(text.slice(i + 1, end));
      i = end;
    } else if (char === '[' && bracketOpen(text, i) > 0) {
      const open = bracketOpen(text, i);
      const close = text.indexOf(`]${'='.repeat(open - 2)}]`, i + open);
      const end = close < 0 ? text.length : close;
      args.push(text.slice(i + open, end));
      i = end + open - 1;
    } else if (char > ' ') {
      const from = i;
      while (i + 1 < text.length && !isArgumentEnd(text[i + 1]!)) i += text[i + 1] === '\\' ? 2 : 1;
      args.push(text.slice(from, i + 1));
    }
    i++;
  }
  return { args, end: text.length };
}

/** The place behind a comment that starts here; the same place where none does. */
function skipComment(text: string, i: number): number {
  if (text[i] !== '#') return i;
  const open = text[i + 1] === '[' ? bracketOpen(text, i + 1) : 0;
  if (open > 0) {
    const close = text.indexOf(`]${'='.repeat(open - 2)}]`, i + 1 + open);
    return close < 0 ? text.length : close + open;
  }
  const end = text.indexOf('\n', i);
  return end < 0 ? text.length : end;
}

/** The length of `[[`, `[=[`, `[==[`; 0 where there is none. */
function bracketOpen(text: string, i: number): number {
  let end = i + 1;
  while (text[end] === '=') end++;
  return text[end] === '[' ? end + 1 - i : 0;
}

function closingQuote(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function isArgumentEnd(char: string): boolean {
  return char <= ' ' || char === '(' || char === ')' || char === '"' || char === '#';
}

function isNameChar(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
