/**
 * Ruby's own files (Gemfile, gemspec, Rakefile) are programs, and are not run. Nearly all of them are written one
 * statement at a time, properly indented: that is what is read here. Comments, strings, `%w[]`, here-documents,
 * `=begin` blocks and what follows `__END__` are told apart; a string that does not end on its line is taken to.
 */
export interface Statement {
  /** The first line, from 1. */
  readonly line: number;
  /** How many characters of white space stand before it: what belongs to a block stands deeper than its head. */
  readonly indent: number;
  /** Without comments, continued lines joined by spaces. */
  readonly text: string;
}

/** A statement that goes on for longer is data, or a bracket that was never closed. */
const MAX_JOINED = 200;
/** What a statement cannot end with. */
const GOES_ON = /(?:[,\\]|=>|&&|\|\||(?<![<>=!])=)$/;

export function statements(text: string): readonly Statement[] {
  const found: Statement[] = [];
  const reader: Reader = { heredocs: [] };
  let open: { line: number; indent: number; parts: string[]; depth: number } | undefined;
  let number = 0;
  let inComment = false;
  const close = (): void => {
    if (open) found.push({ line: open.line, indent: open.indent, text: open.parts.join(' ') });
    open = undefined;
  };
  for (const raw of text.split('\n')) {
    number++;
    const source = raw.trimEnd();
    if (reader.heredocs.length > 0) {
      if (source.trim() === reader.heredocs[0]) reader.heredocs.shift();
      continue;
    }
    if (inComment || source.startsWith('=begin')) {
      inComment = !source.startsWith('=end');
      continue;
    }
    if (source === '__END__') break;
    const { code, depth } = readLine(source, reader);
    const trimmed = code.trim();
    if (trimmed === '') continue;
    open ??= { line: number, indent: code.length - code.trimStart().length, parts: [], depth: 0 };
    open.parts.push(trimmed.endsWith('\\') ? trimmed.slice(0, -1).trimEnd() : trimmed);
    open.depth += depth;
    if ((open.depth <= 0 && !GOES_ON.test(trimmed.slice(-3))) || open.parts.length >= MAX_JOINED) close();
  }
  close();
  return found;
}

interface Reader {
  /** The words that end the here-documents begun so far. */
  readonly heredocs: string[];
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const HEREDOC = /<<[~-]?(["'`]?)([A-Z_][A-Z\d_]*)\1/y;
const PERCENT = /%[wWiIqQx]?([([{<|!/])/y;

/** A line without its comment, and by how much it opens more brackets than it closes. */
function readLine(line: string, reader: Reader): { readonly code: string; readonly depth: number } {
  let depth = 0;
  let before = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '#') return { code: line.slice(0, at), depth };
    if (character === '"' || character === "'" || character === '`') at = endOf(line, at + 1, character, undefined);
    else if (character === '%' && (before === '' || /[\s([{,=*!|&:]/.test(line[at - 1] ?? ' '))) {
      PERCENT.lastIndex = at;
      const opening = PERCENT.exec(line);
      if (opening) {
        const [whole, bracket = ''] = opening;
        at = endOf(line, at + whole.length, CLOSING[bracket] ?? bracket, bracket in CLOSING ? bracket : undefined);
      }
    } else if (character === '/' && (before === '' || '(,=~![|&{;'.includes(before))) {
      at = endOf(line, at + 1, '/', undefined);
    } else if (character === '<' && line[at + 1] === '<') {
      HEREDOC.lastIndex = at;
      const heredoc = HEREDOC.exec(line);
      if (heredoc) {
        reader.heredocs.push(heredoc[2]!);
        at += heredoc[0].length - 1;
      } else at++;
    } else if (character === '(' || character === '[' || character === '{') depth++;
    else if (character === ')' || character === ']' || character === '}') depth--;
    if (character !== ' ' && character !== '\t') before = character;
  }
  return { code: line, depth };
}

/** The place of the character that ends what began; the end of the line where nothing does. */
function endOf(line: string, from: number, closing: string, opening: string | undefined): number {
  let nested = 0;
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === opening) nested++;
    else if (line[at] === closing && nested-- === 0) return at;
  }
  return line.length;
}
