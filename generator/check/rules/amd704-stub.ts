import { commentsOf } from '../../documents/comments.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { spansOf } from '../../documents/spans.ts';
import { pieceOfLine } from '../piece.ts';
import type { Rule } from '../rule.ts';

const FEWEST_LINES = 5;
/** A ban takes no more than a sentence; less is a placeholder. */
const FEWEST_WORDS = 10;

/** A document that says nothing yet. One that only points at another says enough, and so does one with a command. */
export const stub: Rule = {
  id: 'AMD704',
  name: 'stub',
  severity: 'warning',
  title: `The document of a repository says nothing, or has fewer than ${FEWEST_WORDS} words and neither a command nor a pointer.`,
  why: 'It stands where an agent looks first and tells it nothing, so that nobody misses the document that should be there.',
  source: 'https://arxiv.org/abs/2511.12884',
  *check(document, { documents }) {
    const { dir, kind, unparsed } = document;
    // A folder, and a rule file among others, may have a single thing to say.
    if (dir !== '' || !['agents', 'claude', 'gemini'].includes(kind) || unparsed !== undefined) return;
    if (documents.some((other) => other !== document && other.dir === '' && meaningfulLines(other) >= FEWEST_LINES))
      return;
    const at = pieceOfLine(document, 1);
    if (meaningfulLines(document) === 0)
      yield { at, severity: 'warning', message: 'says nothing: write how to build and test into it, or remove it' };
    else if (wordsOf(document) < FEWEST_WORDS && !saysSomething(document))
      yield { at, severity: 'info', message: 'says next to nothing: write at least how to build and test' };
  },
};

/** Lines of text, code or lists; not headings, comments, fences and rules. */
function meaningfulLines(document: AgentDocument): number {
  return saying(document).length;
}

function wordsOf(document: AgentDocument): number {
  return (
    saying(document)
      .join(' ')
      .match(/[\p{L}\p{N}]+/gu)?.length ?? 0
  );
}

function saying(document: AgentDocument): readonly string[] {
  let text = '';
  let from = 0;
  for (const { start, end } of commentsOf(document)) {
    text += document.text.slice(from, start);
    from = end;
  }
  text += document.text.slice(from);
  return text.split('\n').filter((line) => /[\p{L}\p{N}]/u.test(line) && !/^\s*(?:#{1,6}\s|`{3}|~{3})/.test(line));
}

/** A span of code, a link or an import. */
function saysSomething(document: AgentDocument): boolean {
  return spansOf(document).some(
    ({ kind, text }) =>
      kind === 'code' || kind === 'block' || kind === 'link' || /(?:^|\s)@[\w./~-]+|\b[\w-]{1,60}\.mdc?\b/.test(text),
  );
}
