import type { ToolRow } from '../tool-rule.ts';

/** Tools of the JVM. */
export const JVM_TOOLS: readonly ToolRow[] = [
  ['sbt test', { test: 1 }],
  ['sbt compile', { build: 1 }],
];
