import type { AgentDocument } from '../../documents/document.ts';
import { passagesOf } from './passages.ts';
import { isSpokenOf } from './spoken-of.ts';

/** A phrase that a document says to its readers. */
export interface Commanded {
  readonly start: number;
  readonly end: number;
}

/** What stands before a phrase where it is an order and no description: nothing, a comma, the word for whom it is. */
const ORDERS =
  /(?:^|[:,;.!?—–>*_(\])]|-|\b(?:please|always|must|should|shall|and|then|or|simply|just|instead|also|now|so|do|have to|need to|you (?:can|may|will)|(?:reviewers?|agents?|assistants?|bots?|models?) (?:can|may|will|to)))[\s*_>"']*$/i;

/**
 * Where a document says one of these phrases itself: not where it forbids it, quotes it, shows it as code or speaks of attacks.
 * The patterns are global and may go over line ends. With `orders` only where the phrase is an order by itself.
 */
export function* commanded(document: AgentDocument, patterns: readonly RegExp[], orders = false): Iterable<Commanded> {
  let left = MOST;
  for (const passage of passagesOf(document)) {
    if (passage.kind !== 'text') continue;
    for (const pattern of patterns) {
      for (const match of passage.text.matchAll(pattern)) {
        const end = match.index + match[0].length;
        if (left-- === 0) return;
        if (orders && !ORDERS.test(passage.text.slice(Math.max(0, match.index - 60), match.index))) continue;
        if (isSpokenOf(passage, match.index, end)) continue;
        yield { start: passage.start + match.index, end: passage.start + end };
      }
    }
  }
}

/** Whoever fills a file with them is found all the same. */
const MOST = 1000;

/** A pattern in which a space is any white space of a paragraph, marks of emphasis and of quotes on its way included. */
export function phrase(source: string): RegExp {
  return new RegExp(source.replaceAll(' ', '[\\s>*_]{1,12}'), 'gi');
}
