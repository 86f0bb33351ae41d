import type { ToolRow } from '../tool-rule.ts';

const DART = 'dart';
/** Folders of sources, tests and programs: together they are everything. */
const EVERYTHING = ['.', './', 'lib', 'lib/', './lib', 'test', 'test/', './test', 'bin', 'bin/', 'tool', 'example'];
const TESTED = ['test', 'test/', './test', 'test/unit', 'test/unit/'];
const TEST_VALUES = [
  '-n',
  '--name',
  '-N',
  '--plain-name',
  '-t',
  '--tags',
  '-x',
  '--exclude-tags',
  '-j',
  '-P',
  '--preset',
  '-d',
  '--device-id',
  '--platform',
  '--dart-define',
  '--dart-define-from-file',
  '--test-randomize-ordering-seed',
  '--flavor',
];
const BUILD_VALUES = ['--dart-define', '--dart-define-from-file', '--flavor', '-t', '--target', '--build-number', '-o'];
const TARGETS = ['apk', 'appbundle', 'ios', 'ipa', 'web', 'macos', 'linux', 'windows', 'bundle', 'aar'];
/** `dart format` writes unless it is told otherwise; its `-l` is a length. */
const LOOKS = ['--set-exit-if-changed', '--output=none', '--output=show', '--output=json', '-o', '--output', '-n'];
const FORMAT = { checks: LOOKS, values: ['-l', '--line-length', '-o', '--output', '--page-width'], broad: EVERYTHING };

/** Tools of Dart and Flutter. */
export const DART_TOOLS: readonly ToolRow[] = [
  ['dart pub get', { install: 1 }, { language: DART }],
  ['flutter pub get', { install: 1 }, { language: DART }],
  ['dart pub upgrade', { install: 0.5 }, { language: DART }],
  ['flutter pub upgrade', { install: 0.5 }, { language: DART }],
  ['flutter packages get', { install: 0.7 }, { language: DART }],
  ['very_good packages get', { install: 0.7 }],
  ['melos bootstrap', { install: 1 }],
  ['melos bs', { install: 0.9 }],
  ['dart test', { test: 1 }, { language: DART, values: TEST_VALUES, broad: TESTED }],
  ['dart run test', { test: 0.8 }, { language: DART, values: TEST_VALUES, broad: TESTED }],
  ['flutter test', { test: 1 }, { language: DART, values: TEST_VALUES, broad: TESTED }],
  ['very_good test', { test: 0.9 }, { values: TEST_VALUES, broad: TESTED }],
  ['melos test', { test: 1 }],
  ['patrol test', { test: 0.4 }, { values: ['-t', '--target', '-d', '--device'] }],
  ['flutter drive', { test: 0.3 }, { language: DART, values: ['--driver', '--target', '-d'] }],
  ['dart analyze', { lint: 1 }, { language: DART, broad: EVERYTHING }],
  ['flutter analyze', { lint: 1 }, { language: DART, broad: EVERYTHING }],
  ['melos analyze', { lint: 1 }],
  ['dart run custom_lint', { lint: 0.5 }, { language: DART }],
  ['dcm analyze', { lint: 0.4 }, { broad: EVERYTHING }],
  ['dart run dart_code_metrics:metrics analyze', { lint: 0.4 }, { language: DART, broad: EVERYTHING }],
  ['dart fix', { lint: 0.3, format: 0.3 }, { language: DART, fixes: ['--apply'], checks: ['--dry-run', '-n'] }],
  ['dart format', { format: 1 }, { language: DART, ...FORMAT }],
  ['flutter format', { format: 0.8 }, { language: DART, ...FORMAT }],
  ['dartfmt', { format: 0.6 }, FORMAT],
  ['melos format', { format: 1 }, { checks: LOOKS, values: ['-o', '--output', '--line-length'] }],
  ['flutter build', { build: 1 }, { language: DART, values: BUILD_VALUES, broad: TARGETS }],
  ['dart compile', { build: 0.7 }, { language: DART, values: ['-o', '--output'], broad: ['exe', 'js', 'kernel'] }],
  ['flutter run', { run: 1 }, { language: DART, values: [...BUILD_VALUES, '-d', '--device-id'] }],
  ['dart run', { run: 1 }, { language: DART, alone: true }],
  ['dart_frog dev', { run: 1 }],
  ['dart run build_runner build', { generate: 1 }, { language: DART }],
  ['dart run build_runner watch', {}, { language: DART }],
  ['dart pub run build_runner build', { generate: 0.8 }, { language: DART }],
  ['flutter pub run build_runner build', { generate: 0.8 }, { language: DART }],
  ['flutter packages pub run build_runner build', { generate: 0.7 }, { language: DART }],
  ['flutter gen-l10n', { generate: 0.7 }, { language: DART }],
  ['dart run slang', { generate: 0.7 }, { language: DART }],
  ['dart run pigeon', { generate: 0.6 }, { language: DART, values: ['--input'] }],
  ['dart run ffigen', { generate: 0.6 }, { language: DART, values: ['--config'] }],
  ['flutter_rust_bridge_codegen generate', { generate: 0.7 }],
];
