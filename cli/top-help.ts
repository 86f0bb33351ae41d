import type { Examples } from './command.ts';

/** The commands as `agentsmd --help` lists them, each in one group. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'One repository': ['generate', 'check', 'changes', 'review', 'facts', 'co-changes'],
  'The company’s rules': ['codex'],
  'The whole fleet': [
    ...['sweep', 'status', 'report', 'fleet', 'retry', 'pause', 'resume', 'rollback', 'adopt-review', 'state'],
  ],
  'As a service': ['worker', 'schedule', 'listen'],
  'Catalog and language models': ['catalog', 'models', 'agents', 'eval'],
  'Setting up': ['doctor', 'init', 'config', 'completions'],
};

/** What somebody who sees the program for the first time would type. */
export const EXAMPLES: Examples = [
  ['generate ~/code/shop', 'print the AGENTS.md of a repository'],
  ['check ~/code/shop', 'what in it is no longer true'],
  ['sweep --dir ~/code --dry-run', 'for all in a folder; nothing is written'],
];
