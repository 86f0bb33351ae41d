import type { Evidence } from '../../fact.ts';
import type { ConventionalCommand, Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import { asked, hasBinstub, type RubyProject, shownBy, start, throughBundler } from './projects.ts';

/** Files that configure linters, formatters and type checkers. */
export const QUALITY_FILES = [
  '.rubocop.yml',
  '.standard.yml',
  '.reek.yml',
  '.erb_lint.yml',
  '.erb-lint.yml',
  '.rufo',
  '.streerc',
  'Steepfile',
  'sorbet/config',
];

/** Linters, formatters and type checkers: those that are configured or asked for. */
export function* qualitySignals(project: RubyProject): Iterable<Signal> {
  yield* rubocopAndStandard(project);
  yield* furtherLinters(project);
  yield* formatters(project);
  yield* typeCheckers(project);
}

/** Standard is RuboCop with its rules fixed: `.rubocop.yml` may take them over, or only serve editors beside it. */
function* rubocopAndStandard(project: RubyProject): Iterable<Signal> {
  const { repo, dir } = project;
  const config = repo.file(at(dir, '.rubocop.yml'));
  const standardConfig = repo.file(at(dir, '.standard.yml'));
  const rubocop = asked(project, /^rubocop(?:-.*)?$/);
  const standard = asked(project, /^standard(?:rb|-rails|-sorbet)?$/);
  const inherits = config !== undefined && takesOverStandard(config);
  const standardLeads = standardConfig !== undefined || (standard !== undefined && config === undefined);
  if (standard || standardConfig) {
    const lines = [...(standard ? shownBy(project, standard) : []), ...(standardConfig ? [standardConfig.at(1)] : [])];
    yield* standardSignals(project, lines, inherits && !standardConfig ? -2 : standardLeads ? 1 : -0.5);
  }
  // Without a gem and without a configuration nobody runs it.
  if (!config && (!rubocop || standard)) return;
  const evidence = evidenceOf(rubocop, config, 'rubocop');
  // In a Rails application its binstub is there because Rails put it there, pipeline and all.
  const own = hasBinstub(project, 'rubocop') ? (project.rails ? 2 : 0.5) : 0;
  const weight = own - (standardLeads && !inherits ? 1 : 0) - (rubocop || own > 0 ? 0 : 1);
  const run = start(project, 'rubocop');
  const source = config ? 'config' : 'convention';
  yield plain('linter', 'rubocop', dir, evidence, { weight });
  yield plain('formatter', 'rubocop', dir, evidence, { weight: weight - 1 });
  yield command('lint', run, dir, evidence, { weight, source });
  yield command('format', `${run} -a`, dir, evidence, { weight, source });
  yield command('format', `${run} -A`, dir, evidence, { weight: weight - 0.5, source });
}

/** `inherit_gem: { standard: ... }`, `require: standard`, `plugins: [standard-performance]`. */
function takesOverStandard(config: SourceFile): boolean {
  const settings = config.yaml();
  const isStandard = (name: string | undefined): boolean => /^standard(?:-\w+|\/cop.*)?$/.test(name ?? '');
  if ([...(settings?.get('inherit_gem')?.entries() ?? [])].some(([gem]) => isStandard(gem))) return true;
  return ['require', 'plugins'].some((key) => {
    const value = settings?.get(key);
    return value?.kind === 'list' ? value.items().some(({ text }) => isStandard(text)) : isStandard(value?.text);
  });
}

function* standardSignals(project: RubyProject, evidence: readonly Evidence[], weight: number): Iterable<Signal> {
  const { dir } = project;
  const run = start(project, 'standardrb');
  yield plain('linter', 'standard', dir, evidence, { weight });
  yield plain('formatter', 'standard', dir, evidence, { weight });
  yield command('lint', run, dir, evidence, { weight });
  yield command('format', `${run} --fix`, dir, evidence, { weight });
}

/** The line of the tool's own file that shows it, and the line that asks for its gem. */
function evidenceOf(gem: Evidence | undefined, config: SourceFile | undefined, tool: string): readonly Evidence[] {
  const shown = config?.find(new RegExp(`\\b${tool}`, 'i'));
  const own = config ? [config.at(shown ?? 1)] : [];
  return gem ? [...own, gem] : own;
}

function* furtherLinters(project: RubyProject): Iterable<Signal> {
  const { repo, dir } = project;
  const erb = repo.file(at(dir, '.erb_lint.yml')) ?? repo.file(at(dir, '.erb-lint.yml'));
  const further: readonly [tool: string, gem: RegExp, config: SourceFile | undefined, arguments_: string][] = [
    ['reek', /^reek$/, repo.file(at(dir, '.reek.yml')), ''],
    ['erb_lint', /^erb_lint$/, erb, ' --lint-all'],
    ['brakeman', /^brakeman$/, undefined, ''],
  ];
  for (const [tool, gem, config, arguments_] of further) {
    const line = asked(project, gem);
    if (!line) continue;
    yield plain('linter', tool, dir, evidenceOf(line, config, tool), { weight: -3 });
    // Each looks at one thing: no answer to "how do I lint" as long as there is another.
    yield command('lint', start(project, tool) + arguments_, dir, line, { weight: -4 });
  }
}

function* formatters(project: RubyProject): Iterable<Signal> {
  const { repo, dir } = project;
  const rufo = asked(project, /^rufo$/);
  if (rufo) yield* formatter(project, 'rufo', `${start(project, 'rufo')} .`, rufo);
  const tree = asked(project, /^(?:syntax_tree|prettier_print)$/);
  if (tree && repo.file(at(dir, '.streerc')))
    yield* formatter(project, 'syntax_tree', `${start(project, 'stree')} write '**/*.rb'`, tree);
}

function* formatter({ dir }: RubyProject, tool: string, run: string, line: Evidence): Iterable<Signal> {
  yield plain('formatter', tool, dir, line, { weight: 1 });
  yield command('format', run, dir, line, { weight: 3 });
}

function* typeCheckers(project: RubyProject): Iterable<Signal> {
  const { repo, dir } = project;
  const sorbet = asked(project, /^sorbet(?:-static)?(?:-and-runtime)?$/);
  const config = repo.file(at(dir, 'sorbet/config'));
  if (sorbet && config) {
    yield plain('type-checker', 'sorbet', dir, [sorbet, config.at(1)]);
    yield checking(`${throughBundler(project, 'srb')} tc`, sorbet);
    if (hasBinstub(project, 'srb')) yield checking('bin/srb tc', sorbet, -0.5);
  }
  const steep = asked(project, /^steep$/);
  const steepfile = repo.file(at(dir, 'Steepfile'));
  if (steepfile) {
    const evidence = [...(steep ? [steep] : []), steepfile.at(steepfile.find(/\bsteep\b/i) ?? 1)];
    yield plain('type-checker', 'steep', dir, evidence);
    yield checking(`${start(project, 'steep')} check`, evidence[0]!, steep ? 0 : -1);
  }

  function checking(run: string, line: Evidence, weight = 0): ConventionalCommand {
    return command('typecheck', run, dir, shownBy(project, line), { weight });
  }
}
