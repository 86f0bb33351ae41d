import type { AgentDocument } from './document.ts';
import { type Span, spansOf } from './spans.ts';

/** One name of a folder tree drawn in a code block. */
export interface TreeEntry {
  /** The name as it stands there, without a slash at its end; a few names in one (`a/b`) stay together. */
  readonly piece: Pick<Span, 'text' | 'line' | 'column' | 'offset'>;
  /** With those above it, from the top of the drawing: `src/api/users.ts`. */
  readonly path: string;
  /** It was drawn with a slash, or with something below it. */
  readonly folder: boolean;
}

/** A drawing: its entries, top to bottom. */
export interface DrawnTree {
  /** What stands at the top, where it is one folder that everything else is below: `src`, or the repository's own name. */
  readonly root: string | undefined;
  readonly entries: readonly TreeEntry[];
  readonly place: Span['place'];
}

/** Fewer lines without any lines drawn between them are no drawing. */
const LEAST_ENTRIES = 3;

/** The folder trees that a document draws. A code block may hold several, each below the name of its own folder. */
export function drawnTrees(document: AgentDocument): readonly DrawnTree[] {
  const blocks = Map.groupBy(
    spansOf(document).filter(({ kind }) => kind === 'block'),
    ({ block }) => block,
  );
  return [...blocks.values()].flatMap(read).filter(({ entries }) => entries.length > 1);
}

const GLYPHS = /^[\s│┃|]*(?:[├└┣┗╰+`][─━–\-_]{1,3}|\|[─━\-_]{1,3})\s*/;
/** What separates a name from what is said of it. */
const REMARK = /\s+(?:#|\/\/|←|<-|->|→|—|–|--|-|:|\(|\*)|\s{2,}|\t/;

interface Open {
  root: string | undefined;
  readonly entries: { piece: TreeEntry['piece']; path: string; folder: boolean; skipped: boolean }[];
  readonly above: { readonly indent: number; readonly path: string; readonly at: number; readonly skipped: boolean }[];
}

function read(lines: readonly Span[]): readonly DrawnTree[] {
  const plain = lines.filter(({ text }) => GLYPHS.test(text)).length < 2;
  if (plain && !isIndented(lines)) return [];
  let open: Open = { root: undefined, entries: [], above: [] };
  const trees = [open];
  for (const span of lines) {
    const glyphs = GLYPHS.exec(span.text)?.[0];
    const lead = glyphs ?? /^\s*/.exec(span.text)![0];
    const name = nameOf(span.text.slice(lead.length));
    if (name === undefined) continue;
    if (plain || glyphs !== undefined) enter(open, span, lead.length, name);
    else if (!/^[│┃|]/.test(name)) {
      open = { root: name.replace(/^\.?\/|\/+$/g, ''), entries: [], above: [] };
      trees.push(open);
    }
  }
  const { place } = lines[0]!;
  return trees.map(({ root, entries }) => ({
    root: root === '' || root === '.' ? undefined : root,
    entries: entries.filter(({ skipped }) => !skipped).map(({ skipped: _, ...entry }) => entry),
    place,
  }));
}

function enter({ entries, above }: Open, span: Span, lead: number, name: string): void {
  const indent = span.column + lead;
  while (above.length > 0 && above.at(-1)!.indent >= indent) above.pop();
  const parent = above.at(-1);
  const clean = name.replace(/\/+$/, '');
  const path = parent ? `${parent.path}/${clean}` : clean;
  const skipped = parent?.skipped === true || !isName(clean);
  if (parent) entries[parent.at]!.folder = true;
  above.push({ indent, path, at: entries.length, skipped });
  entries.push({
    piece: { text: name, line: span.line, column: span.column + lead, offset: span.offset + lead },
    path,
    folder: name.endsWith('/'),
    skipped,
  });
}

/** Nothing but indented names, most of them folders or files. */
function isIndented(lines: readonly Span[]): boolean {
  const language = lines[0]?.language ?? '';
  if (!/^(?:|text|txt|plaintext|tree|plain)$/.test(language) || lines.length < LEAST_ENTRIES) return false;
  const named = lines.filter(({ text }) =>
    /^\s*\.?[\w@.-]+(?:\/[\w@.-]+)*(?:\/|\.\w{1,5})(?:\s{2,}|\s+[#←—–-]|\s*$)/.test(text),
  );
  return (
    named.length >= LEAST_ENTRIES &&
    named.length * 10 >= lines.length * 8 &&
    lines.some(({ text }) => text.includes('/'))
  );
}

function nameOf(rest: string): string | undefined {
  const end = REMARK.exec(rest)?.index ?? rest.length;
  const name = rest.slice(0, end).trim();
  return name === '' || /\s/.test(name) ? undefined : name;
}

/** A name that can be looked up: no pattern, no stand-in, no list. */
function isName(name: string): boolean {
  return /^[\w@.+~-]+(?:\/[\w@.+~-]+)*$/.test(name) && !/^\.{2,}$|\.{3}/.test(name);
}
