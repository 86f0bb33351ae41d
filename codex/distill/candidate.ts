import { frameworkKey, isKnownFramework } from '../frameworks.ts';
import { isUsableGlob } from '../globs.ts';
import { contentWords } from '../ids-words.ts';
import { textLevel } from '../import/text-level.ts';
import { impossible } from '../lint/scope.ts';
import { titleProblem } from '../lint/wording.ts';
import type { Level, Scope } from '../rule.ts';
import { knownLanguages } from '../stack.ts';
import { visibleText } from '../visible-text.ts';
import type { GivenRule } from './answers.ts';
import { standing } from './standing.ts';
import type { Unit } from './units.ts';

/** A rule that was taken from a section, before it has an ID. */
export interface Candidate {
  readonly unit: Unit;
  /** As it stands in the section. */
  readonly quote: string;
  readonly title: string;
  readonly when?: string;
  /** "If you need X, use Y." or "You must do X, when Y." */
  readonly statement: string;
  readonly level: Level;
  readonly appliesTo: Scope;
  /** What it was made from: what is shown when it is sent back. */
  readonly given: GivenRule;
}

/** `standard.md#errors`. */
export function placeOf({ unit: { section } }: Candidate): string {
  return `${section.doc}#${section.anchor}`;
}

/** What became of a rule that a model gave. */
export type Read =
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** What has to be put right. `unfounded`: its quote does not stand in the section, and nothing of it is believed. */
  | { readonly kind: 'flawed'; readonly problems: readonly string[]; readonly unfounded: boolean };

const UNFOUNDED = 'its quote does not stand in the section; copy a whole sentence as it is';
/** Characters of a part of a sentence. */
const LONGEST_PART = 300;
/** So much of what a rule says has to be said in its section. */
const OWN_WORDS = 0.5;

/** Holds what a model gave against the section. @param level of quotes that name none. */
export function readCandidate(given: GivenRule, unit: Unit, level: Level): Read {
  const quote = standing(given.quote, unit.text);
  if (quote === undefined) return { kind: 'flawed', problems: [UNFOUNDED], unfounded: true };
  const title = given.title.trim();
  const what = given.what.trim().replace(/\.$/, '');
  const occasion = given.occasion.trim().replace(/\.$/, '');
  const problems = [
    ...titleProblems(title),
    ...sentenceProblems({ what, occasion }, given.form),
    ...scopeProblems(given),
    ...inventions([title, what, occasion].join('\n'), unit),
  ];
  if (problems.length > 0) return { kind: 'flawed', problems, unfounded: false };
  const supported = levelOf(given.level, quote, unit, level);
  const when = given.form === 'choice' ? `you need ${occasion}` : occasion;
  return {
    kind: 'candidate',
    candidate: {
      unit,
      quote,
      title,
      ...(when === '' ? {} : { when }),
      statement: statementOf(given.form, what, occasion, supported),
      level: supported,
      appliesTo: {
        languages: given.languages.map((name) => name.toLowerCase()),
        frameworks: given.frameworks.map(frameworkKey),
        paths: given.paths,
        notPaths: given.notPaths,
        catalog: {},
      },
      given,
    },
  };
}

/** What the source says of its level counts, not what a model makes of it; it is never higher than the words. */
function levelOf(wished: Level, quote: string, { section }: Unit, otherwise: Level): Level {
  const said = textLevel(`#\n\n${quote}`);
  const stated = section.own === undefined ? (said ?? section.level) : (section.level ?? said);
  if (stated !== undefined) return stated;
  return WORDS_OF[wished].test(quote) ? wished : otherwise;
}

const WORDS_OF: Readonly<Record<Level, RegExp>> = {
  MUST: /\b(?:must|shall|required)\b/i,
  SHOULD: /\b(?:should|recommended)\b/i,
  MAY: /\b(?:may|can|optional)\b/i,
};

function statementOf(form: GivenRule['form'], what: string, occasion: string, level: Level): string {
  if (form === 'choice') return `If you need ${occasion}, use ${what}.`;
  return `You ${level.toLowerCase()} ${what}${occasion === '' ? '' : `, when ${occasion}`}.`;
}

function titleProblems(title: string): readonly string[] {
  if (title === '') return ['the title is empty'];
  if (title.length > 80) return [`the title has ${title.length} characters; 80 are the most`];
  if (isOdd(title)) return ['the title must be plain text on one line'];
  if (/\b(?:MUST|SHALL|SHOULD|MAY)\b/.test(title)) return ['the title names a level; say what to do'];
  const problem = titleProblem(title);
  return problem === undefined ? [] : [problem];
}

function sentenceProblems(parts: { readonly what: string; readonly occasion: string }, form: GivenRule['form']) {
  const problems: string[] = [];
  if (parts.what === '') problems.push('"what" is empty');
  if (parts.occasion === '' && form === 'choice') problems.push('"occasion" of a choice is empty');
  for (const [name, text] of Object.entries(parts)) {
    if (text.length > LONGEST_PART)
      problems.push(`"${name}" has ${text.length} characters; ${LONGEST_PART} are the most`);
    else if (isOdd(text)) problems.push(`"${name}" must be plain text on one line`);
  }
  return problems;
}

/** More lines, hidden characters, tags, links: a rule is read by people and models as it is. In code they are none. */
function isOdd(text: string): boolean {
  const plain = text.replace(/(?<!\\)`[^`\r\n]*`/g, '');
  return /[\r\n]|<[a-z!/?]|\]\s?[([:]/i.test(plain) || visibleText(text) !== text;
}

/** Only what the analyser can find in a repository: a rule for anything else never applies. */
function scopeProblems({ languages, frameworks, paths, notPaths }: GivenRule): readonly string[] {
  const known = knownLanguages();
  const globs = [...paths, ...notPaths];
  return [
    ...languages
      .filter((name) => !known.has(name.toLowerCase()))
      .map((name) => `unknown language ${JSON.stringify(name)}: only languages of files, by Linguist's names`),
    ...frameworks
      .filter((name) => !isKnownFramework(frameworkKey(name)))
      .map((name) => `unknown framework ${JSON.stringify(name)}: name it by its registry, such as npm:express`),
    ...globs
      .filter((glob) => !isUsableGlob(glob) || impossible(glob) !== undefined)
      .map((glob) => `the glob ${JSON.stringify(glob)} matches nothing`),
  ];
}

/** Names that the section does not know, or too few of its words: somebody made it up. */
function inventions(said: string, { section, text }: Unit): readonly string[] {
  const source = `${section.chapter.title}\n${section.heading}\n${text}`;
  const lower = source.toLowerCase();
  const names = (said.match(NAME) ?? []).map((name) => name.replace(/[.:/-]+$/, ''));
  const unknown = [...new Set(names.filter((name) => isName(name) && !lower.includes(name.toLowerCase())))];
  const words = new Set(contentWords(said));
  const theirs = new Set(contentWords(source));
  const shared = [...words].filter((word) => theirs.has(word)).length;
  return [
    ...unknown.map((name) => `${JSON.stringify(name)} does not stand in the section`),
    ...(shared < words.size * OWN_WORDS ? ['most of its words are not those of the section'] : []),
  ];
}

const NAME = /[\p{L}\p{N}@#$][\p{L}\p{N}@#$_./:-]*/gu;

/** Versions, paths, packages, identifiers, abbreviations. */
function isName(word: string): boolean {
  return /\p{N}|[@#$_/:]|\p{L}\.\p{L}|\p{Ll}\p{Lu}|^\p{Lu}{2,}/u.test(word);
}
