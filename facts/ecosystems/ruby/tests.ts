import type { Evidence } from '../../fact.ts';
import { isAside } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import { asked, hasBinstub, type RubyProject, shownBy, throughBundler } from './projects.ts';

/** Files that say with what tests are written. */
const HELPERS = [
  'test/test_helper.rb',
  'test/helper.rb',
  'test/lib/helper.rb',
  'spec/spec_helper.rb',
  'spec/rails_helper.rb',
];
/** Scripts that may take the files to test. */
const RUNNERS = ['bin/test', 'bin/minitest', 'script/test', 'bin/t'];
const MANY_TIMES = 4;
const SHORT_SCRIPT = 100;
const STARTS_TESTS = /\b(?:rspec|minitest|test-unit|rails test|mtest|ruby\b[^\n]{0,80} -I)/;

/** What has to be read to know how tests are run. */
export function testSamples({ repo, dir }: Pick<RubyProject, 'repo' | 'dir'>): readonly string[] {
  return [...HELPERS, ...RUNNERS].map((path) => at(dir, path)).filter((path) => repo.paths.isFile(path));
}

/** How the tests are run, all of them and one by one. Rake's own tasks are told by its plugin. */
export function* testSignals(project: RubyProject): Iterable<Signal> {
  const tests = testsOf(project);
  yield* runnerScripts(project, tests);
  if ((tests.specs || tests.scattered) && (tests.rspec || !tests.minitest)) yield* rspec(project, tests);
  if (tests.units || (tests.specs && tests.minitest && !tests.rspec)) yield* minitest(project, tests);
  const cucumber = asked(project, /^cucumber(?:-rails)?$/);
  if (cucumber && project.repo.paths.hasDir(at(project.dir, 'features'))) {
    const run = throughBundler(project, 'cucumber');
    yield plain('test-framework', 'cucumber', project.dir, cucumber, { weight: -1 });
    // Beside specs or unit tests the scenarios are a part, by themselves they are all there is.
    yield command('test', run, project.dir, cucumber, { weight: tests.specs || tests.units ? -3 : 0 });
    yield command('test-single', `${run} <file>`, project.dir, cucumber, { weight: -3 });
  }
}

interface Tests {
  /** Whether there are `spec/**_spec.rb` and `test/**_test.rb` (or `test_*.rb`). */
  readonly specs: boolean;
  readonly units: boolean;
  /** There are so many more unit tests than specs that the specs are a part of them, or on their way in. */
  readonly mostlyUnits: boolean;
  /** Specs stand in folders of their own parts, `billing/spec/`: one by one they run from here. */
  readonly scattered: boolean;
  readonly rspec: Evidence | undefined;
  readonly minitest: Evidence | undefined;
  readonly testUnit: Evidence | undefined;
}

function testsOf(project: RubyProject): Tests {
  const { repo, dir } = project;
  const count = (folder: string, name: RegExp): number =>
    repo.paths.under(at(dir, folder)).reduce((sum, { path }) => sum + Number(name.test(path)), 0);
  const specs = count('spec', /_spec\.rb$/);
  const units = count('test', /(?:_test|\/test_\w+|\/tc_\w+)\.rb$/);
  const scattered =
    repo.paths.isFile(at(dir, '.rspec')) &&
    repo.paths.under(dir).some(({ path }) => path.endsWith('_spec.rb') && !isAside(path));
  return {
    specs: specs > 0,
    scattered,
    units: units > 0,
    mostlyUnits: units > specs * MANY_TIMES,
    rspec: asked(project, /^rspec(?:-rails|-core|-expectations)?$/),
    minitest: asked(project, /^minitest(?:-.*)?$/),
    testUnit: asked(project, /^test-unit(?:-.*)?$/),
  };
}

