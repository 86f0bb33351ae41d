import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { readCommand } from '../commands/reading.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { dotnet } from './dotnet.ts';

type Files = Record<string, string>;

const LIBRARY = '<Project Sdk="Microsoft.NET.Sdk">\n</Project>\n';
const WEB = '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n';
const tests = (...packages: readonly string[]): string =>
  `<Project Sdk="Microsoft.NET.Sdk">\n<ItemGroup>\n${packages.map((name) => `<PackageReference Include="${name}" />\n`).join('')}</ItemGroup>\n</Project>\n`;
const slnx = (...projects: readonly string[]): string =>
  `<Solution>\n${projects.map((path) => `<Project Path="${path}" />\n`).join('')}</Solution>\n`;
const A: Files = { 'src/A/A.csproj': LIBRARY };
const A_TESTS: Files = { 'tests/A.Tests/A.Tests.csproj': tests('xunit') };
const MTP = { 'global.json': '{ "test": { "runner": "Microsoft.Testing.Platform" } }\n' };

async function said(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(dotnet, files)).signals);
}

/** The commands of a purpose, as typed, with their folder and weight. */
async function commands(purpose: string, files: Files): Promise<readonly string[]> {
  return (await said(files)).flatMap((line) =>
    line.startsWith(`${purpose}: `) ? [line.slice(purpose.length + 2).replace(/ \| .* \| \w+ (?=\S+$)/, ' ')] : [],
  );
}

async function first(key: string, files: Files): Promise<string | undefined> {
  const { facts } = await analyze(memoryRepository(files));
  return facts.find((fact) => fact.key === `command.${key}` && fact.dir === '')?.value;
}

