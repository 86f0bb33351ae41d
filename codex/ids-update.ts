import leven from 'leven';
import { EMPTY_LEDGER, type IdEntry, type IdLedger } from './ids.ts';
import { anchorOf, isReused, repointed, wasInUse } from './ids-identity.ts';
import { meaningOf, scopeChange, sortedScope, wordingOf } from './ids-meaning.ts';
import { isRetired, LEVELS, type Rule } from './rule.ts';

/**
 * What happened to an ID since the ledger was written. Those of the first line ask something else of people than before, and
 * the rule has a new revision. `STATUS`: it came into use or went back to a draft. `GRAMMAR`: other words, the same meaning.
 * `SOURCE`: taken from another place, or its text there changed.
 */
export type IdTag =
  | ('OBLIGATION RAISED' | 'OBLIGATION LOWERED' | 'SCOPE WIDENED' | 'SCOPE NARROWED' | 'MODIFIED')
  | ('ADDED' | 'GRAMMAR' | 'SOURCE' | 'STATUS' | 'MOVED' | 'RETIRED' | 'REMOVED');

export interface IdChange {
  readonly id: string;
  readonly tags: readonly IdTag[];
  readonly title: string;
  /** Absent where there is none any more. */
  readonly file?: string;
  /** The revision that the ledger has from now on. */
  readonly rev: number;
  /** For people: `SHOULD -> MUST`. */
  readonly detail?: string;
}

/** An ID that may not be used like that. Nothing is written as long as there is one. */
export interface IdRefusal {
  readonly id: string;
  readonly kind: 'reused' | 're-pointed';
  readonly file: string;
  /** What the ID stands for, and what it would. */
  readonly was: string;
  readonly is: string;
}

export interface IdUpdate {
  /** In the order of IDs; nothing where the ledger is up to date. */
  readonly changes: readonly IdChange[];
  readonly refused: readonly IdRefusal[];
  /** The ledger as it is to be written; refused IDs are in it as they were. */
  readonly ledger: IdLedger;
}

/** Compares the rules of a codex, each ID once, with its ledger. Without one every ID is new. */
export function updateLedger(rules: readonly Rule[], ledger: IdLedger = EMPTY_LEDGER): IdUpdate {
  const ids: Record<string, IdEntry> = { ...ledger.ids };
  const changes: IdChange[] = [];
  const refused: IdRefusal[] = [];
  const present = new Set(rules.map(({ id }) => id));
  for (const rule of rules) {
    const before = Object.hasOwn(ledger.ids, rule.id) ? ledger.ids[rule.id] : undefined;
    const { id, title, file } = rule;
    const refusal = before && refusalOf(rule, before);
    if (refusal) {
      refused.push({ id, kind: refusal, file, was: before.title, is: title });
      continue;
    }
    const { entry, tags, detail } = before ? changed(rule, before) : added(rule);
    ids[id] = entry;
    if (tags.length > 0) changes.push({ id, tags, title, file, rev: entry.rev, ...(detail === '' ? {} : { detail }) });
  }
  for (const [id, entry] of Object.entries(ledger.ids)) {
    if (present.has(id) || entry.status === 'removed') continue;
    ids[id] = { ...entry, status: 'removed' };
    changes.push({ id, tags: ['REMOVED'], title: entry.title, rev: entry.rev, detail: 'its ID stays taken' });
  }
  changes.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { changes, refused, ledger: { schema: ledger.schema, ids } };
}

/** What the ledger keeps of a rule. */
export function entryOf(rule: Rule, rev: number): IdEntry {
  const { title, level, status, file, source } = rule;
  const anchor = anchorOf(rule);
  return {
    rev,
    title,
    level,
    status,
    file,
    scope: sortedScope(rule.appliesTo),
    words: wordingOf(rule),
    ...(anchor === undefined ? {} : { anchor }),
    ...(source?.quoteHash === undefined ? {} : { quoteHash: source.quoteHash }),
    meaning: meaningOf(rule),
  };
}

interface Step {
  readonly entry: IdEntry;
  readonly tags: readonly IdTag[];
  readonly detail: string;
}

function refusalOf(rule: Rule, before: IdEntry): IdRefusal['kind'] | undefined {
  if (isReused(rule, before)) return 'reused';
  return repointed(rule, before) ? 're-pointed' : undefined;
}

