import { describe, expect, it } from 'vitest';
import type { Ecosystem } from './ecosystem.ts';
import { ant } from './ecosystems/ant.ts';
import { dart } from './ecosystems/dart.ts';
import { deno } from './ecosystems/deno.ts';
import { elixir } from './ecosystems/elixir.ts';
import { gradle } from './ecosystems/gradle.ts';
import { javascript } from './ecosystems/javascript.ts';
import { just } from './ecosystems/just.ts';
import { make } from './ecosystems/make.ts';
import { mise } from './ecosystems/mise.ts';
import { nox } from './ecosystems/nox.ts';
import { php } from './ecosystems/php.ts';
import { python } from './ecosystems/python.ts';
import { rake } from './ecosystems/rake.ts';
import { rust } from './ecosystems/rust.ts';
import { taskfile } from './ecosystems/taskfile.ts';
import { tox } from './ecosystems/tox.ts';
import type { TargetSet } from './signal.ts';
import { namePattern, targetSet } from './target-set.ts';
import { targetsOf } from './testing/signals.ts';

const json = JSON.stringify;

/** Each runner's names: what it takes, what it takes by pattern, and `...` where there may be more. */
const CASES: readonly (readonly [
  what: string,
  plugin: Ecosystem,
  files: Record<string, string>,
  sets: readonly string[],
])[] = [
  [
    'npm: every script of every package, hooks and placeholders included',
    javascript,
    {
      'package.json': json({
        workspaces: ['packages/*'],
        scripts: { build: 'tsc', prebuild: 'rm -rf dist', test: 'echo no && exit 1' },
      }),
      'packages/a/package.json': json({ name: '@x/a', scripts: { dev: 'vite' } }),
      'packages/b/package.json': json({ name: '@x/b' }),
    },
    ['npm: build prebuild test', 'npm packages/a: dev', 'npm packages/b:'],
  ],
  [
    'turbo: the tasks, also those of one package',
    javascript,
    { 'package.json': json({ name: 'x' }), 'turbo.json': json({ tasks: { build: {}, 'web#deploy': {} } }) },
    ['npm:', 'turbo: build web#deploy deploy'],
  ],
  [
    'make: files, hidden and phony targets, included ones, patterns',
    make,
    {
      Makefile:
        '.PHONY: all extra\ninclude common.mk\nall: _prep bin/x\n_prep:\n\ttrue\nbin/x:\n\tgo build\ntest-%:\n\tgo test ./$*\n',
      'common.mk': 'lint:\n\tgolangci-lint run\n',
    },
    ['make: lint all _prep bin/x extra ~test-.+'],
  ],
  [
    'make: `%: common-%` gives a second name',
    make,
    { Makefile: 'common-lint:\n\ttrue\n%: common-% ;\n' },
    ['make: common-lint lint'],
  ],
  ['make: a missing include may hold more', make, { Makefile: 'all:\n\ttrue\n-include local.mk\n' }, ['make: all ...']],
  [
    'make: files of variables and of headers hold no targets',
    make,
    { Makefile: 'all:\n\ttrue\n-include .env\n-include $(DEPS)\n-include x.d\n' },
    ['make: all'],
  ],
  [
    'make: `$(eval)` and `$(call)` at the top may define any',
    make,
    { Makefile: 'all:\n\ttrue\n$(eval $(call T,x))\n' },
    ['make: all ...'],
  ],
  ['make: messages at the top define none', make, { Makefile: '$(info hello)\nall:\n\ttrue\n' }, ['make: all']],
  [
    'make: names computed in part are patterns, in whole they are unknown',
    make,
    { Makefile: 'build-$(OS):\n\ttrue\nall:\n\ttrue\n' },
    ['make: all ~build-.+'],
  ],
  [
    'make: wholly computed names are unknown',
    make,
    { Makefile: 'all:\n\ttrue\n$(LIST):\n\ttrue\n' },
    ['make: all ...'],
  ],
  ['make: a rule for every name', make, { Makefile: 'all:\n\ttrue\n%:\n\t@$(MAKE) -C sub $@\n' }, ['make: all ...']],
  [
    'just: imports, modules, aliases and private recipes',
    just,
    {
      justfile: "import 'more.just'\nmod docker\nalias t := test\ntest:\n  true\n_hidden:\n  true\n",
      'more.just': 'extra:\n  true\n',
      'docker.just': 'build:\n  true\n',
    },
    ['just: test _hidden t extra docker::build'],
  ],
  ['just: an import that is absent', just, { justfile: "import? 'own.just'\ntest:\n  true\n" }, ['just: test ...']],
  [
    'Task: namespaces and their aliases, default tasks, wildcards',
    taskfile,
    {
      'Taskfile.yml':
        'version: 3\nincludes:\n  docker:\n    taskfile: ./docker.yml\n    aliases: [d]\ntasks:\n  test:\n    aliases: [t]\n    cmds: [go test]\n  "start:*":\n    cmds: [x]\n',
      'docker.yml': 'version: 3\ntasks:\n  default:\n    cmds: [x]\n  build:\n    cmds: [x]\n',
    },
    ['task: test t docker:default d:default docker d docker:build d:build ~start:.+'],
  ],
  [
    'Task: a remote include',
    taskfile,
    { 'Taskfile.yml': 'includes:\n  a: https://x.test/Taskfile.yml\ntasks:\n  test:\n    cmds: [x]\n' },
    ['task: test ...'],
  ],
  [
    'Rake: what known libraries bring',
    rake,
    {
      Rakefile:
        "require 'bundler/gem_tasks'\nrequire 'rubocop/rake_task'\nRuboCop::RakeTask.new\ntask :ci do\n  require 'socket'\nend\n",
    },
    [
      'rake: rubocop ci build build:checksum install install:local release release:guard_clean release:source_control_push release:rubygem_push clean clobber rubocop:autocorrect rubocop:autocorrect_all rubocop:auto_correct',
    ],
  ],
  ['Rake: a gem that may bring any task', rake, { Rakefile: "require 'some_gem/tasks'\ntask :ci\n" }, ['rake: ci ...']],
  [
    'Rake: a computed name',
    rake,
    { Rakefile: 'task :ci\n%w[a b].each do |x|\n  task x do\n  end\nend\n' },
    ['rake: ci ...'],
  ],
  [
    'tox: environments, and every combination of their factors',
    tox,
    { 'tox.ini': '[tox]\nenvlist = lint\n[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = ruff check\n' },
    [expect.stringMatching(/^tox: lint py ALL ~\(\?:.*\|lint\)/) as unknown as string],
  ],
  [
    'nox: sessions, of one Python as well',
    nox,
    {
      'noxfile.py':
        'import nox\n\n@nox.session\ndef tests(session):\n    session.run("pytest")\n\n@nox.session(name="lint-all")\ndef lint(session):\n    session.run("ruff")\n',
    },
    ['nox: tests lint-all ~tests[-(].+ ~lint-all[-(].+'],
  ],
  [
    'nox: sessions that a call makes',
    nox,
    {
      'noxfile.py':
        'import nox\n\n@nox.session\ndef tests(session):\n    session.run("pytest")\n\nnox.session(make("x"))\n',
    },
    ['nox: tests ~tests[-(].+ ...'],
  ],
  [
    'Composer: scripts, events and aliases',
    php,
    {
      'composer.json': json({
        scripts: { test: 'phpunit', 'post-install-cmd': 'x' },
        'scripts-aliases': { test: ['t'] },
      }),
    },
    ['composer: test post-install-cmd t'],
  ],
  [
    'mise: tasks and aliases',
    mise,
    { 'mise.toml': '[tasks.lint]\nalias = "l"\nrun = "ruff check"\n' },
    ['mise: lint l'],
  ],
  [
    'mise: a configuration of one environment beside it',
    mise,
    { 'mise.toml': '[tasks.lint]\nrun = "x"\n', 'mise.dev.toml': '' },
    ['mise: lint ...'],
  ],
  [
    'Deno: tasks of each configuration',
    deno,
    { 'deno.json': json({ tasks: { dev: 'deno run x.ts', all: { dependencies: ['dev'] } } }) },
    ['deno: dev all'],
  ],
  [
    'Poe the Poet, whole only without includes',
    python,
    { 'pyproject.toml': '[tool.poe.tasks]\ntest = "pytest"\n_x = "y"\n' },
    ['poe: test _x'],
  ],
  [
    'Poe the Poet with an include',
    python,
    { 'pyproject.toml': '[tool.poe]\ninclude = "more.toml"\n[tool.poe.tasks]\ntest = "pytest"\n' },
    ['poe: test ...'],
  ],
  [
    'PDM and Hatch start programs as well',
    python,
    {
      'pyproject.toml':
        '[tool.pdm.scripts]\nlint = "ruff check"\n[tool.hatch.envs.docs.scripts]\nbuild = "mkdocs build"\n',
    },
    ['pdm: lint ...', 'hatch: docs: docs:build ...'],
  ],
  [
    'Invoke: names with dashes and as written',
    python,
    {
      'pyproject.toml': '[project]\nname = "x"\n',
      'tasks.py': 'from invoke import task\n\n@task\ndef run_all(c):\n    c.run("pytest")\n',
    },
    ['inv: run-all run_all'],
  ],
  [
    'Cargo: aliases, beside programs called cargo-x',
    rust,
    { 'Cargo.toml': '[package]\nname = "x"\n', '.cargo/config.toml': '[alias]\nxtask = "run -p xtask"\n' },
    ['cargo: xtask ...'],
  ],
  [
    'Melos: scripts',
    dart,
    {
      'pubspec.yaml':
        'name: x\ndev_dependencies:\n  melos: ^7.0.0\nmelos:\n  scripts:\n    test:all:\n      run: dart test\n',
    },
    ['melos: test:all'],
  ],
  [
    'Ant: targets, hidden ones included',
    ant,
    { 'build.xml': '<project default="jar"><target name="jar"/><target name="-pre"/></project>' },
    ['ant: jar -pre'],
  ],
  [
    'Gradle: never all of them',
    gradle,
    { 'settings.gradle': "rootProject.name = 'x'", 'build.gradle': 'tasks.register("generate") { }\n' },
    ['gradle: generate ...'],
  ],
];