describe('dotnet', () => {
  it('an analyzer that is a local tool is seldom what people lint with', async () => {
    const tools =
      '{ "tools": {\n"roslynator.dotnet.cli": { "version": "1", "commands": ["roslynator"] },\n"constructor": { "version": "1" }\n} }\n';
    const lines = await said({ ...A, '.config/dotnet-tools.json': tools });
    expect(lines.filter((line) => line.includes('roslynator'))).toEqual([
      'linter = roslynator | .config/dotnet-tools.json:2 | config 0',
      'lint: dotnet roslynator analyze | .config/dotnet-tools.json:2 | convention -2',
    ]);
  });

  it('reads a solution of C#, its shared settings and its tools', async () => {
    expect(await said(fixture('dotnet/shop'))).toEqual([
      'package-manager = dotnet | Shop.slnx:3 | convention 1',
      'build-system = msbuild | Shop.slnx:3 | convention -1',
      'runtime.dotnet = 10.0.100 | global.json:3 | config 2',
      'runtime.dotnet = net10.0 | Directory.Build.props:3 | config 0',
      'runtime.dotnet = net10.0;netstandard2.0 | src/Shop.Core/Shop.Core.csproj:3 | config -1',
      'workspace = Shop.Api in src/Shop.Api | Shop.slnx:4 | config 0',
      'workspace = Shop.Core in src/Shop.Core | Shop.slnx:3 | config 0',
      'workspace = Shop.Worker in src/Shop.Worker | Shop.slnx:5 | config 0',
      'install: dotnet restore | Shop.slnx:3 | convention 1.2',
      'build: dotnet build | Shop.slnx:3 | convention 0.5',
      'build: dotnet build Shop.slnx | Shop.slnx:3 | convention -1',
      'test-framework = xunit | tests/Shop.Api.IntegrationTests/Shop.Api.IntegrationTests.csproj:3 | config 2',
      'test-framework = fscheck | tests/Shop.UnitTests/Shop.UnitTests.csproj:4 | config 1',
      'test: dotnet test | Shop.slnx:3 | convention 0.5',
      'test: dotnet test Shop.slnx | Shop.slnx:3 | convention -1',
      'test: dotnet test tests/Shop.UnitTests | Shop.slnx:8 | convention -1.5',
      'test-single: dotnet test --filter "FullyQualifiedName~<name>" | tests/Shop.Api.IntegrationTests/Shop.Api.IntegrationTests.csproj:3 | convention 0',
      'test-single: dotnet test <dir> --filter "FullyQualifiedName~<name>" | tests/Shop.Api.IntegrationTests/Shop.Api.IntegrationTests.csproj:3 | convention -0.5',
      'install: dotnet tool restore | .config/dotnet-tools.json:5 | convention -2',
      'linter = resharper | .config/dotnet-tools.json:9 | config -1',
      'format: dotnet jb cleanupcode Shop.slnx | .config/dotnet-tools.json:9 | convention -2',
      'lint: dotnet jb inspectcode Shop.slnx | .config/dotnet-tools.json:9 | convention -2',
      'linter = stylecop | Directory.Build.props:8 | config 0',
      'linter = netanalyzers | Directory.Build.props:5 | config -1',
      'formatter = dotnet-format | .editorconfig:9 | config 0',
      'format: dotnet format | .editorconfig:9 | config 0',
      'lint: dotnet format --verify-no-changes | Shop.slnx:3 | convention -3',
      'format: dotnet format Shop.slnx | .editorconfig:9 | config -1',
      'entrypoint = src/Shop.Api/Program.cs | Shop.slnx:4 | config 0',
      'run: dotnet run --project src/Shop.Api | src/Shop.Api/Shop.Api.csproj:1 | convention 0',
    ]);
  });

  it('reads a solution of F# with Paket, Expecto, Fantomas and a script of pipelines', async () => {
    expect(await said(fixture('dotnet/parser'))).toEqual([
      'package-manager = dotnet | Parser.sln:2 | convention 1',
      'build-system = msbuild | Parser.sln:2 | convention -1',
      'runtime.dotnet = net9.0 | src/Parser.Cli/Parser.Cli.fsproj:3 | config 0',
      'workspace = Parser.Cli in src/Parser.Cli | Parser.sln:6 | config 0',
      'workspace = Parser in src/Parser | Parser.sln:2 | config 0',
      'install: dotnet restore | Parser.sln:2 | convention 1.2',
      'build: dotnet build | Parser.sln:2 | convention 0.5',
      'build: dotnet build Parser.sln | Parser.sln:2 | convention -1',
      'test-framework = expecto | tests/Parser.Tests/paket.references:4 | config 2',
      'test-framework = fscheck | tests/Parser.Tests/paket.references:5 | config 1',
      'test: dotnet run --project tests/Parser.Tests | Parser.sln:8 | convention 0',
      'test-single: dotnet run --project tests/Parser.Tests -- --filter-test-case "<name>" | Parser.sln:8 | convention 0',
      'install: dotnet tool restore | .config/dotnet-tools.json:4 | convention 1.5',
      'formatter = fantomas | .config/dotnet-tools.json:5 | config 1',
      'format: dotnet fantomas src tests | .config/dotnet-tools.json:5 | config 0',
      'format: dotnet fantomas . | .config/dotnet-tools.json:5 | config -0.5',
      'lint: dotnet fantomas src tests --check | .config/dotnet-tools.json:5 | config -2',
      'linter = fsharp-analyzers | .config/dotnet-tools.json:6 | config 0',
      'install: dotnet paket restore | .config/dotnet-tools.json:4 | convention -0.5',
      'entrypoint = src/Parser.Cli/Program.fs | Parser.sln:6 | config 0',
      'run: dotnet run --project src/Parser.Cli | src/Parser.Cli/Parser.Cli.fsproj:4 | convention 0',
      'build-system = fun.build | build.fsx:1 | config 0',
      'build: dotnet fsi build.fsx | build.fsx:11 | config -2',
      'task dotnet fsi build.fsx | build.fsx:11 { dotnet tool restore; dotnet fantomas src tests --check; dotnet build -c Release /p:Version=$X; dotnet test -c Release --no-build } internal',
      'task dotnet fsi build.fsx -- -p Format | build.fsx:20 { dotnet fantomas src tests build.fsx }',
      'task dotnet fsi build.fsx -- -p Analyze | build.fsx:28 { dotnet msbuild /t:AnalyzeSolution }',
    ]);
  });
});

