import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { LineIndex } from './lines.ts';
import { Tree } from './tree.ts';

/**
 * Parses XML with lines. Elements are entries in file order (repeated ones stand beside each other), attributes are
 * entries whose name starts with `@`, an element with nothing but text is a scalar.
 */
export function parseXml(
  text: string,
  lines: LineIndex,
  problem: (message: string, line?: number) => void,
): Tree | undefined {
  const valid = XMLValidator.validate(text);
  if (valid !== true) problem(`not valid XML: ${valid.err.msg}`, valid.err.line);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    captureMetaData: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
  });
  const meta = XMLParser.getMetaDataSymbol() as unknown as symbol;
  try {
    return element(parser.parse(text) as Ordered[], 1, lines, meta);
  } catch (error) {
    if (valid === true) problem(`not valid XML: ${(error as Error).message}`);
  }
  try {
    return element(parser.parse(text.slice(0, tornAt(text))) as Ordered[], 1, lines, meta);
  } catch {
    return undefined;
  }
}

/** Elements that are never closed are no trouble to the parser, a last tag or comment that breaks off is. */
function tornAt(text: string): number {
  const comment = text.lastIndexOf('<!--');
  return comment >= 0 && !text.includes('-->', comment) ? comment : Math.max(0, text.lastIndexOf('<'));
}

type Ordered = Record<string | symbol, unknown>;

function element(nodes: readonly Ordered[], line: number, lines: LineIndex, meta: symbol): Tree {
  const entries: [string, Tree][] = [];
  let text = '';
  for (const node of nodes) {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name.startsWith('?')) continue;
    if (name === '#text') {
      text += String(node[name]);
      continue;
    }
    const start = (node[meta] as { startIndex?: number } | undefined)?.startIndex;
    const at = start === undefined ? line : lines.lineAt(start);
    const child = element((node[name] as Ordered[]) ?? [], at, lines, meta);
    const attributes = Object.entries((node[':@'] as Record<string, unknown> | undefined) ?? {}).map(
      ([key, value]): [string, Tree] => [
        `@${key.replace(/^@_/, '')}`,
        new Tree({ kind: 'scalar', line: at, value: String(value) }),
      ],
    );
    const body: readonly (readonly [string, Tree])[] =
      child.kind === 'map' ? child.entries() : child.text ? [['#text', child]] : [];
    entries.push([
      name,
      attributes.length ? new Tree({ kind: 'map', line: at, entries: [...attributes, ...body] }) : child,
    ]);
  }
  if (entries.length === 0) return new Tree({ kind: 'scalar', line, value: text.trim() });
  return new Tree({ kind: 'map', line, entries });
}