describe('sets of targets', () => {
  it.each(CASES)('%s', async (_, plugin, files, sets) => {
    expect(await targetsOf(plugin, files)).toEqual(sets);
  });

  it('Mix: its own tasks, aliases, tasks of the project and of packages', async () => {
    const [set = ''] = await targetsOf(elixir, {
      'mix.exs':
        'defmodule X.MixProject do\n  use Mix.Project\n  def project, do: [app: :x, aliases: aliases(), deps: deps()]\n  defp deps do\n    [{:phoenix, "~> 1.7"}]\n  end\n  defp aliases do\n    [quality: ["format"]]\n  end\nend\n',
      'lib/mix/tasks/x.seed.ex': '',
    });
    expect(set).toMatch(/ quality x\.seed /);
    expect(set).toContain('~phx(?:\\..+)?');
    expect(set).toMatch(/ \.\.\.$/);
  });

  it('is not complete where there are too many names', () => {
    const names = Array.from({ length: 6000 }, (_, i) => `n${i}`);
    const set: TargetSet = targetSet('make', '', { path: 'Makefile', line: 1 }, names);
    expect([set.names.length, set.complete]).toEqual([5000, false]);
  });

  it('takes signs of regular expressions as they are', () => {
    expect(new RegExp(`^${namePattern('a.b-%', /%/)}$`).test('a.b-c')).toBe(true);
    expect(new RegExp(`^${namePattern('a.b-%', /%/)}$`).test('aXb-c')).toBe(false);
  });
});
