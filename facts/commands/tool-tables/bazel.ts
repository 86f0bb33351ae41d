import type { ToolRow } from '../tool-rule.ts';

const EVERYTHING = ['//...', '...', '//...:all', '//:all', '//...:*'];
/** What serves the machine that runs it: caches, remote execution, the look of the output. */
const DROPS = new RegExp(
  `^(?:-k|-s|--config=(?:${['ci', 'remote', 'rbe', 'bes', 'cache', 'buildbuddy', 'engflow', 'github', 'actions'].join('|')})[\\w-]*|--(?:no)?(?:${[
    'remote',
    'bes',
    'build_event',
    'nobuild',
    'keep_going',
    'jobs',
    'test_output',
    'test_summary',
    'announce_rc',
    'curses',
    'color',
    'show',
    'disk_cache',
    'repository_cache',
    'verbose_',
    'profile',
    'google',
    'flaky_test',
    'local_',
    'experimental',
    'ui',
    'sandbox',
    'spawn_strategy',
    'test_timeout',
    'cache_test_results',
    'lockfile_mode',
  ].join('|')})\\w*(?:=.*)?)$`,
);
const BUILDS = { values: ['--config', '-c', '--compilation_mode', '--jobs', '-j'], broad: EVERYTHING, drops: DROPS };

/** Tools of Bazel and of Pants. */
export const BAZEL_TOOLS: readonly ToolRow[] = [
  ['bazel build', { build: 1 }, BUILDS],
  ['bazel test', { test: 1 }, BUILDS],
  ['bazelisk build', { build: 1 }, BUILDS],
  ['bazelisk test', { test: 1 }, BUILDS],
  ['bazel coverage', { test: 0.3 }, BUILDS],
  ['bazel lint', { lint: 1 }, BUILDS],
  ['bazel format', { format: 1 }, BUILDS],
  ['aspect build', { build: 0.9 }, BUILDS],
  ['aspect test', { test: 0.9 }, BUILDS],
  ['aspect lint', { lint: 1 }, BUILDS],
  ['bazel fetch', { install: 0.5 }, BUILDS],
  ['bazel run //:gazelle', { generate: 1 }],
  ['bazel run //:buildifier', { format: 0.8 }],
  ['bazel run //:format', { format: 1 }],
  ['bazel run //:lint', { lint: 1 }],
  ['bazel run', {}],
  ['buildifier', { format: 0.7, lint: 0.5 }, { checks: ['--mode=check', '-mode=check', '--mode=diff', '-mode=diff'] }],
  ['pants test', { test: 1 }, { broad: ['::'] }],
  ['pants lint', { lint: 1 }, { broad: ['::'] }],
  ['pants fmt', { format: 1 }, { broad: ['::'] }],
  ['pants fix', { format: 0.8, lint: 0.3 }, { broad: ['::'] }],
  ['pants check', { typecheck: 1 }, { broad: ['::'] }],
  ['pants package', { build: 1 }, { broad: ['::'] }],
  ['pants run', {}, {}],
];
