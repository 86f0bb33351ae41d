import type { FileCheck, Hit } from '../checks/kind.ts';
import { runExample } from '../examples.ts';
import type { Rule } from '../rule.ts';
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
  readonly mayHit: (text: string) => boolean;
  /** Whether it looks for a text beforehand. */
  readonly needsText: boolean;
}

export interface Compared {
  readonly crossings: readonly Crossing[];
  /** How many pairs of an example and another rule's check were too many to run. */
  readonly left: number;
}

/** So many checks of other rules are run over examples; ast-grep takes about 0.2 ms for each. */
const MOST = 10_000;

/**
 * Runs every check over the examples of all other rules that may hold in the same repository. Only findings that point at
 * something count: an excerpt of a file lacks much that a whole file has. Where there are too many pairs, those go first whose
 * example holds a text that the check needs, then rules of one domain.
 */
export async function compareRules(
  rules: readonly Rule[],
  proofs: ReadonlyMap<string, Proof>,
  most = MOST,
): Promise<Compared> {
  const { chosen, left } = choose(pairsOf(rules, proofs), most);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const crossings: Crossing[] = [];
  for (const [proved, { of, askers }] of chosen) {
    const unscoped = askers.map((asker) => asker.unscoped);
    const { hits } = await runExample(unscoped, proved.example, async ({ id }) => proofs.get(id)?.check);
    const pointed = hits.filter(({ subject }) => subject !== '');
    for (const [id, found] of Map.groupBy(pointed, ({ rule }) => rule))
      crossings.push({ of, proved, by: byId.get(id)!, hits: found });
  }
  return { crossings, left };
}

interface Pair {
  readonly of: Rule;
  readonly proved: ProvedExample;
  readonly asker: Asker;
}

/** Every example with each rule that has to be asked about it. */
function* pairsOf(rules: readonly Rule[], proofs: ReadonlyMap<string, Proof>): Iterable<Pair> {
  const askers = rules.flatMap((rule) => askerOf(rule, proofs.get(rule.id)) ?? []);
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
  for (const of of rules) {
    for (const proved of proofs.get(of.id)?.examples ?? []) {
      if (proved.flaw || proved.outside !== undefined) continue;
      const told = new Set<Asker>();
      for (const [path, text] of Object.entries(proved.example.files))
        for (const asker of asked(path))
          if (asker.rule !== of && !told.has(asker) && asker.mayHit(text) && mayMeet(asker.rule, of)) {
            told.add(asker);
            yield { of, proved, asker };
          }
    }
  }
}

type Chosen = ReadonlyMap<ProvedExample, { readonly of: Rule; readonly askers: readonly Asker[] }>;

function choose(pairs: Iterable<Pair>, most: number): { readonly chosen: Chosen; readonly left: number } {
  const ranked: [Pair[], Pair[], Pair[]] = [[], [], []];
  let count = 0;
  for (const pair of pairs) {
    count++;
    const rank = ranked[pair.asker.needsText ? 0 : pair.asker.rule.domain === pair.of.domain ? 1 : 2];
    if (rank.length < most) rank.push(pair);
  }
  const chosen = new Map<ProvedExample, { readonly of: Rule; readonly askers: Asker[] }>();
  const kept = ranked.flat().slice(0, most);
  for (const { of, proved, asker } of kept) {
    const entry = chosen.get(proved) ?? { of, askers: [] };
    entry.askers.push(asker);
    chosen.set(proved, entry);
  }
  return { chosen, left: count - kept.length };
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
      mayHit: (text) => check.prefilter.every((group) => group.some((literal) => text.includes(literal))),
      needsText: check.prefilter.length > 0,
    };
  if (rule.check?.kind !== 'dependency-ban') return undefined;
  const names = Object.values(rule.check.packages).flatMap((list) => list.map((name) => name.replace(/\*$/, '')));
  return {
    rule,
    unscoped,
    languages: undefined,
    inScope: () => true,
    mayHit: (text) => names.some((name) => text.includes(name.split(':').at(-1)!)),
    needsText: true,
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
