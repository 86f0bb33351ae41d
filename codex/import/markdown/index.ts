import { posix } from 'node:path';
import { frontMatterEnd, type Section, sectionsOf } from '../../quote.ts';
import { RULE_ID } from '../../rule.ts';
import { slugOf } from '../../slug.ts';
import { visibleText } from '../../visible-text.ts';
import { readLevel } from '../level.ts';
import type { Chapter, Documents, LeftOut, ReadStandard, SourceSection } from '../section.ts';
import { textLevel } from '../text-level.ts';
import { renderMarkdown, withoutComments } from './render.ts';

export interface MarkdownOptions {
  /** Where no section has an ID or a level, every section without sections in it is a rule. */
  readonly everySection: boolean;
  /** Every section with text of its own is one, whatever its heading says. */
  readonly anyText?: boolean;
}

/** Pages that every repository has, and tables of contents. */
const ASIDE =
  /(?:^|\/)(?:README|SUMMARY|index|CHANGELOG|CONTRIBUTING|LICENSE|CODE_OF_CONDUCT|SECURITY)\.(?:md|markdown)$/i;
const MOST_SECTIONS = 20_000;
const LONGEST_HEADING = 2000;

interface Placed {
  readonly doc: string;
  readonly section: Section;
  readonly level: number;
  /** Behind the last line of the section, from 1. */
  readonly end: number;
  readonly parent: Placed | undefined;
  readonly children: Placed[];
}

/** Reads a standard in Markdown: a rule is a section with an ID or a level in its heading. */
export function readMarkdown(
  documents: Documents,
  named: readonly string[],
  { everySection, anyText = false }: MarkdownOptions,
): ReadStandard {
  const notes: string[] = [];
  const read = named.length === 1 ? named : named.filter((doc) => !ASIDE.test(doc));
  const placed = read.flatMap((doc) => {
    const text = documents.get(doc)!;
    // Cutting a text at its headings takes the square of their number, and of the length of one.
    const headings = text.match(/^ {0,3}(?:#{1,6}(?:[ \t].*)?|=+[ \t]*|-+[ \t]*)$/gm) ?? [];
    const long = headings.some(({ length }) => length > LONGEST_HEADING);
    if (headings.length <= MOST_SECTIONS && !long) return place(doc, text);
    const reason = long
      ? `a heading of more than ${LONGEST_HEADING} characters`
      : `more than ${MOST_SECTIONS} headings`;
    notes.push(`${doc}: not read: ${reason}`);
    return [];
  });
  if (anyText)
    for (const doc of read) {
      const before = textBefore(documents.get(doc)!, placed.find((each) => each.doc === doc)?.section.line);
      if (before) notes.push(`${doc}: what stands before the first heading is not read: a rule needs one to lead to`);
    }
  const levelled = placed.filter((each) => ownId(each) !== undefined || levelOf(each) !== undefined);
  const leaves = (): Placed[] => placed.filter(({ children, section }) => children.length === 0 && hasText(section));
  const withText = (): Placed[] => placed.filter((each) => hasText({ text: ownText(each) }));
  const chosen = anyText ? withText() : levelled.length > 0 || !everySection ? levelled : leaves();
  const rules = new Set(chosen.slice(0, MOST_SECTIONS));
  if (chosen.length > MOST_SECTIONS) notes.push(`cut after ${MOST_SECTIONS} rules`);
  const only = read.length === 1 ? placed[0] : undefined;
  return {
    ...(only === undefined ? {} : { title: only.section.title }),
    sections: [...rules].map((each) => sectionOf(each, rules, read.length > 1)),
    leftOut: placed.filter((each) => isLeftOut(each, rules)).map(leftOutOf),
    notes,
  };
}

/** Whether there are words above a document's first heading, or in one without. */
function textBefore(text: string, heading = Number.POSITIVE_INFINITY): boolean {
  const lines = text.split('\n');
  const above = lines.slice(frontMatterEnd(lines), heading - 1).join('\n');
  const words = withoutComments(above).replace(/<[^>]*>|!\[[^\]]*\]\([^)]*\)/g, '');
  return /\p{L}/u.test(words.replace(/\[[^\]]*\]\([^)]*\)/g, ''));
}

/** Not in a rule, with text of its own; the words below a document's title introduce what follows. */
function isLeftOut(placed: Placed, rules: ReadonlySet<Placed>): boolean {
  for (let up: Placed | undefined = placed; up; up = up.parent) if (rules.has(up)) return false;
  if (placed.parent === undefined && placed.children.length > 0) return false;
  return hasText({ text: ownText(placed) });
}

function leftOutOf({ doc, section: { line, title } }: Placed): LeftOut {
  return { doc, line, heading: visibleText(title).replace(/\s+/g, ' ').trim() };
}

/** A section from its heading to the first one in it. */
function ownText({ section, children: [first] }: Placed): string {
  return first === undefined
    ? section.text
    : section.text
        .split('\n')
        .slice(0, first.section.line - section.line)
        .join('\n');
}

