import type { FileCheck, Hit } from '../checks/kind.ts';
import { runExample } from '../examples.ts';
import type { Example, Rule } from '../rule.ts';
import { scopeOf } from '../scope.ts';
import { languageOf } from '../stack.ts';
import type { Proof, ProvedExample } from './proof.ts';

/** An example of one rule in which another rule's check finds something. */
export interface Crossing {
  readonly of: Rule;
  readonly proved: ProvedExample;
  readonly by: Rule;
  readonly hits: readonly Hit[];
}

/** A rule that can be asked about other rules' examples. */
interface Asker {
  readonly rule: Rule;
  /** The same without its scope, which was looked at before. */
  readonly unscoped: Rule;
  /** Those it looks at, where it is known beforehand: most pairs of rules end here. */
  readonly languages: ReadonlySet<string> | undefined;
  readonly inScope: (path: string) => boolean;
  readonly mayHit: (path: string, text: string) => boolean;
}

/**
 * Runs every check over the examples of all other rules that may hold in the same repository. Only findings that point at
 * something count: an excerpt of a file lacks much that a whole file has.
 */
export async function crossingsOf(
  rules: readonly Rule[],
  proofs: ReadonlyMap<string, Proof>,
): Promise<readonly Crossing[]> {
  const askers = rules.flatMap((rule) => askerOf(rule, proofs.get(rule.id)) ?? []);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const byPath = new Map<string, readonly Asker[]>();
  const asked = (path: string): readonly Asker[] => {
    const known = byPath.get(path);
    if (known) return known;
    const language = languageOf(path);
    const found = askers.filter(
      ({ languages, inScope }) => (languages === undefined || languages.has(language ?? '')) && inScope(path),
    );
    byPath.set(path, found);
    return found;
  };
  const crossings: Crossing[] = [];
  for (const of of rules) {
    for (const proved of proofs.get(of.id)?.examples ?? []) {
      if (proved.flaw || proved.outside !== undefined) continue;
      const candidates = candidatesFor(proved.example, of, asked);
      if (candidates.length === 0) continue;
      const { hits } = await runExample(candidates, proved.example, async ({ id }) => proofs.get(id)?.check);
      const pointed = hits.filter(({ subject }) => subject !== '');
      for (const [id, found] of Map.groupBy(pointed, ({ rule }) => rule))
        crossings.push({ of, proved, by: byId.get(id)!, hits: found });
    }
  }
  return crossings;
}

function candidatesFor({ files }: Example, of: Rule, asked: (path: string) => readonly Asker[]): readonly Rule[] {
  const found = new Set<Rule>();
  for (const [path, text] of Object.entries(files)) {
    for (const { rule, unscoped, mayHit } of asked(path))
      if (rule !== of && mayHit(path, text) && mayMeet(rule, of)) found.add(unscoped);
  }
  return [...found];
}

function askerOf(rule: Rule, proof: Proof | undefined): Asker | undefined {
  const check = proof?.check;
  if (!check) return undefined;
  const unscoped = {
    ...rule,
    appliesTo: { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {} },
  };
  if (check.over === 'files')
    return {
      rule,
      unscoped,
      languages: rule.check?.kind === 'ast-grep' ? new Set(rule.check.language.map(asLanguage)) : undefined,
      inScope: within(check, scopeOf(rule.appliesTo)),
      mayHit: (_, text) => check.prefilter.every((group) => group.some((literal) => text.includes(literal))),
    };
  if (rule.check?.kind !== 'dependency-ban') return undefined;
  const names = Object.values(rule.check.packages).flatMap((list) => list.map((name) => name.replace(/\*$/, '')));
  return {
    rule,
    unscoped,
    languages: undefined,
    inScope: () => true,
    mayHit: (_, text) => names.some((name) => text.includes(name.split(':').at(-1)!)),
  };
}

/** Of a grammar's name the one that files have. */
function asLanguage(grammar: string): string {
  return grammar === 'tsx' ? 'typescript' : grammar === 'bash' ? 'shell' : grammar;
}

function within(check: FileCheck, inScope: (path: string) => boolean): (path: string) => boolean {
  return (path) => check.wants(path) && inScope(path);
}

/** Whether two rules can hold in one repository, and speak of the same files as far as their conditions tell. */
export function mayMeet({ appliesTo: a }: Rule, { appliesTo: b }: Rule): boolean {
  if (!overlap(a.languages, b.languages) || !overlap(a.frameworks, b.frameworks)) return false;
  return Object.entries(a.catalog).every(([field, values]) => overlap(values, b.catalog[field] ?? []));
}

/** An empty list is no condition. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some((name) => b.includes(name));
}
