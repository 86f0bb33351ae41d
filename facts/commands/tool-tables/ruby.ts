import { FIX, type ToolRow } from '../tool-rule.ts';

const rb = { language: 'ruby' } as const;
/** What shapes a report, or spreads the work over processors. */
const REPORTS =
  /^(?:-f|--format|-o|--out|--profile|--force-color|--no-profile|-P|--parallel|--no-parallel|--fail-level|--display-.*|--extra-details|-D|--no-server|--backtrace|-b)(?:=.*)?$/;
const rubocop = {
  ...rb,
  fixes: [...FIX, '-x', '--fix-layout'],
  values: ['-f', '--format', '-o', '--out', '--fail-level', '-c'],
  drops: REPORTS,
};
/** Linters that mend are how most Ruby is formatted. */
const MENDS = { format: 0.9, lint: 0.5 } as const;
/** How a single process of tests is started; which files it loads follows. */
const units = { ...rb, values: ['-n', '-r', '-I', '-e'] } as const;

/** Tools of Ruby. */
export const RUBY_TOOLS: readonly ToolRow[] = [
  [
    'bundle install',
    { install: 1 },
    {
      values: ['--jobs', '-j', '--retry', '--path', '--without', '--with', '--gemfile'],
      drops: /^(?:--jobs|-j|--retry|--path|--deployment|--without|--with|-j\d+|--clean)(?:=.*)?$/,
    },
  ],
  ['bundle', { install: 0.6 }, { alone: true }],

  [
    'rspec',
    { test: 1 },
    {
      ...rb,
      values: ['-f', '--format', '-o', '--out', '-r', '--require', '--order', '--tag', '-t', '-e'],
      drops: REPORTS,
    },
  ],
  ['parallel_rspec', { test: 0.8 }, rb],
  ['turbo_tests', { test: 0.8 }, rb],
  ['minitest', { test: 0.9 }, rb],
  ['cucumber', { test: 0.5 }, { ...rb, values: ['-f', '--format', '-p', '--profile'], drops: REPORTS }],
  ['ruby -Itest', { test: 0.9 }, units],
  ['ruby -Ilib:test', { test: 0.9 }, units],
  ['ruby -Itest:lib', { test: 0.9 }, units],
  ['rails test', { test: 1 }, rb],
  ['rails test:all', { test: 0.9 }, rb],
  ['rails test:system', { test: 0.4 }, rb],
  ['bin/rails test', { test: 1 }],
  ['bin/rails test:all', { test: 0.9 }],
  ['bin/rails test:system', { test: 0.4 }],
  ['rails server', { run: 1 }, rb],
  ['bin/rails server', { run: 1 }],
  ['rackup', { run: 0.8 }, rb],

  ['rubocop', { lint: 1 }, rubocop],
  ['rubocop -a', MENDS, rubocop],
  ['rubocop -A', MENDS, rubocop],
  ['rubocop --autocorrect', MENDS, rubocop],
  ['rubocop --autocorrect-all', MENDS, rubocop],
  ['rubocop --auto-correct', MENDS, rubocop],
  ['rubocop --auto-correct-all', MENDS, rubocop],
  ['rubocop --safe-auto-correct', MENDS, rubocop],
  ['rubocop -x', { format: 1 }, rubocop],
  ['standardrb', { lint: 1 }, rubocop],
  ['standardrb --fix', { format: 1, lint: 0.5 }, rubocop],
  ['standardrb --fix-unsafely', { format: 0.8, lint: 0.5 }, rubocop],
  ['reek', { lint: 0.5 }, rb],
  ['erb_lint', { lint: 0.4 }, { ...rb, tool: 'erb_lint', broad: ['--lint-all'] }],
  ['erblint', { lint: 0.4 }, { ...rb, tool: 'erb_lint' }],
  ['haml-lint', { lint: 0.4 }, rb],
  ['slim-lint', { lint: 0.4 }, rb],
  ['brakeman', { lint: 0.3 }, { ...rb, drops: /^(?:-.*)$/ }],
  ['rufo', { format: 1 }, { ...rb, checks: ['--check', '-c'] }],
  ['stree write', { format: 1 }, { ...rb, tool: 'stree' }],
  ['stree check', { lint: 0.5 }, { ...rb, tool: 'stree' }],

  ['srb tc', { typecheck: 1 }, rb],
  ['srb', { typecheck: 1 }, { ...rb, alone: true }],
  [
    'steep check',
    { typecheck: 1 },
    { ...rb, values: ['--jobs', '-j', '--severity-level'], drops: /^(?:--jobs|-j)(?:=.*)?$/ },
  ],

  ['jekyll build', { build: 0.7 }, rb],
  ['jekyll serve', { run: 0.7 }, rb],
  ['gem build', { build: 0.7 }, { places: /\.gemspec$/ }],

  // Tasks that libraries define without a word in the Rakefile, and those of Rakefiles that cannot be read.
  ['rake test', { test: 1 }, rb],
  ['rake spec', { test: 1 }, rb],
  ['rake rubocop', { lint: 1 }, rb],
  ['rake standard', { lint: 1 }, rb],
  ['rake standard:fix', { format: 1 }, rb],
  ['rake lint', { lint: 1 }, rb],
  ['rake build', { build: 0.9 }, rb],
  ['rake compile', { build: 0.8 }, rb],
];
