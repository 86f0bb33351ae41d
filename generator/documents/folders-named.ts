import { joinPath } from '../../facts/path-index.ts';
import type { Place } from './spans.ts';

/** `packages/foo`, `@scope/foo`, `./foo/`. */
const PATH = /(?<![\w./@-])@?\.{0,2}[\w.@-]*(?:\/[\w.@-]+)+\/?|(?<![\w./@-])[\w.-]+\//g;
const BEFORE = /\b(?:in|from|inside|within|under|for|into|of|cd)\s+(?:the\s+)?[`"'*]*([\w.@-]+)/gi;
const AFTER =
  /([\w.@-]+)[`"'*]*\s+(?:directory|folder|dir|package|workspace|crate|module|project|app|service|subproject|sub-project)\b/gi;
const MAX_TEXT = 4000;

/** What headings say besides the folder they are about: "Frontend Development", "Backend (Go)". */
const ABOUT =
  /\([^)]*\)|[`*:]|\b(?:the|development|commands?|setup|packages?|workspaces?|apps?|application|director(?:y|ies)|folders?|services?|projects?|build|test(?:s|ing)?|guide(?:lines)?|and|for)\b|[\d.]+\s/gi;

/**
 * Names of folders and packages in the text around a place, nearest first. A word too many does no harm: whoever asks
 * looks them up. Of headings the whole is a name, never that of the document.
 */
export function foldersNamed({
  around,
  headings,
  parents,
}: Pick<Place, 'around' | 'headings' | 'parents'>): readonly string[] {
  const names = new Set<string>();
  const inner = headings.slice(1).toReversed();
  for (const text of [around, ...parents.toReversed(), ...inner]) {
    const part = text.slice(0, MAX_TEXT);
    for (const [found] of part.matchAll(PATH)) names.add(found.replace(/[./]+$/, '').replace(/^\.\//, ''));
    for (const pattern of [BEFORE, AFTER])
      for (const found of part.matchAll(pattern)) names.add(found[1]!.replace(/[./]+$/, ''));
  }
  for (const heading of inner) {
    const name = heading.slice(0, 200).replace(ABOUT, ' ').trim();
    if (/^[\w.@/-]+$/.test(name)) names.add(name);
  }
  for (const word of ORDINARY) names.delete(word);
  return [...names];
}

/** What follows "in" and "for" without being a name. */
const ORDINARY = [
  '',
  'a',
  'an',
  'the',
  'this',
  'that',
  'each',
  'every',
  'all',
  'any',
  'your',
  'our',
  'its',
  'it',
  'each',
  'root',
  'same',
  'one',
  'both',
  'new',
  'parallel',
  'order',
  'CI',
  'code',
  'production',
  'details',
];

const CLEAR =
  /\b(?:in|from|inside|within|under|cd (?:in)?to)\s+(?:the\s+)?(?:([\w.@-]+(?:\/[\w.@-]+)*)\/?\s+(?:directory|folder|dir)\b|((?:[\w.@-]+\/)+[\w.@-]*)(?=[\s,:;.)]|$))/i;
const ROOT =
  /\b(?:repo(?:sitory)?|project|workspace|monorepo)(?:['’]s)? root\b|\broot (?:of the|directory|folder|dir)\b|\b(?:from|in|at) (?:the )?root\b/i;

/** The folder that the sentence of a command, or the sentence before a block, says in so many words. */
export function folderOf({ around, before, after, within }: Place, dir: string): string | undefined {
  const sentence = within === 'code' ? (around.split(/(?<=[.!?])\s/).at(-1) ?? '') : `${before} ${after}`;
  if (ROOT.test(sentence)) return '';
  const found = CLEAR.exec(sentence.slice(0, MAX_TEXT));
  const name = found?.[1] ?? found?.[2];
  return name === undefined ? undefined : joinPath(dir, name);
}
