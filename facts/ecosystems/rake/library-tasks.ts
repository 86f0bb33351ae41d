/** A task that a library defines. */
export interface LibraryTask {
  /** Its name where none is given. */
  readonly name: string;
  /** What it runs; `block` is the text of the block that sets it up. */
  readonly body: (block: string) => readonly string[];
  /** Under its own name it only wraps a tool, and the tool is what people type. */
  readonly toolIsTyped?: true;
  /** Its first argument names something else: the extension that is compiled. */
  readonly unnamed?: true;
}

/** Test files are picked by Rake: which, is not known. */
const UNITS = ['ruby -Itest "$tests"'];

/** Classes whose `new` defines a task. */
export const LIBRARY_TASKS: ReadonlyMap<string, LibraryTask> = new Map<string, LibraryTask>([
  ['Rake::TestTask', { name: 'test', body: () => UNITS }],
  ['TestTask', { name: 'test', body: () => UNITS }],
  ['Minitest::TestTask', { name: 'test', body: () => UNITS }],
  ['Rails::TestTask', { name: 'test', body: () => UNITS }],
  ['RSpec::Core::RakeTask', { name: 'spec', body: rspec, toolIsTyped: true }],
  ['RuboCop::RakeTask', { name: 'rubocop', body: rubocop, toolIsTyped: true }],
  ['Cucumber::Rake::Task', { name: 'cucumber', body: () => ['cucumber'], toolIsTyped: true }],
  ['Reek::Rake::Task', { name: 'reek', body: () => ['reek'], toolIsTyped: true }],
  ['Steep::RakeTask', { name: 'steep', body: () => ['steep check'] }],
  ['Rake::ExtensionTask', { name: 'compile', body: () => ['ruby extconf.rb'], unnamed: true }],
  ['RbSys::ExtensionTask', { name: 'compile', body: () => ['ruby extconf.rb'], unnamed: true }],
]);

/** Files whose `require` defines tasks, all under names of their own. */
export const REQUIRED_TASKS: ReadonlyMap<string, readonly { readonly name: string; readonly body: string }[]> = new Map(
  [
    [
      'standard/rake',
      [
        { name: 'standard', body: 'standardrb' },
        { name: 'standard:fix', body: 'standardrb --fix' },
      ],
    ],
  ],
);

/** With a pattern of its own it runs a part. */
function rspec(block: string): readonly string[] {
  return /\.(?:pattern|exclude_pattern|rspec_opts)\s*[+=]/.test(block) ? ['rspec "$pattern"'] : ['rspec'];
}

function rubocop(block: string): readonly string[] {
  return /--auto-?correct|["']-[aA]["']/.test(block) ? ['rubocop -a'] : ['rubocop'];
}
