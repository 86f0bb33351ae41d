import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isWithin } from './native/side-folders.ts';
import { type RebarConfig, rebarConfig } from './rebar3/config.ts';
import { isErlangFirst } from './rebar3/erlang-first.ts';

/** Erlang: rebar3, its aliases and plugins. `rebar.config.script` is a program and is not read. https://rebar3.org/docs */
export const rebar3 = ecosystem({
  id: 'rebar3',
  title: 'Erlang (rebar3)',
  files: ['rebar.config', 'elvis.config'],
  depth: 2,
  *detect(repo) {
    const configs = repo.files.filter(({ name, dir }) => name === 'rebar.config' && !isNoLead(dir));
    for (const file of configs) {
      if (configs.some(({ dir }) => dir !== file.dir && isWithin(file.dir, dir))) continue;
      yield* project(repo, file);
    }
  },
});

function* project(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const { dir } = file;
  const config = rebarConfig(file);
  const first = config.keys.values().next().value;
  // With erlang.mk the file is made for those who depend on the project: its own people type make.
  if (first === undefined || repo.paths.isFile(at(dir, 'erlang.mk'))) return;
  // A library of two languages has both: the one that more of it is written in leads, and mix stands for Elixir.
  const shift = repo.paths.isFile(at(dir, 'mix.exs')) && !isErlangFirst(repo, dir) ? -2 : 0;
  const whole = repo.paths.isFile(at(dir, 'rebar.lock')) ? { path: at(dir, 'rebar.lock'), line: 1 } : file.at(first);
  const start = repo.paths.isFile(at(dir, 'rebar3')) ? './rebar3' : 'rebar3';
  yield plain('package-manager', 'rebar3', dir, file.at(config.keys.get('deps') ?? first), { weight: shift });
  yield plain('build-system', 'rebar3', dir, file.at(first), { weight: shift });
  const minimum = config.keys.get('minimum_otp_vsn');
  const version = minimum && /"([^"]+)"/.exec(file.lines.line(minimum))?.[1];
  if (version) yield plain('runtime.erlang', version, dir, file.at(minimum), { weight: -1 });
  yield command('install', `${start} get-deps`, dir, whole, { weight: shift - 1 });
  yield command('build', `${start} compile`, dir, whole, { weight: shift });
  const script = config.keys.get('escript_name') ?? config.keys.get('escript_main_app');
  if (script !== undefined) yield command('build', `${start} escriptize`, dir, file.at(script), { weight: shift - 1 });
  yield* tests(repo, file, config, { start, whole, shift });
  yield* checks(repo, file, config, { start, whole, shift });
  for (const { name, line, commands } of config.aliases) {
    yield {
      kind: 'task',
      runner: 'rebar3',
      name,
      run: `${start} ${name}`,
      dir,
      at: file.at(line),
      body: commands.map((each) => (each.startsWith('cmd ') ? each.slice(4) : `${start} ${each}`)),
      needs: [],
    };
  }
}

interface Ways {
  readonly start: string;
  /** Where what rests on the manifest alone points to. */
  readonly whole: Evidence;
  readonly shift: number;
}

/** Common Test has suites; EUnit has modules of tests, or options. */
function* tests(repo: RepoView, file: SourceFile, config: RebarConfig, { start, whole, shift }: Ways) {
  const { dir } = file;
  const sources = repo.paths.under(dir).flatMap(({ path }) => (path.endsWith('.erl') ? [path] : []));
  const ct = config.keys.get('ct_opts');
  if (ct !== undefined || sources.some((path) => path.endsWith('_SUITE.erl'))) {
    const evidence = ct === undefined ? whole : file.at(ct);
    yield plain('test-framework', 'common_test', dir, evidence, { source: 'convention', weight: shift });
    yield command('test', `${start} ct`, dir, evidence, { weight: shift });
    yield command('test-single', `${start} ct --suite <file>`, dir, evidence, { weight: shift });
  }
  const eunit = config.keys.get('eunit_opts') ?? config.keys.get('eunit_tests');
  if (eunit !== undefined || sources.some((path) => path.endsWith('_tests.erl'))) {
    const evidence = eunit === undefined ? whole : file.at(eunit);
    yield plain('test-framework', 'eunit', dir, evidence, { source: 'convention', weight: shift });
    yield command('test', `${start} eunit`, dir, evidence, { weight: shift });
    yield command('test-single', `${start} eunit --module=<name>`, dir, evidence, { weight: shift - 0.5 });
  }
  const proper = config.plugins.get('rebar3_proper');
  if (proper === undefined) return;
  yield plain('test-framework', 'proper', dir, file.at(proper), { weight: shift - 1 });
  yield command('test', `${start} proper`, dir, file.at(proper), { source: 'config', weight: shift - 3 });
}

/** Plugins of rebar3: what each is called, the command it brings, and which fact it is. */
const PLUGINS = [
  { plugin: 'erlfmt', tool: 'erlfmt', key: 'formatter', purpose: 'format', run: 'fmt' },
  { plugin: 'rebar3_format', tool: 'rebar3_format', key: 'formatter', purpose: 'format', run: 'format' },
  { plugin: 'steamroller', tool: 'steamroller', key: 'formatter', purpose: 'format', run: 'steamroll' },
  { plugin: 'rebar3_lint', tool: 'elvis', key: 'linter', purpose: 'lint', run: 'lint' },
  { plugin: 'rebar3_hank', tool: 'hank', key: 'linter', purpose: 'lint', run: 'hank' },
] as const;

function* checks(repo: RepoView, file: SourceFile, config: RebarConfig, { start, whole, shift }: Ways) {
  const { dir } = file;
  for (const { plugin, tool, key, purpose, run } of PLUGINS) {
    const line = config.plugins.get(plugin);
    if (line === undefined) continue;
    yield plain(key, tool, dir, file.at(line), { weight: shift });
    // The line that names the plugin shows its command only where both share a word.
    const shown = plugin.endsWith(run) ? file.at(line) : whole;
    yield command(purpose, `${start} ${run}`, dir, [shown], { weight: run === 'hank' ? shift - 2 : shift });
  }
  const elvis = repo.file(at(dir, 'elvis.config'));
  if (elvis && !config.plugins.has('rebar3_lint') && elvis.lines.count > 0)
    yield plain('linter', 'elvis', dir, elvis.at(1), { weight: shift });
  const xref = config.keys.get('xref_checks');
  if (xref !== undefined)
    yield command('lint', `${start} xref`, dir, file.at(xref), { source: 'config', weight: shift - 1 });
  const dialyzer = config.keys.get('dialyzer');
  if (dialyzer !== undefined) {
    yield plain('type-checker', 'dialyzer', dir, file.at(dialyzer), { weight: shift });
    yield command('typecheck', `${start} dialyzer`, dir, file.at(dialyzer), { source: 'config', weight: shift });
  }
}
