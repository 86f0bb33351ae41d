import { pieceBetween } from '../piece.ts';
import { isFiller } from '../prose/filler.ts';
import { paragraphsOf, sentencesOf } from '../prose/sentences.ts';
import type { Rule } from '../rule.ts';

/** "Write clean code" changes nothing that an agent does. */
export const genericFiller: Rule = {
  id: 'AMD306',
  name: 'generic-filler',
  severity: 'warning',
  title: 'A sentence says what would be true of any project.',
  why: 'It gives an agent nothing to do or to check, and takes attention from the lines that do.',
  source:
    'https://github.blog/ai-and-ml/github-copilot/how-to-write-a-great-agents-md-lessons-from-over-2500-repositories/',
  *check(document) {
    for (const { text, start, end, piece, within, code, link } of paragraphsOf(document)) {
      if (within === 'cell' || within === 'quote') continue;
      const source = document.text.slice(start, end);
      const sentences = sentencesOf(text);
      for (const [i, sentence] of sentences.entries()) {
        if (!isFiller(sentence) || ((code || link) && hasMarkup(source, sentence))) continue;
        // What follows may say what it means here.
        if (sentences[i + 1] !== undefined && !isFiller(sentences[i + 1]!)) continue;
        const at = source.indexOf(sentence);
        yield {
          at: at < 0 ? piece : pieceBetween(document, start + at, start + at + sentence.length),
          severity: 'warning',
          message: 'holds for every project: say what is special here (a command, a path, a limit), or take it out',
        };
      }
    }
  },
};

/** The sentence names code or a link: it is not found in the source as it reads, or between backquotes. */
function hasMarkup(source: string, sentence: string): boolean {
  const at = source.replace(/\s+/g, ' ').indexOf(sentence);
  return at < 0 || source[at - 1] === '`';
}
