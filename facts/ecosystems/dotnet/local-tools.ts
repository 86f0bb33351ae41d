import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at, upwards } from '../native/side-folders.ts';
import type { Whole } from './whole.ts';

/** A tool that `dotnet tool restore` brings. https://learn.microsoft.com/dotnet/core/tools/local-tools-how-to-use */
export interface LocalTool {
  /** The package, in lower case. */
  readonly id: string;
  readonly version: string;
  readonly commands: readonly string[];
  readonly at: Evidence;
}

/** The tools of the nearest manifest. */
export function localTools(repo: RepoView, dir: string): readonly LocalTool[] {
  const file = manifestOf(repo, dir);
  if (!file) return [];
  return (file.json()?.get('tools')?.entries() ?? []).map(([id, tool]) => ({
    id: id.toLowerCase(),
    version: tool.get('version')?.text ?? '',
    commands: tool.get('commands')?.texts() ?? [],
    at: file.at(tool.keyLine),
  }));
}

function manifestOf(repo: RepoView, dir: string): SourceFile | undefined {
  for (const here of upwards(dir)) {
    const file = repo.file(at(here, '.config/dotnet-tools.json')) ?? repo.file(at(here, 'dotnet-tools.json'));
    if (file) return file;
  }
  return undefined;
}

/** Without these a build, a commit or a check does not work: restoring tools is the first thing to do. */
const NEEDED = /^(?:paket|fantomas(?:-tool)?|csharpier|husky|fable|fake-cli|femto|fsharp-analyzers)$/;

/** What the tools lint and format with, and the commands that bring them. */
export function* toolCommands(repo: RepoView, whole: Whole, tools: readonly LocalTool[]): Iterable<Signal> {
  const { dir } = whole;
  const [first] = tools;
  if (first) {
    const needed = tools.find(({ id }) => NEEDED.test(id));
    const leads = needed && (needed.id === 'paket' || whole.projects.some(({ fsharp }) => fsharp));
    yield command('install', 'dotnet tool restore', dir, (needed ?? first).at, {
      weight: leads ? 1.5 : needed ? -0.5 : -2,
    });
  }
  for (const tool of tools) {
    const known = TOOLS.get(tool.id);
    if (known) yield* known(tool, whole, repo);
  }
  const paket = repo.file(at(dir, 'paket.dependencies'));
  if (paket) {
    const run = tools.some(({ id }) => id === 'paket') ? 'dotnet paket restore' : 'paket restore';
    yield command('install', run, dir, tools.find(({ id }) => id === 'paket')?.at ?? paket.at(1), { weight: -0.5 });
  }
}

type Offer = (tool: LocalTool, whole: Whole, repo: RepoView) => Iterable<Signal>;

const TOOLS: ReadonlyMap<string, Offer> = new Map(
  Object.entries<Offer>({
    fantomas,
    'fantomas-tool': fantomas,
    csharpier,
    *'dotnet-format'({ at: line }, { dir }) {
      yield plain('formatter', 'dotnet-format', dir, line);
      yield command('format', 'dotnet format', dir, line);
    },
    *'fsharp-analyzers'({ at: line }, { dir }) {
      yield plain('linter', 'fsharp-analyzers', dir, line);
    },
    *'dotnet-fsharplint'({ at: line }, whole) {
      yield plain('linter', 'fsharplint', whole.dir, line);
      const target = whole.target ?? whole.solution;
      if (target !== undefined)
        yield command('lint', `dotnet fsharplint lint ${target}`, whole.dir, line, { weight: -2 });
    },
    *'jetbrains.resharper.globaltools'({ at: line }, whole) {
      const target = whole.target ?? whole.solution;
      yield plain('linter', 'resharper', whole.dir, line, { weight: -1 });
      if (target === undefined) return;
      yield command('format', `dotnet jb cleanupcode ${target}`, whole.dir, line, { weight: -2 });
      yield command('lint', `dotnet jb inspectcode ${target}`, whole.dir, line, { weight: -2 });
    },
    *'roslynator.dotnet.cli'({ at: line }, { dir }) {
      yield plain('linter', 'roslynator', dir, line);
      yield command('lint', 'dotnet roslynator analyze', dir, line, { weight: -2 });
    },
  }),
);

const MAX_FOLDERS = 3;

/** https://fsprojects.github.io/fantomas/docs/end-users/GettingStarted.html */
function* fantomas({ at: line }: LocalTool, whole: Whole, repo: RepoView): Iterable<Signal> {
  const { dir } = whole;
  yield plain('formatter', 'fantomas', dir, line, { weight: 1 });
  const folders = sourceFolders(repo, dir);
  const run = `dotnet fantomas ${folders.join(' ') || '.'}`;
  yield command('format', run, dir, line, { source: 'config' });
  if (folders.length > 0) yield command('format', 'dotnet fantomas .', dir, line, { source: 'config', weight: -0.5 });
  yield command('lint', `${run} --check`, dir, line, { source: 'config', weight: -2 });
}

/** The folders with F# in them, sources first and tests last; none where it lies elsewhere too. */
function sourceFolders(repo: RepoView, dir: string): readonly string[] {
  const folders = new Set<string>();
  for (const { path } of repo.paths.under(dir)) {
    if (!/\.fsi?$/.test(path)) continue;
    const [folder = '', deeper] = (dir === '' ? path : path.slice(dir.length + 1)).split('/');
    if (deeper === undefined) return [];
    if (!/^(?:bench\w*|build)$/i.test(folder)) folders.add(folder);
  }
  const rank = (folder: string): number => (/^src/i.test(folder) ? 0 : /^tests?$/i.test(folder) ? 2 : 1);
  const sorted = [...folders].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return sorted.length <= MAX_FOLDERS ? sorted : [];
}

/** From version 1 on what to do is a word of its own. https://csharpier.com/docs/CLI */
function* csharpier({ at: line, version }: LocalTool, { dir }: Whole): Iterable<Signal> {
  const old = /^0\./.test(version);
  yield plain('formatter', 'csharpier', dir, line, { weight: 1 });
  yield command('format', old ? 'dotnet csharpier .' : 'dotnet csharpier format .', dir, line, { source: 'config' });
  yield command('lint', old ? 'dotnet csharpier --check .' : 'dotnet csharpier check .', dir, line, {
    source: 'config',
    weight: -0.5,
  });
}
