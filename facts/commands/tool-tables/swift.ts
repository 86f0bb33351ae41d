import { FIX, type ToolRow } from '../tool-rule.ts';

/** Tools of Swift and Objective-C. */
export const SWIFT_TOOLS: readonly ToolRow[] = [
  ['swift build', { build: 1 }],
  ['swift test', { test: 1 }],
  ['swiftlint', { lint: 1 }, { fixes: FIX }],
  ['swiftformat', { format: 1 }, { checks: ['--lint'] }],
];
