import type { Place } from '../../documents/spans.ts';

/** What forbids, remembers, plans or imagines does not say that something is there. */
const NOT_NOW =
  /\b(?:never|not|n['’]t|no|without|avoid|instead of|rather than|as opposed to|unlike|remov(?:e|es|ed|ing|al)|delet(?:e|es|ed|ing)|drop(?:s|ped)?|deprecated|obsolete|legacy|former(?:ly)?|previous(?:ly)?|used to|was|were|old|older|historical(?:ly)?|renam(?:e|ed|ing)|moved?|mov(?:ing|es)|replac(?:e|es|ed|ing)|migrat(?:e|ed|ing|ion)|superseded|gone|retired|supersedes|split|merged|extracted|archived?|longer|convert(?:s|ed|ing)?|switch(?:ed|ing)?|upgrad(?:e|ed|ing))\b/i;
const TO_BE_MADE =
  /\b(?:creat(?:e|es|ed|ing)|add(?:s|ed|ing)?|includ(?:e|ing)|new|generat(?:e|es|ed|ing)|writ(?:e|es|ten|ing)|writes? to|produc(?:e|es|ed|ing)|emit(?:s|ted)?|output(?:s|ted)?|sav(?:e|es|ed|ing)|stor(?:e|es|ed|ing)|dump(?:s|ed)?|download(?:s|ed)?|copy|copies|copied|put|place[ds]?|scaffold(?:s|ed)?|will be|would|could|should be|might|may|if (?:present|it exists|there|you|any|the|a|one|exists|available)|when (?:present|it exists)|where present|exists?|optional(?:ly)?|for (?:example|instance)|such as|like|similar to|imagine|say|suppose|example|template|placeholder|convention|pattern|named?|called|naming|ignored?|git-?ignored|untracked|uncommitted|not committed|local(?:ly)?|temporary|temp|artifacts?|cache[ds]?|build output|at runtime|user(?:['’]s)?|downstream|consumer(?:['’]?s)?|host|installed|published|bundled?|compiled|built)\b/i;
const ELSEWHERE =
  /\b(?:(?:other|another|different|separate|external|upstream|sibling|that|their|companion|private) (?:repo(?:sitor(?:y|ies))?|projects?|codebase|checkout)|in the [\w./-]+ repo(?:sitory)?|submodule|monorepo root of|github\.com|gitlab\.com|(?:on|in|inside|from) (?:the|a|an|your|its) (?:docs site|website|container|image|bucket|server|device|machine|cluster|pod|runner)|home directory)\b/i;

/** Right behind a thing: it is no more, or is not yet. */
const IS_NO_MORE =
  /^\W*(?:\w+\W+){0,3}(?:was|were|no longer|has been|have been|had been|is gone|are gone|(?:does|do) not exist|doesn['’]t exist|deprecated|removed|deleted|renamed|replaced|superseded|→|->|=>)/i;

/** Right before a thing: it is where something is done, so it is there, whatever is made in it. */
const IS_PLACE =
  /(?<!\b(?:creat|generat|writ|sav|stor|plac|put|output|emit|produc|copi|dump|cop|land|end)\w*\W+(?:\w+\W+){0,4})\b(?:in|at|from|see|under|inside|within|edit|update|updating|modify|check|read|open|extend|follow|of|via|by|using|add(?:ed|ing)? (?:\w+ ){0,4}to)\s*(?:the |its |our )?[`("']*$/i;

/** Whether what is said of a thing in this place says that it is there now: sentence by sentence, and in its headings. */
export function isAsserted(place: Place): boolean {
  const { before, after, headings, around, within } = place;
  if (isPast(place) || ELSEWHERE.test(around) || isAside(headings)) return false;
  if (within === 'code') return !TO_BE_MADE.test(around);
  return IS_PLACE.test(before) || !TO_BE_MADE.test(`${before} ${after}`);
}

/** It is one of several that are given as examples. */
export function isExample({ before }: Place): boolean {
  return /\b(?:e\.g\.|i\.e\.|for example|for instance|such as)/i.test(before);
}

/** The sentence speaks of the past, or forbids: what is named need not be there. */
export function isPast({ before, after }: Place): boolean {
  return NOT_NOW.test(before) || IS_NO_MORE.test(after);
}

const ASIDE =
  /\b(?:examples?|sample|template|changelog|history|migration|migrating|deprecated|legacy|removed|anti-?patterns?|don['’]?ts?|avoid|troubleshooting|future|planned|roadmap|todo|proposed)\b/i;

function isAside(headings: readonly string[]): boolean {
  return headings.slice(1).some((heading) => ASIDE.test(heading));
}
