import type { OptionSpec } from './command.ts';

/** Arguments and options that several commands take. */
export const REPOSITORY = {
  name: 'repo',
  summary: 'a folder of a git repository, or a bare repository (default: the current folder)',
  optional: true,
  kind: 'directory',
} as const;

export const REPOSITORY_OR_PROJECT = {
  name: 'repo',
  summary:
    'a folder of a git repository, or a project of GitLab: group/name, or its address (default: the current folder)',
  optional: true,
  kind: 'directory',
} as const;

export const REVISION: OptionSpec = {
  flags: '--rev <rev>',
  summary: 'read this commit, branch or tag (default: the working tree, or HEAD of a bare repository)',
  kind: 'revision',
};

export const CODEX_SOURCE: OptionSpec = {
  flags: '--codex <source>',
  summary: 'starter, a folder, or a git address (default: codex.from of the configuration, else starter)',
  kind: 'directory',
};

export const CODEX_REVISION: OptionSpec = {
  flags: '--codex-rev <rev>',
  summary: 'read the codex at this commit, tag or branch of its repository',
};

export const CODEX: readonly OptionSpec[] = [CODEX_SOURCE, CODEX_REVISION];
