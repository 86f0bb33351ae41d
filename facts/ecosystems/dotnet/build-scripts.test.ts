import { describe, expect, it } from 'vitest';
import { signalsOf } from '../../testing/signals.ts';
import { told } from '../../testing/told.ts';
import { dotnet } from '../dotnet.ts';

const SOLUTION = {
  'A.slnx': '<Solution>\n<Project Path="A/A.csproj" />\n</Solution>\n',
  'A/A.csproj': '<Project />\n',
};

/** What build programs add to what the solution says. */
async function scripts(files: Record<string, string>): Promise<readonly string[]> {
  const { signals } = await signalsOf(dotnet, { ...SOLUTION, ...files });
  return told(signals).filter((line) => !/ \| A\.slnx:\d| \| A\/A\.csproj/.test(line));
}

describe('build programs', () => {
  it('NUKE: targets of a class, what they call and need; comments are none', async () => {
    const build = [
      'class Build : NukeBuild {',
      '    // Target Old => _ => _;',
      '    Target Restore => _ => _.Executes(() => DotNetRestore(s => s));',
      '    Target Compile => _ => _',
      '        .DependsOn(Restore, x => x.Generate)',
      '        .DependsOn(Restore)',
      '        .Executes(() => { DotNetBuild(s => s.SetProjectFile(Solution)); });',
      '    Target Lint => _ => _',
      '        .Description("Looks at the style")',
      '        .Executes(() => { DotNetFormat(s => s.SetVerifyNoChanges(true)); });',
      '    Target Publish => _ => _.DependsOn(Compile);',
      '}',
    ].join('\n');
    expect(await scripts({ 'build/Build.cs': build, 'build.sh': 'x\n', 'build.cmd': 'x\n' })).toEqual([
      'build-system = nuke | build/Build.cs:3 | config 0',
      'install: bash build.sh Restore | build/Build.cs:3 | config -2',
      'task bash build.sh Restore | build/Build.cs:3 { dotnet restore } internal',
      'task ./build.cmd Restore | build/Build.cs:3 { dotnet restore } internal',
      'build: bash build.sh Compile | build/Build.cs:4 | config -2',
      'task bash build.sh Compile | build/Build.cs:4 { dotnet build } needs Restore,Generate internal',
      'task ./build.cmd Compile | build/Build.cs:4 { dotnet build } needs Restore,Generate internal',
      'task bash build.sh Lint | build/Build.cs:8 { dotnet format --verify-no-changes }',
      'task ./build.cmd Lint | build/Build.cs:8 { dotnet format --verify-no-changes } internal',
      'task bash build.sh Publish | build/Build.cs:11 needs Compile internal',
      'task ./build.cmd Publish | build/Build.cs:11 needs Compile internal',
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a script and the tool',
      { 'build.cake': '', 'dotnet-tools.json': '{"tools":{"cake.tool":{}}}' },
      'dotnet cake --target=Check',
    ],
    [
      'a script and a bootstrapper',
      { 'build.cake': '', 'build.sh': 'dotnet cake "$@"\n' },
      'bash build.sh --target=Check',
    ],
    ['a file of Cake.Sdk', { 'build.cs': '#:sdk Cake.Sdk@6.0.0\n' }, 'dotnet run build.cs -- --target=Check'],
    ['Windows only', { 'build.cake': '', 'build.ps1': '' }, './build.ps1 -Target Check'],
  ])('Cake: %s', async (_, files, expected) => {
    const [path = '', text] = Object.entries(files)[0]!;
    const tasks = `${text}Task("Check")\n    .IsDependentOn("Build")\n    .Does(() => DotNetFormat(".", new() { VerifyNoChanges = true }));\nTask("__Hidden");\n`;
    const lines = (await scripts({ ...files, [path]: tasks })).filter((line) => line.startsWith('task'));
    const first = text === '' ? 1 : 2;
    expect(lines).toEqual([
      `task ${expected} | ${path}:${first} { dotnet format --verify-no-changes } needs Build`,
      expect.stringMatching(/__Hidden .* internal$/),
    ]);
  });

  it('Cake: a class of Frosting by its attribute, other C# not at all', async () => {
    const frosting = '[TaskName("Lint")]\npublic class Lint : FrostingTask { void Run() { c.DotNetFormat("."); } }\n';
    expect(await scripts({ 'build/Program.cs': frosting })).toEqual([
      'build-system = cake | build/Program.cs:1 | config 0',
      'task dotnet run --project build -- --target=Lint | build/Program.cs:1 { dotnet format }',
    ]);
    expect(await scripts({ 'build.cs': 'Task("x");\n' })).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a project', { 'build/build.fs': '' }, 'dotnet run --project build -- -t Format'],
    [
      'a script that hands the target on',
      { 'build/build.fs': '', 'build.sh': 'dotnet run --project build -- -t "$@"\n' },
      'bash build.sh Format',
    ],
    [
      'a script that hands everything on',
      { 'build/build.fs': '', 'build.sh': 'dotnet run --project build -- "$@"\n' },
      'bash build.sh -t Format',
    ],
    ['the tool', { 'build.fsx': '', 'dotnet-tools.json': '{"tools":{"fake-cli":{}}}' }, 'dotnet fake build -t Format'],
    ['a script', { 'build.fsx': '' }, 'dotnet fsi build.fsx -t Format'],
  ])('FAKE: %s', async (_, files, expected) => {
    const path = Object.keys(files)[0]!;
    const code = [
      'let format _ =',
      '    DotNet.exec id "fantomas" "src"',
      '',
      'let other _ = DotNet.test id ""',
      '// Target.create "Old" other',
      'Target.create "Restore" (fun _ -> DotNet.restore id "")',
      'Target.create "Format" format',
      '"Restore"',
      '    ==> "Format"',
      '"Restore" ?=> "Restore"',
    ].join('\n');
    const lines = (await scripts({ ...files, [path]: code })).filter((line) => line.startsWith('task'));
    expect(lines).toEqual([
      `task ${expected.replace('Format', 'Restore')} | ${path}:6 { dotnet restore }`,
      `task ${expected} | ${path}:7 { dotnet fantomas . } needs Restore`,
    ]);
  });

  it('PowerShell: calls of dotnet; what bootstraps Cake is no task of its own', async () => {
    const build = "Push-Location x\n& dotnet build -c Release '/p:X=1'\nexec { & dotnet test }\n# dotnet pack\n";
    expect(
      await scripts({ 'build.ps1': build, 'test.ps1': '& dotnet cake\n', 'deploy.ps1': 'dotnet publish\n' }),
    ).toEqual([
      'build: ./build.ps1 | build.ps1:2 | config -2',
      'task ./build.ps1 | build.ps1:2 { dotnet build -c Release /p:X=1; dotnet test } internal',
    ]);
  });

  it('Arcade brings its own SDK: its scripts come first', async () => {
    const json = '{\n  "msbuild-sdks": {\n    "Microsoft.DotNet.Arcade.Sdk": "11.0.0"\n  }\n}\n';
    const files = { 'global.json': json, 'build.sh': 'eng/common/build.sh --build $@\n', 'restore.sh': '' };
    expect(await scripts(files)).toEqual([]);
    expect(await scripts({ ...files, 'eng/common/build.sh': '' })).toEqual([
      'build-system = arcade | global.json:3 | config 1',
      'install: ./restore.sh | global.json:3 | convention 2',
      'build: ./build.sh | global.json:3 | convention 1',
      'test: ./build.sh --test | global.json:3 | convention 0.5',
    ]);
  });
});
