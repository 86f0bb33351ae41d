import { SECTIONS, type Section } from '../item.ts';
import type { Bullet, HeadingSection, Outline } from './bullets.ts';
import { afterLine, within } from './bullets.ts';
import { isBlank, lineEndAt, type Splice } from './splice.ts';

/** Bullets to be written, of one section of ours. */
export interface Addition {
  readonly section: Section;
  readonly texts: readonly string[];
}

/** Where additions go, and which sections are made for them. */
export interface Placed {
  readonly splices: readonly Splice[];
  readonly made: readonly Section[];
  /** Sections of the document that get something. */
  readonly into: ReadonlySet<HeadingSection>;
}

/**
 * Places new bullets: at the end of their section, or in a new section at its place in the order of {@link SECTIONS}.
 *
 * @param homes where bullets of ours stand already: people rename headings, and what is new belongs with the rest.
 */
export function place(
  outline: Outline,
  additions: readonly Addition[],
  homes: ReadonlyMap<Section, HeadingSection>,
): Placed {
  const splices: Splice[] = [];
  const made: Section[] = [];
  const into = new Set<HeadingSection>();
  const opened = new Map<number, string[][]>();
  for (const { section, texts } of additions) {
    const home = homes.get(section) ?? sectionNamed(outline, section);
    if (home) {
      splices.push(intoSection(outline, home, texts));
      into.add(home);
    } else {
      const at = offsetFor(outline, section, homes);
      const heading = `${'#'.repeat(depthOf(outline))} ${section}`;
      opened.set(at, [...(opened.get(at) ?? []), [heading, '', ...texts.map((text) => `- ${text}`)]]);
      made.push(section);
    }
  }
  for (const [at, blocks] of opened) splices.push(newBlocks(outline, at, blocks));
  return { splices, made, into };
}

/** The section of the document that has one of our names, and is not one of another tool. */
function sectionNamed(outline: Outline, name: Section): HeadingSection | undefined {
  return peoples(outline).find(({ title }) => title.toLowerCase() === name.toLowerCase());
}

/** The sections whose heading is not in a block that another tool writes: it may be gone the next time. */
function peoples({ sections, foreign }: Outline): readonly HeadingSection[] {
  return foreign.length === 0 ? sections : sections.filter(({ start }) => !within(start, foreign));
}

/** After the bullets that end the section; where something else ends it, after that. */
function intoSection(outline: Outline, { own }: HeadingSection, texts: readonly string[]): Splice {
  // A block of another tool that has headings itself begins another section.
  const beyond = outline.foreign.filter(({ start, end }) => start >= own.start && start < own.end && end > own.end);
  const blocks = outline.blocks.filter(
    ({ start, end }) => start >= own.start && end <= own.end && !within(start, beyond),
  );
  const last = blocks.at(-1);
  const bullets = last?.list === undefined ? [] : outline.bullets.filter(({ list }) => list === last.list);
  const model = bullets.at(-1);
  if (last && model?.plain && !within(Math.max(0, last.end - 1), outline.foreign))
    return afterBullet(outline, model, texts, last.spread === true);
  const foreign = last && outline.foreign.find(({ start, end }) => start < last.end && last.end <= end);
  const at = last ? afterLine(outline.lines, foreign?.end ?? last.end) : own.start;
  return newBlocks(outline, at, [texts.map((text) => `- ${text}`)]);
}

function afterBullet(outline: Outline, model: Bullet, texts: readonly string[], spread: boolean): Splice {
  const at = model.lines.end;
  const end = lineEndAt(outline, at);
  const lines = texts.flatMap((text, i) => [...(spread ? [''] : []), `${model.indent}${nextMarker(model, i)}${text}`]);
  return { start: at, end: at, text: joined(outline, at, lines, end) };
}

/** `3. ` follows `2. `; a marker that stands alone on its line has no space to be copied. */
function nextMarker({ marker }: Bullet, index: number): string {
  const kept = /[ \t]$/.test(marker) ? marker : `${marker} `;
  return kept.replace(/^\d+/, (digits) => `${Number(digits) + index + 1}`);
}

/** Blocks with a blank line between them and around them, where there is none yet. */
function newBlocks(outline: Outline, at: number, blocks: readonly (readonly string[])[]): Splice {
  const { text, lines } = outline;
  const end = lineEndAt(outline, at);
  const atEnd = at >= text.length;
  const line = atEnd ? lines.count + 1 : lines.lineAt(at);
  let from = at;
  const body = blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block]));
  const before = text === '' || line === 1 || isBlank(outline, line - 1);
  // A blank line that is there already goes before what is new.
  const reuse = !before && !atEnd && isBlank(outline, line);
  if (reuse) from = lines.startOf(line + 1);
  const rest = reuse ? line + 1 : line;
  const put = [...(before || reuse ? [] : ['']), ...body, ...(isBlank(outline, rest) ? [] : [''])];
  return { start: from, end: from, text: joined(outline, from, put, end) };
}

/** Lines as they are put at an offset: a file without a line end at its end gets none. */
function joined({ text }: Outline, at: number, lines: readonly string[], end: string): string {
  const open = at >= text.length && text !== '' && !/[\r\n]$/.test(text);
  return open ? `${end}${lines.join(end)}` : lines.map((line) => `${line}${end}`).join('');
}

/** After the nearest section of ours that comes before it, else before the first one that comes after it, else at the end. */
function offsetFor(outline: Outline, section: Section, homes: ReadonlyMap<Section, HeadingSection>): number {
  const sections = peoples(outline);
  const home = (name: Section) => sections.find((each) => each === homes.get(name));
  const find = (name: Section) => home(name) ?? sectionNamed(outline, name);
  const at = SECTIONS.indexOf(section);
  const before = SECTIONS.slice(0, at).flatMap((name) => find(name) ?? []);
  const after = SECTIONS.slice(at + 1).flatMap((name) => find(name) ?? []);
  const offset = before.at(-1)?.end ?? after[0]?.start ?? outline.text.length;
  return beforeHeading(outline, offset);
}

/**
 * An offset moves on to the next heading that ends a section of ours, else to the end: what follows with a deeper heading,
 * or with none, would become part of it.
 */
function beforeHeading(outline: Outline, offset: number): number {
  const depth = depthOf(outline);
  return peoples(outline).find((each) => each.start >= offset && each.depth <= depth)?.start ?? outline.text.length;
}

/** Sections are headings of the second level, unless the document has only first ones. */
function depthOf(outline: Outline): number {
  const sections = peoples(outline);
  const firsts = sections.filter(({ depth }) => depth === 1).length;
  return firsts > 1 && !sections.some(({ depth }) => depth === 2) ? 1 : 2;
}
