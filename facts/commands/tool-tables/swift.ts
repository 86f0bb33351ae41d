import { FIX, type ToolRow } from '../tool-rule.ts';

const PACKAGE_VALUES = [
  '--filter',
  '--skip',
  '-c',
  '--configuration',
  '--scratch-path',
  '--build-path',
  '-j',
  '--jobs',
  '--num-workers',
  '--xunit-output',
  '--sanitize',
  '--target',
  '--product',
  '--triple',
  '--swift-sdk',
  '--build-system',
  '-Xswiftc',
  '-Xcc',
  '-Xlinker',
];
/** What a pipeline adds: coverage, reports, settings of the compiler, its own folders. */
const PACKAGE_REPORTS =
  /^--(?:enable-code-coverage|parallel|xunit-output|sanitize|num-workers|jobs|scratch-path|build-path|build-tests|explicit-target-dependency-import-check)\b|^-j$|^-X(?:swiftc|cc|linker)$/;
const packages = { values: PACKAGE_VALUES, drops: PACKAGE_REPORTS } as const;
/** Tools that Mint, a package manager of such tools, may start. */
const swift = { language: 'swift' } as const;
const FORMAT_VALUES = ['--configuration', '--config', '--swiftversion', '--cache', '--reporter', '--report'];
const lints = {
  ...swift,
  fixes: [...FIX, '--autocorrect'],
  values: ['--config', '--reporter', '--baseline', '--output', '--cache-path'],
  drops: /^--(?:reporter|baseline|output|cache-path|no-cache|force-exclude|quiet)\b/,
  broad: ['.', 'Sources', 'Tests'],
};
const looks = {
  ...swift,
  values: ['--configuration'],
  drops: /^(?:-p|--parallel|--color-diagnostics|--no-color-diagnostics)$/,
  broad: ['.', 'Sources', 'Tests', 'Sources/', 'Tests/', 'Package.swift'],
};
const swiftFormat = { ...looks, writes: ['-i', '--in-place'] };

/** Tools of Swift and Objective-C; `xcodebuild` is read by `xcodebuild.ts`. */
export const SWIFT_TOOLS: readonly ToolRow[] = [
  ['swift build', { build: 1 }, packages],
  ['swift test', { test: 1 }, packages],
  ['swift build --package-path', { build: 0.5 }],
  ['swift test --package-path', { test: 0.5 }],
  ['swift run', { run: 0.5 }, packages],
  ['swift run --package-path', {}],
  ['swift run swiftlint', { lint: 1 }, { fixes: FIX }],
  ['swift run swiftformat', { format: 1 }, { checks: ['--lint'], broad: ['.'] }],
  ['swift package resolve', { install: 1 }],
  ['swift package plugin swiftlint', { lint: 0.9 }, { fixes: FIX }],
  ['swift format', { format: 1 }, swiftFormat],
  ['swift format lint', { lint: 1 }, looks],
  ['swift-format', { format: 1 }, swiftFormat],
  ['swift-format format', { format: 1 }, swiftFormat],
  ['swift-format lint', { lint: 1 }, looks],
  ['swiftlint', { lint: 1 }, lints],
  ['swiftlint lint', { lint: 1 }, lints],
  ['swiftlint --fix', { format: 0.7 }, lints],
  ['swiftlint autocorrect', { format: 0.7 }, lints],
  [
    'swiftformat',
    { format: 1 },
    {
      ...swift,
      checks: ['--lint', '--dryrun'],
      looks: { format: 1, lint: 0.6 },
      values: FORMAT_VALUES,
      drops: /^--(?:cache|reporter|report|quiet|verbose|lenient|strict)\b/,
      broad: ['.', './', 'Sources', 'Tests'],
    },
  ],
  ['pod install', { install: 1 }, { language: 'ruby', drops: /^--(?:repo-update|deployment|no-repo-update|ansi)$/ }],
  ['carthage bootstrap', { install: 0.9 }],
  ['carthage update', { install: 0.5 }],
  ['mint bootstrap', { install: 0.5 }],
  ['tuist install', { install: 1 }],
  ['tuist generate', { generate: 0.9 }],
  ['tuist build', { build: 0.9 }],
  ['tuist test', { test: 0.9 }],
  ['xcodegen generate', { generate: 1 }],
  ['xcodegen', { generate: 1 }],
];
