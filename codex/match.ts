import { isAside, type PathIndex } from '../facts/path-index.ts';
import type { CatalogFields, CatalogPort } from './catalog.ts';
import type { Codex } from './codex.ts';
import { frameworkKey } from './frameworks.ts';
import { globs } from './globs.ts';
import { isRetired, type Rule, type Scope } from './rule.ts';
import { scopeOf } from './scope.ts';
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
  if (!looksForWhatMayBeMissing(rule) && (paths.length > 0 || notPaths.length > 0)) {
    const path = firstInScope(rule.appliesTo, stack.paths);
    if (path === undefined)
      return no(paths.length > 0 ? `no path like ${paths.join(' or ')}` : `nothing outside of ${notPaths.join(', ')}`);
    if (paths.length > 0) reasons.push(`path ${path}`);
    evidence = { path, line: 1 };
  }
  const files = filesOf(rule);
  if (files.length > 0) {
    const path = firstInScope(rule.appliesTo, stack.paths, files);
    if (path === undefined) return no(`no file like ${files.join(' or ')}`);
    if (evidence?.path !== path) reasons.push(`file ${path}`);
    evidence = { path, line: 1 };
  }
  if (frameworks.length > 0) {
    const known = await stack.frameworks();
    const found = frameworks.map(frameworkKey).find((name) => known.has(name));
    if (found === undefined) return no(`no ${frameworks.join(' or ')} among the dependencies`);
    evidence = known.get(found)!;
    reasons.push(`framework ${found} (${evidence.path}:${evidence.line})`);
  }
  if (wanted.length > 0) {
    const entity = await catalog?.fields();
    if (!entity) return { rule, applies: 'unknown', because: 'the catalog has no answer', specificity };
    const missing = wanted.find(([name, values]) => !valuesOf(entity, name).some(globs(values)));
    if (missing) {
      const actual = valuesOf(entity, missing[0]).join(', ') || 'not told';
      return no(`the catalog's ${missing[0]} is ${actual}, not ${missing[1].join(' or ')}`);
    }
    reasons.push(...wanted.map(([name]) => `catalog ${name} ${valuesOf(entity, name).join(', ')}`));
  }
  return {
    rule,
    applies: 'yes',
    because: reasons.length > 0 ? reasons.join(', ') : 'applies to every repository',
    ...(evidence === undefined ? {} : { evidence }),
    specificity,
  };
}

/**
 * Whether `paths` say where the check looks, and not where the rule applies. Then nothing need be there: a required file is
 * missing by nature. Otherwise a path is a condition: where there is a Dockerfile, a .dockerignore is required.
 */
function looksForWhatMayBeMissing({ check, appliesTo: { paths } }: Rule): boolean {
  if (check?.kind !== 'required-file') return false;
  const within = globs(paths);
  return check.groups.flat().some((glob) => paths.includes(glob) || within(glob.replace(/^(?:\*\*\/)+/, '')));
}

/** The only files that a check is about: where there is none of them, it has nothing to say. */
function filesOf({ check }: Rule): readonly string[] {
  switch (check?.kind) {
    case 'file-content':
    case 'config-value':
    case 'forbidden-edit':
      return check.files.some((glob) => glob === '**' || glob === '**/*') ? [] : check.files;
    default:
      return [];
  }
}

/** The first file that a scope holds, of those that `files` name; worked out once for all rules that ask the same. */
function firstInScope(
  { languages, paths, notPaths }: Scope,
  index: PathIndex,
  files: readonly string[] = ['**'],
): string | undefined {
  return index.once(`codex-scope ${JSON.stringify([languages, paths, notPaths, files])}`, ({ entries }) => {
    const inScope = scopeOf({ languages, paths, notPaths });
    const named = globs(files);
    return entries.find(
      ({ path, kind }) => (kind === 'file' || kind === 'executable') && !isAside(path) && named(path) && inScope(path),
    )?.path;
  });
}

function valuesOf(entity: CatalogFields, name: string): readonly string[] {
  return Object.hasOwn(entity, name) ? [entity[name] ?? []].flat() : [];
}
