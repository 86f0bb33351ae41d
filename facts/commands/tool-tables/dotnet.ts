import type { ToolRow } from '../tool-rule.ts';

/** Tools of .NET. */
export const DOTNET_TOOLS: readonly ToolRow[] = [
  ['dotnet restore', { install: 1 }],
  ['dotnet tool restore', { install: 0.7 }],
  ['dotnet build', { build: 1 }, { values: ['-c', '--configuration', '-o', '-f', '--framework'] }],
  [
    'dotnet test',
    { test: 1 },
    {
      values: [
        '-c',
        '--configuration',
        '-f',
        '--framework',
        '--filter',
        '--logger',
        '-l',
        '--collect',
        '--results-directory',
        '--settings',
        '-s',
      ],
    },
  ],
  ['dotnet format', { format: 1 }, { checks: ['--verify-no-changes'] }],
  ['dotnet run', { run: 1 }],
];
