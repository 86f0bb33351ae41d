import type { Codex } from '../codex.ts';
import type { Rule, Scope } from '../rule.ts';

/** What a test says of a rule; the rest is what most rules are. */
export type RuleParts = Partial<Omit<Rule, 'appliesTo'>> & Pick<Rule, 'id'> & { readonly appliesTo?: Partial<Scope> };

/** A rule in force that applies to every repository, unless told. */
export function makeRule({ appliesTo, ...parts }: RuleParts): Rule {
  return {
    rev: 1,
    title: `Keep to ${parts.id}`,
    level: 'MUST',
    status: 'active',
    supersededBy: [],
    appliesTo: { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {}, ...appliesTo },
    examples: { bad: [], good: [] },
    body: '',
    file: `${parts.id}.md`,
    domain: '',
    ...parts,
  };
}

/** A codex of these rules, in the order of their IDs. */
export function makeCodex(...rules: readonly RuleParts[]): Codex {
  return {
    manifest: { name: 'test-codex', title: 'Test Codex' },
    origin: 'test',
    revision: 'c1',
    rules: rules.map(makeRule).sort((a, b) => (a.id < b.id ? -1 : 1)),
    problems: [],
  };
}
