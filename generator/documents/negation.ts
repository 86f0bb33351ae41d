import type { Place } from './spans.ts';

/** What stands before a command and turns it around, in the clause that it ends. */
const BEFORE =
  /\b(?:never|do not|don['’]t|does not|doesn['’]t|cannot|can['’]t|must not|mustn['’]t|should not|shouldn['’]t|won['’]t|avoid|not|instead of|rather than|forbid(?:den|s)?|prohibited|wrong|bad|incorrect|invalid|deprecated|removed|obsolete|no longer|there is no|replaces|replaced|formerly|previously|used to|no)\b|❌|🚫|⛔/i;
/** After one of these the clause that forbids is over. */
const TURNS =
  /(?:[,:(—–]|\s-)\s*(?:but|use|prefer|always|run|instead|and run|then)\b|\b(?:if|when|where|unless)\b[^,]{0,120},|\b(?:without (?:first )?(?:running|using)|until|unless|before|after|not only|forget to|hesitate to|if .{0,40} (?:fails|missing))\b/gi;
const AFTER =
  /^[\s"'”)\]:*_,-]*(?:\([^)]{0,60}\)\s*)?(?:which )?(?:(?:is|are|was|were|has been|have been|will be)\s+(?:now |also |strictly )?(?:not|wrong|forbidden|prohibited|deprecated|removed|obsolete|gone|incorrect|broken|unsupported|unavailable|disabled|never)|does not|doesn['’]t|do not|don['’]t|will not|won['’]t|no longer|cannot|can['’]t|must not|should not|shouldn['’]t|instead of$|❌|🚫|⛔|\((?:deprecated|removed|wrong|legacy))/i;
const WRONG =
  /\b(?:never|do not|don['’]ts?|avoid|not|forbidden|prohibited|wrong|bad|incorrect|invalid|deprecated|anti-?patterns?|no longer|removed|obsolete|instead of|rather than|legacy|mistakes?)\b|❌|🚫|⛔|✗|✘/i;

/** True where the text around forbids what stands in this place, or says that it is wrong or gone. */
export function isNegated({ before, after, within, headings, parents, around }: Place): boolean {
  const turns = [...before.matchAll(TURNS)].at(-1);
  const clause = turns ? before.slice(turns.index + turns[0].length) : before;
  if (BEFORE.test(clause) || AFTER.test(after.slice(0, 200))) return true;
  if (/^\s*#.*/.test(after) && WRONG.test(after)) return true;
  if (/[❌🚫⛔✗✘]/u.test(within === 'cell' ? '' : around) && !/[✅✔]/u.test(around)) return true;
  const last = headings.at(-1);
  if (last !== undefined && isBan(last)) return true;
  return parents.some((parent) => /:\s*$/.test(parent) && isBan(parent));
}

/** True where what introduces a code block says that it shows what not to do. */
export function isWrong({ around, headings, parents }: Place): boolean {
  const sentence = around.split(/(?<=[.!?])\s/).at(-1) ?? '';
  if (
    /^\s*(?:[❌🚫⛔✗✘]|(?:wrong|bad|incorrect|don['’]t|do not|never|avoid|anti-?pattern)\b)/iu.test(around) &&
    !/[✅✔]/u.test(around)
  )
    return true;
  if (/:\s*$/.test(around.trimEnd()) && WRONG.test(sentence) && !/\bif not\b/i.test(sentence)) return true;
  const last = headings.at(-1);
  return (last !== undefined && isBan(last)) || parents.some((parent) => /:\s*$/.test(parent) && isBan(parent));
}

/** True for a comment within a block that turns around what follows. */
export function isWrongRemark(text: string): boolean {
  return WRONG.test(text);
}

/** A heading that is about what not to do; "Do's and don'ts" is about both. */
function isBan(text: string): boolean {
  return /\b(?:never|do not|don['’]ts?|avoid|forbidden|prohibited|wrong|deprecated|anti-?patterns?|removed|obsolete|not allowed|mistakes?)\b|❌|🚫|⛔/i.test(
    text,
  );
}
