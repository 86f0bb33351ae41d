import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { pipelineOf } from '../testing/steps.ts';
import { buildkite } from './buildkite.ts';

const said = (text: string, more: Record<string, string> = {}): Promise<readonly string[]> =>
  pipelineOf(buildkite, { '.buildkite/pipeline.yml': text, ...more });

describe('buildkite', () => {
  it('reports what a step runs, line by line', async () => {
    const { signals, problems } = await signalsOf(buildkite, {
      '.buildkite/pipeline.yml': `steps:
  - label: ":golang: Unit tests 🚀"
    commands:
      - go vet ./...
      - |
        cd cmd
        go test ./...
`,
    });
    expect(problems).toEqual([]);
    expect(signals).toEqual([
      {
        kind: 'fact',
        key: 'ci.job',
        value: 'Unit tests',
        dir: '',
        source: 'ci',
        evidence: [{ path: '.buildkite/pipeline.yml', line: 2 }],
        weight: 1,
      },
      {
        kind: 'step',
        script: 'go vet ./...\ncd cmd\ngo test ./...',
        path: '.buildkite/pipeline.yml',
        lines: [4, 6, 7],
        dir: '',
        pipeline: 'pipeline.yml',
        job: 'Unit tests',
        trigger: 'merge-request',
        title: 'Unit tests',
      },
    ]);
  });

  it.each([
    ['nothing', '', 'merge-request'],
    ['a branch', 'branches: main', 'push'],
    ['branches', 'branches: ["main", "release/*"]', 'push'],
    ['every branch', 'branches: "*"', 'merge-request'],
    ['all but one', 'branches: "!main"', 'merge-request'],
    ['a pull request', 'if: build.pull_request.id != null', 'merge-request'],
    ['no pull request', 'if: build.pull_request.id == null', 'push'],
    ['the main branch', "if: build.branch == 'main'", 'push'],
    ['any but the main branch', 'if: build.branch != "main"', 'merge-request'],
    ['a tag', 'if: build.tag =~ /^v/', 'release'],
    ['a schedule', 'if: build.source == "schedule"', 'schedule'],
    ['what only a run knows', 'if: build.env("X") == "1"', 'merge-request'],
  ])('for %s', async (_, condition, trigger) => {
    const text = `steps:\n  - command: make\n${condition === '' ? '' : `    ${condition}\n`}`;
    expect((await said(text)).at(-1)).toBe(`${trigger} pipeline.yml 2: make`);
  });

  it('after a block step nothing runs by itself, unless it says what it waits for', async () => {
    expect(
      await said(`steps:
  - { key: test, command: make test }
  - block: Ship it?
  - command: make ship
  - { command: make late, depends_on: test }
`),
    ).toEqual([
      'job test pipeline.yml:2',
      'merge-request pipeline.yml 2: make test',
      'manual pipeline.yml 4: make ship',
      'merge-request pipeline.yml 5: make late',
    ]);
  });

  it('a block that is only there on the main branch stops nobody else', async () => {
    const text =
      'steps:\n  - { input: Go?, key: go, branches: main }\n  - command: make all\n  - { command: make it, depends_on: go }\n';
    expect(await said(text)).toEqual([
      'merge-request pipeline.yml 3: make all',
      'merge-request pipeline.yml 4: make it',
    ]);
  });

  it('looks into groups, whose condition is that of their steps', async () => {
    const text =
      'steps:\n  - group: Ship\n    if: build.tag != null\n    steps:\n      - { label: Push, command: make push }\n';
    expect(await said(text)).toEqual(['release pipeline.yml 5: make push']);
  });

  it.each([
    ['docker#v5.13.0: { image: golangci/golangci-lint, command: [golangci-lint, run] }', 'golangci-lint run'],
    [
      'docker#v5.13.0: { image: goreleaser/goreleaser:v2, command: [build, --snapshot] }',
      'goreleaser build --snapshot',
    ],
    ['docker-compose#v4: { run: app, command: ["sh", "-c", "make test"] }', "sh -c 'make test'"],
    ['ssh://git@host/docker-compose-buildkite-plugin#v1: { run: app, command: [make] }', 'make'],
    ['artifacts#v1: { command: [make] }', undefined],
  ])('runs what a plugin runs in a container: %s', async (plugin, runs) => {
    const step = (await said(`steps:\n  - plugins:\n      - ${plugin}\n`)).find((line) => !line.startsWith('job'));
    expect(step).toBe(runs === undefined ? undefined : `merge-request pipeline.yml 3: ${runs}`);
  });

  it('a step’s own command comes before that of a plugin', async () => {
    const text = 'steps:\n  - command: make a\n    plugins:\n      docker#v5: { image: x, command: [make, b] }\n';
    expect(await said(text)).toEqual(['merge-request pipeline.yml 2: make a']);
  });

  it('looks into the scripts of its folder that steps call, and those that these call', async () => {
    const scripts = {
      '.buildkite/steps/test.sh': '#!/bin/bash\nset -e\n.buildkite/steps/deps.sh\ngo test ./...\n',
      '.buildkite/steps/deps.sh': 'go mod download\n',
      'scripts/other.sh': 'make other\n',
    };
    expect(await said('steps:\n  - command: bash .buildkite\\steps\\test.sh && scripts/other.sh\n', scripts)).toEqual([
      'merge-request pipeline.yml 2: bash .buildkite/steps/test.sh && scripts/other.sh',
      'merge-request test.sh 2: set -e ; 3: .buildkite/steps/deps.sh ; 4: go test ./...',
      'merge-request deps.sh 1: go mod download',
    ]);
  });

  it('says a script once for each trigger and folder, however many steps and scripts name it', async () => {
    const names = Array.from({ length: 90 }, (_, at) => `.buildkite/s${at}.sh`);
    const script = { executable: `#!/bin/sh\nmake x\n${names.join('\n')}\n` };
    const steps = Array.from({ length: 2000 }, (_, at) => `  - command: .buildkite/s0.sh ${at}\n`);
    const started = processorTime();
    const { signals } = await signalsOf(buildkite, {
      '.buildkite/pipeline.yml': `steps:\n${steps.join('')}  - { command: .buildkite/s1.sh, branches: main }\n`,
      ...Object.fromEntries(names.map((name) => [name, script])),
    });
    expect(processorTime() - started).toBeLessThan(3000);
    const said = signals.flatMap((signal) => (signal.kind === 'step' ? [`${signal.trigger} ${signal.path}`] : []));
    for (const trigger of ['merge-request', 'push'])
      for (const name of names) expect(said.filter((each) => each === `${trigger} ${name}`)).toHaveLength(1);
  });

  it('a line of a script that goes on and on is one line', async () => {
    const script = `#!/bin/sh\nmake \\\n  one \\\n\\\n  two\ngo test${' \\\n a'.repeat(100_000)}\n`;
    const started = processorTime();
    const { signals } = await signalsOf(buildkite, {
      '.buildkite/pipeline.yml': 'steps:\n  - command: .buildkite/a.sh\n',
      '.buildkite/a.sh': { executable: script },
    });
    expect(processorTime() - started).toBeLessThan(2000);
    const step = signals.find((signal) => signal.kind === 'step' && signal.path.endsWith('.sh'));
    expect(step).toMatchObject({ lines: [2, 6], script: `make one  two\ngo test${' a'.repeat(100_000)}` });
  });

  it('a file whose steps are none of Buildkite is no pipeline', async () => {
    const files = { '.buildkite/plan.yml': 'steps:\n  - key: bake\n    name: Bake\n' };
    expect(await pipelineOf(buildkite, files)).toEqual([]);
    expect(
      await pipelineOf(buildkite, { '.buildkite/plan.yml': `${files['.buildkite/plan.yml']}    command: x\n` }),
    ).toEqual(['job Bake plan.yml:3', 'merge-request plan.yml 4: x']);
  });

  it('writes a dollar as the shell does', async () => {
    expect(await said('steps:\n  - command: make $$TARGET\n')).toEqual(['merge-request pipeline.yml 2: make $TARGET']);
  });

  it('of several pipelines a change starts the main one and what that uploads', async () => {
    const files = {
      '.buildkite/pipeline.checks.yml': 'steps: [{ command: make checks }]\n',
      '.buildkite/pipeline.other.yml': 'steps: [{ command: make other }]\n',
      '.buildkite/pipeline.release.yml': 'steps: [{ command: make release }]\n',
      '.buildkite/docker-compose.yml': 'services: { app: { command: make app } }\n',
    };
    const upload = 'steps:\n  - command: buildkite-agent pipeline upload .buildkite/pipeline.checks.yml\n';
    const lines = await said(upload, files);
    expect(lines.filter((line) => line.includes('make'))).toEqual([
      'merge-request pipeline.checks.yml 1: make checks',
      'push pipeline.other.yml 1: make other',
      'release pipeline.release.yml 1: make release',
    ]);
    const alone = await pipelineOf(buildkite, files);
    expect(alone[1]).toBe('merge-request pipeline.other.yml 1: make other');
  });

  it('gates a change with what a script of its folder runs', async () => {
    const { facts } = await analyze(
      memoryRepository({
        'go.mod': 'module x\n\ngo 1.24\n',
        'x.go': 'package x\n',
        '.buildkite/pipeline.yml': 'steps:\n  - command: .buildkite/lint.sh\n',
        '.buildkite/lint.sh': '#!/bin/sh\nset -e\ngo vet ./...\n',
      }),
    );
    const at = { path: '.buildkite/lint.sh', line: 3 };
    expect(facts).toContainEqual({ key: 'ci.gate.lint', value: 'go vet ./...', dir: '', source: 'ci', evidence: [at] });
  });

  it.each([
    ['nothing', ''],
    ['other types', 'steps: { a: 1 }\n'],
    [
      'steps of other types',
      'steps: [1, null, [], wait, block, { wait: ~ }, { plugins: 3 }, { plugins: [a, 1] }, { command: {} }]\n',
    ],
    ['a long label', `steps:\n  - label: ${':a'.repeat(50_000)}\n    if: ${'('.repeat(50_000)}\n`],
  ])('survives %s', async (_, text) => {
    expect((await said(text)).filter((line) => !line.startsWith('job'))).toEqual([]);
  });
});