function added(rule: Rule): Step {
  return { entry: entryOf(rule, 1), tags: ['ADDED'], detail: `${rule.level}, ${rule.status}` };
}

function changed(rule: Rule, before: IdEntry): Step {
  const moved: readonly IdTag[] = before.file !== undefined && before.file !== rule.file ? ['MOVED'] : [];
  if (isRetired(rule)) {
    // A tombstone stands for the rule as it last was in use.
    const entry = { ...before, status: rule.status, file: rule.file };
    const retired: readonly IdTag[] = before.status === rule.status ? [] : ['RETIRED'];
    return { entry, tags: [...retired, ...moved], detail: retired.length > 0 ? rule.status : '' };
  }
  const status: readonly IdTag[] = before.status === rule.status ? [] : ['STATUS'];
  const statusDetail = status.length > 0 ? `${before.status} \u2192 ${rule.status}` : '';
  if (rule.status === 'draft' && wasInUse(before)) {
    // It stays as it was in use, which is what it is compared with when it comes back.
    const entry: IdEntry = { ...before, status: rule.status, used: true, file: rule.file };
    return { entry, tags: [...status, ...moved], detail: statusDetail };
  }
  const { tags, detail } = meaningChange(rule, before);
  // Nobody cites what was never in use: what becomes of it needs no revisions.
  const rev = tags.length > 0 && wasInUse(before) ? before.rev + 1 : before.rev;
  const current = entryOf(rule, rev);
  const entry: IdEntry = { ...current, ...(before.from === undefined ? {} : { from: before.from }) };
  const worded: readonly IdTag[] = tags.length === 0 && otherWords(entry, before) ? ['GRAMMAR'] : [];
  const elsewhere = entry.anchor !== before.anchor || entry.quoteHash !== before.quoteHash;
  const source: readonly IdTag[] = elsewhere ? ['SOURCE'] : [];
  return {
    entry,
    tags: [...tags, ...worded, ...source, ...status, ...moved],
    detail: [detail, statusDetail].filter(Boolean).join(', '),
  };
}

/** Why the meaning changed, as far as the ledger tells: it holds the level, title and scope as they were. */
function meaningChange(rule: Rule, before: IdEntry): Pick<Step, 'tags' | 'detail'> {
  if (meaningOf(rule) === before.meaning) return { tags: [], detail: '' };
  const tags: IdTag[] = [];
  const up = LEVELS.indexOf(rule.level) < LEVELS.indexOf(before.level);
  if (rule.level !== before.level) tags.push(up ? 'OBLIGATION RAISED' : 'OBLIGATION LOWERED');
  const scope = before.scope === undefined ? 'same' : scopeChange(before.scope, rule.appliesTo);
  if (scope === 'wider') tags.push('SCOPE WIDENED');
  if (scope === 'narrower') tags.push('SCOPE NARROWED');
  const slip = isSlip(before.title, rule.title);
  // With all that as it was: what is left is the check, the occasion or the text.
  const restored = {
    ...rule,
    level: before.level,
    ...(scope === undefined || before.scope === undefined ? {} : { appliesTo: before.scope }),
    ...(slip ? { title: before.title } : {}),
  };
  if (meaningOf(restored) !== before.meaning) tags.push('MODIFIED');
  return { tags, detail: rule.level === before.level ? '' : `${before.level} \u2192 ${rule.level}` };
}

function otherWords(entry: IdEntry, before: IdEntry): boolean {
  return entry.title !== before.title || (before.words !== undefined && entry.words !== before.words);
}

/** Two titles that differ in one letter within one longer word: a slip of the pen. */
function isSlip(before: string, after: string): boolean {
  const [old, now] = [before, after].map((title) => title.split(/\s+/)) as [string[], string[]];
  if (old.length !== now.length) return false;
  const different = old.flatMap((word, at) => (word === now[at] ? [] : [[word, now[at]!] as const]));
  return (
    different.length === 1 &&
    different.every(([a, b]) => /^[a-z]{5,}$/i.test(a) && /^[a-z]{5,}$/i.test(b) && a[0] === b[0] && leven(a, b) === 1)
  );
}
