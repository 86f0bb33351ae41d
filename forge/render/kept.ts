import { MARKER } from './marker.ts';
import { type SafeText, sealed } from './safe-text.ts';

/** Characters of each part that people wrote; GitLab takes 1,000,000 in all. */
const LONGEST = 200_000;

/**
 * A text of ours between what people wrote before and behind the one it replaces. Theirs is theirs, and goes back as the
 * forge told it, but for what it must not do in our name: a line that begins with a quick action gets a backslash before
 * its slash, and lines that read like a marker of ours go.
 *
 * @param begin, end the names of the markers that ours begins and ends with: where people took out the first, only what
 * follows the last is theirs, and where both are missing everything.
 */
export function between(ours: SafeText, known: string, begin: string, end: string): SafeText {
  const text = known.replace(/\r\n?/g, '\n');
  const markers = [...text.matchAll(MARKER)].map(({ index, 0: line, 1: name }) => ({ index, line, name }));
  const first = markers.find(({ name }) => name === begin);
  const last = markers.findLast(({ name }) => name === end);
  const before = first ? text.slice(0, first.index) : last ? '' : text;
  const behind = last && last.index >= (first?.index ?? 0) ? text.slice(last.index + last.line.length) : '';
  return sealed([harmless(before), ours, harmless(behind)].filter((part) => part !== '').join('\n\n'));
}

function harmless(text: string): string {
  return text
    .slice(0, LONGEST)
    .split('\n')
    .filter((line) => !/<!--\s*agentsmd:/i.test(line))
    .map((line) => line.replace(/^([\s>*+\-\p{Cf}]*)\/(?=[\p{L}_])/u, '$1\\/'))
    .join('\n')
    .trim();
}
