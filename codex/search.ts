import MiniSearch, { type SearchResult } from 'minisearch';
import { type Codex, RuleIndex } from './codex.ts';
import { FRAMEWORKS } from './frameworks.ts';
import { matchRule } from './match.ts';
import { isRetired, type Rule } from './rule.ts';
import { bestSection, sectionsOf } from './search-sections.ts';
import { KEYWORDS, type Synonym, synonymsOf, term } from './search-words.ts';
import type { Stack } from './stack.ts';

export interface SearchOptions {
  /** At most this many answers. Default: 10. */
  readonly limit?: number;
  /** The repository it is asked in: rules that do not apply to it come last. */
  readonly stack?: Stack | undefined;
}

/** A rule that answers. */
export interface SearchHit {
  readonly rule: Rule;
  /** The heading of the section that says most of it; `''` above the first one. */
  readonly heading: string;
  /** A piece of that section on one line. */
  readonly snippet: string;
  /** Only the order of scores of one search means anything. */
  readonly score: number;
  /** For people: `"errors" in its title, "handle" in its text; for rust`. */
  readonly why: string;
  /** Whether it applies to the repository; nothing outside of one. */
  readonly applies?: 'yes' | 'no' | 'unknown';
  /** Of a retired rule the IDs of those that took its place. */
  readonly successors: readonly string[];
}

export interface SearchAnswer {
  /** The best first; those that do not apply here behind all others, unless the question names their language. */
  readonly hits: readonly SearchHit[];
  /** How many rules were found, shown or not. */
  readonly found: number;
  /** Languages that the question names: rules of other languages are left out. */
  readonly languages: readonly string[];
}

