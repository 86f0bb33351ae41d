import { Delimiters } from './delimiters.ts';
import type { SourceLine } from './expand.ts';

/** A heading of a document. Places are indexes into its expanded lines. */
export interface Heading {
  /** `=` is 0, and more with a level offset. */
  readonly level: number;
  /** As it is written, without anchors. */
  readonly text: string;
  readonly anchors: readonly string[];
  readonly doc: string;
  /** In its document, from 1. */
  readonly line: number;
  /** Where its anchors and attributes begin. */
  readonly from: number;
  readonly at: number;
  /** Where the next heading of its level or above begins, with its anchors. */
  readonly end: number;
  readonly parent: Heading | undefined;
}

type Open = { -readonly [K in keyof Heading]: Heading[K] };

/** The headings outside of blocks, in order. */
export function headingsOf(lines: readonly SourceLine[], notes: string[]): readonly Heading[] {
  const texts = lines.map(({ text }) => text);
  const delimiters = new Delimiters(texts);
  const found: Open[] = [];
  const open: Open[] = [];
  let anchors: string[] = [];
  let from = -1;
  let offset = 0;
  let at = 0;
  while (at < texts.length) {
    const text = texts[at]!;
    const close = delimiters.close(text, at);
    if (close !== undefined && lines[close]!.doc === lines[at]!.doc) {
      at = close + 1;
      anchors = [];
      from = -1;
      continue;
    }
    if (/^(?:-{4,}|\.{4,}|={4,}|\|={3,})\s*$/.test(text))
      if (notes.length < 100)
        notes.push(`${lines[at]!.doc}:${lines[at]!.line}: a block that is never closed; read as text`);
    const shift = /^:leveloffset: *([+-]?\d{1,2})/.exec(text);
    if (shift) offset = /^[+-]/.test(shift[1]!) ? offset + Number(shift[1]) : Number(shift[1]);
    const heading = /^(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?[ \t]*$/.exec(text);
    const attribute = attributeAnchors(text);
    if (heading) {
      const level = Math.max(0, heading[1]!.length - 1 + offset);
      const inner = /^\[\[([^\],]{1,200})[^\]]{0,200}\]\]\s*/.exec(heading[2]!);
      const next: Open = {
        level,
        text: inner ? heading[2]!.slice(inner[0].length) : heading[2]!,
        anchors: [...anchors, ...(inner ? [inner[1]!] : [])],
        doc: lines[at]!.doc,
        line: lines[at]!.line,
        from: from < 0 ? at : from,
        at,
        end: lines.length,
        parent: undefined,
      };
      while (open.length > 0 && open.at(-1)!.level >= level) open.pop()!.end = next.from;
      next.parent = open.at(-1);
      open.push(next);
      found.push(next);
    }
    if (attribute !== undefined) {
      anchors.push(...attribute);
      if (from < 0) from = at;
    } else if (text.trim() !== '' || heading) {
      anchors = [];
      from = -1;
    }
    at++;
  }
  return found;
}

/** `[#148]`, `[[get]]`, `[[get, label]]`, `[.role#id]`, `[id=x]`; none of `[source,yaml]`. `undefined`: no such line. */
function attributeAnchors(line: string): readonly string[] | undefined {
  const anchor = /^\[\[([^\],]{1,200})[^\]]{0,300}\]\]\s*$/.exec(line);
  if (anchor) return [anchor[1]!.trim()];
  const attributes = /^\[(?!\[)([^\]]{0,1000})\]\s*$/.exec(line);
  if (!attributes) return undefined;
  const id =
    /(?:^|[^,\s=]*)#([\w.:-]{1,200})/.exec(attributes[1]!)?.[1] ?? /\bid="?([\w.:-]{1,200})/.exec(attributes[1]!)?.[1];
  return id === undefined ? [] : [id];
}
