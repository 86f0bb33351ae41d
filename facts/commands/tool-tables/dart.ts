import { CHECK, type ToolRow } from '../tool-rule.ts';

/** Tools of Dart and Flutter. */
export const DART_TOOLS: readonly ToolRow[] = [
  ['dart pub get', { install: 1 }],
  ['flutter pub get', { install: 1 }],
  ['melos bootstrap', { install: 1 }],
  ['dart test', { test: 1 }],
  ['flutter test', { test: 1 }],
  ['dart analyze', { lint: 1 }],
  ['flutter analyze', { lint: 1 }],
  ['dart format', { format: 1 }, { checks: CHECK }],
];
