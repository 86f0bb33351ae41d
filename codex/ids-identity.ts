import type { IdEntry } from './ids.ts';
import { contentWords, sharedWords } from './ids-words.ts';
import { isRetired, type Rule } from './rule.ts';

/** Less than this of the shorter title in the other one: the two speak of different things. */
const SAME_TITLE = 0.25;

/** Where a rule was taken from, as the ledger keeps it: `doc#anchor`. */
export function anchorOf({ source }: Pick<Rule, 'source'>): string | undefined {
  if (!source) return undefined;
  return source.anchor === undefined ? source.doc : `${source.doc}#${source.anchor.replace(/^#/, '')}`;
}

/** Whether an ID that was retired or removed is in use again. */
export function isReused(rule: Pick<Rule, 'status'>, { status }: Pick<IdEntry, 'status'>): boolean {
  return (status === 'removed' || isRetired({ status })) && !isRetired(rule);
}

/** Whether people may have cited it, though it may be a draft now. Drafts count no revisions. */
export function wasInUse({ status, used, rev }: Pick<IdEntry, 'status' | 'used' | 'rev'>): boolean {
  return status === 'trial' || status === 'active' || used === true || rev > 1;
}

/**
 * Whether an ID means another rule than the ledger says: its title shares next to no word with the old one, and it was
 * taken from another place or none. One of a place, a quotation and a few words of the title is enough to be the same rule. A
 * draft that was never in use, which nobody cites, may become anything, and a tombstone may say so in its title.
 */
export function repointed(rule: Pick<Rule, 'title' | 'status' | 'source'>, entry: IdEntry): boolean {
  if (isRetired(rule) || (rule.status === 'draft' && !wasInUse(entry))) return false;
  const quote = rule.source?.quoteHash;
  if (quote !== undefined && quote === entry.quoteHash) return false;
  // A document without an anchor is the source of many rules.
  const place = rule.source?.anchor === undefined ? undefined : anchorOf(rule);
  if (place !== undefined && place === entry.anchor) return false;
  return sharedWords(contentWords(rule.title), contentWords(entry.title)) < SAME_TITLE;
}
