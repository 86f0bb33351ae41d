import { type HiddenKind, type HiddenRun, hiddenRuns } from '../hidden-characters.ts';
import { pieceBetween } from '../piece.ts';
import type { Fix, Rule } from '../rule.ts';

const WHAT: Readonly<Record<HiddenKind, string>> = {
  tag: 'tag characters, which spell text that only a model reads',
  direction: 'marks that turn the direction of text, so that it reads otherwise than it stands there',
  'zero-width': 'characters without width',
  invisible: 'characters that are drawn as nothing',
  variation: 'variation selectors that vary nothing, which can carry text',
  'soft-hyphen': 'soft hyphens, which are seen at line ends only',
};

/** A person who reviews the file and the model that obeys it must read the same text. */
export const hiddenUnicode: Rule = {
  id: 'AMD402',
  name: 'hidden-unicode',
  severity: 'error',
  title: 'A document holds characters that nobody sees.',
  why: 'Models read them: whole instructions have been hidden in rules files this way, and reviewers could not see them.',
  source: 'https://nvd.nist.gov/vuln/detail/CVE-2021-42574',
  *check(document) {
    const { lines, faithful } = document;
    for (let number = 1; number <= lines.count; number++) {
      const line = lines.line(number);
      const runs = hiddenRuns(line);
      const [first] = runs;
      if (!first) continue;
      const offset = lines.startOf(number);
      const worst = runs.find(({ kind }) => kind !== 'soft-hyphen');
      const { codePoint, kind } = worst ?? first;
      const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
      const more = runs.length === 1 ? '' : `, in ${runs.length} places`;
      yield {
        // One character is enough: what is smuggled is not carried on into reports.
        at: pieceBetween(document, offset + first.start, offset + first.start + (first.codePoint > 0xffff ? 2 : 1)),
        severity: worst ? 'error' : 'warning',
        message: `hidden Unicode: ${WHAT[kind]} (${name}${more}): take them out`,
        ...(faithful ? { fix: without(runs, line, offset) } : {}),
      };
    }
  },
};

/** One change a line: what was seen stays as it was. */
function without(runs: readonly HiddenRun[], line: string, offset: number): Fix {
  const start = runs[0]!.start;
  let kept = '';
  let from = start;
  for (const run of runs) {
    kept += line.slice(from, run.start);
    from = run.end;
  }
  return { start: offset + start, end: offset + from, text: kept };
}
