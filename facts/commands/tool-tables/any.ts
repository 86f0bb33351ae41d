import type { ToolRow } from '../tool-rule.ts';

/** Tools of every repository: shell, YAML, workflows. */
export const COMMON_TOOLS: readonly ToolRow[] = [
  ['shellcheck', { lint: 0.4 }],
  ['shfmt', { format: 0.4 }, { writes: ['-w'], checks: ['-d', '-l'] }],
  ['yamllint', { lint: 0.25 }],
  ['hadolint', { lint: 0.2 }],
  ['actionlint', { lint: 0.15 }],
];
