import type { ToolRow } from '../tool-rule.ts';

/** A solution, or a filter of one: where the whole is, not which part. */
const SOLUTION = /\.sln[xf]?$/i;
/**
 * What a pipeline adds for itself: configurations, MSBuild properties, loggers, dumps. `dotnet build -c Release --tl` is
 * what people type as `dotnet build`. https://learn.microsoft.com/dotnet/core/tools/dotnet-test
 */
const PIPELINE =
  /^(?:-c|--configuration|--tl|--tl:\w+|--nologo|-nologo|--no-logo|--no-incremental|--no-dependencies|--no-cache|--disable-parallel|--disable-build-servers|--locked-mode|--interactive|--use-current-runtime|--ucr|-v|--verbosity|-v:\w+|-m|-m:\d+|-maxcpucount(?::\d+)?|-graph\w*(?::\w+)?|-bl|-bl:.*|-binaryLogger.*|-nr:\w+|-clp:.*|-tl:\w+|-warnaserror|-nodeReuse:.*|-p:.*|-property:.*|--property:.*|\/(?!t:|target:).*|--blame.*|--diag|-d|-l|-l:.*|--results-directory|-r:.*|--report-.*|--crashdump.*|--hangdump.*|--hang-.*|--coverage.*|--ignore-exit-code|--minimum-expected-tests|--no-ansi|--no-progress|--output|--version-suffix.*|--logger.*|--collect.*|--artifacts-path|--source|--configfile|--force|--ignore-failed-sources|--max-parallel-test-modules)$/i;

const BUILD = {
  places: SOLUTION,
  // A target of MSBuild, one framework.
  selects: /^(?:-t:.*|--?target:.*|-f|--framework)$/,
  drops: PIPELINE,
  values: [
    '-c',
    '--configuration',
    '-o',
    '-f',
    '--framework',
    '-r',
    '--runtime',
    '-a',
    '--os',
    '-v',
    '--artifacts-path',
  ],
};
const RESTORE = {
  places: SOLUTION,
  drops: PIPELINE,
  values: ['-r', '--runtime', '-s', '--source', '--configfile', '-v'],
};
const TEST = {
  places: SOLUTION,
  // One of the frameworks that the projects are compiled for.
  selects: /^(?:-f|--framework)(?:=.*)?$/,
  drops: PIPELINE,
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
    '-d',
    '--diag',
    '-e',
    '--environment',
    '-v',
    '-a',
    '--arch',
    '-r',
    '--runtime',
    '--os',
    '-o',
    '--blame-hang-timeout',
    '--blame-hang-dump-type',
    '--blame-crash-dump-type',
    '--solution',
    '--project',
    '--test-modules',
    '--artifacts-path',
    '--minimum-expected-tests',
    '--max-parallel-test-modules',
    '--coverage-output-format',
    '--coverage-output',
    '--coverage-settings',
    '--report-trx-filename',
    '--hangdump-timeout',
    '--hangdump-type',
    '--ignore-exit-code',
    '--treenode-filter',
    '--filter-class',
    '--filter-method',
    '--filter-namespace',
    '--filter-trait',
    '--filter-not-trait',
  ],
};
const FORMAT = {
  places: SOLUTION,
  drops: /^(?:--no-restore|-v|--verbosity|--report|--binarylog|--exclude)$/,
  values: [
    '--severity',
    '--exclude-diagnostics',
    '--diagnostics',
    '--include',
    '--exclude',
    '-v',
    '--verbosity',
    '--report',
  ],
  checks: ['--verify-no-changes', '--check', '--dry-run'],
  looks: { format: 1, lint: 0.7 },
};
const FANTOMAS = { checks: ['--check'], values: ['--out'], broad: ['.'], looks: { format: 1, lint: 0.6 } };

/** Tools of .NET. */
export const DOTNET_TOOLS: readonly ToolRow[] = [
  ['dotnet restore', { install: 1 }, RESTORE],
  ['dotnet tool restore', { install: 0.7 }, { prepares: true }],
  ['dotnet paket restore', { install: 0.7 }],
  ['dotnet paket install', { install: 0.5 }],
  ['dotnet workload restore', { install: 0.5 }],
  ['dotnet workload install', { install: 0.2 }],
  ['dotnet tool install', {}],
  ['nuget restore', { install: 0.7 }, RESTORE],
  ['dotnet build', { build: 1 }, BUILD],
  ['msbuild', { build: 0.8 }, BUILD],
  ['dotnet msbuild', { build: 0.5 }, BUILD],
  ['dotnet pack', { build: 0.4 }, BUILD],
  ['dotnet publish', { build: 0.35 }, BUILD],
  ['dotnet clean', {}, BUILD],
  ['dotnet test', { test: 1 }, TEST],
  ['dotnet vstest', { test: 0.5 }, TEST],
  ['dotnet format', { format: 1 }, FORMAT],
  ['dotnet format whitespace', { format: 0.8 }, { ...FORMAT, looks: { format: 0.8, lint: 0.5 } }],
  ['dotnet format style', { format: 0.7 }, FORMAT],
  ['dotnet format analyzers', { lint: 0.7, format: 0.4 }, FORMAT],
  ['dotnet fantomas', { format: 1 }, FANTOMAS],
  ['fantomas', { format: 0.9 }, FANTOMAS],
  ['dotnet csharpier', { format: 1 }, { checks: ['--check'], broad: ['.'], looks: { format: 1, lint: 0.6 } }],
  ['dotnet csharpier format', { format: 1 }, { broad: ['.'] }],
  ['dotnet csharpier check', { format: 0.5, lint: 0.6 }, { broad: ['.'] }],
  ['csharpier format', { format: 0.9 }, { broad: ['.'] }],
  ['csharpier check', { format: 0.5, lint: 0.6 }, { broad: ['.'] }],
  ['dotnet jb cleanupcode', { format: 0.8 }, { places: SOLUTION, values: ['--profile'] }],
  ['dotnet jb inspectcode', { lint: 0.8 }, { places: SOLUTION, values: ['--output', '-o'] }],
  ['dotnet roslynator analyze', { lint: 0.8 }, { places: SOLUTION }],
  ['dotnet fsharplint', { lint: 0.9 }, { places: SOLUTION, broad: ['lint'] }],
  ['dotnet dotnet-fsharplint', { lint: 0.9 }, { places: SOLUTION, broad: ['lint'] }],
  ['dotnet fsharp-analyzers', { lint: 0.8 }],
  [
    'dotnet run',
    { run: 1 },
    { values: ['--project', '-c', '--configuration', '-f', '--framework', '--launch-profile'] },
  ],
  ['dotnet watch', {}],
];
