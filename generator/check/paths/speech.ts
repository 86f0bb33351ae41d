import type { Place } from '../../documents/spans.ts';

/**
 * How sure a text is that something is there.
 * - `stated`: it says so.
 * - `unsure`: it may be local, optional, an example, or a thing not to be touched.
 * - `made`: something or somebody makes it, or it is elsewhere.
 * - `past`: it is gone or forbidden.
 */
export type Standing = 'stated' | 'unsure' | 'made' | 'past';

/** What the text says of a thing in this place: by its sentence, and by the headings above it. */
export function standingOf(place: Place): Standing {
  const { after, headings, around, within } = place;
  const before = clauseOf(place.before);
  const isPlace = IS_PLACE.test(before) || IS_SOURCE.test(before);
  if (
    GONE.test(`${before} ${after.slice(0, 200)}`) ||
    PAST.test(before) ||
    NO_MORE.test(after) ||
    (FORBIDS.test(before) && !isPlace)
  )
    return 'past';
  const sentence = within === 'code' ? around : `${place.before} ${after}`;
  if (ELSEWHERE.test(around) || (MAKES.test(sentence) && !isPlace)) return 'made';
  if (FORBIDS.test(before) || isAside(headings) || (UNSURE.test(sentence) && !isPlace)) return 'unsure';
  return 'stated';
}

/** It is one of several that are given as examples. */
export function isExample({ before }: Place): boolean {
  return /\b(?:e\.g\.|i\.e\.|for example|for instance|such as)/i.test(before);
}

/** What stands in brackets before a thing is about something else; in open ones, all before them is. */
function clauseOf(before: string): string {
  const closed = before.replaceAll(/\([^()]*\)/g, ' ');
  return closed.slice(closed.lastIndexOf('(') + 1);
}

const PAST =
  /\b(?:instead of|rather than|as opposed to|unlike|remov(?:e|es|ed|ing|al)|delet(?:e|es|ed|ing)|drop(?:s|ped)?|deprecated|obsolete|legacy|former(?:ly)?|previous(?:ly)?|used to|was|were|old|older|historical(?:ly)?|renam(?:e|ed|ing)|moved?|mov(?:ing|es)|replac(?:e|es|ed|ing)|migrat(?:e|ed|ing|ion)|superseded|gone|retired|supersedes|split|merged|extracted|archived?|longer|convert(?:s|ed|ing)?|switch(?:ed|ing)?|upgrad(?:e|ed|ing)|lived|mention(?:s|ed)|rewrit(?:e|es|ten)|before (?:v?\d|the)|until v?\d)\b/i;
const FORBIDS = /\b(?:never|not|n['’]t|no|without|avoid)\b/i;
const MAKES =
  /\b(?:creat(?:e|es|ed|ing)|generat(?:e|es|ed|ing)|writ(?:e|es|ten|ing)|produc(?:e|es|ed|ing)|emit(?:s|ted)?|output(?:s|ted)?|sav(?:e|es|ed|ing)|dump(?:s|ed)?|download(?:s|ed)?|copy|copies|copied|scaffold(?:s|ed)?|will be|would|could|should be|git-?ignored|untracked|uncommitted|not committed|temporary|temp|artifacts?|cache[ds]?|build output|at runtime)\b/i;
const UNSURE =
  /\b(?:add(?:s|ed|ing)?|includ(?:e|ing)|new|stor(?:e|es|ed|ing)|put|place[ds]?|might|may|if (?:present|it exists|there|you|any|the|a|one|exists|available)|when (?:present|it exists)|where present|exists?|optional(?:ly)?|for (?:example|instance)|such as|like|similar to|imagine|say|suppose|example|template|placeholder|convention|pattern|named?|called|naming|ignored?|local(?:ly)?|user(?:['’]s)?|downstream|consumer(?:['’]?s)?|host|installed|published|bundled?|compiled|built)\b/i;
const ELSEWHERE =
  /\b(?:(?:other|another|different|separate|external|upstream|sibling|that|their|companion|private) (?:repo(?:sitor(?:y|ies))?|projects?|codebase|checkout)|in the [\w./-]+ repo(?:sitory)?|submodule|monorepo root of|(?:on|in|from) (?:the )?branch|github\.com|gitlab\.com|(?:on|in|inside|from) (?:the|a|an|your|its) (?:docs site|website|container|image|bucket|server|device|machine|cluster|pod|runner)|home directory)\b/i;

/** The same in other languages; none of these words means anything else. */
const GONE =
  /gelöscht|entfernt|nicht mehr|früher|ehemalig|veraltet|verschoben|umbenannt|supprimée?s?\b|n['’]existe plus|ancienne?ment|obsolète|eliminad[oa]s?\b|ya no existe|obsolet[oa]s?\b|rimoss[oaei]\b|removid[oa]s?\b|não existe mais|verwijderd|usunięt|удал[её]н|больше не|устарел|削除|廃止|以前は|移動しました|已删除|已移除|不再|弃用|已废弃|刪除|삭제|제거되|더 이상/i;

/** Right behind a thing: it is no more, or is not yet. */
const NO_MORE =
  /^.{0,60}\b(?:obsolete|out of date|outdated|legacy|in the (?:git )?history|gone|lives only)\b|^\W*(?:\w+\W+){0,3}(?:was|were|no longer|has been|have been|had been|is gone|are gone|(?:does|do) not exist|doesn['’]t exist|deprecated|removed|deleted|renamed|replaced|superseded)/i;

/** Right before a thing: it is where something is done, so it is there, whatever is made in it. */
const IS_PLACE =
  /(?<!\b(?:creat|generat|writ|sav|stor|plac|put|output|emit|produc|copi|dump|cop|land|end)\w*\W+(?:\w+\W+){0,4})\b(?:in|at|from|see|under|inside|within|edit|update|updating|modify|check|read|open|extend|follow|of|via|by|using|add(?:ed|ing)? (?:\w+ ){0,4}to)\s*(?:the |its |our )?[`("']*$/i;

/** What something is made from, or by, is there first. */
const IS_SOURCE = /\b(?:from|by|via|using)\s*(?:the |its |our )?[`("']*$/i;

const ASIDE =
  /\b(?:examples?|sample|template|changelog|history|migration|migrating|deprecated|legacy|removed|anti-?patterns?|don['’]?ts?|avoid|troubleshooting|future|planned|roadmap|todo|proposed)\b/i;

function isAside(headings: readonly string[]): boolean {
  return headings.slice(1).some((heading) => ASIDE.test(heading));
}
