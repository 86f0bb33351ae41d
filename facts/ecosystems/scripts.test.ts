import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { scripts } from './scripts.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(scripts, files)).signals);
}

const sh = (text: string): { executable: string } => ({ executable: `#!/bin/sh\n${text}\n` });

describe('scripts', () => {
  it('reads scripts that say what they are for, and those that others call', async () => {
    const files: Record<string, string> = fixture('scripts/service');
    const executable = ['scripts/test.sh', 'scripts/build-image.sh', 'scripts/lint', 'ci/audit', 'install.sh'];
    const { signals, problems } = await signalsOf(scripts, {
      ...files,
      ...Object.fromEntries(executable.map((path) => [path, { executable: files[path] ?? '' }])),
    });
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'task ./scripts/build-image.sh | scripts/build-image.sh:4 { set -eu; version=$1; docker build -t "ferry:$version" . } internal',
      'task ./scripts/lint | scripts/lint:2 { ruff check .; ../ci/audit "$@" }',
      'task ./scripts/test.sh | scripts/test.sh:8 { set -e; export APP_ENV=test; exec python -m pytest tests }',
      'task ./ci/audit | ci/audit:2 { pip-audit }',
      'task bash scripts/seed-data.sh | scripts/seed-data.sh:2 { psql -f seed.sql }',
    ]);
    expect(signals).toContainEqual(
      expect.objectContaining({ runner: 'script', name: 'test', dir: '', description: 'Run every test.' }),
    );
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'at the root',
      { 'check.sh': sh('go vet ./...'), 'check_gofmt.sh': 'gofmt -l .\n', 'watch.sh': sh('entr') },
      ['task ./check.sh | check.sh:2 { go vet ./... }', 'task bash check_gofmt.sh | check_gofmt.sh:1 { gofmt -l . }'],
    ],
    [
      'without an extension',
      { 'script/bootstrap': sh('bundle install'), 'bin/setup': sh('bundle install'), test: sh('go test') },
      [
        'task ./test | test:2 { go test }',
        'task ./script/bootstrap | script/bootstrap:2 { bundle install }',
        'task ./bin/setup | bin/setup:2 { bundle install }',
      ],
    ],
    [
      'not what the program ships',
      { 'bin/run-class.sh': sh('java'), 'bin/server-start-all.sh': sh('java'), 'bin/release': sh('x') },
      ['task ./bin/run-class.sh | bin/run-class.sh:2 { java }'],
    ],
    ['not what is not executable', { 'scripts/test': '#!/bin/sh\npytest\n' }, []],
    [
      'not deeper, unless it is called',
      { 'scripts/a/test.sh': sh('x'), 'scripts/test.sh': sh('y') },
      ['task ./scripts/test.sh | scripts/test.sh:2 { y }'],
    ],
    ['not what only comments', { 'scripts/test.sh': sh('# later') }, []],
    [
      'an installer only where it installs what developers need',
      { 'install.sh': sh('curl x | tar x'), 'scripts/install.sh': sh('npm ci') },
      ['task ./scripts/install.sh | scripts/install.sh:2 { npm ci }'],
    ],
    [
      'programs of other languages by their whole name',
      {
        'scripts/lint.py': { executable: '#!/usr/bin/env python3\nprint()\n' },
        'scripts/lint_docs.py': { executable: 'x\n' },
        'setup.py': { executable: 'x\n' },
        Makefile: 'a: scripts/lint_docs.py\n',
      },
      ['task ./scripts/lint.py | scripts/lint.py:1'],
    ],
    [
      'with a usage message only as hidden',
      { 'scripts/build.sh': sh('if [ $# -lt 2 ]; then\n  echo "usage: $0 a b"\n  exit 1\nfi\ncc') },
      [
        'task ./scripts/build.sh | scripts/build.sh:2 { if [ $# -lt 2 ]; then;   echo "usage: $0 a b";   exit 1; fi; cc } internal',
      ],
    ],
    [
      'with a default for its argument',
      { 'scripts/test.sh': sh('go test "${1:-./...}"') },
      ['task ./scripts/test.sh | scripts/test.sh:2 { go test "${1:-./...}" }'],
    ],
  ])('takes scripts %s', async (_, files, lines) => {
    expect([...(await tell(files))].sort()).toEqual([...lines].sort());
  });

  it.each<[string, Files]>([
    ['a pipeline', { '.gitlab-ci.yml': 'a:\n  script: [bash "$CI_PROJECT_DIR/infra/x.sh" --all]\n' }],
    ['make', { Makefile: 'a:\n\t./infra/x.sh\n' }],
    ['npm', { 'package.json': '{"scripts":{"a":"infra/x.sh"}}' }],
    [
      'another script beside it',
      { 'scripts/test.sh': 'true\n. "$(dirname "$0")/../infra/y.sh"\n', 'infra/y.sh': './x.sh\n' },
    ],
  ])('finds scripts that %s calls', async (_, files) => {
    expect(await tell({ ...files, 'infra/x.sh': sh('deploy') })).toContain(
      'task ./infra/x.sh | infra/x.sh:2 { deploy }',
    );
  });

  it('calls neither symbolic links nor what is not there', async () => {
    const files: Files = { Makefile: 'a:\n\t./ci/gone.sh ./ci/link.sh ../out.sh\n', 'ci/link.sh': { symlink: '../x' } };
    expect(await tell(files)).toEqual([]);
  });

  it('stays quick with one long line', async () => {
    const started = processorTime();
    const text = `${'a'.repeat(400_000)} ${'/x.sh'.repeat(60_000)}`;
    expect(await tell({ Makefile: text, 'scripts/test.sh': sh(`x${' y'.repeat(300_000)}`) })).toHaveLength(1);
    expect(processorTime() - started).toBeLessThan(3_000);
  });
});
