import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import type { MixProject } from './mix-project.ts';

/** Libraries that tests are written with, beside ExUnit. */
const TEST_LIBRARIES = ['espec', 'wallaby', 'stream_data', 'propcheck'];
/** Plugins of `mix format` that rewrite code. */
const FORMATTER_PLUGINS = ['styler', 'quokka'];

/** Formatter, linters, Dialyzer and test libraries: what `mix.exs` depends upon and what has a file of its own. */
export function* toolCommands(repo: RepoView, project: MixProject): Iterable<Signal> {
  const { dir, file, deps } = project;
  const dep = (name: string): Evidence | undefined => {
    const line = deps.get(name);
    return line === undefined ? undefined : file.at(line);
  };
  yield* formatter(repo, project);
  const credo = dep('credo');
  if (credo) {
    yield plain('linter', 'credo', dir, credo);
    yield command('lint', 'mix credo', dir, credo, { source: 'config' });
    // What it hides by default is mostly style; people who run it by hand want to see it, unless the file says so for them.
    const strict = repo.file(at(dir, '.credo.exs'))?.find(/^\s*strict:\s*true/) !== undefined;
    if (!strict) yield command('lint', 'mix credo --strict', dir, credo, { source: 'config', weight: -0.5 });
  }
  const check = dep('ex_check');
  if (check) yield command('lint', 'mix check', dir, check, { source: 'config', weight: -1 });
  for (const name of ['sobelow', 'doctor', 'recode']) {
    const evidence = dep(name);
    if (evidence) yield plain('linter', name, dir, evidence, { weight: -1 });
  }
  yield* dialyzer(project);
  for (const name of TEST_LIBRARIES) {
    const evidence = dep(name);
    if (evidence) yield plain('test-framework', name, dir, evidence, { weight: -1 });
  }
}

function* formatter(repo: RepoView, { dir, file, line, deps }: MixProject): Iterable<Signal> {
  const settings = repo.file(at(dir, '.formatter.exs'));
  if (!settings || settings.lines.count === 0) return;
  // `inputs: ["{mix,.formatter}.exs", ...]`, and above it the generator's "Used by "mix format"".
  const shown = settings.find(/\bmix\b/);
  yield plain('formatter', 'mix format', dir, settings.at(settings.find(/^\s*\[/) ?? 1));
  yield command('format', 'mix format', dir, shown === undefined ? file.at(line) : settings.at(shown), {
    source: shown === undefined ? 'convention' : 'config',
  });
  for (const name of FORMATTER_PLUGINS) {
    const plugin = deps.get(name);
    if (plugin !== undefined) yield plain('formatter', name, dir, file.at(plugin), { weight: -1 });
  }
}

/** `mix dialyzer` comes with dialyxir, whose settings stand under `dialyzer:`. */
function* dialyzer({ dir, file, line, deps, settings }: MixProject): Iterable<Signal> {
  const dep = deps.get('dialyxir');
  const setting = settings.get('dialyzer');
  if (dep === undefined && setting === undefined) return;
  yield plain('type-checker', 'dialyzer', dir, file.at(setting ?? dep!));
  yield command('typecheck', 'mix dialyzer', dir, file.at(setting ?? line), {
    source: setting === undefined ? 'convention' : 'config',
  });
}
