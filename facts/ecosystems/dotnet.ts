import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { buildScripts } from './dotnet/build-scripts.ts';
import { localTools, toolCommands } from './dotnet/local-tools.ts';
import { type Project, projectsOf } from './dotnet/projects.ts';
import { versions } from './dotnet/sdk.ts';
import { solutionsOf } from './dotnet/solutions.ts';
import { style } from './dotnet/style.ts';
import { lineOf, relative, testing } from './dotnet/testing.ts';
import { unity } from './dotnet/unity.ts';
import { type Whole, wholesOf } from './dotnet/whole.ts';
import { command, plain } from './native/leads.ts';
import { at, isSideFolder } from './native/side-folders.ts';

const MAX_PROGRAMS = 3;
const MAX_WORKSPACES = 200;

/**
 * .NET: C#, F# and Visual Basic. One `dotnet` call works on a solution, so that its projects are folded into it. What
 * MSBuild would compute (conditions, imports, properties inside properties) is not known.
 */
export const dotnet = ecosystem({
  id: 'dotnet',
  title: '.NET (C#, F#, Visual Basic)',
  files: [
    '*.sln',
    '*.slnx',
    '*.slnf',
    '*.csproj',
    '*.fsproj',
    '*.vbproj',
    'Directory.Build.props',
    'Directory.Build.targets',
    'Directory.Packages.props',
    'Directory.Solution.targets',
    'global.json',
    'dotnet-tools.json',
    'paket.dependencies',
    'paket.references',
    '.editorconfig',
    'stylecop.json',
    '/eng/*.props',
    '/eng/*.targets',
    'ProjectVersion.txt',
    '/Packages/manifest.json',
    '/build.fsx',
    '/build.cake',
    '/build.cs',
    '/cake.cs',
    '/*.ps1',
    '/build.sh',
    'build/*.cs',
    'build/*.fs',
    'build/*.fsx',
    'build/*.cake',
    'Build/*.cs',
    'Build/*.fs',
    'build/*/*.cs',
  ],
  depth: 6,
  *detect(repo) {
    const projects = projectsOf(repo);
    const wholes = wholesOf(repo, solutionsOf(repo), projects);
    yield* unity(repo);
    for (const whole of wholes) yield* signalsOf(repo, whole);
    const [first] = wholes;
    if (first) yield* buildScripts(repo, first, localTools(repo, ''));
  },
});

function* signalsOf(repo: RepoView, whole: Whole): Iterable<Signal> {
  const { dir, projects } = whole;
  const tools = localTools(repo, dir);
  yield plain('package-manager', 'dotnet', dir, whole.at, { source: 'convention', weight: dir === '' ? 1 : 0 });
  yield plain('build-system', 'msbuild', dir, whole.at, { source: 'convention', weight: -1 });
  yield* versions(repo, dir, projects);
  yield* packages(whole);
  if (whole.joined) yield* restoreAndBuild(whole);
  yield* testing(repo, whole);
  yield* toolCommands(repo, whole, tools);
  yield* style(
    repo,
    whole,
    tools.some(({ id }) => id === 'csharpier'),
  );
  yield* programs(repo, whole);
}

/** The projects of a solution that are neither tests nor samples. */
function* packages(whole: Whole): Iterable<Signal> {
  const members = whole.projects.filter(({ dir, isTest }) => dir !== whole.dir && !isTest && !isSideFolder(dir));
  if (whole.projects.length < 2) return;
  for (const project of members.slice(0, MAX_WORKSPACES))
    yield plain('workspace', project.name, project.dir, lineOf(whole, project));
}

function* restoreAndBuild(whole: Whole): Iterable<Signal> {
  const { dir, target, solution } = whole;
  const named = target === undefined ? '' : ` ${target}`;
  // Building restores as well: where nothing else installs, this does.
  yield command('install', `dotnet restore${named}`, dir, whole.at, { weight: 1.2 });
  yield command('build', `dotnet build${named}`, dir, whole.at, { weight: 0.5 });
  if (target === undefined && solution !== undefined)
    yield command('build', `dotnet build ${solution}`, dir, whole.at, { weight: -1 });
  const maui = whole.projects.find(({ file }) => file.text.includes('<UseMaui>true</UseMaui>'));
  if (maui)
    yield command('install', `dotnet workload restore${named}`, dir, maui.file.at(maui.file.find('<UseMaui>') ?? 1), {
      weight: -0.5,
    });
}

/** How to start what is built: the host of an Aspire application, a web project, a program. */
function* programs(repo: RepoView, whole: Whole): Iterable<Signal> {
  const { dir } = whole;
  const apps = whole.projects.flatMap((project) => (project.app ? [{ project, app: project.app }] : []));
  for (const { project } of apps) {
    const entry = ENTRIES.map((name) => at(project.dir, name)).find((path) => repo.paths.isFile(path));
    if (entry !== undefined) yield plain('entrypoint', entry, dir, lineOf(whole, project));
  }
  const most = Math.max(...apps.map(({ app }) => app.rank));
  const products = apps.filter(({ app }) => app.rank === most);
  if (products.length > MAX_PROGRAMS) return;
  for (const { project, app } of products) {
    const folder = relative(dir, project);
    const run =
      folder === '' ? 'dotnet run' : `dotnet run --project ${alone(project, whole) ? folder : project.file.path}`;
    yield command('run', run, dir, app.at, { weight: products.length > 1 ? -1 : 0 });
  }
}

const ENTRIES = ['Program.cs', 'Program.fs', 'Main.fs', 'Program.vb', 'AppHost.cs'];

/** A folder names its project only where it holds no other. */
function alone(project: Project, { projects }: Whole): boolean {
  return projects.every((other) => other === project || other.dir !== project.dir);
}
