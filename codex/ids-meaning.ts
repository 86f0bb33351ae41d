import { createHash } from 'node:crypto';
import type { Rule, Scope } from './rule.ts';

/**
 * A hash of what a rule obliges people to: its level, title, occasion, scope and check; where nothing checks it, its text.
 * Order within the scope, capitals, punctuation and white space do not count. An ID whose meaning changes gets a new revision.
 */
export function meaningOf(rule: Pick<Rule, 'level' | 'title' | 'when' | 'appliesTo' | 'check' | 'body'>): string {
  const { level, title, when, appliesTo, check, body } = rule;
  return hash([
    level,
    wordsOf(title),
    when === undefined ? null : wordsOf(when),
    sortedScope(appliesTo),
    check ?? null,
    check ? null : wordsOf(body),
  ]);
}

/** A hash of every word of a rule. */
export function wordingOf({ title, when, body }: Pick<Rule, 'title' | 'when' | 'body'>): string {
  return hash([title, when ?? null, body]);
}

/** The scope with its lists in order. */
export function sortedScope({ languages, frameworks, paths, notPaths, catalog }: Scope): Scope {
  const fields = Object.entries(catalog).map(([field, values]) => [field, [...values].sort()] as const);
  return {
    languages: [...languages].sort(),
    frameworks: [...frameworks].sort(),
    paths: [...paths].sort(),
    notPaths: [...notPaths].sort(),
    catalog: Object.fromEntries(fields),
  };
}

/** Whether what a rule applies to became wider or narrower; `undefined` where it is neither. */
export function scopeChange(from: Scope, to: Scope): 'same' | 'wider' | 'narrower' | undefined {
  const fields = new Set([...Object.keys(from.catalog), ...Object.keys(to.catalog)]);
  const changes = new Set([
    listChange(from.languages, to.languages),
    listChange(from.frameworks, to.frameworks),
    listChange(from.paths, to.paths),
    // What is taken out of the scope is the other way round, and nothing is taken out by an empty list.
    subsetChange(to.notPaths, from.notPaths),
    ...[...fields].map((field) => listChange(from.catalog[field] ?? [], to.catalog[field] ?? [])),
  ]);
  changes.delete('same');
  if (changes.size === 0) return 'same';
  return changes.size === 1 ? [...changes][0] : undefined;
}

type Change = ReturnType<typeof scopeChange>;

/** Of a condition: an empty list is none, and anything fits. */
function listChange(from: readonly string[], to: readonly string[]): Change {
  if (from.length > 0 && to.length === 0) return 'wider';
  if (from.length === 0 && to.length > 0) return 'narrower';
  return subsetChange(from, to);
}

function subsetChange(from: readonly string[], to: readonly string[]): Change {
  const grew = to.some((entry) => !from.includes(entry));
  const shrank = from.some((entry) => !to.includes(entry));
  if (grew && shrank) return undefined;
  return grew ? 'wider' : shrank ? 'narrower' : 'same';
}

function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}_./:+#@'-]*/gu) ?? [])
    .map((word) => word.replace(/[./:'-]+$/, ''))
    .join(' ');
}

function hash(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}
