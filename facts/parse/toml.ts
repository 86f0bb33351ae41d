import { type AST, parseTOML } from 'toml-eslint-parser';
import { Tree } from './tree.ts';

/** Parses TOML with lines. The parser stops at the first error, which is reported through `problem`. */
export function parseToml(text: string, problem: (message: string, line?: number) => void): Tree | undefined {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text);
  } catch (error) {
    const { message, lineNumber } = error as { message: string; lineNumber?: number };
    problem(`not valid TOML: ${message}`, lineNumber);
    return undefined;
  }
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
