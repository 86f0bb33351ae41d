import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { aliasTasks } from './elixir/aliases.ts';
import { type MixProject, mixProject } from './elixir/mix-project.ts';
import { taskSet } from './elixir/task-set.ts';
import { toolCommands } from './elixir/tools.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isSideFolder, isWithin } from './native/side-folders.ts';
import { isErlangFirst } from './rebar3/erlang-first.ts';

/** Projects of their own inside another one (an installer, a set of protocols); more would say nothing new. */
const MAX_NESTED = 6;

/**
 * Elixir. `mix.exs` is a program and is read as text: what it computes is not known. Projects of an umbrella are folded
 * into its root, where every command is typed. https://hexdocs.pm/mix/Mix.html
 */
export const elixir = ecosystem({
  id: 'elixir',
  title: 'Elixir (Mix)',
  files: ['mix.exs', '.formatter.exs', '.credo.exs'],
  depth: 3,
  *detect(repo) {
    const projects = repo.files.flatMap((file) => (file.name === 'mix.exs' ? (mixProject(file) ?? []) : []));
    const leads = projects.filter(({ dir }) => !isNoLead(dir) && !projects.some((other) => holds(other, dir)));
    for (const project of projects) yield taskSet(repo, project);
    for (const project of leads) {
      yield* aboutProject(repo, project);
      yield* commands(repo, project);
      yield* toolCommands(repo, project);
      yield* aliasTasks(project);
    }
    yield* nested(repo, projects, leads);
  },
});

/** A project further up the tree. */
function holds(other: MixProject, dir: string): boolean {
  return other.dir !== dir && isWithin(dir, other.dir);
}

function* aboutProject(repo: RepoView, project: MixProject): Iterable<Signal> {
  const { dir, file, line, elixir: version, starts } = project;
  const weight = shiftOf(repo, project);
  yield plain('package-manager', 'mix', dir, file.at(line), { weight });
  yield plain('build-system', 'mix', dir, file.at(line), { weight: weight - 1 });
  // What it needs at least; a version file says what is used.
  if (version) yield plain('runtime.elixir', version.value, dir, file.at(version.line), { weight: -1 });
  if (hasTests(repo, project)) yield plain('test-framework', 'exunit', dir, file.at(line), { source: 'convention' });
  const main = starts && at(dir, `lib/${modulePath(starts.value)}.ex`);
  if (main !== undefined && repo.paths.isFile(main)) yield plain('entrypoint', main, dir, file.at(starts!.line));
}

function* commands(repo: RepoView, project: MixProject): Iterable<Signal> {
  const { dir, file, line, settings, starts, deps, isPackage } = project;
  const evidence = file.at(line);
  const weight = shiftOf(repo, project);
  yield command('install', 'mix deps.get', dir, evidence, { weight });
  yield command('build', 'mix compile', dir, evidence, { weight });
  const escript = settings.get('escript');
  if (escript !== undefined)
    yield command('build', 'mix escript.build', dir, file.at(escript), { source: 'config', weight: weight - 2 });
  if (hasTests(repo, project)) {
    yield command('test', 'mix test', dir, evidence, { weight });
    yield command('test-single', 'mix test <file>', dir, evidence, { weight });
  }
  if (starts === undefined) return;
  if (deps.has('phoenix') && hasEndpoint(repo, dir)) yield command('run', 'mix phx.server', dir, evidence, { weight });
  else if (!isPackage) yield command('run', 'mix run --no-halt', dir, evidence, { weight: weight - 2 });
}

/** An Erlang library that is on Hex for Elixir too has a `mix.exs`; its own people use rebar3. */
function shiftOf(repo: RepoView, { dir }: MixProject): number {
  return repo.paths.isFile(at(dir, 'rebar.config')) && isErlangFirst(repo, dir) ? -2 : 0;
}

/** What stands below a project: its umbrella's applications, and projects that go their own ways. */
function* nested(repo: RepoView, projects: readonly MixProject[], leads: readonly MixProject[]): Iterable<Signal> {
  let told = 0;
  for (const project of projects) {
    const { dir, file, line } = project;
    if (leads.includes(project)) continue;
    const name = project.app ?? dir;
    const umbrella = leads.find((lead) => lead.appsPath !== undefined && isApp(lead, dir));
    if (umbrella) yield plain('workspace', name, dir, file.at(line));
    if (umbrella || isNoLead(dir) || isSideFolder(dir) || told++ >= MAX_NESTED) continue;
    yield plain('workspace', name, dir, file.at(line), { weight: -1 });
    if (hasTests(repo, project)) yield command('test', 'mix test', dir, file.at(line), { weight: -1 });
  }
}

function isApp({ dir, appsPath }: MixProject, member: string): boolean {
  return member.slice(0, Math.max(0, member.lastIndexOf('/'))) === at(dir, appsPath!);
}

function hasTests(repo: RepoView, { dir, appsPath }: MixProject): boolean {
  const folder = at(dir, appsPath ?? 'test');
  return repo.paths.under(folder).some(({ path }) => path.endsWith('_test.exs'));
}

/** Libraries depend on Phoenix too; what serves has an endpoint. */
function hasEndpoint(repo: RepoView, dir: string): boolean {
  return repo.paths
    .named('endpoint.ex')
    .some((path) => isWithin(path, at(dir, 'lib')) || isWithin(path, at(dir, 'apps')));
}

/** Where the compiler's convention puts a module: `MyApp.HTTPServer` in `my_app/http_server`. */
function modulePath(module: string): string {
  return module
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll('.', '/')
    .toLowerCase();
}
