import type { CatalogFields, CatalogPort } from './catalog.ts';
import type { Codex } from './codex.ts';
import { isRetired, type Rule } from './rule.ts';
import { globs, scopeOf } from './scope.ts';
import type { Stack } from './stack.ts';

/** Whether a rule applies to a repository, and why. `unknown`: it depends on the catalog, and there is no answer from it. */
export interface Match {
  readonly rule: Rule;
  readonly applies: 'yes' | 'no' | 'unknown';
  /** For people: `language rust (src/main.rs), framework axum (Cargo.toml:12)`. */
  readonly because: string;
  /** A file that shows it: what a line in AGENTS.md can rest on. */
  readonly evidence?: { readonly path: string; readonly line: number };
  /** How narrow the rule is: the number of kinds of condition it sets. A rule for everybody is 0. */
  readonly specificity: number;
}

/** Every rule of the codex that is in use (drafts and tombstones are not), with whether it applies. */
export async function matchCodex(
  { rules }: Pick<Codex, 'rules'>,
  stack: Stack,
  catalog?: CatalogPort,
): Promise<readonly Match[]> {
  const matches: Match[] = [];
  for (const rule of rules) if (isInUse(rule)) matches.push(await matchRule(rule, stack, catalog));
  return matches;
}

/** Rules that are checked and cited: drafts are not yet, tombstones no longer. */
export function isInUse(rule: Pick<Rule, 'status'>): boolean {
  return rule.status !== 'draft' && !isRetired(rule);
}

/** {@link matchCodex} for one rule, whatever its status. */
export async function matchRule(rule: Rule, stack: Stack, catalog?: CatalogPort): Promise<Match> {
  const { languages, frameworks, paths, notPaths, catalog: fields } = rule.appliesTo;
  const wanted = Object.entries(fields);
  const specificity = [languages.length > 0, frameworks.length > 0, paths.length > 0, wanted.length > 0].filter(
    Boolean,
  ).length;
  const reasons: string[] = [];
  let evidence: Match['evidence'];
  const no = (because: string): Match => ({ rule, applies: 'no', because, specificity });

  if (languages.length > 0) {
    const found = languages.find((language) => stack.languages.has(language));
    if (found === undefined) return no(`no ${languages.join(' or ')} here`);
    const path = stack.languages.get(found)!;
    reasons.push(`language ${found} (${path})`);
    evidence = { path, line: 1 };
  }
  if (paths.length > 0 || notPaths.length > 0) {
    // Without paths of its own the languages were looked for above, over everything.
    const inScope = paths.length > 0 ? scopeOf(rule.appliesTo) : scopeOf({ ...rule.appliesTo, paths: ['**'] });
    const entry = stack.paths.entries.find(
      ({ path, kind }) => (kind === 'file' || kind === 'executable') && inScope(path),
    );
    // A required file is missing by nature: where it should be cannot decide.
    if (entry === undefined)
      return no(paths.length > 0 ? `no path like ${paths.join(' or ')}` : `nothing outside of ${notPaths.join(', ')}`);
    if (paths.length > 0) reasons.push(`path ${entry.path}`);
    evidence ??= { path: entry.path, line: 1 };
  }
  if (frameworks.length > 0) {
    const known = await stack.frameworks();
    const found = frameworks.map((name) => name.toLowerCase()).find((name) => known.has(name));
    if (found === undefined) return no(`no ${frameworks.join(' or ')} among the dependencies`);
    evidence = known.get(found)!;
    reasons.push(`framework ${found} (${evidence.path}:${evidence.line})`);
  }
  if (wanted.length > 0) {
    const entity = await catalog?.fields();
    if (!entity) return { rule, applies: 'unknown', because: 'the catalog has no answer', specificity };
    const missing = wanted.find(([name, values]) => !holds(entity, name, values));
    if (missing) return no(`the catalog's ${missing[0]} is not ${missing[1].join(' or ')}`);
    reasons.push(...wanted.map(([name]) => `catalog ${name} ${[entity[name] ?? []].flat().join(', ')}`));
  }
  return {
    rule,
    applies: 'yes',
    because: reasons.length > 0 ? reasons.join(', ') : 'applies to every repository',
    ...(evidence === undefined ? {} : { evidence }),
    specificity,
  };
}

function holds(entity: CatalogFields, name: string, values: readonly string[]): boolean {
  const actual = [entity[name] ?? []].flat();
  const fits = globs(values);
  return actual.some((value) => fits(value));
}
