import type { TargetSet } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { targetSet } from '../../target-set.ts';
import { statements } from '../ruby/statements.ts';

/**
 * The names that Rake takes in a folder. All of them only where each statement that may define one is understood: gems
 * bring tasks with a `require`, and Ruby can compute any name.
 */
export function rakeSet(rakefile: SourceFile, files: readonly SourceFile[], defined: Iterable<string>): TargetSet {
  const names = new Set(defined);
  let complete = true;
  for (const file of files) {
    // A class of tasks says nothing before it is used.
    if (/<\s*(?:::)?Rake::TaskLib\b/.test(file.text)) continue;
    for (const text of outsideOfTasks(file)) {
      const required = /^(?:require|require_relative|load|import)[\s(]\s*(.*)$/.exec(text)?.[1];
      if (required !== undefined) {
        const brought = BROUGHT.get(/^["']([\w/.-]+)["']/.exec(required)?.[1] ?? '');
        if (brought) for (const name of brought) names.add(name);
        else complete &&= isRead(required, files);
        continue;
      }
      for (const [pattern, more] of KINDS) if (pattern.test(text)) for (const name of more) names.add(name);
      if (COMPUTED.test(text)) complete = false;
    }
  }
  return targetSet('rake', rakefile.dir, rakefile.at(1), names, { complete });
}

/** The statements that run when the file is loaded: what stands in a task runs with it. */
function* outsideOfTasks(file: SourceFile): Iterable<string> {
  let inside = Number.POSITIVE_INFINITY;
  for (const { text, indent } of statements(file.text)) {
    if (indent > inside) continue;
    inside =
      /^(?:multi)?task\b.*\bdo\b(?!.*\bend\s*$)/.test(text) || /^def\s/.test(text) ? indent : Number.POSITIVE_INFINITY;
    yield text;
  }
}

/** What a `require` brings; nothing for the libraries that define no task. */
const BROUGHT: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'bundler/gem_tasks',
    'build build:checksum install install:local release release:guard_clean release:source_control_push release:rubygem_push clean clobber'.split(
      ' ',
    ),
  ],
  ['rake/clean', ['clean', 'clobber']],
  ['standard/rake', ['standard', 'standard:fix', 'standard:fix_unsafely']],
  ...`rake rake/testtask minitest/test_task rspec/core/rake_task rubocop/rake_task rdoc/task yard yard/rake/yardoc_task bundler bundler/setup
  fileutils pathname json yaml English erb open3 tmpdir set date time tempfile shellwords digest net/http uri
  optparse rbconfig securerandom stringio logger benchmark zlib csv psych etc ostruct timeout socket`
    .split(/\s+/)
    .map((name): [string, readonly string[]] => [name, []]),
]);

/** Classes that define more than the one task of their name. */
const KINDS: readonly (readonly [pattern: RegExp, names: readonly string[]])[] = [
  [/RuboCop::RakeTask\.new/, ['rubocop', 'rubocop:autocorrect', 'rubocop:autocorrect_all', 'rubocop:auto_correct']],
  [/RDoc::Task\.new/, ['rdoc', 'clobber_rdoc', 'rerdoc', 'rdoc:coverage', 'rdoc:server']],
  [/Minitest::TestTask\.create/, ['test', 'test:cmd', 'test:isolated', 'test:slow', 'test:deps']],
];

/** A task whose name is no plain text, a class of tasks that is not known, and what installs tasks by a call. */
const COMPUTED = new RegExp(
  [
    // A name that is a variable, an interpolated text or a call.
    /^(?:multi)?task[\s(]+(?![\s(])(?!:?["'][^"'#]*["']|:\w|\w+:(?!:))/,
    /^namespace[\s(]+(?![\s(])(?!:?["'][^"'#]*["']|:\w)/,
    // Files and rules that make them.
    /^(?:file|rule|directory)\b/,
    // Classes of tasks other than these, and what installs tasks by a call.
    /(?<![\w:])(?!(?:(?:Rake::|Minitest::)?TestTask|RSpec::Core::RakeTask|RuboCop::RakeTask|RDoc::Task)\.)(?:\w+::)*\w*Tasks?\.(?:new|create|install|define)\b/,
    /\bload_tasks\b|\binstall_tasks\b|\b(?:Hoe|Jeweler|Echoe)\b/,
    /^(?:Dir|FileList)\b.*\b(?:load|import|require)\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** A file of the repository that was read with the Rakefile. */
function isRead(required: string, files: readonly SourceFile[]): boolean {
  const path = /^["'](?:\.\/)?([\w/.-]+)["']/.exec(required)?.[1];
  return path !== undefined && files.some((file) => file.path.endsWith(path) || file.path.endsWith(`${path}.rb`));
}
