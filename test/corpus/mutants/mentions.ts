/**
 * What an agent document names, read from its lines with nothing but patterns, so that what is measured has no part in it:
 * inline code, links, command lines of fenced blocks and the entries of drawn trees.
 */

export interface Mention {
  /** From 1. */
  readonly line: number;
  /** `command` is a line of a block for a shell, without its prompt. */
  readonly place: 'code' | 'link' | 'command' | 'tree';
  /** As it stands on the line; of an entry of a tree, its own name. */
  readonly written: string;
  /** Only of a tree: the way to it from the first line of the tree. */
  readonly way?: string;
  /** The sentence's line, the non-empty lines before it, and the heading above. */
  readonly context: string;
  /** Only of a command: the lines above it in its block. */
  readonly above?: string;
}

const SHELLS = /^(?:|bash|sh|shell|zsh|console|shellsession|terminal|text|plaintext)$/i;
const GLYPHS = /^([\s│|]*(?:[├└]─*|\|--|`--|\+--)\s?)(\S.*)$/;
const LINES_BEFORE = 3;

export function mentionsIn(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  const lines = text.split(/\r?\n/);
  let heading = '';
  let before: string[] = [];
  let comment = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const fence = /^\s*(?:[-*]\s+)?(`{3,}|~{3,})\s*([\w+-]*)/.exec(line);
    if (fence && !comment) {
      const end = lines.findIndex((each, index) => index > at && each.trim() === fence[1]);
      const close = end === -1 ? lines.length : end;
      const context = [heading, ...before].join('\n');
      mentions.push(...inBlock(lines.slice(at + 1, close), at + 2, fence[2]!, context));
      at = close;
      continue;
    }
    // Lines that hold a comment, or a part of one, say nothing to a reader.
    const opens = line.includes('<!--');
    if (opens || comment) {
      comment = line.lastIndexOf('-->') < line.lastIndexOf('<!--') || (comment && !line.includes('-->'));
      continue;
    }
    if (/^#{1,6}\s/.test(line)) [heading, before] = [line, []];
    const context = [heading, ...before, line].join('\n');
    for (const [, , written] of line.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g))
      mentions.push({ line: at + 1, place: 'code', written: written!.trim(), context });
    for (const [, written] of line.replace(/`[^`]*`/g, (code) => '.'.repeat(code.length)).matchAll(/\]\(([^()\s]+)\)/g))
      mentions.push({ line: at + 1, place: 'link', written: written!, context });
    if (line.trim() !== '') before = [...before, line].slice(-LINES_BEFORE);
  }
  return mentions;
}

function inBlock(lines: readonly string[], first: number, language: string, context: string): readonly Mention[] {
  if (lines.filter((line) => GLYPHS.test(line)).length >= 2) return inTree(lines, first, context);
  if (!SHELLS.test(language)) return [];
  return lines.flatMap((line, at) => {
    const written = line
      .trim()
      .replace(/^[$>%]\s+/, '')
      .replace(/(?:^|\s)#\s.*$/, '')
      .trim();
    if (written === '' || written.endsWith('\\') || lines[at - 1]?.endsWith('\\')) return [];
    const above = lines.slice(0, at).join('\n');
    return [{ line: first + at, place: 'command' as const, written, context: `${context}\n${line}`, above }];
  });
}

/** The way of an entry goes through the last entry above it that stands further left. */
function inTree(lines: readonly string[], first: number, context: string): readonly Mention[] {
  const mentions: Mention[] = [];
  const parents: { readonly column: number; readonly way: string }[] = [];
  for (const [at, line] of lines.entries()) {
    const [, indent, rest] = GLYPHS.exec(line) ?? [];
    const words = (rest ?? line.trim()).split(/\s+/);
    const name = words[0]!;
    if (name === '') continue;
    const column = rest === undefined ? -1 : indent!.length;
    while (parents.length > 0 && parents.at(-1)!.column >= column) parents.pop();
    const way = [...parents.map((parent) => parent.way), name.replace(/\/$/, '')].join('/');
    // A name, and then nothing or a remark: not `a, b, c` nor `a and b`.
    const alone = words.length === 1 || /^(?:#|-|–|—|←|<-|\/\/|\()/.test(words[1]!);
    parents.push({ column, way: name.replace(/\/$/, '') });
    if (rest !== undefined && alone)
      mentions.push({ line: first + at, place: 'tree', written: name, way, context: `${context}\n${line}` });
  }
  return mentions;
}
