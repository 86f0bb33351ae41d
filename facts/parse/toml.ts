import { type AST, parseTOML } from 'toml-eslint-parser';
import { Tree } from './tree.ts';

/** Parses TOML with lines. A mistake is reported through `problem` and costs the table it stands in. */
export function parseToml(text: string, problem: (message: string, line?: number) => void): Tree | undefined {
  const program = attempt(text, problem) ?? salvage(text);
  if (!program) return undefined;
  const root = new Building(1);
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') put(root, node);
    else {
      const table =
        node.kind === 'array'
          ? root.append(node.resolvedKey, node.loc.start.line)
          : root.open(node.resolvedKey, node.loc.start.line);
      for (const pair of node.body) put(table, pair);
    }
  }
  return root.finish();
}

function attempt(text: string, problem: (message: string, line?: number) => void): AST.TOMLProgram | undefined {
  try {
    return parseTOML(text);
  } catch (error) {
    const { message, lineNumber } = error as { message: string; lineNumber?: number };
    problem(`not valid TOML: ${message}`, lineNumber);
    return undefined;
  }
}

/** Files with more tables than this are not worth a second look. */
const MAX_TABLES = 2_000;
const MAX_REPEATED = 8;
/** Both sides of a merge conflict are read. */
const CONFLICT = /^(?:<{7}|\|{7}|={7}|>{7})[^\r\n]*/gm;

/**
 * The parser stops at the first error. Tables that can be read alone are kept, the others become empty lines, so that
 * every line keeps its number. What two good tables say twice costs the second of them.
 */
function salvage(text: string): AST.TOMLProgram | undefined {
  const tables = text.replace(CONFLICT, '').split(/(?<=\n)(?=[ \t]*\[)/);
  if (tables.length > MAX_TABLES) return undefined;
  const kept = tables.map((table) => (attempt(table, () => {}) ? table : blank(table)));
  // An empty file is good TOML; what is left of a broken one is not.
  if (kept.every((table) => table.trim() === '')) return undefined;
  for (let repeated = 0; repeated < MAX_REPEATED; repeated++) {
    let failed = 0;
    const program = attempt(kept.join(''), (_, line = 0) => {
      failed = line;
    });
    if (program || failed === 0) return program;
    const at = tableAt(kept, failed);
    kept[at] = blank(kept[at] ?? '');
  }
  return undefined;
}

/** Which of the texts holds a line (from 1) of all together. */
function tableAt(tables: readonly string[], line: number): number {
  let end = 1;
  const found = tables.findIndex((table) => {
    end += table.split('\n').length - 1;
    return end > line;
  });
  return found < 0 ? tables.length - 1 : found;
}

function blank(table: string): string {
  return table.replace(/[^\r\n]+/g, '');
}

/** A table while it is being read: TOML may come back to a table from anywhere in the file. */
class Building {
  readonly line: number;
  readonly keys = new Map<string, Building | Building[] | Tree>();

  constructor(line: number) {
    this.line = line;
  }

  open(path: readonly (string | number)[], line: number): Building {
    let at: Building = this;
    for (const key of path) {
      if (typeof key === 'number') continue; // an index into an array of tables: always its newest element
      const found = at.keys.get(key);
      const next: Building = Array.isArray(found)
        ? (found.at(-1) ?? new Building(line))
        : found instanceof Building
          ? found
          : new Building(line);
      if (!Array.isArray(found) && found !== next) at.keys.set(key, next);
      at = next;
    }
    return at;
  }

  append(path: readonly (string | number)[], line: number): Building {
    const names = path.filter((key) => typeof key === 'string');
    const parent = this.open(names.slice(0, -1), line);
    const name = names.at(-1) ?? '';
    const found = parent.keys.get(name);
    const list = Array.isArray(found) ? found : [];
    const table = new Building(line);
    list.push(table);
    parent.keys.set(name, list);
    return table;
  }

  finish(): Tree {
    const entries = [...this.keys].map(([key, value]): [string, Tree] => {
      if (value instanceof Tree) return [key, value];
      if (value instanceof Building) return [key, value.finish()];
      const items = value.map((item, i): [string, Tree] => [String(i), item.finish()]);
      return [key, new Tree({ kind: 'list', line: value[0]?.line ?? this.line, entries: items })];
    });
    return new Tree({ kind: 'map', line: this.line, entries });
  }
}

function put(table: Building, pair: AST.TOMLKeyValue): void {
  const keys = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const line = pair.loc.start.line;
  const name = keys.pop() ?? '';
  table.open(keys, line).keys.set(name, content(pair.value, line));
}

function content(node: AST.TOMLContentNode, keyLine: number): Tree {
  const line = node.loc.start.line;
  if (node.type === 'TOMLArray') {
    const entries = node.elements.map((item, i): [string, Tree] => [String(i), content(item, item.loc.start.line)]);
    return new Tree({ kind: 'list', line, keyLine, entries });
  }
  if (node.type === 'TOMLInlineTable') {
    const table = new Building(keyLine);
    for (const pair of node.body) put(table, pair);
    return table.finish();
  }
  const value = node.value instanceof Date ? node.value.toISOString() : node.value;
  const many = typeof value === 'string' && value.includes('\n') && node.loc.end.line > line;
  // A line end right after the opening quotes is not part of the text.
  const first = many && node.loc.end.line - line >= value.split('\n').length ? line + 1 : line;
  const lines = many ? value.split('\n').map((_, i) => first + i) : undefined;
  return new Tree({ kind: 'scalar', line, keyLine, value, lines });
}
