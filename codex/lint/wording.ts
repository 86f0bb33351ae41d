import { isInUse } from '../match.ts';
import type { ReadRule } from '../read-rule.ts';
import { isRetired, LEVEL_OF } from '../rule.ts';
import type { Found, Lint } from './lint.ts';

const levelWord: Lint = {
  id: 'CDX701',
  name: 'level-word',
  severity: 'error',
  title: 'A word of obligation that contradicts the level.',
  why: 'The text says MUST and the tools treat it as SHOULD, or the other way round.',
  *find({ rules }) {
    for (const read of rules) {
      if (isRetired(read.rule)) continue;
      const found = inTitle(read) ?? inBody(read);
      if (found) yield found;
    }
  },
};

/** Words that no imperative begins with. */
const NOT_IMPERATIVE =
  /^(?:the|an?|you|we|they|it|i|this|that|these|those|there|our|your|all|every|each|any|some|must|should|may|shall|can|is|are|how|why|what|which|who|(?!(?:bring|string|spring|ping|ring|sing|thing|wring|swing|king)\b)[a-z]+ing)\s/i;

const titleForm: Lint = {
  id: 'CDX702',
  name: 'title-form',
  severity: 'warning',
  title: 'A title that is no short imperative.',
  why: 'Titles stand in AGENTS.md as they are: one line, what to do.',
  *find({ rules }) {
    for (const { rule, lineOf } of rules) {
      if (isRetired(rule)) continue;
      const problem = titleProblem(rule.title);
      if (problem !== undefined) yield { file: rule.file, line: lineOf(['title']), message: problem };
    }
  },
};

/** About 1,500 tokens. */
const LONGEST = 6000;

const tooLong: Lint = {
  id: 'CDX703',
  name: 'too-long',
  severity: 'warning',
  title: `A rule of more than ${LONGEST} characters.`,
  why: 'The exported skill loads the rules of a domain together, and an agent\u2019s attention is short. Keep the rationale in the source.',
  *find({ rules }) {
    for (const { rule, bodyLine } of rules) {
      if (!isInUse(rule)) continue;
      const examples = [...rule.examples.bad, ...rule.examples.good].flatMap(({ files }) => Object.values(files));
      const length = [rule.title, rule.when ?? '', rule.body, ...examples].join('\n').length;
      if (length > LONGEST)
        yield {
          file: rule.file,
          line: bodyLine,
          message: `${length} characters with its examples, of at most ${LONGEST}: too long for a skill`,
        };
    }
  },
};

/** Why a title is no imperative as `AGENTS.md` takes it; `undefined` where it is one. */
export function titleProblem(title: string): string | undefined {
  const [first] = NOT_IMPERATIVE.exec(title) ?? [];
  if (first !== undefined)
    return `the title begins with "${first.trim()}"; say what to do: "Return problem+json for errors"`;
  return /[.:;,]$/.test(title) && !/\betc\.$/.test(title)
    ? `the title ends with "${title.at(-1)}"; take it out`
    : undefined;
}

export const WORDING_LINTS: readonly Lint[] = [levelWord, titleForm, tooLong];

/** RFC 2119: only in capitals they are meant. */
const CAPITALS = /\b(?:MUST|SHALL|REQUIRED|SHOULD|RECOMMENDED|MAY|OPTIONAL)\b/g;

function inTitle({ rule, lineOf }: ReadRule): Found | undefined {
  const found = (message: string): Found => ({ file: rule.file, line: lineOf(['title']), message });
  const plain = withoutCode(rule.title);
  const capital = plain.match(CAPITALS)?.find((word) => LEVEL_OF[word] !== rule.level);
  if (capital !== undefined) return found(`the title says ${capital}, the level is ${rule.level}`);
  // In "a request that must not be retried" it is said of the request.
  const [main = ''] = plain.split(/\b(?:that|which|who|whose|what|whatever|when|where|if|unless|because)\b/i, 1);
  const word = /\b(?:must|shall|should)\b/i.exec(main)?.[0];
  if (word === undefined || LEVEL_OF[word.toUpperCase()] === rule.level) return undefined;
  return { ...found(`the title says "${word}", the level is ${rule.level}`), severity: 'warning' };
}

/** "Level: MUST", "This rule is a MUST." */
const ABOUT_ITSELF =
  /(?:^|\s)(?:\*\*)?(?:[Ll]evel|[Tt]his rule is|[Tt]his is)(?:\*\*)?:?(?:\*\*)?\s+(?:an?\s+)?(?:\*\*|`)?(MUST|SHALL|REQUIRED|SHOULD|RECOMMENDED|MAY|OPTIONAL)\b/;

function inBody({ rule, bodyLine }: ReadRule): Found | undefined {
  const lines = rule.body.split(/\r\n|\r|\n/);
  const prose = proseLines(lines);
  for (const [at, line] of prose.entries()) {
    const word = ABOUT_ITSELF.exec(line)?.[1]?.toUpperCase();
    if (word !== undefined && LEVEL_OF[word] !== rule.level)
      return { file: rule.file, line: bodyLine + at, message: `the text says ${word}, the level is ${rule.level}` };
  }
  // Further down a text weighs exceptions and neighbours; what comes first states the rule.
  const start = prose.findIndex((line) => line.trim() !== '' && !/^\s*(?:#|\||>|<)/.test(line));
  if (start < 0) return undefined;
  const length = prose.slice(start).findIndex((line) => line.trim() === '');
  const paragraph = prose.slice(start, length < 0 ? undefined : start + length);
  const words = paragraph.flatMap((line, at) => (line.match(CAPITALS) ?? []).map((word) => ({ word, at })));
  const first = words[0];
  if (!first || words.some(({ word }) => LEVEL_OF[word] === rule.level)) return undefined;
  // What one may do is the exception of a rule that says what one must.
  const strongest = words.find(({ word }) => LEVEL_OF[word] !== 'MAY');
  if (!strongest) return undefined;
  return {
    file: rule.file,
    line: bodyLine + start + strongest.at,
    message: `the text begins with ${strongest.word}, the level is ${rule.level}`,
    severity: 'warning',
  };
}

/** Lines outside of code, with code spans and quotations taken out. */
function proseLines(lines: readonly string[]): readonly string[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const ticks = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (ticks !== undefined) {
      if (fence === undefined) fence = ticks;
      else if (ticks.startsWith(fence)) fence = undefined;
      return '';
    }
    return fence === undefined ? withoutCode(line) : '';
  });
}

function withoutCode(text: string): string {
  return text.replace(/`[^`]*`|"[^"]*"|\u201c[^\u201d]*\u201d/g, '');
}
