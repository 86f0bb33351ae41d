import { Document } from 'yaml';
import { fileOf, sourceData } from '../import/rule-file.ts';
import type { RuleSource, Scope, Status } from '../rule.ts';
import type { Candidate } from './candidate.ts';
import { folded } from './standing.ts';

/** A rule file as it is written anew. */
export interface NewRule {
  readonly id: string;
  readonly status: Status;
  readonly candidate: Candidate;
  readonly source: RuleSource;
  /** As front matter has it. */
  readonly check?: unknown;
  readonly examples?: unknown;
}

export function ruleFile({ id, status, candidate, source, check, examples }: NewRule): string {
  const { title, when, level, appliesTo } = candidate;
  const scope = scopeData(appliesTo);
  const data = {
    id,
    title,
    ...(when === undefined ? {} : { when }),
    level,
    status,
    ...(scope === undefined ? {} : { 'applies-to': scope }),
    source: sourceData(source),
    ...(check === undefined ? {} : { check }),
    ...(examples === undefined ? {} : { examples }),
  };
  return fileOf(new Document(data, { aliasDuplicateObjects: false }), bodyOf(candidate));
}

/** `applies-to` of front matter; `undefined`: everywhere. */
export function scopeData({ languages, frameworks, paths, notPaths, catalog }: Scope): object | undefined {
  const parts = { languages, frameworks, paths, 'not-paths': notPaths };
  const given = Object.entries(parts).filter(([, list]) => list.length > 0);
  const all = { ...Object.fromEntries(given), ...(Object.keys(catalog).length === 0 ? {} : { catalog }) };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** The sentence, and below it the words that it rests on. */
function bodyOf({ statement, quote }: Pick<Candidate, 'statement' | 'quote'>): string {
  const lines = quote.split('\n').map((line) => (line.trim() === '' ? '>' : `> ${line.trim()}`));
  return `${statement}\n\n${lines.join('\n')}`;
}

/** The same body about another quote; what people wrote below the quote stays. Without a quote of ours it is replaced whole. */
export function bodyWith(candidate: Candidate, before: string): string {
  const lines = before.split('\n');
  const start = lines.findIndex((line) => line.startsWith('>'));
  if (start < 0) return bodyOf(candidate);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('>'));
  const below =
    length < 0
      ? ''
      : lines
          .slice(start + length)
          .join('\n')
          .trim();
  return [bodyOf(candidate), below].filter((part) => part !== '').join('\n\n');
}

/** The words that a rule rests on, white space folded; `undefined` where its text quotes none. */
export function quoteOf({ body }: { readonly body: string }): string | undefined {
  const lines = body.split('\n');
  const start = lines.findIndex((line) => line.startsWith('>'));
  if (start < 0) return undefined;
  const length = lines.slice(start).findIndex((line) => !line.startsWith('>'));
  const quote = lines.slice(start, length < 0 ? undefined : start + length);
  return folded(quote.map((line) => line.slice(1)).join('\n'));
}
