import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** One setting as it stands in a file: `generate.maxLines`, its value, and its line. */
export interface TeamEntry {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

/** Bytes; more than any settings need. */
const LARGEST = 16 << 10;
/** A file of settings needs no aliases; few are let through, and none that multiply. */
const MOST_ALIASES = 10;
const SECTIONS: ReadonlySet<string> = new Set(['generate', 'mergeRequest', 'models']);

/** The settings of a file, or why it has none that count. Never throws. */
export function parseTeamFile(text: string): readonly TeamEntry[] | string {
  if (Buffer.byteLength(text) > LARGEST) return `larger than ${LARGEST / 1024} KiB`;
  try {
    return entriesOf(text);
  } catch {
    return 'its aliases (*name) have no end, or it is nested too deeply';
  }
}

function entriesOf(text: string): readonly TeamEntry[] | string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [first] = document.errors;
  if (first) return `not valid YAML (line ${lines.linePos(first.pos[0]).line})`;
  const data: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
  JSON.stringify(data); // throws on an alias of something that it stands in
  if (data === null || data === undefined) return [];
  const { contents } = document;
  if (!isMap(contents)) return 'not settings by name';
  return contents.items.flatMap(({ key: node }) => {
    const key = nameOf(node);
    const value = (data as Record<string, unknown>)[key];
    const line = lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
    if (!SECTIONS.has(key)) return [{ key, value, line }];
    const below = contents.get(key, true);
    if (!isMap(below)) return value === null ? [] : [{ key, value, line }];
    return below.items.map(({ key: inner }) => ({
      key: `${key}.${nameOf(inner)}`,
      value: (value as Record<string, unknown>)[nameOf(inner)],
      line: lines.linePos((inner as Node | null)?.range?.[0] ?? 0).line,
    }));
  });
}

function nameOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : String(node);
}
