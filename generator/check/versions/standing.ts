import { isNegated } from '../../documents/negation.ts';
import type { Statement } from './statements.ts';

/** Words of sentences that speak of other times, other versions or other people's: nothing they say is a claim of what is used here now. */
const ELSEWHERE =
  /\b(?:since|until|before|prior|previous(?:ly)?|earlier|older|old|legacy|deprecat\w*|remov\w*|introduc\w*|add(?:s|ed)|dropp?\w*|migrat\w*|upgrad\w*|downgrad\w*|bump\w*|examples?(?!\.\w)|e\.g|such as|for instance|like|will|would|breaking|changelog|was|were|became|when|if|unless|bugs?|issues?|workarounds?|fix(?:ed|es)?|as of|starting|moved|changes?|changed|new in|replac\w*|instead|not|never|don['’]t|no longer|backport\w*|specs?|specification|protocol|rfc|standard|tested|matrix|fork|upstream|syntax|era|release[ds]?|tag(?:s|ged)?|branch(?:es)?|plan(?:s|ned)?|future|roadmap|todo|assum\w*|may|might|could|differs?|unlike|versus|vs|suppose|simulat\w*|backwards?|incompatible|compatible|compatibility|semantics)\b|→|->|=>|[❌🚫⛔✗✘]/iu;
/** "On JDK 24 or later, building needs ...": a case, not a claim. */
const CONDITION = /^(?:on|with|for|under|in|given)\s[^,]{0,60}\d[^,]{0,20},/i;
/** Headings under which versions are history, examples or promises. */
const HISTORY =
  /\b(?:changelog|history|release|releases|releasing|migrat\w*|upgrad\w*|versioning|breaking|deprecat\w*|roadmap|examples?|compatibility|matrix|known issues|troubleshooting|publish\w*|past|lessons|learned|learnings|gotchas?|pitfalls?)\b/i;
/** Words that make a sentence say what is used. */
export const USED =
  /\b(?:uses?|using|built (?:with|on|in)|builds? on|based on|written in|powered by|runs? on|running on|stack|targets?|targeting|requires?|required|requirement|needs?|current(?:ly)?|pinned|version|versions|via|on top of|is an?|must be|should be|install(?:ed)?|ensure)\b/i;
/** True where a document says that this version is what is used or needed here now. */
export function isCurrent(statement: Statement, name: string, says = USED): boolean {
  const { sentence, place, before } = statement;
  if (ELSEWHERE.test(sentence) || place.headings.some((heading) => HISTORY.test(heading))) return false;
  if (place.parents.some((parent) => HISTORY.test(parent)) || isNegated(place)) return false;
  if (place.within === 'cell') return !ELSEWHERE.test(statement.cell?.heading ?? '');
  if (place.within === 'heading' || place.within === 'quote') return false;
  if (CONDITION.test(sentence)) return false;
  if (says.test(sentence)) return true;
  return isListed(before, name);
}

/** `Label: A 1, B` before the version: a line that lists what there is and says nothing else of it. */
function isListed(before: string, name: string): boolean {
  const lead = before.replace(/^[\s>]*(?:[-*+]|\d{1,3}[.)])?\s*/, '');
  const at = lead.toLowerCase().lastIndexOf(name.toLowerCase());
  if (at < 0) return false;
  const [label, rest] = splitLabel(lead.slice(0, at));
  const parts = rest.split(/[,+&|;·•/(✅]|\band\b/u).map((part) => part.trim());
  return (
    label.length <= 40 &&
    parts.pop() === '' &&
    parts.every((part) => /\d|^\)?$/.test(part) || part.split(/\s+/).length <= 4)
  );
}

function splitLabel(text: string): readonly [string, string] {
  const colon = text.search(/[:–—]|\s-\s/);
  return colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1).replace(/^-/, '')];
}

/**
 * True where a number with few parts is not the beginning of something else: "React 19 app", not "the 3 packages" or
 * "3.0 deprecations". Three parts are a version wherever they stand.
 */
export function isWhole({ claim, after, cell }: Statement): boolean {
  if (claim.version.parts.length > 2 || claim.kind !== 'exact' || /^v|x$/i.test(claim.text) || cell?.own === '')
    return true;
  return /^\s*(?:$|[,.;:)|+/&·•(–—-]|\b(?:with|and|or|for|on|in|to|using|app|application|project|frontend|backend|codebase|via|plus|sdk|runtime|toolchain)\b)/i.test(
    after,
  );
}
