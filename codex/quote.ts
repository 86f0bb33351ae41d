import { createHash } from 'node:crypto';
import Slugger from 'github-slugger';

/** A heading of a document with the text below it, down to the next heading of the same or a higher level. */
export interface Section {
  /** What leads there: the heading's slug as GitHub and GitLab make it, and anchors written by hand (`<a id="x">`, `{#x}`). */
  readonly anchors: readonly string[];
  readonly title: string;
  /** Of the heading, from 1. */
  readonly line: number;
  /** The heading included. */
  readonly text: string;
}

/** What `source.quote-hash` of a rule holds: the text's hash with white space folded, so that wrapping it anew changes nothing. */
export function quoteHash(sectionText: string): string {
  const folded = sectionText.replace(/\s+/g, ' ').trim();
  return `sha256:${createHash('sha256').update(folded).digest('hex')}`;
}

/** The section that an anchor (with or without `#`) leads to. */
export function sectionAt(sections: readonly Section[], anchor: string): Section | undefined {
  const wanted = anchor.replace(/^#/, '');
  return (
    sections.find(({ anchors }) => anchors.includes(wanted)) ??
    sections.find(({ anchors }) => anchors.includes(wanted.toLowerCase()))
  );
}

/** The sections of a Markdown document, in order. Code is no heading. */
export function sectionsOf(markdown: string): readonly Section[] {
  const lines = markdown.split(/\r\n|\r|\n/);
  const headings = headingsOf(lines);
  const slugger = new Slugger();
  return headings.map(({ title, level, at, before }, index) => {
    const next = headings.slice(index + 1).find((other) => other.level <= level);
    const text = lines.slice(at, next?.at ?? lines.length).join('\n');
    const named = [...`${before}\n${title}`.matchAll(WRITTEN)].map((match) => match[1] ?? match[2]!);
    const plain = title.replace(WRITTEN, '').trim();
    return { anchors: [slugger.slug(withoutMarkup(plain)), ...named], title: plain, line: at + 1, text };
  });
}

/** `<a id="x"></a>`, `<a name="x">`, `{#x}`. */
const WRITTEN = /<a\s+(?:id|name)=["']?([^"'\s>]+)["']?\s*\/?>(?:<\/a>)?|\{:?\s*#([\w.:-]+)[^}]*\}/gi;

interface Heading {
  readonly title: string;
  readonly level: number;
  /** The index of its line. */
  readonly at: number;
  /** The line that is not blank before it: where anchors stand. */
  readonly before: string;
}

function headingsOf(lines: readonly string[]): readonly Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  let before = '';
  const start = frontMatterEnd(lines);
  for (const [at, line] of lines.entries()) {
    if (at < start) continue;
    const ticks = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (ticks && fence === undefined) fence = ticks[1]!;
    else if (ticks && ticks[1]!.startsWith(fence!) && ticks[2]!.trim() === '') fence = undefined;
    else if (fence === undefined) {
      const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line);
      const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line);
      const above = lines[at - 1] ?? '';
      if (atx) headings.push({ title: atx[2] ?? '', level: atx[1]!.length, at, before });
      else if (underline && /^ {0,3}[^\s#>|*+-]/.test(above) && headings.at(-1)?.at !== at - 1)
        headings.push({ title: above.trim(), level: underline[1]!.startsWith('=') ? 1 : 2, at: at - 1, before: '' });
    }
    if (line.trim() !== '') before = line;
  }
  return headings;
}

/** How many lines front matter takes, whatever stands in it: its last line would make a heading of the one above. */
export function frontMatterEnd(lines: readonly string[]): number {
  const opening = /^\ufeff?(---|\+\+\+)[ \t]*\w*[ \t]*$/.exec(lines[0] ?? '')?.[1];
  // A line in the middle of nothing parts what is above it from what is below.
  if (opening === undefined || (lines[1] ?? '').trim() === '') return 0;
  return lines.findIndex((line, at) => at > 0 && line.trimEnd() === opening) + 1;
}

/** The text that a reader sees, which slugs are made of. */
function withoutMarkup(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|[*`])(.+?)\1/g, '$2')
    .replace(/<[^>]+>/g, '');
}