function* rspec(project: RubyProject, tests: Tests): Iterable<Signal> {
  const { repo, dir } = project;
  const dotfile = repo.file(at(dir, '.rspec'));
  const evidence = [tests.rspec, dotfile?.at(1), helperThat(project, /\brspec\b/i)].filter(
    (each) => each !== undefined,
  );
  if (evidence.length === 0) return;
  yield plain('test-framework', 'rspec', dir, evidence);
  const run = throughBundler(project, 'rspec');
  const source = dotfile && tests.rspec ? 'config' : 'convention';
  yield command('test', run, dir, evidence, { source, weight: tests.mostlyUnits ? -3 : tests.specs ? 0 : -2 });
  if (hasBinstub(project, 'rspec')) yield command('test', 'bin/rspec', dir, evidence, { weight: -0.5, source });
  const single = tests.mostlyUnits ? -3 : 0;
  yield command('test-single', `${run} <file>`, dir, evidence, { weight: single });
  yield command('test-single', `${run} <file> -e "<name>"`, dir, evidence, { weight: single - 1 });
}

function* minitest(project: RubyProject, tests: Tests): Iterable<Signal> {
  const { repo, dir, rails } = project;
  const declared = frameworkOf(project, tests);
  // A Rails application that moved to RSpec keeps a few old files in test/.
  const moved = tests.specs && tests.rspec !== undefined && !tests.mostlyUnits;
  const line = declared?.at ?? (rails && !moved ? asked(project, /^rails(?:ties)?$/) : undefined);
  if (!line) return;
  const framework = declared?.name ?? 'minitest';
  yield plain('test-framework', framework, dir, line);
  const weight = moved ? -2 : 0;
  if (rails) {
    const evidence = [asked(project, /^rails(?:ties)?$/) ?? line];
    const hasSystem = repo.paths.under(at(dir, 'test/system')).some(({ path }) => path.endsWith('_test.rb'));
    yield command('test', 'bin/rails test', dir, evidence, { weight });
    if (hasSystem) yield command('test', 'bin/rails test:system', dir, evidence, { weight: weight - 3 });
    yield command('test-single', 'bin/rails test <file>', dir, evidence, { weight });
    yield command('test-single', 'bin/rails test <file> -n <name>', dir, evidence, { weight: weight - 1 });
    return;
  }
  const ruby = project.bundle ? 'bundle exec ruby' : 'ruby';
  const evidence = shownBy(project, line);
  const folder = tests.units ? 'test' : 'spec';
  yield command('test-single', `${ruby} -I${folder} <file>`, dir, evidence, { weight });
  yield command('test-single', `${ruby} -Ilib:${folder} <file>`, dir, evidence, { weight: weight - 1.5 });
  const m = asked(project, /^m$/);
  if (m)
    yield command('test-single', `${throughBundler(project, 'm')} <file>`, dir, shownBy(project, m), {
      weight: weight - 1,
    });
}

/** Where both are asked for, the helper that every test loads says which of them is used. */
function frameworkOf(project: RubyProject, tests: Tests): { readonly name: string; readonly at: Evidence } | undefined {
  const unit = helperThat(project, /^\s*require ["']test[/-]unit/);
  const mini = helperThat(project, /^\s*require ["']minitest|\bMinitest::/);
  if (tests.testUnit && (unit || !tests.minitest) && !(mini && tests.minitest))
    return { name: 'test-unit', at: tests.testUnit };
  const line = tests.minitest ?? (mini && !project.rails ? mini : undefined);
  if (line) return { name: 'minitest', at: line };
  return unit ? { name: 'test-unit', at: unit } : undefined;
}

function helperThat({ repo, dir }: RubyProject, says: RegExp): Evidence | undefined {
  for (const path of HELPERS) {
    const file = repo.file(at(dir, path));
    const line = file?.find(says);
    if (file && line !== undefined) return file.at(line);
  }
  return undefined;
}

/** `bin/test test/a_test.rb`: a short script of the repository's own that hands its arguments on. */
function* runnerScripts(project: RubyProject, tests: Tests): Iterable<Signal> {
  const { repo, dir } = project;
  if (!tests.specs && !tests.units) return;
  for (const path of RUNNERS) {
    const file = repo.paths.isExecutable(at(dir, path)) ? repo.file(at(dir, path)) : undefined;
    const line = file && handsOn(file);
    if (file && line !== undefined)
      yield command('test-single', `${path} <file>`, dir, file.at(line), { source: 'config', weight: 1 });
  }
}

function handsOn(file: SourceFile): number | undefined {
  if (file.lines.count > SHORT_SCRIPT) return undefined;
  const starts = file.find(STARTS_TESTS);
  return starts !== undefined && file.find(/"?\$[@*1]|\bARGV\b/) !== undefined ? starts : undefined;
}