describe('what a plain `dotnet build` builds', () => {
  it.each<[string, Files, readonly string[]]>([
    ['the only solution', { 'A.sln': '' }, ['dotnet build 0.5', 'dotnet build A.sln -1']],
    [
      'of several, the one whose name the others go on from',
      { 'A.Dev.slnx': slnx('src/A/A.csproj'), 'A.slnx': slnx() },
      ['dotnet build A.slnx 0.5'],
    ],
    [
      'of others, the one with the most projects',
      { 'Big.slnx': slnx('src/A/A.csproj', 'src/B/B.csproj'), 'All.slnx': slnx('src/A/A.csproj') },
      ['dotnet build Big.slnx 0.5'],
    ],
    ['a solution in both formats has to be named', { 'A.sln': '', 'A.slnx': slnx() }, ['dotnet build A.slnx 0.5']],
    ['a filter is not counted', { 'A.sln': '', 'A.slnf': '{}' }, ['dotnet build 0.5', 'dotnet build A.sln -1']],
    ['a project of another name beside it', { 'A.sln': '', 'Build.csproj': LIBRARY }, ['dotnet build A.sln 0.5']],
    [
      'a project of the same name beside it',
      { 'A.sln': '', 'A.csproj': LIBRARY },
      ['dotnet build 0.5', 'dotnet build A.sln -1'],
    ],
    ['a solution further down', { 'src/A.slnx': slnx('A/A.csproj') }, ['dotnet build src/A.slnx 0.5']],
    [
      'not the one of the samples',
      { 'samples/S.slnx': slnx(), 'src/A.slnx': slnx('A/A.csproj') },
      ['dotnet build src/A.slnx 0.5'],
    ],
    [
      'services side by side, each by itself',
      { 'api/Api.sln': '', 'web/Web.sln': '', 'src/B/B.csproj': LIBRARY },
      [
        'dotnet build in api 0.5',
        'dotnet build Api.sln in api -1',
        'dotnet build in web 0.5',
        'dotnet build Web.sln in web -1',
      ],
    ],
    ['without a solution, the only product', { ...A_TESTS }, ['dotnet build src/A 0.5']],
    ['nothing where nothing joins several products', { 'src/B/B.csproj': LIBRARY }, []],
    [
      'a binding below a library of another language, for its folder only',
      {
        'bindings/dotnet/B.slnx': slnx('B/B.csproj'),
        ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`core/src/${name}.rs`, ''])),
      },
      ['dotnet build in bindings/dotnet 0.5', 'dotnet build B.slnx in bindings/dotnet -1'],
    ],
    [
      'nothing of a solution of C++ projects',
      { 'A.sln': 'Project("{8BC9}") = "A", "A.vcxproj", "{1}"\nEndProject\n', 'src/B/B.csproj': LIBRARY },
      [],
    ],
    ['nothing of Unity', { 'A.sln': '', 'ProjectSettings/ProjectVersion.txt': '', 'src/B/B.csproj': LIBRARY }, []],
  ])('%s', async (_, files, expected) => {
    expect(await commands('build', { ...A, ...files })).toEqual(expected);
  });

  it('reads a solution with a byte order mark and CRLF', async () => {
    const shop = fixture('dotnet/parser');
    const text = `\uFEFF\r\n${shop['Parser.sln']!.replaceAll('\n', '\r\n')}`;
    expect(await said({ ...shop, 'Parser.sln': text })).toContain(
      'workspace = Parser in src/Parser | Parser.sln:3 | config 0',
    );
  });

  it('a Unity project says its version and what its tests are written with', async () => {
    const files = {
      'game/ProjectSettings/ProjectVersion.txt': 'm_EditorVersion: 6000.0.23f1\nm_EditorVersionWithRevision: x\n',
      'Packages/manifest.json': '{}',
    };
    expect(await said(files)).toEqual([
      'build-system = unity in game | game/ProjectSettings/ProjectVersion.txt:1 | config 0',
      'runtime.unity = 6000.0.23f1 in game | game/ProjectSettings/ProjectVersion.txt:1 | config 0',
    ]);
  });
});

