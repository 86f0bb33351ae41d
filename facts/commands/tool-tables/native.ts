import { CHECK, type ToolRow } from '../tool-rule.ts';

/** Tools of C, C++ and Zig. */
export const NATIVE_TOOLS: readonly ToolRow[] = [
  ['cmake', { install: 0.5, build: 0.2 }, { values: ['-S', '-B', '-G', '-D', '--preset', '-A', '-T'] }],
  ['cmake --build', { build: 1 }, { values: ['-j', '--config', '--target', '-t', '--parallel'] }],
  ['cmake --preset', { install: 0.6 }],
  [
    'ctest',
    { test: 1 },
    {
      values: [
        '--test-dir',
        '-j',
        '-C',
        '-R',
        '-E',
        '-L',
        '--preset',
        '--timeout',
        '-LE',
        '--build-config',
        '--parallel',
      ],
    },
  ],
  ['meson setup', { install: 0.9 }],
  ['meson compile', { build: 1 }, { values: ['-C', '-j'] }],
  ['meson test', { test: 1 }, { values: ['-C', '--suite', '-j', '--num-processes', '--timeout-multiplier', '-t'] }],
  ['ninja', { build: 0.8 }, { values: ['-C', '-j'] }],
  ['ninja test', { test: 0.7 }],
  ['conan install', { install: 0.9 }],
  ['vcpkg install', { install: 0.9 }],
  ['clang-format', { format: 0.8 }, { writes: ['-i'], checks: ['--dry-run', '-n', '--Werror'] }],
  ['clang-tidy', { lint: 0.9 }],
  ['run-clang-tidy', { lint: 0.9 }],
  ['cppcheck', { lint: 0.6 }],
  ['cpplint', { lint: 0.7 }],
  ['zig build', { build: 1 }],
  ['zig build test', { test: 1 }],
  ['zig test', { test: 0.6 }],
  ['zig fmt', { format: 1 }, { checks: CHECK }],
];
