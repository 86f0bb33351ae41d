import type { Rule } from './rule.ts';
import { term } from './search-words.ts';

/** A part of a rule's text. */
export interface Section {
  /** `''` for what stands above the first heading. */
  readonly heading: string;
  /** Without code blocks. */
  readonly text: string;
}

/** The sections of a rule's body, one at least. */
export function sectionsOf({ body }: Pick<Rule, 'body'>): readonly Section[] {
  const sections: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }];
  let fence: string | undefined;
  for (const line of body.split('\n')) {
    const marks = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marks !== undefined && (fence === undefined || marks.startsWith(fence)))
      fence = fence === undefined ? marks : undefined;
    else if (fence === undefined) {
      const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
      if (heading === undefined) sections.at(-1)!.lines.push(line);
      else sections.push({ heading, lines: [] });
    }
  }
  const filled = sections.map(({ heading, lines }) => ({ heading, text: lines.join('\n').trim() }));
  return filled.length > 1 ? filled.filter(({ heading, text }) => heading !== '' || text !== '') : filled;
}

const LONGEST = 200;

/** The section that says most of what was asked, and its paragraph that does, on one line of at most 200 characters. */
export function bestSection(rule: Rule, asked: ReadonlySet<string>): Section {
  let best: Section | undefined;
  let most = -1;
  for (const { heading, text } of sectionsOf(rule)) {
    const inHeading = countTerms(heading, asked);
    for (const paragraph of text.split(/\n\s*\n/)) {
      const count = inHeading + countTerms(paragraph, asked);
      if (count <= most) continue;
      most = count;
      best = { heading, text: cut(paragraph) };
    }
  }
  return best && best.text !== '' ? best : { heading: best?.heading ?? '', text: cut(rule.when ?? rule.title) };
}

function countTerms(text: string, asked: ReadonlySet<string>): number {
  return new Set(text.split(/[^\p{L}\p{N}]+/u).flatMap((word) => term(word) ?? [])).intersection(asked).size;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, line.lastIndexOf(' ', LONGEST - 1)).trimEnd()}\u2026`;
}
