import { readAsciidoc } from '../import/asciidoc/index.ts';
import type { Standard } from '../import/index.ts';
import { readMarkdown } from '../import/markdown/index.ts';
import { withoutComments } from '../import/markdown/render.ts';
import type { StandardFormat } from '../import/read-documents.ts';
import type { SourceSection } from '../import/section.ts';
import { visibleText } from '../visible-text.ts';

/** What a model reads at a time: one section, without those in it. */
export interface Unit {
  readonly section: SourceSection;
  /** What people see of it: no comments, no hidden characters. Quotes are looked up in this. */
  readonly text: string;
}

export interface ReadUnits {
  readonly title?: string;
  readonly units: readonly Unit[];
  readonly notes: readonly string[];
}

/** Every section of the documents with text of its own; of AsciiDoc those with a number, an ID or a level. */
export function readUnits({ documents, named }: Standard, format: StandardFormat): ReadUnits {
  const { title, sections, notes } =
    format === 'asciidoc'
      ? readAsciidoc(documents, named)
      : readMarkdown(documents, named, { everySection: true, anyText: true });
  const starts = Map.groupBy(sections, ({ doc }) => doc);
  const units = sections.map((section) => ({
    section,
    text: shown(ownText(section, starts.get(section.doc)!), format),
  }));
  return { ...(title === undefined ? {} : { title }), units, notes };
}

/** A section up to the first one in it. */
function ownText({ quote, line }: SourceSection, sameDoc: readonly SourceSection[]): string {
  const lines = quote.split('\n');
  const inner = sameDoc.map((other) => other.line).filter((other) => other > line && other < line + lines.length);
  return inner.length === 0 ? quote : lines.slice(0, Math.min(...inner) - line).join('\n');
}

function shown(text: string, format: StandardFormat): string {
  const seen = visibleText(text);
  return (format === 'markdown' ? withoutComments(seen) : withoutLineComments(seen)).trim();
}

/** AsciiDoc: `// ...` and what stands between two lines of `////`. */
function withoutLineComments(text: string): string {
  let hidden = false;
  return text
    .split('\n')
    .filter((line) => {
      if (/^\/{4,}\s*$/.test(line)) {
        hidden = !hidden;
        return false;
      }
      return !hidden && !/^\/\/(?!\/)/.test(line);
    })
    .join('\n');
}
