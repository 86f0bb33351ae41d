import type { Item } from '../item.ts';
import { type Claim, claimOf } from './claim.ts';
import { FORM } from './gates.ts';

/** Words that change nothing of what a bullet says. */
const NEUTRAL = new Set(
  `a an the of in into is are be by for to with and or each every its it this that these those which whose file files folder
  folders directory directories under below beside next from at as one must also has have lives live stands stand kept named
  found see code here there when`.split(/\s+/),
);
const NEGATIONS = /\b(?:never|not|no|don['’]t|cannot|without|avoid|only|unless|except|before|after)\b/gi;

/** Why a text is not the same bullet in other words; `undefined`: it is. Code spans stay, and no word comes that says more. */
export function rephrases(text: string, of: Item): { readonly gate: string; readonly reason: string } | undefined {
  const refuse = (gate: string, reason: string) => ({ gate, reason });
  if (of.kind !== 'prose') return refuse('kind', 'commands, rules and what the catalog says stay as they are');
  const [after, before] = [read(text), read(of.text)];
  if (after.spans.join('\0') !== before.spans.join('\0')) return refuse('spans', 'its code spans are not the same');
  for (const { name, refuses } of FORM) {
    const why = refuses(after);
    if (why !== undefined) return refuse(name, why);
  }
  const known = wordsOf(before.prose);
  if ([...wordsOf(after.prose)].some((word) => !known.has(word) && !NEUTRAL.has(word)))
    return refuse('words', 'it says something that the bullet from facts does not say');
  if (negations(after.prose) !== negations(before.prose)) return refuse('words', 'it turns around what is said');
  return undefined;
}

function read(text: string): Claim {
  return claimOf({ section: 'Conventions', text, evidence: [] });
}

function wordsOf(prose: string): ReadonlySet<string> {
  return new Set(prose.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function negations(prose: string): string {
  return (prose.toLowerCase().match(NEGATIONS) ?? []).sort().join(' ');
}
