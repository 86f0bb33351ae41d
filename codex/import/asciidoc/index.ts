import { basename, posix } from 'node:path';
import { RULE_ID } from '../../rule.ts';
import { slugOf } from '../../slug.ts';
import { readLevel } from '../level.ts';
import type { Chapter, Documents, ReadStandard, References, SourceSection } from '../section.ts';
import { Attributes } from './attributes.ts';
import { blocks } from './blocks.ts';
import { expand, rootsOf, type SourceLine } from './expand.ts';
import { type Heading, headingsOf } from './headings.ts';
import { type InlineContext, inline } from './inline.ts';

const OWN_ID = new RegExp(`^(?:${RULE_ID.source}|\\d{1,9})$`);
const MOST_SECTIONS = 20_000;

/** Reads a standard in AsciiDoc: a rule is a section with a number or an ID as its anchor, or a level in its heading. */
export function readAsciidoc(documents: Documents, named: readonly string[]): ReadStandard {
  const notes: string[] = [];
  const roots = rootsOf(named, documents);
  const books = roots.map((root) => {
    const lines = expand(root, documents, notes);
    return { root, lines, headings: headingsOf(lines, notes) };
  });
  // Chapters that are imported alone still use what the book around them defines.
  const attributes = new Attributes(books.flatMap(({ lines }) => lines));
  const words = anchorWords(books.flatMap(({ headings }) => headings));
  const sections: SourceSection[] = [];
  for (const { root, lines, headings } of books) {
    const rules = new Set(headings.filter(isRule));
    const alone = roots.length === 1 || lines.some(({ doc }) => doc !== root);
    for (const [at, heading] of headings.entries()) {
      if (sections.length >= MOST_SECTIONS) break;
      if (rules.has(heading))
        sections.push(sectionOf(heading, at, { lines, headings, rules, attributes, words, alone }));
    }
  }
  if (sections.length >= MOST_SECTIONS) notes.push(`cut after ${MOST_SECTIONS} rules`);
  const title = books.length === 1 ? books[0]!.headings.find(({ level }) => level === 0)?.text : undefined;
  return { ...(title === undefined ? {} : { title }), sections, notes };
}

/** A level in the heading, or a number or an ID for an anchor. */
function isRule({ text, anchors }: Heading): boolean {
  return anchors.some((anchor) => OWN_ID.test(anchor)) || readLevel(text).level !== undefined;
}

interface Book {
  readonly lines: readonly SourceLine[];
  readonly headings: readonly Heading[];
  readonly rules: ReadonlySet<Heading>;
  readonly attributes: Attributes;
  readonly words: ReadonlyMap<string, string>;
  /** Whether it is a book with chapters in it, not one chapter of many. */
  readonly alone: boolean;
}

function sectionOf(heading: Heading, index: number, book: Book): SourceSection {
  const { level, several, text } = readLevel(heading.text);
  const numbered = heading.anchors.filter((anchor) => OWN_ID.test(anchor));
  const anchor = numbered[0] ?? heading.anchors[0] ?? `_${slugOf(text).replaceAll('-', '_')}`;
  return {
    doc: heading.doc,
    line: heading.line,
    anchor,
    ...(numbered[0] === undefined ? {} : { own: numbered[0] }),
    aliases: numbered.slice(1),
    ...(level === undefined ? {} : { level }),
    heading: inline(
      text,
      contextOf(book, () => undefined),
    )
      .replace(/\s+/g, ' ')
      .trim(),
    chapter: chapterOf(heading, book),
    quote: book.lines
      .slice(heading.at, heading.end)
      .map((line) => line.text)
      .join('\n'),
    notes: several === undefined ? [] : [`the heading names ${several}: the first one is taken`],
    render: (refs) => {
      const body = blocks(ownLines(heading, index, book), contextOf(book, refs));
      return { body: body.join('\n').trim(), bad: [], good: [] };
    },
  };
}

/** The section below its heading, with rules in it named only. */
function ownLines(heading: Heading, index: number, { lines, headings, rules }: Book): readonly string[] {
  const own: string[] = [];
  let at = heading.at + 1;
  const take = (end: number): void => {
    for (; at < end && own.length < LONGEST; at++) own.push(lines[at]!.text);
  };
  for (let next = index + 1; next < headings.length && headings[next]!.from < heading.end; next++) {
    const inner = headings[next]!;
    if (!rules.has(inner) || inner.from < at) continue;
    take(inner.from);
    own.push('', `See <<${inner.anchors[0] ?? ''}>>.`, '');
    at = inner.end;
  }
  take(heading.end);
  return own;
}

/** Lines of a section that are read; what is behind them would be cut from the rule anyway. */
const LONGEST = 20_000;

function contextOf({ attributes, words }: Book, refs: References): InlineContext {
  return {
    attributes,
    // An anchor is one in the whole book, wherever it stands.
    reference: (anchor) => {
      const said = words.get(anchor);
      return refs('', anchor) ?? (said === undefined ? undefined : { words: attributes.fillPlain(said) });
    },
  };
}

/** What every anchor of a heading says where it is referred to without words. */
function anchorWords(headings: readonly Heading[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { anchors, text } of headings)
    for (const anchor of anchors) if (!words.has(anchor)) words.set(anchor, text);
  return words;
}

/** The topmost heading around a rule; below the title of a book the chapter. */
function chapterOf(heading: Heading, { attributes, alone }: Book): Chapter {
  const around: Heading[] = [];
  for (let up = heading.parent; up; up = up.parent) around.unshift(up);
  const chapter = around.length > 1 && alone && around[0]!.level === 0 ? around[1]! : around[0];
  const title = chapter ? attributes.fillPlain(chapter.text) : '';
  const file = posix.basename(heading.doc).replace(/\.\w+$/, '');
  if (!chapter) return { slug: slugOf(file), title: basename(file) };
  return { slug: slugOf(chapter.anchors[0] ?? title) || slugOf(file), title: title.replaceAll('`', '') };
}
