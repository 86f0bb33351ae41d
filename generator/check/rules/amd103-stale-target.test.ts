import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { staleTarget } from './amd103-stale-target.ts';

const MAKEFILE = '.PHONY: build\nbuild:\n\tgo build\ntest-%:\n\tgo test ./$*\n';

describe('AMD103 stale-make-target fires', () => {
  it.each([
    ['make', { Makefile: MAKEFILE }, '`make lint`', '1:2 error make lint'],
    [
      'make of another folder',
      { Makefile: MAKEFILE, 'web/Makefile': 'all:\n\ttrue\n' },
      '`make -C web build`',
      '1:2 error make -C web build',
    ],
    ['just', { justfile: 'test:\n  true\n' }, '`just lint`', '1:2 error just lint'],
    ['Task', { 'Taskfile.yml': 'tasks:\n  test:\n    cmds: [x]\n' }, '`task lint`', '1:2 error task lint'],
    ['Rake', { Rakefile: 'task :ci\n' }, '`bundle exec rake lint`', '1:2 error bundle exec rake lint'],
    [
      'tox',
      { 'tox.ini': '[tox]\nenvlist = lint\n[testenv]\ncommands = pytest\n' },
      '`tox -e docs`',
      '1:2 error tox -e docs',
    ],
    [
      'nox',
      { 'noxfile.py': 'import nox\n\n@nox.session\ndef tests(session):\n    session.run("pytest")\n' },
      '`nox -s lint`',
      '1:2 error nox -s lint',
    ],
    [
      'Composer',
      { 'composer.json': '{"scripts":{"test":"phpunit"}}' },
      '`composer run lint`',
      '1:2 error composer run lint',
    ],
    ['mise', { 'mise.toml': '[tasks.test]\nrun = "x"\n' }, '`mise run lint`', '1:2 error mise run lint'],
    ['Deno', { 'deno.json': '{"tasks":{"dev":"x"}}' }, '`deno task lint`', '1:2 error deno task lint'],
    ['Poe the Poet', { 'pyproject.toml': '[tool.poe.tasks]\ntest = "x"\n' }, '`poe lint`', '1:2 error poe lint'],
  ])('for %s', async (_, files, text, expected) => {
    expect(await told(staleTarget, text, files as unknown as Record<string, string>)).toEqual([expected]);
  });

  it('with the corrected line where only one name can be meant', async () => {
    const [finding] = await found(staleTarget, '- `make e2e-test` runs all', { Makefile: 'test-e2e:\n\ttrue\n' });
    expect(finding).toMatchObject({ subject: 'make e2e-test', suggestion: '- `make test-e2e` runs all' });
  });

  it('as a warning where names may come from elsewhere and one is nearly the same', async () => {
    const files = { Makefile: 'dialyze:\n\ttrue\n-include local.mk\n' };
    expect(await told(staleTarget, '`make dialyzer`', files)).toEqual(['1:2 warning make dialyzer']);
  });
});

describe('AMD103 stale-make-target is silent', () => {
  it.each([
    ['targets that exist, by name and by pattern', { Makefile: MAKEFILE }, '`make build test-unit`'],
    ['included targets', { Makefile: 'include x.mk\n', 'x.mk': 'lint:\n\ttrue\n' }, '`make lint`'],
    ['`%: common-%`', { Makefile: 'include c\n', c: 'common-lint:\n\ttrue\n%: common-% ;\n' }, '`make lint`'],
    ['targets that may be included', { Makefile: 'all:\n\ttrue\n-include local.mk\n' }, '`make lint`'],
    [
      'a Makefile that nobody read',
      { Makefile: MAKEFILE, 'docs/Makefile': 'html:\n\ttrue\n' },
      '```sh\ncd docs\nmake html\n```',
    ],
    ['files', { Makefile: MAKEFILE, 'x.txt': '' }, '`make x.txt dist/app.js`'],
    [
      'environments that tox makes itself',
      { 'tox.ini': '[tox]\nenvlist = lint\n[testenv]\ncommands = pytest\n' },
      '`tox -e py312`, `tox -e py313-lint`',
    ],
    ['tasks that gems may bring', { Rakefile: "require 'gem/tasks'\n" }, '`rake lint`'],
    [
      'tasks of packages',
      { 'mix.exs': 'defmodule X.MixProject do\n  use Mix.Project\n  def project, do: [app: :x]\nend\n' },
      '`mix some.task`, `mix test`',
    ],
    ['Gradle, whose plugins bring most tasks', { 'settings.gradle': '' }, '`./gradlew foo`'],
    [
      'stand-ins and forbidden targets',
      { Makefile: MAKEFILE },
      '`make <target>` `make TARGET`\n\nNever run `make deploy`.',
    ],
    ['a repository without such a file', {}, '`make lint` `just x` `task y`'],
  ])('on %s', async (_, files, text) => {
    expect(await told(staleTarget, text, files as unknown as Record<string, string>)).toEqual([]);
  });
});
