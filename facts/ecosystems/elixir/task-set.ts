import type { RepoView } from '../../ecosystem.ts';
import type { TargetSet } from '../../signal.ts';
import { namePattern, targetSet } from '../../target-set.ts';
import { at } from '../native/side-folders.ts';
import type { MixProject } from './mix-project.ts';

/** Tasks of Mix and Hex themselves, and what they bring to every project. https://hexdocs.pm/mix */
const OWN = `app.config app.start app.tree archive archive.build archive.install archive.uninstall clean cmd compile
  compile.all compile.app compile.elixir compile.erlang compile.leex compile.protocols compile.yecc deps deps.clean deps.compile deps.get
  deps.loadpaths deps.partition deps.precompile deps.tree deps.unlock deps.update do escript escript.build escript.install
  escript.uninstall eval format help init iex loadconfig loadpaths local local.hex local.phx local.public_keys local.rebar new
  profile.cprof profile.eprof profile.fprof profile.tprof release release.init run source test test.coverage will_recompile xref hex`.split(
  /\s+/,
);
/** What packages name their tasks by, where it is not their own name. */
const BROUGHT: ReadonlyMap<string, readonly string[]> = new Map([
  ['phoenix', ['phx']],
  ['phoenix_live_view', ['phx']],
  ['ecto_sql', ['ecto']],
  ['dialyxir', ['dialyzer']],
  ['excoveralls', ['coveralls']],
  ['ex_doc', ['docs']],
  ['mix_test_watch', ['test']],
  ['mix_test_interactive', ['test']],
  ['mix_audit', ['deps']],
  ['ex_check', ['check']],
  ['ash_postgres', ['ash', 'ecto']],
  ['oban', ['oban']],
  ['benchee', []],
]);

/**
 * What `mix` takes as far as it can be read: its own tasks, aliases, tasks of this project, and whatever is called like a
 * dependency. Packages name their tasks as they like, so it is never all.
 */
export function taskSet({ paths }: RepoView, { dir, file, line, aliases, deps, appsPath }: MixProject): TargetSet {
  const names = new Set([...OWN, ...aliases.map(({ name }) => name)]);
  const roots = [at(dir, 'lib/mix/tasks'), ...(appsPath === undefined ? [] : [at(dir, appsPath)])];
  for (const { path } of roots.flatMap((root) => paths.under(root))) {
    const task = /(?:^|\/)lib\/mix\/tasks\/(.+)\.exs?$/.exec(path)?.[1];
    if (task !== undefined) names.add(task.replaceAll('/', '.'));
  }
  const spaces = new Set(['hex', 'rebar', 'local', 'nerves', 'igniter', 'archive', 'compile', 'usage_rules']);
  for (const dep of deps.keys())
    for (const name of [dep, dep.split('_')[0]!, ...(BROUGHT.get(dep) ?? [])]) spaces.add(name);
  const patterns = [...spaces].map((space) => `${namePattern(space, /\u0000/)}(?:\\..+)?`);
  return targetSet('mix', dir, file.at(aliases[0]?.line ?? line), names, { patterns, complete: false });
}
