import { masked } from '../../forge/render/secrets.ts';
import { oneLine } from '../../forge/render/visible.ts';
import type { Rule } from '../rule.ts';

const MOST_STEPS = 6;
const LONGEST = 400;

/** What to do about a broken rule, in the rule's own words: what it asks, what to use instead, and why. */
export function stepsOf({ title, when, check, body }: Rule): readonly string[] {
  const instead = check && 'instead' in check && check.instead ? [`Use ${check.instead} instead.`] : [];
  const occasion = when === undefined ? title : `When ${when}: ${title}`;
  const prose = body
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1.*$/gm, '')
    .split(/\n\s*\n/)
    .map(oneLine)
    .filter((paragraph) => paragraph !== '' && !paragraph.startsWith('#'));
  return told([occasion, ...instead, ...prose]);
}

/** Sentences of whoever wrote them, each on a line and no longer than it takes to read it. */
export function told(sentences: readonly string[]): readonly string[] {
  return sentences
    .map((each) => shortened(each, LONGEST))
    .filter((each) => each !== '')
    .slice(0, MOST_STEPS);
}

export function shortened(text: string, most: number): string {
  const line = masked(oneLine(text));
  return line.length > most ? `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}
