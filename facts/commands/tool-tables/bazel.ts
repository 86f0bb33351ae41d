import type { ToolRow } from '../tool-rule.ts';

/** Tools of Bazel. */
export const BAZEL_TOOLS: readonly ToolRow[] = [
  ['bazel build', { build: 1 }, { values: ['--config'] }],
  ['bazel test', { test: 1 }, { values: ['--config'] }],
  ['bazelisk build', { build: 0.9 }, { values: ['--config'] }],
  ['bazelisk test', { test: 0.9 }, { values: ['--config'] }],
  ['buildifier', { format: 0.7, lint: 0.5 }],
];
