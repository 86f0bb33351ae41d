import { LEVEL_OF, type Level } from '../rule.ts';
import { WORDS } from './level.ts';

/** How many sentences of a section may say what it obliges to. */
const SENTENCES = 3;
/** Characters of a section that are looked at. */
const LONGEST = 4000;

/** RFC 2119 writes them in capitals. */
const IN_CAPITALS = new RegExp(`\\b(${WORDS})\\b`);
/** In small letters only verbs oblige: "optional" and "required" stand before any noun. */
const VERB = /\b(must|shall|should|may)\b(?:\s+(\w+))?/gi;
/** "which may", "that a client should": what a side clause says obliges nobody. */
const SIDE_CLAUSE =
  /\b(?:that|which|who|whom|what|where|when|how|if|whether|because|as|until|unless)\s+(?:(?!must|shall|should|may)\w+\s+){0,2}$/i;
/** "must have seen": what somebody supposes. */
const GUESS = /^\s+have\s+(?:been|\w+e[dn])\b/i;
/** "This may": what can happen. */
const NOBODY = /\b(?:it|this|there|these)\s+$/i;
/** "When a call may fail, wrap it": what comes before the comma. */
const CONDITION =
  /^(?:when|whenever|if|where|unless|while|as|because|since|although|for|to|in order|in case)\b[^,]*,\s*/i;
/** "may be late", "may not": says what can happen, not what is allowed. */
const MAYBE = new Set(
  'not be have lead cause happen occur contain vary differ seem become fail need result'.split(' '),
);

/**
 * The level that a section's own first sentences name: the verb of the first one, `must`, `should`, `may`, however it is
 * written; or a word of RFC 2119 in capitals. `section`: Markdown from its heading.
 */
export function textLevel(section: string): Level | undefined {
  const sentences = sentencesOf(section);
  const [first = ''] = sentences;
  const inFirst = IN_CAPITALS.exec(first)?.[1];
  if (inFirst !== undefined) return LEVEL_OF[inFirst];
  const verb = mainVerb(first);
  if (verb !== undefined) return LEVEL_OF[verb];
  const later = sentences.flatMap((sentence) => IN_CAPITALS.exec(sentence)?.[1] ?? [])[0];
  return later === undefined ? undefined : LEVEL_OF[later];
}

function mainVerb(sentence: string): string | undefined {
  if (sentence.endsWith('?')) return undefined;
  const clause = sentence.replace(CONDITION, '');
  for (const { 1: verb, 2: next = '', index } of clause.matchAll(VERB)) {
    const word = verb!.toUpperCase();
    const before = clause.slice(0, index);
    if (SIDE_CLAUSE.test(before) || GUESS.test(clause.slice(index + word.length))) continue;
    if (word === 'MAY' && (NOBODY.test(before) || MAYBE.has(next.toLowerCase()))) continue;
    return word;
  }
  return undefined;
}

/** Of its first paragraphs of prose: no code, tables, quotes, pictures. */
function sentencesOf(section: string): readonly string[] {
  const [heading = '', ...lines] = section.slice(0, LONGEST).split('\n');
  const prose: string[] = [];
  let fence: string | undefined;
  for (const line of /^ {0,3}#/.test(heading) ? lines : lines.slice(1)) {
    const marks = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (marks !== undefined && (fence === undefined || marks.startsWith(fence)))
      fence = fence === undefined ? marks : undefined;
    else if (fence === undefined && !/^\s*(?:[|>]|<\/?[a-z!]|!\[| {4})/i.test(line)) prose.push(line);
  }
  return prose
    .join('\n')
    .replace(/`[^`\n]*`/g, 'code')
    .replace(/[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}/g, '')
    .split(/(?<=[.!?:])\s+|\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)/)
    .map((sentence) =>
      sentence
        .replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((sentence) => /\p{L}/u.test(sentence))
    .slice(0, SENTENCES);
}
