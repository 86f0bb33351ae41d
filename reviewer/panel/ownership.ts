import { CATEGORIES, type Category } from '../findings/finding.ts';
import type { RiskTier } from '../scope/tier.ts';

/** Puts together what the others find. */
export const COORDINATOR = 'coordinator';

/**
 * Which agents look at a change of a tier, and which categories of defects are whose. Total: in every tier each category has exactly one owner,
 * so that nothing is nobody's. Some owners are only asked where there is something for them, see `rosterOf`.
 */
export const OWNERS = {
  trivial: everything('generalist'),
  lite: {
    ...each(),
    performance: 'code-quality',
    release: 'code-quality',
  },
  full: each(),
} as const satisfies Record<RiskTier, Readonly<Record<Category, string>>>;

/** What a reader of prompts is told of a category. */
export const DEFECTS: Readonly<Record<Category, string>> = {
  security:
    'what an attacker or a curious user can make of it, secrets, permissions, unsafe input, weak cryptography, risky dependencies',
  'code-quality':
    'wrong results, unhandled errors and edge cases, waiting without end, races, leaks of resources, duplicated logic, tests that cannot fail',
  performance: 'work that grows with data, queries in loops, blocking calls, memory, caches, payloads',
  release: 'migrations, compatibility of interfaces and stored data, feature flags, order of rollout, way back',
  codex: 'the engineering rules that need judgement',
  'agents-md': 'AGENTS.md against what the repository now is',
  documentation: 'documentation, comments, messages and examples that the change makes false or leaves out',
};

/** The agent that a category is called after in the full tier. */
export function specialistFor(category: Category): string {
  return OWNERS.full[category];
}

/** The agents of a tier but the coordinator, each once. */
export function agentsOf(tier: RiskTier): readonly string[] {
  return [...new Set(CATEGORIES.map((category) => OWNERS[tier][category]))];
}

function each() {
  return {
    security: 'security',
    'code-quality': 'code-quality',
    performance: 'performance',
    release: 'release',
    codex: 'codex-compliance',
    'agents-md': 'agents-md',
    documentation: 'documentation',
  } as const satisfies Record<Category, string>;
}

function everything<T extends string>(owner: T): Readonly<Record<Category, T>> {
  return Object.fromEntries(CATEGORIES.map((category) => [category, owner])) as Record<Category, T>;
}