/** Finds the rules that answer a question. */
export async function searchCodex(
  { rules }: Pick<Codex, 'rules'>,
  question: string,
  { limit = 10, stack }: SearchOptions = {},
): Promise<SearchAnswer> {
  const words = question.split(/[^\p{L}\p{N}#+]+/u).filter(Boolean);
  const languages = [...new Set(words.flatMap((word) => languageNamed(word, rules) ?? []))];
  const frameworks = new Set(words.map((word) => word.toLowerCase()).filter((word) => Object.hasOwn(FRAMEWORKS, word)));
  const index = new RuleIndex(rules);
  const terms = termsOf(words, rules, codeWords(question, words, rules));
  const scored = new Map<string, { rule: Rule; score: number; result: SearchResult }>();
  for (const result of found(rules, terms, languages.length > 0)) {
    const rule = index.get(result.id)!;
    const { languages: own, frameworks: used } = rule.appliesTo;
    if (languages.length > 0 && own.length > 0 && !languages.some((language) => own.includes(language))) continue;
    const inScope = languages.length > 0 && own.length > 0 ? 2.5 : 1;
    const inUse = used.some((name) => frameworks.has(name)) ? 1.5 : 1;
    scored.set(rule.id, { rule, score: result.score * inScope * inUse * WEIGHTS[rule.status], result });
  }
  lowerRetired(scored, index);
  const asked = new Set(terms.keys());
  const hits: SearchHit[] = [];
  for (const { rule, score, result } of scored.values()) {
    const { heading, text } = bestSection(rule, asked);
    const applies = stack && (await matchRule(rule, stack));
    hits.push({
      rule,
      heading,
      snippet: text,
      score: Math.round(score * 1000) / 1000,
      why: whyOf(
        result,
        terms,
        languages.filter((language) => rule.appliesTo.languages.includes(language)),
        applies?.because,
      ),
      ...(applies === undefined ? {} : { applies: applies.applies }),
      successors: isRetired(rule) ? index.successors(rule).map(({ id }) => id) : [],
    });
  }
  hits.sort(
    (a, b) =>
      Number(isElsewhere(a, languages)) - Number(isElsewhere(b, languages)) ||
      b.score - a.score ||
      (a.rule.id < b.rule.id ? -1 : 1),
  );
  return { hits: hits.slice(0, limit), found: hits.length, languages };
}

/** Who asks for a language by its name wants its rules, wherever that is. */
function isElsewhere({ rule, applies }: SearchHit, languages: readonly string[]): boolean {
  return applies === 'no' && !languages.some((language) => rule.appliesTo.languages.includes(language));
}

/** What is not in force yet, or no longer, answers less. */
const WEIGHTS: Readonly<Record<Rule['status'], number>> = {
  active: 1,
  trial: 0.95,
  draft: 0.6,
  deprecated: 0.3,
  superseded: 0.3,
};

/** A rule that took another's place answers at least as well as that one did. */
function lowerRetired(
  scored: Map<string, { rule: Rule; score: number; result: SearchResult }>,
  index: RuleIndex,
): void {
  for (const { rule, result } of [...scored.values()]) {
    if (!isRetired(rule)) continue;
    const old = scored.get(rule.id)!;
    for (const successor of index.successors(rule)) {
      const now = scored.get(successor.id) ?? { rule: successor, score: 0, result };
      scored.set(successor.id, { ...now, score: Math.max(now.score, old.score * 1.01) });
    }
  }
}

const NICKNAMES: Readonly<Record<string, string>> = {
  golang: 'go',
  ts: 'typescript',
  js: 'javascript',
  node: 'javascript',
  nodejs: 'javascript',
  py: 'python',
  csharp: 'c#',
  cpp: 'c++',
};
/** What people ask about even where no rule is about it. */
const COMMON = new Set(
  'typescript javascript python rust java kotlin c# c++ ruby php swift scala elixir dart perl haskell'.split(' '),
);

/** `go` is a word of many questions: the language is `Go` or `golang`. */
function languageNamed(word: string, rules: readonly Rule[]): string | undefined {
  if (word === 'go' || word === 'GO') return undefined;
  const small = word.toLowerCase();
  const name = Object.hasOwn(NICKNAMES, small) ? NICKNAMES[small]! : small;
  const isOne = COMMON.has(name) || rules.some(({ appliesTo }) => appliesTo.languages.includes(name));
  return isOne ? name : undefined;
}

/** What is looked for, with the word as it was asked. Languages are no words to look for: a rule's scope tells better. */
function termsOf(
  words: readonly string[],
  rules: readonly Rule[],
  code: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const terms = new Map<string, string>();
  for (const word of words) {
    const looked = languageNamed(word, rules) === undefined ? (term(word) ?? keyword(word, code)) : undefined;
    if (looked !== undefined && !terms.has(looked)) terms.set(looked, word);
  }
  return terms;
}

function keyword(word: string, code: ReadonlySet<string>): string | undefined {
  const small = word.toLowerCase();
  return code.has(small) ? small : undefined;
}

/** Keywords that a question means as code: `any` in backticks or quotes; "use any in TypeScript", but not "any rule". */
function codeWords(question: string, words: readonly string[], rules: readonly Rule[]): ReadonlySet<string> {
  const quoted = [...question.matchAll(/(["'`])(\w+)\1/g)].map(([, , word]) => word!.toLowerCase());
  const at = words.findIndex((word) => word.toLowerCase() === 'any');
  const next = words[at + 1]?.toLowerCase();
  const isAlone = at >= 0 && (next === undefined || BEHIND_ANY.has(next) || languageNamed(next, rules) !== undefined);
  return new Set([...quoted.filter((word) => KEYWORDS.has(word)), ...(isAlone ? ['any'] : [])]);
}

/** No noun follows: "any" is one itself. */
const BEHIND_ANY = new Set('allowed and as bad fine for forbidden in instead is ok okay or type types with'.split(' '));

const FIELDS = { id: 4, title: 6, when: 3, domain: 2, headings: 2, text: 1, examples: 0.2 };
type Field = keyof typeof FIELDS;

function found(rules: readonly Rule[], terms: ReadonlyMap<string, string>, namesLanguage: boolean): SearchResult[] {
  if (terms.size === 0 && !namesLanguage) return [];
  const index = new MiniSearch<Record<Field, string>>({
    fields: Object.keys(FIELDS),
    processTerm: (word) => term(word) ?? keyword(word, KEYWORDS) ?? null,
  });
  index.addAll(rules.map(documentOf));
  const options = { boost: FIELDS, processTerm: (word: string) => word };
  if (terms.size === 0) return index.search(MiniSearch.wildcard, options);
  const asked = [...terms.keys()];
  const others = synonymsOfAll(terms);
  return index.search([...asked, ...others.keys()].join(' '), {
    ...options,
    prefix: (word) => terms.has(word) && word.length > 3,
    fuzzy: (word) => (terms.has(word) && word.length > 5 ? 0.2 : false),
    boostTerm: (word) => others.get(word)?.weight ?? 1,
  });
}

/** Of a word that stands for several of the question the one that counts most. */
function synonymsOfAll(terms: ReadonlyMap<string, string>): ReadonlyMap<string, Synonym> {
  const all = [...terms.keys()].flatMap((looked) => [...synonymsOf(looked)]).filter(([word]) => !terms.has(word));
  return new Map(all.sort(([, a], [, b]) => a.weight - b.weight));
}

function documentOf(rule: Rule): Record<Field, string> {
  const { id, title, when = '', domain, check, appliesTo, examples } = rule;
  const sections = sectionsOf(rule);
  const more = check?.kind === 'model' ? check.ask : check && 'instead' in check ? check.instead : undefined;
  return {
    id,
    title,
    when,
    domain: [domain, ...appliesTo.frameworks].join(' '),
    headings: sections.map(({ heading }) => heading).join('\n'),
    text: [...sections.map(({ text }) => text), more ?? ''].join('\n'),
    examples: [...examples.bad, ...examples.good].flatMap(({ files }) => Object.values(files)).join('\n'),
  };
}

const PLACES: Readonly<Record<Field, string>> = {
  id: 'ID',
  title: 'title',
  when: 'occasion',
  domain: 'domain',
  headings: 'headings',
  text: 'text',
  examples: 'examples',
};

function whyOf(
  { match, queryTerms }: SearchResult,
  terms: ReadonlyMap<string, string>,
  languages: readonly string[],
  because: string | undefined,
): string {
  const others = synonymsOfAll(terms);
  const places = new Map<string, Set<string>>();
  for (const [word, fields] of Object.entries(match)) {
    const longer = [...terms].find(([looked]) => queryTerms.includes(looked) && word.startsWith(looked));
    const shown = terms.get(word) ?? longer?.[1] ?? others.get(word)?.word ?? word;
    for (const field of fields) places.set(shown, (places.get(shown) ?? new Set()).add(PLACES[field as Field]));
  }
  const found = [...places].map(([word, where]) => `"${word}" in its ${[...where].join(' and ')}`).join(', ');
  return [found, languages.length > 0 ? `for ${languages.join(', ')}` : '', because ?? ''].filter(Boolean).join('; ');
}