/** The sections of a document in their tree. */
function place(doc: string, text: string): readonly Placed[] {
  const open: Placed[] = [];
  return sectionsOf(text).map((section) => {
    const level = levelIn(section.text);
    while (open.length > 0 && open.at(-1)!.level >= level) open.pop();
    const end = section.line + section.text.split('\n').length;
    const placed: Placed = { doc, section, level, end, parent: open.at(-1), children: [] };
    placed.parent?.children.push(placed);
    open.push(placed);
    return placed;
  });
}

/** How deep a heading is: the number of its signs, or what it is underlined with. */
function levelIn(text: string): number {
  const signs = /^ {0,3}(#{1,6})/.exec(text);
  if (signs) return signs[1]!.length;
  return /^[^\n]*\n {0,3}=/.test(text) ? 1 : 2;
}

const ID_IN_FRONT = new RegExp(`^[[(\`*]{0,3}(${RULE_ID.source})[\\])\`*]{0,3}(?:\\s*[:.\u2013\u2014-]+\\s+|\\s+|$)`);
const WHOLE_ID = new RegExp(`^${RULE_ID.source}$`);

/** `RFC-021: ...`, `[API-3] ...`, `... {#API-3}`. */
function ownId({ section: { title, anchors } }: Placed): string | undefined {
  return ID_IN_FRONT.exec(title)?.[1] ?? anchors.find((anchor) => WHOLE_ID.test(anchor));
}

function headingOf({ section: { title } }: Placed): string {
  return title.replace(ID_IN_FRONT, '').trim();
}

function levelOf(placed: Placed): ReturnType<typeof readLevel>['level'] {
  return readLevel(headingOf(placed)).level;
}

function hasText({ text }: Pick<Section, 'text'>): boolean {
  return text
    .split('\n')
    .slice(1)
    .some((line) => line.trim() !== '' && !/^\s*(?:=+|-+)\s*$/.test(line));
}

function sectionOf(placed: Placed, rules: ReadonlySet<Placed>, many: boolean): SourceSection {
  const { doc, section } = placed;
  const own = ownId(placed);
  const { level, several, text } = readLevel(headingOf(placed));
  const stated = level ?? statedLevel(section.text);
  const ofText = stated === undefined ? textLevel(ownText(placed)) : undefined;
  return {
    doc,
    line: section.line,
    anchor: section.anchors.find((anchor) => anchor !== own && anchor !== '') ?? own ?? `line-${section.line}`,
    ...(own === undefined ? {} : { own }),
    aliases: [],
    ...(stated === undefined ? {} : { level: stated }),
    ...(ofText === undefined ? {} : { levelOfText: ofText }),
    heading: visibleText(text).replace(/\s+/g, ' ').trim(),
    chapter: chapterOf(placed, many),
    quote: section.text,
    notes: several === undefined ? [] : [`the heading names ${several}: the first one is taken`],
    render: (refs) => renderMarkdown(doc, textWithout(placed, rules), refs),
  };
}

/** "**Level:** MUST" on a line of its own. */
function statedLevel(text: string): SourceSection['level'] {
  const stated = /^(?:[-*]\s+)?[*_]{0,2}level[*_:]{0,3}:?[*_]{0,2}\s*[*_`]{0,2}(MUST|SHOULD|MAY)\b/im.exec(text)?.[1];
  return stated?.toUpperCase() as SourceSection['level'];
}

/** Lines of a section that are read; what is behind them would be cut from the rule anyway. */
const LONGEST = 20_000;

/** The section below its heading, with sections that are rules of their own named only. */
function textWithout(placed: Placed, rules: ReadonlySet<Placed>): string {
  const lines = placed.section.text.split('\n', LONGEST);
  const start = placed.section.line;
  const setext = !/^ {0,3}#/.test(lines[0]!);
  const out: string[] = [];
  let at = setext ? 2 : 1;
  const leaveOut = (children: readonly Placed[]): void => {
    for (const child of children) {
      if (!rules.has(child)) {
        leaveOut(child.children);
        continue;
      }
      out.push(
        ...lines.slice(at, child.section.line - start),
        `See [${child.section.title}](#${child.section.anchors[0]}).`,
        '',
      );
      at = child.end - start;
    }
  };
  leaveOut(placed.children);
  return [...out, ...lines.slice(at)].join('\n');
}

/** The heading around it; without one, the folder of its document. */
function chapterOf(placed: Placed, many: boolean): Chapter {
  const around: Placed[] = [];
  for (let up = placed.parent; up; up = up.parent) around.unshift(up);
  const chapter = around.length > 1 && !many ? around[1] : many ? around[0] : undefined;
  if (chapter && chapter.section.title !== '')
    return { slug: slugOf(chapter.section.title), title: visibleText(chapter.section.title).replaceAll('`', '') };
  const folder = posix.dirname(placed.doc);
  const title = folder === '.' || folder === 'src' || folder === 'docs' ? '' : posix.basename(folder);
  return { slug: slugOf(title), title };
}
