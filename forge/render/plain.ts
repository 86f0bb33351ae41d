import { closingNothing } from './closing.ts';
import { assertSafePlain } from './gate-plain.ts';
import { ISSUE_KEY } from './issue-key.ts';
import { type SafeText, sealed } from './safe-text.ts';
import { masked } from './secrets.ts';
import { oneLine, visible } from './visible.ts';
import { harmlessCut } from './words.ts';

/**
 * Titles and commit messages: GitLab reads no Markdown in them, so a code span protects nothing, but it does look for
 * mentions, references, links, closing words, `[skip ci]` and (in commit messages) quick actions. What would mean something
 * gets a space inside, which everybody sees.
 */

/** GitLab: 255 characters. */
const TITLE_LIMIT = 255;

/** The title of a merge request. Only `draft` makes it one: the word in the text does not. */
export function title(text: string, options: { readonly draft?: boolean } = {}): SafeText {
  const prefix = options.draft ? 'Draft: ' : '';
  const clean = harmlessCut(oneLine(text).replace(DRAFT, ''), TITLE_LIMIT - prefix.length, harmlessLine);
  return checked(`${prefix}${clean || 'Untitled'}`);
}

const DRAFT = /^(?:\s*(?:\[draft\]|\(draft\)|draft:|draft\s+-|\[?wip\]?:?)\s*)+/i;

/** Characters of the whole message. */
const MESSAGE_LIMIT = 10_000;
/** What git and GitLab show of a subject without cutting it. */
const SUBJECT_LIMIT = 100;

/** A commit message. Only `skipCi` keeps pipelines from running. */
export function commitMessage(subject: string, body = '', options: { readonly skipCi?: boolean } = {}): SafeText {
  const first = harmlessCut(subject, SUBJECT_LIMIT, (all) => messageLine(oneLine(all))) || 'Update';
  const rest = harmlessCut(masked(visible(body)), MESSAGE_LIMIT, (all) =>
    all.split('\n').map(messageLine).join('\n').trim(),
  );
  return checked([first, rest, options.skipCi ? '[skip ci]' : ''].filter((part) => part !== '').join('\n\n'), options);
}

function messageLine(line: string): string {
  return harmless(line.trimEnd()).replace(TRAILER, '$1 - ');
}

/** Lines that git or GitLab read as data: who wrote it, what goes into the changelog. */
const TRAILER = /^(\s*(?:[\w-]+-by|changelog|ee|mr|bug|cc|fixes|closes))\s*:\s*/i;

/** One line for places of which nothing is known but that people, and perhaps programs, read it: chats, tickets. */
export function plainText(text: string, limit = TITLE_LIMIT): SafeText {
  return checked(harmlessCut(text, limit, harmlessLine));
}

/** The name of a label. GitLab separates labels by commas. */
export function label(text: string): SafeText {
  const clean = (all: string) => masked(all).replace(/,/g, ' ').replace(/\s+/g, ' ').trim();
  return sealed(harmlessCut(oneLine(text), TITLE_LIMIT, clean));
}

function checked(text: string, options: { readonly skipCi?: boolean } = {}): SafeText {
  assertSafePlain(text, options);
  return sealed(text);
}

/** Spaces anew each time: those that keep a word from closing an issue are not needed where a cut took the issue away. */
function harmlessLine(text: string): string {
  return harmless(oneLine(text)).trim();
}

function harmless(line: string): string {
  return closingNothing(STEPS.reduce((text, [what, instead]) => text.replace(what, instead), masked(line)));
}

const STEPS: readonly (readonly [RegExp, string])[] = [
  // Quick actions.
  [/^([\s>*+-]*)(?=\/[a-z_])/i, "$1'"],
  // Links of any scheme, and bare hosts.
  [/(?<=[a-z][a-z0-9+.-]*:)(?=\/\/)/gi, ' '],
  [/(?<![\p{L}\p{N}])www\.(?=\S)/giu, 'www .'],
  // Mentions and references.
  [/[@#!&~%$^*](?=[\p{L}\p{N}_"{[`-])|[~%](?=[?.&])/gu, '$& '],
  [/\[(?=[a-z_]+:)/gi, '[ '],
  [/\[(?=(?:ci[ _-]skip|skip[ _-]ci)\])/gi, '[ '],
  // Issue keys get a hyphen that is none to a pattern, commits are cut below seven digits.
  [ISSUE_KEY, '$<project>\u2011'],
  [/(?<![A-Za-z0-9])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)([0-9a-f]{6})[0-9a-f]{1,58}(?![A-Za-z0-9])/gi, '$1…'],
];
