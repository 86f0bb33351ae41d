import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../forge/memory.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { rake } from './rake.ts';

type Files = Record<string, MemoryFile>;

async function said(files: Files): Promise<readonly string[]> {
  const { signals } = await signalsOf(rake, files);
  return told(signals).filter((line) => !line.startsWith('build-system'));
}

async function commands(files: Files, purpose: string): Promise<readonly string[]> {
  const { facts } = await analyze(memoryRepository(files));
  return facts.flatMap((fact) => (fact.key === `command.${purpose}` && fact.dir === '' ? [fact.value] : []));
}

const pipeline = (run: string): Files => ({
  '.github/workflows/ci.yml': `on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n`,
});
const GEM: Files = {
  Gemfile: 'gem "rake"\ngem "rspec"\ngem "rubocop"\n',
  '.rspec': '--color\n',
  '.rubocop.yml': 'AllCops:\n  NewCops: enable\n',
  'lib/a.rb': 'x\n',
  'spec/a_spec.rb': 'x\n',
};
const SPECS = 'require "rspec/core/rake_task"\nRSpec::Core::RakeTask.new(:spec)\n';

describe('rake', () => {
  it('reads tasks, their namespaces, needs and bodies, from the Rakefile and what it loads', async () => {
    const { signals, problems } = await signalsOf(rake, fixture('rake/kiln'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'build-system = rake | Rakefile:3 | config 0',
      'task bundle exec rake test | Rakefile:16 { ruby -Itest "$tests" }',
      'task bundle exec rake slow | Rakefile:22 { rspec "$pattern" }',
      'task bundle exec rake lint:ruby | Rakefile:29 { bundle exec rubocop; bundle exec reek "$ruby" } needs lint:setup',
      'task bundle exec rake lint:setup | Rakefile:34 { npx prettier --check $ruby } needs lint:fetch,prepare,fire:all',
      'task bundle exec rake lint:fetch | Rakefile:39',
      'task bundle exec rake lint | Rakefile:42 needs lint:ruby,lint:setup',
      'task bundle exec rake bake | Rakefile:51 { ruby -Ilib bake.rb }',
      'task bundle exec rake text | Rakefile:53',
      'task bundle exec rake prepare | Rakefile:60',
      'task bundle exec rake | Rakefile:4 { standardrb } needs test,lint',
      'task bundle exec rake fire:all | rakelib/fire.rake:2 { make fire }',
      'task bundle exec rake tile | tasks/tile.rake:1 { cargo build --release }',
      'lint: bundle exec rake standard | Rakefile:5 | config 0.5',
      'format: bundle exec rake standard:fix | Rakefile:5 | config 0.5',
      'test: bundle exec rake spec | Rakefile:20 | config -1',
      'build: bundle exec rake build | Rakefile:3 | convention 0',
    ]);
    const described = signals.flatMap((signal) =>
      signal.kind === 'task' && signal.description ? [signal.description] : [],
    );
    expect(described).toEqual(['Run the unit tests', 'Lint the "Ruby"']);
  });

  it('without a Gemfile rake stands on the PATH; the nearest one above counts', async () => {
    const Rakefile = 'task :stoke\n';
    expect(await said({ Rakefile })).toEqual(['task rake stoke | Rakefile:1']);
    expect(await said({ 'kiln/Rakefile': Rakefile, Gemfile: 'gem "rake"\n' })).toEqual([
      'task bundle exec rake stoke in kiln | kiln/Rakefile:1',
    ]);
  });

  it('in a Rails application tasks run through bin/rails, and those that load it work on its data', async () => {
    expect(await said(fixture('ruby/shop'))).toEqual([
      'task bundle exec rake | Rakefile:5 needs lint,test',
      'task bin/rails lint | lib/tasks/lint.rake:1 { bin/rubocop }',
      'task bin/rails orders:fix | lib/tasks/lint.rake:6 internal',
    ]);
  });

  it('lib/tasks of a library is for those who use it', async () => {
    expect(await said({ Rakefile: 'task :a\n', 'lib/tasks/users.rake': 'task :install_it\n' })).toEqual([
      'task rake a | Rakefile:1',
    ]);
  });

  it.each([
    ['task default: :spec', ['spec']],
    ['task :default => [:spec, "lint:ruby"]', ['spec', 'lint:ruby']],
    ["task 'default', [:a, :b] => %w[spec lint]", ['spec', 'lint']],
    ['task :default, [:a], needs: :spec', ['spec']],
    ['task(:default => :"lint:ruby")', ['lint:ruby']],
    ['task default: %i[spec lint] + MORE', ['spec', 'lint']],
    ['task :default => "spec:#{name}"', []],
  ])('%s needs %j', async (line, needs) => {
    const { signals } = await signalsOf(rake, { Rakefile: `${line}\n` });
    expect(signals.flatMap((signal) => (signal.kind === 'task' ? [signal.needs] : []))).toEqual([needs]);
  });

  it.each([
    ['sh "make lint"', 'make lint'],
    ["sh 'npm', 'run', 'lint'", 'npm run lint'],
    ['system("cargo test") or exit!(1)', 'cargo test'],
    ['exit 1 unless system "cargo test"', 'cargo test'],
    ['sh "cargo test --jobs #{jobs}"', 'cargo test --jobs $ruby'],
    ['ruby "-S", "rubocop"', 'ruby -S rubocop'],
    ['sh(FileUtils::RUBY, "extconf.rb")', 'ruby extconf.rb'],
    ['puts "sh make lint"', undefined],
    ['self.system_name = "x"', undefined],
  ])('%s runs %s', async (line, shell) => {
    const { signals } = await signalsOf(rake, { Rakefile: `task :x do\n  ${line}\nend\n` });
    expect(signals.flatMap((signal) => (signal.kind === 'task' ? signal.body : []))).toEqual(shell ? [shell] : []);
  });

  it('a task that is called like its tool, and one that a library makes, is the tool', async () => {
    const Rakefile = `${SPECS}task :rubocop do\n  sh "bundle exec rubocop"\nend\ntask default: %i[spec rubocop]\n`;
    const files = { ...GEM, Rakefile };
    expect(await commands(files, 'test')).toEqual(['bundle exec rspec', 'bundle exec rake spec', 'bundle exec rake']);
    expect(await commands(files, 'lint')).toEqual(['bundle exec rubocop', 'bundle exec rake rubocop']);
  });

  it.each([
    ['bundle exec rake spec', 'bundle exec rake spec'],
    ['bundle exec rspec', 'bundle exec rspec'],
    ['bundle exec rake', 'bundle exec rake'],
    ['bin/rake', 'bundle exec rake'],
    ['rake default', 'bundle exec rake'],
  ])('where the pipeline runs %s, that comes first', async (run, first) => {
    const files = { ...GEM, Rakefile: `${SPECS}task default: :spec\n`, ...pipeline(run) };
    expect((await commands(files, 'test'))[0]).toBe(first);
  });

  it.each([
    'bundle exec rake "check[fast]"',
    'rake -s clobber check',
    'bin/rake check STRICT=1',
    'bin/rails check',
  ])('a pipeline that runs %s runs the task', async (run) => {
    const Rakefile = 'task :check do\n  sh "bundle exec rubocop"\nend\ntask :clobber\n';
    const { facts } = await analyze(memoryRepository({ ...GEM, Rakefile, ...pipeline(run) }));
    expect(facts.find(({ key, value }) => key === 'command.lint' && value === 'bundle exec rake check')).toMatchObject({
      source: 'ci',
      evidence: [
        { path: '.github/workflows/ci.yml', line: 6 },
        { path: 'Rakefile', line: 1 },
      ],
    });
  });

  it('every task of a Rakefile without Ruby around it is as good as a make target', async () => {
    const files = {
      Rakefile: 'desc "Run the tests"\ntask :test do\n  sh "ctest"\nend\n',
      'src/a.c': 'x\n',
      'src/b.c': 'x\n',
      'CMakeLists.txt': 'project(kiln C)\n',
    };
    expect((await commands(files, 'test'))[0]).toBe('rake test');
  });

  it.each([
    ['tasks/*.rake', ['a']],
    ['tasks/**/*.rake', ['d', 'a', 'b']],
    ['tasks/*/*/*/4/*.rake', ['d']],
    ['tasks/{x,y}/b.rake', ['b']],
    ['tasks/**/?.rake', []],
    ['../other/*.rake', ['c']],
    ['../../*.rake', []],
    ['tasks/*/*/*/*/*.rake', []],
  ])('loads what %s means, in a folder of any name', async (pattern, expected) => {
    const found = await said({
      'c+{x?/Rakefile': `Dir["${pattern}"].each { |f| load f }\n`,
      'c+{x?/tasks/a.rake': 'task :a\n',
      'c+{x?/tasks/x/b.rake': 'task :b\n',
      'c+{x?/tasks/1/2/3/4/d.rake': 'task :d\n',
      'other/c.rake': 'task :c\n',
    });
    expect(found.map((line) => line.replace(/^task rake (\w+) .*$/, '$1'))).toEqual(expected);
  });

  it.each([
    ['stars', `Dir["tasks/${'*a'.repeat(6)}b.rake"]\n`],
    ['stars, as many as are read', `Dir["tasks/${'*a'.repeat(4)}b.rake"]\n`],
    ['any folders', `Dir["tasks/${'**/'.repeat(6)}b.rake"]\n`],
    ['choices', `Dir["tasks/${'{a,b}'.repeat(10)}b.rake"]\n`],
    ['patterns', Array.from({ length: 20_000 }, (_, at) => `load "tasks/*/y${at}*.rake"\n`).join('')],
  ])('stays quick with many %s', async (_, Rakefile) => {
    const folders = Object.fromEntries(
      Array.from({ length: 2000 }, (_each, at) => [`tasks/d${at}/${'a/'.repeat(30)}x.rake`, '']),
    );
    const started = processorTime();
    const { problems } = await signalsOf(rake, { Rakefile, [`tasks/${'a'.repeat(200)}.rake`]: '', ...folders });
    expect(problems).toEqual([]);
    expect(processorTime() - started).toBeLessThan(3000);
  });

  it('stays quick with many Rakefiles that look through many files', async () => {
    const load = (k: number) => Array.from({ length: 60 }, (_, at) => `load "../tasks/*/y${k}_${at}*.rake"\n`).join('');
    const started = processorTime();
    const { problems } = await signalsOf(rake, {
      ...Object.fromEntries(Array.from({ length: 100 }, (_, k) => [`g${k}/Rakefile`, load(k)])),
      ...Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`tasks/d${at % 100}/x${at}.rake`, ''])),
    });
    expect(problems).toEqual([]);
    expect(processorTime() - started).toBeLessThan(8000);
  });

  it.each([
    ['truncated', 'task :a do\n  sh "x', ['task rake a | Rakefile:1']],
    [
      'with Windows line ends',
      'task :a do\r\n  sh "x"\r\nend\r\ntask :b\r\n',
      ['task rake a | Rakefile:1 { x }', 'task rake b | Rakefile:4'],
    ],
    [
      'with a namespace that never ends',
      'namespace :n do\n  task :a\ntask :b\n',
      ['task rake n:a | Rakefile:2', 'task rake b | Rakefile:3'],
    ],
    ['that defines a task twice', 'task :a => :b\ntask :a => :c\n', ['task rake a | Rakefile:1 needs b,c']],
    ['without a task', '# nothing\n', []],
    ['that is empty', '', []],
  ])('survives a Rakefile %s', async (_, Rakefile, tasks) => {
    expect(await said({ Rakefile })).toEqual(tasks);
  });

  it.each([
    'task :a ',
    'sh "',
    '{ ',
    'if ',
    '#{',
    '`a',
    'X.new(',
    'desc "',
    "'*.rake' ",
  ])('stays quick on a line of %j', async (part) => {
    const line = part.repeat(100_000 / part.length);
    const started = processorTime();
    await signalsOf(rake, { Rakefile: `${line}\ntask :x do\n  ${line}\nend\ntask${' '.repeat(50_000)}\n` });
    expect(processorTime() - started).toBeLessThan(2000);
  });
});
