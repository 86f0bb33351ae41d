import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

/** A parsed configuration file that still knows where everything stands. */
export interface ConfigFile {
  readonly data: unknown;
  /** The line on which a setting is named, if it is. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
  /** `file:line:column` of the value at a path, or of one key in it; of what surrounds it where there is none. */
  place(path: readonly PropertyKey[], key?: string): string;
}

/**
 * @param text what the file says, where that is not to be read from the disk.
 * @throws {ConfigError} where the file cannot be read or is no YAML.
 */
export function readConfigFile(file: string, cwd: string, text?: string): ConfigFile {
  const name = shortest(file, cwd);
  const lines = new LineCounter();
  const document = parseDocument(text ?? readText(file, name), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [first] = document.errors;
  // The errors after the first follow from it as often as not.
  if (first) throw new ConfigError([`${at(first.pos[0])}: not valid YAML: ${yamlComplaint(first)}`]);
  return {
    data: toData(document, name),
    lineOf: (path) => {
      const offset = start(keyNode(document, path.slice(0, -1), path.at(-1)));
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
    place: (path, key) => {
      const candidates = [[], ...path].map((_, length) => find(document, path.slice(0, length)));
      if (key !== undefined) candidates.push(keyNode(document, path, key));
      const offset = candidates.map(start).findLast((found) => found !== undefined);
      return offset === undefined ? name : at(offset);
    },
  };
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'no such file',
      EISDIR: 'is a folder; name the file in it',
      EACCES: 'may not be read (permission denied)',
    };
    throw new ConfigError([`${name}: ${reasons[code ?? ''] ?? `cannot be read (${code})`}`]);
  }
}

/** The path from the current folder, or the whole one where that is shorter. */
function shortest(file: string, cwd: string): string {
  const fromHere = relative(cwd, file);
  return fromHere.length < file.length ? fromHere : file;
}

function yamlComplaint({ code, message }: { code: string; message: string }): string {
  return code === 'MULTIPLE_DOCS' ? 'more than one document' : (message.split('\n')[0] ?? code);
}

function toData(document: Document.Parsed, name: string): unknown {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    JSON.stringify(data); // throws on an alias of something that it stands in
    return data ?? {};
  } catch {
    throw new ConfigError([`${name}: its aliases (*name) have no end`]);
  }
}

function find(document: Document.Parsed, path: readonly PropertyKey[]): Node | undefined {
  let node: unknown = document.contents;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    node = isMap(node) ? node.get(part, true) : isSeq(node) ? node.get(Number(part), true) : undefined;
  }
  return isNode(node) ? node : undefined;
}

function keyNode(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  key: PropertyKey | undefined,
): Node | undefined {
  const found = find(document, path);
  const parent = isAlias(found) ? found.resolve(document) : found;
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    : undefined;
  return isNode(pair?.key) ? pair.key : undefined;
}

function start(node: Node | undefined): number | undefined {
  return node?.range?.[0];
}
