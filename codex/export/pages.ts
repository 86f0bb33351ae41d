import type { Rule } from '../rule.ts';
import { slugOf } from '../slug.ts';
import type { RuleSection } from './rule-section.ts';

/** A page below `references/`, with some of the rules. */
export interface Page {
  /** From the folder of the skill: `references/security-web.md`. */
  readonly path: string;
  readonly title: string;
  /** In the order they stand in. */
  readonly rules: readonly Rule[];
  readonly text: string;
}

/** How rules are laid out: a page for each domain, for each of the topmost folders, or pages filled one after the other. */
export const LAYOUTS = ['domain', 'top', 'packed'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Characters of a page: below 8,000 tokens with its head. */
export const PAGE_LENGTH = 30_000;

interface Group {
  readonly name: string;
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** Lays rules out on pages that an agent can read whole. */
export function pagesOf(
  rules: readonly Rule[],
  sectionOf: (rule: Rule) => RuleSection,
  layout: Layout,
): readonly Page[] {
  const size = (part: readonly Rule[]): number => part.reduce((sum, rule) => sum + sectionOf(rule).text.length + 2, 0);
  const groups = layout === 'packed' ? packed(rules, size) : split(rules, layout, size);
  const taken = new Set<string>();
  return groups.map(({ name, title, rules: own }) => {
    const path = `references/${unique(name, taken)}.md`;
    return {
      path,
      title,
      rules: own,
      text: pageText(
        title,
        own.map((rule) => sectionOf(rule).text),
      ),
    };
  });
}

function pageText(title: string, sections: readonly string[]): string {
  return `# ${title}\n\n${sections.join('\n\n')}\n`;
}

function split(rules: readonly Rule[], layout: Layout, size: (part: readonly Rule[]) => number): readonly Group[] {
  const domainOf = ({ domain }: Rule): string => (layout === 'top' ? domain.split('/')[0]! : domain);
  return [...Map.groupBy(rules, domainOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([domain, own]) => {
      const name = slugOf(domain) || 'general';
      return smaller({ name, title: domain === '' ? 'General' : domain.replaceAll('/', ', '), rules: own }, size, [
        areaOf,
        languageOf,
      ]);
    });
}

/** A group that is too long for a page is parted by area, then by language, then just so. */
function smaller(
  group: Group,
  size: (part: readonly Rule[]) => number,
  [key, ...keys]: readonly ((rule: Rule) => string)[],
): readonly Group[] {
  const whole = size(group.rules);
  if (whole <= PAGE_LENGTH) return [group];
  if (key === undefined) return filled(group.rules, size).map((rules, at) => numbered(group, rules, at));
  const parts = [...Map.groupBy(group.rules, key)].sort(([a], [b]) => (a < b ? -1 : 1));
  // Parting must not leave many small pages.
  if (parts.length < 2 || parts.length > 2 * Math.ceil(whole / PAGE_LENGTH) + 2) return smaller(group, size, keys);
  return parts.flatMap(([shared, rules]) => {
    const value = shared === NO_SINGLE ? languagesOf(rules) : shared;
    const name = slugOf(value);
    const part = {
      name: group.name === name ? name : `${group.name}-${name}`,
      title: `${group.title}: ${value}`,
      rules,
    };
    return smaller(part, size, keys);
  });
}

/** `API-REST` of `API-REST-012`. */
function areaOf({ id }: Rule): string {
  return id.slice(0, id.lastIndexOf('-'));
}

function languageOf({ appliesTo }: Rule): string {
  return appliesTo.languages.length === 1 ? appliesTo.languages[0]! : NO_SINGLE;
}

/** Rules of no language in particular, and of several. */
const NO_SINGLE = 'any language';
const MOST_LANGUAGES = 4;

/** What is on such a page: `javascript, typescript and any language`. */
function languagesOf(rules: readonly Rule[]): string {
  const named = [...new Set(rules.flatMap(({ appliesTo }) => appliesTo.languages))].sort();
  const languages = named.length > MOST_LANGUAGES ? ['several languages'] : named;
  const isAnywhere = rules.some(({ appliesTo }) => appliesTo.languages.length === 0);
  if (isAnywhere) return [languages.join(', '), NO_SINGLE].filter(Boolean).join(' and ');
  return [languages.slice(0, -1).join(', '), languages.at(-1)!].filter(Boolean).join(' and ');
}

function numbered({ name, title }: Group, rules: readonly Rule[], at: number): Group {
  return { name: `${name}-${at + 1}`, title: `${title} (${at + 1})`, rules };
}

function packed(rules: readonly Rule[], size: (part: readonly Rule[]) => number): readonly Group[] {
  const sorted = [...rules].sort((a, b) => (a.domain === b.domain ? 0 : a.domain < b.domain ? -1 : 1));
  return filled(sorted, size).map((part, at) => {
    const domains = [...new Set(part.map(({ domain }) => domain || 'general'))];
    const title = domains.length > 3 ? `${domains[0]} to ${domains.at(-1)}` : domains.join(', ');
    return { name: `rules-${String(at + 1).padStart(3, '0')}`, title, rules: part };
  });
}

/** Pages one after the other, each as full as it can be. */
function filled(rules: readonly Rule[], size: (part: readonly Rule[]) => number): readonly (readonly Rule[])[] {
  const pages: Rule[][] = [];
  let room = 0;
  for (const rule of rules) {
    const length = size([rule]);
    if (pages.length === 0 || length > room) {
      pages.push([]);
      room = PAGE_LENGTH;
    }
    pages.at(-1)!.push(rule);
    room -= length;
  }
  return pages;
}

function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count++) candidate = `${name}-${count}`;
  taken.add(candidate);
  return candidate;
}
