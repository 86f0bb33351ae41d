import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { LineIndex } from './lines.ts';
import { Tree } from './tree.ts';

/** Parses JSON or JSONC; what is broken is left out and reported through `problem`. */
export function parseJson(
  text: string,
  lines: LineIndex,
  problem: (message: string, line?: number) => void,
): Tree | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const first = errors[0];
  if (first) problem(`not valid JSON: ${inWords(printParseErrorCode(first.error))}`, lines.lineAt(first.offset));
  return root && toTree(root, lines.lineAt(root.offset), lines);
}

/** `CloseBraceExpected` is "close brace expected". */
function inWords(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function toTree(node: Node, keyLine: number, lines: LineIndex): Tree {
  const line = lines.lineAt(node.offset);
  if (node.type === 'object') {
    const entries = (node.children ?? []).flatMap((property): [string, Tree][] => {
      const [key, value] = property.children ?? [];
      return key && value ? [[String(key.value), toTree(value, lines.lineAt(key.offset), lines)]] : [];
    });
    return new Tree({ kind: 'map', line, keyLine, entries });
  }
  if (node.type === 'array') {
    const entries = (node.children ?? []).map((item, i): [string, Tree] => [
      String(i),
      toTree(item, lines.lineAt(item.offset), lines),
    ]);
    return new Tree({ kind: 'list', line, keyLine, entries });
  }
  return new Tree({ kind: 'scalar', line, keyLine, value: node.value });
}
