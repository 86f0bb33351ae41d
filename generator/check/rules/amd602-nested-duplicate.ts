import type { AgentDocument } from '../../documents/document.ts';
import { documentsAbove } from '../chain.ts';
import { pieceOfLine } from '../piece.ts';
import type { Rule } from '../rule.ts';

/** Words of a section; a shorter one is a phrase that anybody would write. */
const FEWEST_WORDS = 30;
const SHINGLE = 5;
const MOST_ALIKE = 0.8;

/** What stands above is in force below: said again, it costs its tokens twice and drifts apart. */
export const nestedDuplicate: Rule = {
  id: 'AMD602',
  name: 'nested-duplicate',
  severity: 'warning',
  title: 'A section of a nested document stands in a document above it, too.',
  why: 'Agents that read both pay for it twice, and the next change is made in one of the two only.',
  source: 'https://github.com/agentsmd/agents.md/issues/135',
  *check(document, { documents }) {
    const above = documentsAbove(document, documents);
    if (above.length === 0) return;
    const said = sectionsOf(document).flatMap(({ line, words }) => {
      if (words.length < FEWEST_WORDS) return [];
      const shingles = shinglesOf(words);
      const source = above.find((other) => containment(shingles, allShingles(other)) > MOST_ALIKE);
      return source ? [{ line, source }] : [];
    });
    const [first, ...rest] = said;
    if (!first) return;
    const more = rest.length > 0 ? `, and so do those in ${linesText(rest.map(({ line }) => line))}` : '';
    yield {
      at: pieceOfLine(document, first.line),
      severity: 'warning',
      message: `this section stands in ${first.source.path}, too, which is in force here${more}: leave it out`,
    };
  },
};

/** `line 3`, `lines 3, 7`. */
function linesText(lines: readonly number[]): string {
  return `line${lines.length > 1 ? 's' : ''} ${lines.join(', ')}`;
}

interface Section {
  readonly line: number;
  readonly words: readonly string[];
}

/** What stands below each heading, up to the next one of any level. */
function sectionsOf({ tree, text }: AgentDocument): readonly Section[] {
  const starts = tree.children.flatMap(({ type, position }, at) =>
    position && (type === 'heading' || at === 0) ? [position.start] : [],
  );
  return starts.map((start, at) => ({
    line: start.line,
    words: wordsOf(text.slice(start.offset, starts[at + 1]?.offset)),
  }));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function shinglesOf(words: readonly string[]): ReadonlySet<string> {
  const shingles = new Set<string>();
  for (let at = 0; at + SHINGLE <= words.length; at++) shingles.add(words.slice(at, at + SHINGLE).join(' '));
  return shingles;
}

const known = new WeakMap<AgentDocument, ReadonlySet<string>>();

function allShingles(document: AgentDocument): ReadonlySet<string> {
  let shingles = known.get(document);
  if (!shingles) {
    shingles = shinglesOf(wordsOf(document.text));
    known.set(document, shingles);
  }
  return shingles;
}

function containment(part: ReadonlySet<string>, whole: ReadonlySet<string>): number {
  let common = 0;
  for (const shingle of part) if (whole.has(shingle)) common++;
  return part.size === 0 ? 0 : common / part.size;
}