describe('how tests are run', () => {
  const A_SOLUTION = { 'A.slnx': slnx('src/A/A.csproj', 'tests/A.Tests/A.Tests.csproj') };
  const repository = (project: string, more: Files = {}): Files => ({
    ...A,
    ...A_SOLUTION,
    'tests/A.Tests/A.Tests.csproj': project,
    ...more,
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'VSTest',
      repository(tests('NUnit')),
      [
        'dotnet test --filter "FullyQualifiedName~<name>" 0',
        'dotnet test tests/A.Tests --filter "FullyQualifiedName~<name>" -0.5',
      ],
    ],
    [
      'TUnit on Microsoft.Testing.Platform',
      repository(tests('TUnit'), MTP),
      [
        'dotnet test --treenode-filter "/*/*/<name>/*" 0',
        'dotnet test --project tests/A.Tests --treenode-filter "/*/*/<name>/*" -0.5',
      ],
    ],
    [
      'xunit on Microsoft.Testing.Platform',
      repository(tests('xunit.v3.mtp-v2'), MTP),
      [
        'dotnet test --filter-method "*<name>*" 0',
        'dotnet test --project tests/A.Tests --filter-method "*<name>*" -0.5',
        'dotnet test --filter-class "*<name>" -1',
        'dotnet test --project tests/A.Tests --filter-class "*<name>" -1.5',
      ],
    ],
    [
      'Expecto with an adapter',
      repository(tests('Expecto', 'YoloDev.Expecto.TestSdk')),
      [
        'dotnet test --filter "FullyQualifiedName~<name>" 0',
        'dotnet test tests/A.Tests --filter "FullyQualifiedName~<name>" -0.5',
      ],
    ],
    ['no tests', { ...A, 'A.slnx': slnx('src/A/A.csproj') }, []],
  ])('one of them: %s', async (_, files, expected) => {
    expect(await commands('test-single', files)).toEqual(expected);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'a solution that has to be named, on Microsoft.Testing.Platform',
      { 'src/A.slnx': slnx('A/A.csproj', '../tests/A.Tests/A.Tests.csproj'), ...MTP },
      ['dotnet test --solution src/A.slnx 0.5', 'dotnet test --project tests/A.Tests -1.5'],
    ],
    ['no solution: the projects with tests', {}, ['dotnet test tests/A.Tests 0']],
    ['a project of tests at the root', { 'T.Tests.csproj': tests('xunit') }, ['dotnet test 0.5']],
  ])('all of them: %s', async (_, files, expected) => {
    const all = files['T.Tests.csproj'] ? files : { ...A, ...A_TESTS, ...files };
    expect(await commands('test', all)).toEqual(expected);
  });

  it.each<[string, string, boolean]>([
    ['A.Tests', LIBRARY, true],
    ['A.UnitTest', LIBRARY, true],
    ['Contest', LIBRARY, false],
    ['A.Latest', LIBRARY, false],
    ['A.Checks', tests('MSTest'), true],
    ['A.Checks', '<Project Sdk="MSTest.Sdk/4.0.2">\n</Project>\n', true],
    ['A.TestUtilities', tests('xunit'), false],
    ['A.Tests', LIBRARY.replace('\n', '<PropertyGroup><IsTestProject>false</IsTestProject></PropertyGroup>\n'), false],
  ])('%s holds tests or does not: %s', async (name, project, expected) => {
    const files = { 'A.slnx': slnx(`x/${name}.csproj`), [`x/${name}.csproj`]: project };
    expect((await commands('test', files)).includes('dotnet test 0.5')).toBe(expected);
  });
});

