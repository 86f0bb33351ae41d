import { RULE_KEY } from '../item.ts';
import type { Proposal } from './proposal.ts';

/** What a person calls the fact behind a bullet. */
const NAMES: Readonly<Record<string, string>> = {
  runtime: 'runtimes',
  'package-manager': 'package manager',
  'test-framework': 'test framework',
  'env.required': 'environment',
  workspace: 'packages',
  migration: 'migrations',
  generated: 'generated paths',
  vendored: 'vendored code',
  'changes-with': 'files that change together',
  companion: 'CLAUDE.md',
};
/** So many are named; a title is read in a list. */
const MOST_NAMES = 3;

/** `Add AGENTS.md`, `Refresh AGENTS.md: test command, package manager`. */
export function titleOf({ path, isNew, changes }: Pick<Proposal, 'path' | 'isNew' | 'changes'>, prefix = ''): string {
  if (isNew) return `${prefix}Add ${path}`;
  const names = [...new Set(changes.flatMap(({ key }) => nameOf(key) ?? []))];
  const more = names.length > MOST_NAMES ? ', …' : '';
  return names.length === 0
    ? `${prefix}Refresh ${path}`
    : `${prefix}Refresh ${path}: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function nameOf(key: string): string | undefined {
  const [fact = key] = key.split(' ');
  if (fact.startsWith('command.')) {
    const purpose = fact.slice('command.'.length);
    return purpose === 'test-single' ? 'single test' : `${purpose} command`;
  }
  if (fact.startsWith(RULE_KEY)) return 'codex rules';
  if (fact.startsWith('ci.gate')) return 'pipeline checks';
  if (fact.startsWith('layout.')) return 'layout';
  return NAMES[fact];
}
