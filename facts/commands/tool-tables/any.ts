import type { ToolRow } from '../tool-rule.ts';

/** Tools of every repository: shell, YAML, workflows. */
export const COMMON_TOOLS: readonly ToolRow[] = [
  ['shellcheck', { lint: 0.4 }, { filesOnly: true, values: ['-s', '-e', '-i', '-S', '-f', '-o', '-P', '-W', '-C'] }],
  ['shfmt', { format: 0.4 }, { writes: ['-w'], checks: ['-d', '-l'] }],
  ['yamllint', { lint: 0.25 }],
  ['hadolint', { lint: 0.2 }],
  ['actionlint', { lint: 0.15 }],
  ['brew bundle', { install: 0.9 }, { lends: true }],
  ['brew install', { install: 0.7 }, { lends: true }],
  ['gem install', { install: 0.7 }, { lends: true }],
  ['apt-get install', { install: 0.5 }, { lends: true }],
  ['apt install', { install: 0.5 }, { lends: true }],
];