describe('how code is formatted', () => {
  const csharp = { ...A, 'A.slnx': slnx('src/A/A.csproj') };
  const tools = (name: string, version: string): Files => ({
    '.config/dotnet-tools.json': `{ "tools": {\n"${name}": { "version": "${version}" } } }`,
  });

  it.each<[string, Files, readonly string[]]>([
    ['no rule of .NET', { ...csharp, '.editorconfig': '[*]\nindent_size = 2\n' }, []],
    [
      'rules of C# alone are shown by the solution',
      { ...csharp, '.editorconfig': '[*.cs]\ncsharp_new_line_before_open_brace = all\n' },
      ['dotnet format 0', 'dotnet format A.slnx -1'],
    ],
    [
      'F# is not known to dotnet format',
      {
        'src/A/A.fsproj': LIBRARY,
        'A.slnx': slnx('src/A/A.fsproj'),
        '.editorconfig': '[*.cs]\ndotnet_sort_system_directives_first = true\n',
      },
      [],
    ],
    ['CSharpier before 1', { ...csharp, ...tools('csharpier', '0.30.6') }, ['dotnet csharpier . 0']],
    ['CSharpier', { ...csharp, ...tools('csharpier', '1.1.2') }, ['dotnet csharpier format . 0']],
    [
      'Fantomas: sources first, tests last, no benchmarks',
      {
        ...csharp,
        'tests/t.fs': '',
        'src/a.fs': '',
        'samples/s.fs': '',
        'bench/b.fs': '',
        ...tools('fantomas', '7.0.1'),
      },
      ['dotnet fantomas src samples tests 0', 'dotnet fantomas . -0.5'],
    ],
    [
      'Fantomas with sources at the root',
      { ...csharp, 'a.fs': '', 'src/A/a.fs': '', ...tools('fantomas', '7.0.1') },
      ['dotnet fantomas . 0'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await commands('format', files)).toEqual(expected);
  });
});

describe('how a program is started', () => {
  it.each<[string, Files, readonly string[]]>([
    ['a web project before a console', { 'src/Api/Api.csproj': WEB }, ['dotnet run --project src/Api 0']],
    [
      'the host of an Aspire application before what it starts',
      { 'src/Api/Api.csproj': WEB, 'src/A.AppHost/A.AppHost.csproj': WEB },
      ['dotnet run --project src/A.AppHost 0'],
    ],
    ['a template is none', { 'src/A.Templates/content/Api/Api.csproj': WEB }, ['dotnet run --project src/Cli 0']],
    [
      'two projects in one folder',
      { 'src/Api/Api.csproj': WEB, 'src/Api/Api.Core.csproj': LIBRARY },
      ['dotnet run --project src/Api/Api.csproj 0'],
    ],
  ])('%s', async (_, files, expected) => {
    const console = LIBRARY.replace('\n', '<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>\n');
    const all: Files = { 'src/Cli/Cli.csproj': console, 'bench/Bench/Bench.csproj': console, ...files };
    const solution = slnx(...Object.keys(all));
    expect(await commands('run', { ...all, 'A.slnx': solution })).toEqual(expected);
  });
});

describe('with pipelines and tasks', () => {
  const shop = fixture('dotnet/shop');
  const pipeline = (...lines: readonly string[]): Files => ({
    ...shop,
    '.github/workflows/ci.yml': `on: pull_request\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n${lines.map((line) => `      - run: ${line}\n`).join('')}`,
  });

  it.each<[string, Files, string]>([
    ['build', pipeline('dotnet build --no-restore -c Release /p:ContinuousIntegrationBuild=true'), 'dotnet build'],
    ['test', pipeline('dotnet test ./tests/Shop.Api.IntegrationTests -f net10.0 --logger trx'), 'dotnet test'],
    ['lint', pipeline('dotnet format --verify-no-changes --no-restore'), 'dotnet format --verify-no-changes'],
    ['format', pipeline('dotnet format --verify-no-changes'), 'dotnet format'],
    ['install', { ...shop, 'package.json': '{ "name": "x" }', 'package-lock.json': '{}' }, 'dotnet restore'],
    ['test', { ...fixture('dotnet/parser') }, 'dotnet run --project tests/Parser.Tests'],
    ['format', { ...fixture('dotnet/parser') }, 'dotnet fsi build.fsx -- -p Format'],
    ['build', { ...fixture('dotnet/parser') }, 'dotnet build'],
    ['lint', { ...fixture('dotnet/parser') }, 'dotnet fsi build.fsx -- -p Analyze'],
    ['install', { ...fixture('dotnet/parser') }, 'dotnet tool restore'],
    [
      'install',
      // A target that restores on the way lends its code as a witness that shows nothing.
      { ...shop, 'build.cake': 'Task("Mutate").Does(() => { DotNetRestore("."); });\n' },
      'dotnet restore',
    ],
    [
      'install',
      {
        ...shop,
        'build.fsx':
          'open Fun.Build\npipeline "Analyze" { stage "a" { run "dotnet tool restore"\n run "dotnet msbuild -t:Analyze" } }\n',
      },
      'dotnet restore',
    ],
    ['build', { ...shop, 'build.sh': '#!/bin/sh\ndotnet tool restore\ndotnet cake "$@"\n' }, 'dotnet build'],
    ['build', { ...shop, 'build.sh': '#!/bin/sh\ndotnet build -c Release\n' }, 'bash build.sh'],
  ])('the first command to %s', async (key, files, expected) => {
    expect(await first(key, files)).toBe(expected);
  });

  it.each([
    ['dotnet build Shop.sln -c Release --tl', 'dotnet build Shop.sln', 0],
    ['dotnet test src/Shop.slnx --filter Category=Unit', 'dotnet test src/Shop.slnx --filter Category=Unit', 0.8],
    ['dotnet test tests/Shop.Tests', 'dotnet test tests/Shop.Tests', 0.8],
    [
      'dotnet test --blame-hang-timeout 5m --collect:X -- RunConfiguration.X=1',
      'dotnet test -- RunConfiguration.X=1',
      0.8,
    ],
    ['dotnet build -t:AnalyzeSolution', 'dotnet build -t:AnalyzeSolution', 0.8],
  ])('%s reads as %s', (line, words, narrow) => {
    const reading = readCommand(line.split(' '));
    expect([reading?.words.join(' '), reading?.narrow]).toEqual([words, narrow]);
  });

  it('a pipeline that restores on its way is about what its name says, and is found by all its words', async () => {
    const files = {
      ...fixture('dotnet/parser'),
      'build.fsx':
        'open Fun.Build\npipeline "All" {\n  stage "b" { run "dotnet build" }\n  runIfOnlySpecified false\n}\npipeline "Analyze" {\n  stage "a" { run "dotnet restore" }\n}\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n      - run: dotnet fsi build.fsx -- -p Analyze\n',
    };
    const { facts } = await analyze(memoryRepository(files));
    const analyzes = facts.filter(({ value }) => value.endsWith('-p Analyze'));
    expect(analyzes.map(({ key, source }) => [key, source])).toEqual([['command.lint', 'ci']]);
  });

  it('a formatter that only looks lints', () => {
    expect(readCommand(['dotnet', 'format'])?.purposes).toEqual({ format: 1 });
    expect(readCommand(['dotnet', 'format', '--verify-no-changes'])?.purposes).toEqual({ format: 1, lint: 0.7 });
  });
});

describe('broken files', () => {
  const shop = fixture('dotnet/shop');

  it('cost what rests on them and nothing else', async () => {
    const torn = {
      ...shop,
      'Shop.slnx':
        '<Solution>\n<Project Path="src/Shop.Api/Shop.Api.csproj" />\n<Project Path="src/Shop.Core/Shop.Core.csproj" />\n<Fol',
    };
    expect(await said(torn)).toContain('workspace = Shop.Api in src/Shop.Api | Shop.slnx:2 | config 0');
    expect(
      await commands('install', { 'A.sln': '', 'global.json': '[', '.config/dotnet-tools.json': '{"tools":[1' }),
    ).toEqual(['dotnet restore 1.2']);
    expect(await commands('build', { 'A.slnx': '', 'A.csproj': '<Project', 'B/B.csproj': '{}' })).toEqual([
      'dotnet build 0.5',
      'dotnet build A.slnx -1',
    ]);
  });

  it('a path out of the repository and a value of another type are no projects', async () => {
    const files = {
      'A.slnf': '{ "solution": { "path": 1, "projects": [null, {}, "../../x.csproj"] } }',
      'A.slnx': slnx('../../etc/x.csproj', '$(X)/y.csproj'),
    };
    expect((await said(files)).filter((line) => line.startsWith('workspace'))).toEqual([]);
  });

  it('are read in time', async () => {
    const started = processorTime();
    const long: Files = {
      'A.sln': 'Project("'.repeat(20_000),
      'build.fsx': `open Fun.Build\n${'pipeline "a" { stage "b" { run "c" '.repeat(3000)}`,
      'build.cake': 'Task("a'.repeat(50_000),
      'build/Build.cs': 'Target A => .DependsOn('.repeat(20_000),
      'build/build.fs': `Target.create "A" run\n${'(* " \' '.repeat(100_000)}`,
      'build/Other.cs': `${'/* '.repeat(200_000)}Target X =>`,
      'build/More.cs': `"${'\\"'.repeat(200_000)}Target X =>`,
      'build.ps1': `& dotnet ${'"a '.repeat(50_000)}`,
      '.editorconfig': ' '.repeat(500_000),
    };
    await said(long);
    expect(processorTime() - started).toBeLessThan(3000);
  });
});
