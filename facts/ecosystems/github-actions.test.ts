import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import type { Signal, Step } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { githubActions } from './github-actions.ts';

type Files = Parameters<typeof signalsOf>[1];

/** Each step in one line: its trigger, where it runs, and each of its lines with its number. */
async function stepsIn(files: Files): Promise<readonly string[]> {
  const { signals } = await signalsOf(githubActions, files);
  return signals.filter(isStep).map(brief);
}

function isStep(signal: Signal): signal is Step {
  return signal.kind === 'step';
}

function brief({ trigger, dir, script, lines, path }: Step): string {
  const file = path.split('/').slice(-2).join('/').replace('workflows/', '');
  const text = script.split('\n').map((line, i) => `${lines[i]}: ${line}`);
  return `${trigger}${dir === '' ? '' : ` in ${dir}`} ${file} ${text.join(' ; ')}`;
}

/** A workflow of one job. */
const workflow = (on: string, job: string): Files => ({ '.github/workflows/ci.yml': `on: ${on}\njobs:\n  a:\n${job}` });

describe('github-actions', () => {
  it('reports what a job runs, line by line', async () => {
    const { signals, problems } = await signalsOf(githubActions, {
      '.github/workflows/ci.yml': `name: CI
on:
  pull_request:
jobs:
  unit-tests:
    name: Tests on \${{ matrix.os }}
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Install
        run: npm ci
      - run: |
          npm run build

          npm test -- --coverage
`,
    });
    expect(problems).toEqual([]);
    const step = {
      kind: 'step',
      path: '.github/workflows/ci.yml',
      dir: '',
      pipeline: 'ci.yml',
      job: 'unit-tests',
      trigger: 'merge-request',
    };
    expect(signals).toEqual([
      {
        kind: 'fact',
        key: 'ci.job',
        value: 'unit-tests',
        dir: '',
        source: 'ci',
        evidence: [{ path: '.github/workflows/ci.yml', line: 5 }],
        weight: 1,
      },
      { ...step, script: 'npm ci', lines: [11], title: 'Install' },
      { ...step, script: 'npm run build\n\nnpm test -- --coverage', lines: [13, 14, 15] },
    ]);
  });

  it('knows the lines of folded and quoted scripts', async () => {
    const steps = await stepsIn(
      workflow(
        'pull_request',
        `    steps:
      - run: >-
          make
          lint

          make test
      - run: "make docs"
      - run: make
          all
`,
      ),
    );
    expect(steps).toEqual([
      'merge-request ci.yml 6: make lint ; 9: make test',
      'merge-request ci.yml 10: make docs',
      'merge-request ci.yml 11: make all',
    ]);
  });

  describe('triggers', () => {
    it.each([
      ['pull_request', 'merge-request'],
      ['[push, pull_request]', 'merge-request'],
      ['{ pull_request_target: { types: [opened] } }', 'merge-request'],
      ['merge_group', 'merge-request'],
      ['{ push: { branches: [main] } }', 'push'],
      ['{ push: { branches: [main], tags: ["v*"] } }', 'push'],
      ['{ push: { branches-ignore: [main] } }', 'merge-request'],
      ['push', 'merge-request'],
      ['{ push: { tags: ["v*"] } }', 'release'],
      ['{ release: { types: [published] } }', 'release'],
      ['{ schedule: [{ cron: "0 0 * * *" }] }', 'schedule'],
      ['workflow_dispatch', 'manual'],
      ['{ schedule: [], workflow_dispatch: }', 'schedule'],
      ['{ pull_request: { types: [labeled] } }', 'manual'],
      ['{ pull_request: { types: [closed] }, push: { branches: [main] } }', 'push'],
      ['workflow_call', 'manual'],
      ['issue_comment', 'manual'],
      ['{ workflow_run: { workflows: [CI] } }', 'push'],
      ['3', 'manual'],
      ['', 'manual'],
    ])('on: %s is %s', async (on, trigger) => {
      expect(await stepsIn(workflow(on, '    steps:\n      - run: make\n'))).toEqual([`${trigger} ci.yml 5: make`]);
    });

    const EVERYTHING =
      '{ pull_request: , push: { branches: [main], tags: ["v*"] }, schedule: [], workflow_dispatch: , release: }';
    it.each([
      ["github.event_name == 'pull_request'", 'merge-request'],
      ["github.event_name != 'pull_request'", 'push'],
      ["github.ref == 'refs/heads/main'", 'push'],
      ["github.ref == format('refs/heads/{0}', github.event.repository.default_branch)", 'merge-request'],
      ["startsWith(github.ref, 'refs/tags/')", 'release'],
      ["${{ startsWith(github.ref, 'refs/tags/v') && !contains(github.ref, 'rc') }}", 'release'],
      ["github.ref_type == 'tag'", 'release'],
      ["contains(github.ref, 'refs/tags')", 'release'],
      ["github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'", 'schedule'],
      ["github.event_name == 'workflow_dispatch' && inputs.deploy", 'manual'],
      ['github.event.pull_request.merged == true', 'manual'],
      ['!github.event.pull_request.draft', 'merge-request'],
      ["contains(github.event.pull_request.labels.*.name, 'slow')", 'manual'],
      ["!contains(github.event.pull_request.labels.*.name, 'skip')", 'merge-request'],
      ["github.actor != 'a-bot'", 'merge-request'],
      ["github.repository == 'a/b' && matrix.os == 'linux'", 'merge-request'],
      ['always() && !cancelled()', 'merge-request'],
      ['needs.changes.outputs.code', 'merge-request'],
      ['not ( a condition', 'merge-request'],
    ])('a job with if: %s is %s', async (condition, trigger) => {
      const job = `    if: ${JSON.stringify(condition)}\n    steps:\n      - run: make\n`;
      expect(await stepsIn(workflow(EVERYTHING, job))).toEqual([`${trigger} ci.yml 6: make`]);
    });

    it('a step with a condition has a trigger of its own', async () => {
      const job = `    steps:
      - run: make test
      - if: github.event_name == 'push'
        run: make publish
      - if: failure()
        run: make report
`;
      expect(await stepsIn(workflow('{ pull_request: , push: { branches: [main] } }', job))).toEqual([
        'merge-request ci.yml 5: make test',
        'push ci.yml 7: make publish',
        'manual ci.yml 9: make report',
      ]);
    });

    it.each([
      ['false'],
      ['${{ false }}'],
      ["false && github.event_name == 'push'"],
    ])('what never runs is left out: if: %s', async (condition) => {
      const job = `    steps:\n      - run: make\n        if: ${condition}\n      - run: make test\n`;
      expect(await stepsIn(workflow('pull_request', job))).toEqual(['merge-request ci.yml 7: make test']);
      expect(await stepsIn(workflow('pull_request', `    if: ${condition}\n${job}`))).toEqual([]);
    });

    it('only jobs of merge requests are facts', async () => {
      const { signals } = await signalsOf(githubActions, {
        '.github/workflows/a.yml':
          'on: pull_request\njobs:\n  label:\n    uses: o/r/.github/workflows/x.yml@v1\n  lint:\n    steps: []\n',
        '.github/workflows/b.yaml': 'on: { push: { branches: [main] } }\njobs:\n  deploy:\n    steps: []\n',
      });
      expect(signals.map((signal) => signal.kind === 'fact' && [signal.value, signal.weight])).toEqual([
        ['label', 0],
        ['lint', 1],
      ]);
    });
  });

  describe('folders', () => {
    it.each([
      ['workflow default', '', 'defaults: { run: { working-directory: web } }', 'merge-request in web'],
      [
        'job default over it',
        '    defaults: { run: { working-directory: ./api/ } }\n',
        'defaults: { run: { working-directory: web } }',
        'merge-request in api',
      ],
    ])('%s', async (_, job, top, expected) => {
      const files = {
        '.github/workflows/ci.yml': `on: pull_request\n${top}\njobs:\n  a:\n${job}    steps:\n      - run: make\n`,
      };
      expect((await stepsIn(files))[0]).toMatch(new RegExp(`^${expected} `));
    });

    it.each([
      ['web', ['web']],
      ['./web/../api/', ['api']],
      ['${{ github.workspace }}/web', ['web']],
      ['${{ env.PLACE }}/x', ['pkg/x']],
      ['pkgs/${{ matrix.pkg }}', ['pkgs/one', 'pkgs/two', 'pkgs/three']],
      ['${{ steps.find.outputs.dir }}', ['']],
      ['apps/${{ steps.find.outputs.app }}', ['apps/a', 'apps/b']],
      ['./apps/${{ steps.find.outputs.app }}/inner/', ['apps/b/inner']],
      ['apps/b${{ steps.find.outputs.rest }}', ['apps/b']],
      ['none/${{ steps.find.outputs.app }}', []],
      ['${{ runner.temp }}/x', []],
      ['${{runner.workspace}}/build', []],
      ['/tmp/elsewhere', []],
      ['~/go', []],
      ['../other', []],
    ])('a step in %s runs in %j', async (dir, folders) => {
      const job = `    env: { PLACE: pkg }
    strategy: { matrix: { pkg: [one, two], include: [{ pkg: three }] } }
    steps:
      - run: make
        working-directory: ${dir}
`;
      const { signals } = await signalsOf(githubActions, {
        ...workflow('pull_request', job),
        'package.json': '{}',
        'apps/a/go.mod': '',
        'apps/b/package.json': '{}',
        'apps/b/inner/package.json': '{}',
        'apps/notes/x.md': '',
      });
      expect(signals.filter(isStep).map((step) => step.dir)).toEqual(folders);
    });

    it('takes no folder that an expression hides for the root, where nothing is built', async () => {
      const job = '    steps:\n      - run: make\n        working-directory: ${{ steps.find.outputs.dir }}\n';
      const { signals } = await signalsOf(githubActions, workflow('pull_request', job));
      expect(signals.filter(isStep)).toEqual([]);
    });

    it('takes a folder of many expressions for what fits, in no time', async () => {
      const dir = `packages/${'${{ steps.x.outputs.y }}a'.repeat(8)}b`;
      const job = `    steps:\n      - run: make\n        working-directory: "${dir}"\n`;
      const started = processorTime();
      const { signals } = await signalsOf(githubActions, {
        ...workflow('pull_request', job),
        [`packages/${'a'.repeat(200)}/go.mod`]: '',
        'packages/aaxaaaaaaab/go.mod': '',
      });
      expect(processorTime() - started).toBeLessThan(2000);
      expect(signals.filter(isStep).map((step) => step.dir)).toEqual(['packages/aaxaaaaaaab']);
    });

    it('follows a folder that is handed to an action as an expression, and adds nothing to one of many', async () => {
      const files: Record<string, string> = {
        ...workflow(
          'pull_request',
          '    steps:\n      - uses: ./.github/actions/check\n        with: { dir: "packages/${{ steps.x.outputs.name }}" }\n',
        ),
        '.github/actions/check/action.yml':
          'inputs: { dir: { required: true } }\nruns:\n  using: composite\n  steps:\n    - run: go test ./...\n      working-directory: ${{ inputs.dir }}\n',
        'packages/a/go.mod': 'module a\n',
        'packages/a/a.go': 'package a\n',
        'packages/a/a_test.go': 'package a\n',
        'packages/b/package.json': '{ "scripts": { "test": "vitest run" } }',
      };
      const { facts } = await analyze(memoryRepository(files));
      const tests = facts.filter(({ key }) => key === 'command.test');
      expect(tests.map(({ dir, value, source }) => `${dir}: ${value} ${source}`)).toEqual([
        'packages/a: go test ./... ci',
        'packages/b: npm test task',
      ]);
    });

    it('sees through a checkout below the workspace, and leaves other repositories out', async () => {
      const job = `    steps:
      - uses: actions/checkout@v4
        with: { path: src }
      - uses: actions/checkout@v4
        with: { repository: other/tools, path: tools }
      - run: make one
        working-directory: src/web
      - run: make two
        working-directory: src
      - run: make three
        working-directory: tools
`;
      expect(await stepsIn(workflow('pull_request', job))).toEqual([
        'merge-request in web ci.yml 9: make one',
        'merge-request ci.yml 11: make two',
      ]);
    });
  });

  it('leaves expressions in scripts, but looks behind a script that is nothing else', async () => {
    const job = `    strategy:
      matrix:
        command: [npm run lint, npm run types]
        target: [a, b]
    steps:
      - run: cargo test --target \${{ matrix.target }}
      - run: \${{ matrix.command }}
      - run: \${{ steps.x.outputs.command }}
`;
    expect(await stepsIn(workflow('pull_request', job))).toEqual([
      'merge-request ci.yml 9: cargo test --target ${{ matrix.target }}',
      'merge-request ci.yml 6: npm run lint',
      'merge-request ci.yml 6: npm run types',
      'merge-request ci.yml 11: ${{ steps.x.outputs.command }}',
    ]);
  });

  it('skips scripts that are no shell', async () => {
    const job = `    defaults: { run: { shell: pwsh } }
    steps:
      - run: Get-Item x
      - run: make
        shell: bash
      - run: print(1)
        shell: python
      - run: make
        shell: bash -l {0}
`;
    expect(await stepsIn(workflow('pull_request', job))).toEqual([
      'merge-request ci.yml 7: make',
      'merge-request ci.yml 11: make',
    ]);
  });

  describe('composite actions', () => {
    const action = `name: Set up
inputs:
  dir: { default: app }
  command: { required: true }
runs:
  using: composite
  steps:
    - run: npm ci
      shell: bash
      working-directory: \${{ inputs.dir }}
    - run: \${{ inputs.command }}
      shell: bash
`;

    it('are followed with the trigger of their caller and what it hands to them', async () => {
      const files = {
        '.github/workflows/ci.yml': `on: pull_request
defaults: { run: { working-directory: nowhere } }
jobs:
  a:
    steps:
      - uses: ./.github/actions/set-up
        with:
          command: npm test
      - uses: ./.github/actions/set-up
        with:
          dir: web
          command: npm run e2e
`,
        '.github/actions/set-up/action.yml': action,
      };
      expect(await stepsIn(files)).toEqual([
        'merge-request in app set-up/action.yml 8: npm ci',
        'merge-request ci.yml 8: npm test',
        'merge-request in web set-up/action.yml 8: npm ci',
        'merge-request ci.yml 12: npm run e2e',
      ]);
    });

    it('are said once for each trigger, however many jobs use them', async () => {
      const use = 'steps: [{ uses: ./act }]';
      const files = {
        '.github/workflows/ci.yml': `on: pull_request\njobs:\n  a: { ${use} }\n  b: { ${use} }\n`,
        '.github/workflows/nightly.yml': `on: { schedule: [] }\njobs:\n  a: { ${use} }\n`,
        'act/action.yaml': 'runs:\n  steps:\n    - run: make\n',
      };
      expect(await stepsIn(files)).toEqual([
        'merge-request act/action.yaml 3: make',
        'schedule act/action.yaml 3: make',
      ]);
    });

    it('may use each other, even in circles', async () => {
      const files = {
        '.github/workflows/ci.yml': 'on: pull_request\njobs:\n  a:\n    steps:\n      - uses: ./one\n',
        'one/action.yml': 'runs:\n  steps:\n    - run: make one\n    - uses: ./two\n',
        'two/action.yml':
          'runs:\n  steps:\n    - run: make two\n    - uses: ./one\n    - uses: ./one\n    - uses: ./absent\n',
      };
      expect(await stepsIn(files)).toEqual([
        'merge-request one/action.yml 3: make one',
        'merge-request two/action.yml 3: make two',
      ]);
    });
  });

  describe('reusable workflows', () => {
    const reusable = (more = '') =>
      `on:\n  workflow_call:\n    inputs:\n      dir: { default: lib }\n${more}jobs:\n  work:\n    steps:\n      - run: make\n        working-directory: \${{ inputs.dir }}\n`;

    it('inherit the triggers of the jobs that call them, over any distance', async () => {
      const files = {
        '.github/workflows/a-called.yml': reusable(),
        '.github/workflows/b-between.yml':
          'on: workflow_call\njobs:\n  x:\n    uses: ./.github/workflows/a-called.yml\n',
        '.github/workflows/c-ci.yml': 'on: pull_request\njobs:\n  x:\n    uses: ./.github/workflows/b-between.yml\n',
      };
      expect(await stepsIn(files)).toEqual(['merge-request in lib a-called.yml 8: make']);
    });

    it('inherit only what the condition of the calling job lets through', async () => {
      const files = {
        '.github/workflows/called.yml': reusable(),
        '.github/workflows/ci.yml': `on: { pull_request: , push: { branches: [main] } }
jobs:
  x:
    if: github.event_name == 'push'
    uses: ./.github/workflows/called.yml
    with: { dir: web }
`,
      };
      expect(await stepsIn(files)).toEqual(['push in web called.yml 8: make']);
    });

    it('that are not there are a problem, those of others are none, and circles end', async () => {
      const { problems } = await signalsOf(githubActions, {
        '.github/workflows/ci.yml': `on: workflow_call
jobs:
  a: { uses: ./.github/workflows/ci.yml }
  b: { uses: o/r/.github/workflows/x.yml@main }
  c:
    uses: ./.github/workflows/gone.yml
`,
      });
      expect(problems).toEqual([
        {
          path: '.github/workflows/ci.yml',
          line: 6,
          ecosystem: 'github-actions',
          message: 'calls the workflow .github/workflows/gone.yml, which is not there',
        },
      ]);
    });
  });

  describe('actions that run a tool', () => {
    it.each([
      ['golangci/golangci-lint-action@v6', '', 'golangci-lint run'],
      [
        'golangci/golangci-lint-action@v6',
        '{ args: "--timeout 5m", working-directory: tools }',
        'golangci-lint run --timeout 5m',
      ],
      ['golangci/golangci-lint-action@v6', '{ args: "${{ matrix.args }}" }', 'golangci-lint run'],
      ['pre-commit/action@v3.0.1', '', 'pre-commit run --all-files'],
      ['pre-commit/action@v3', '{ extra_args: "ruff --all-files" }', 'pre-commit run ruff --all-files'],
      ['astral-sh/ruff-action@v3', '', 'ruff check'],
      ['astral-sh/ruff-action@v3', '{ args: "format --check" }', 'ruff format --check'],
      ['psf/black@stable', '', 'black --check .'],
      ['psf/black@stable', '{ options: "--check --verbose", src: ./src }', 'black --check --verbose ./src'],
      ['actions-rs/cargo@v1', '{ command: test, args: --all }', 'cargo test --all'],
      ['dominikh/staticcheck-action@v1', '', 'staticcheck ./...'],
      ['EmbarkStudios/cargo-deny-action@v2', '', 'cargo deny check'],
      ['crate-ci/typos@master', '', 'typos'],
      ['DavidAnson/markdownlint-cli2-action@v20', '{ globs: "docs/*.md" }', 'markdownlint-cli2 "docs/*.md"'],
    ])('%s with %s says `%s`', async (action, inputs, command) => {
      const job = `    steps:\n      - uses: ${action}\n        with: ${inputs}\n`;
      expect(await stepsIn(workflow('pull_request', job))).toEqual([
        `merge-request${inputs.includes('tools') ? ' in tools' : ''} ci.yml 5: ${command}`,
      ]);
    });

    it.each([
      ['actions/setup-node@v4'],
      ['gradle/actions/setup-gradle@v4'],
      ['super-linter/super-linter@v7'],
      ['biomejs/setup-biome@v2'],
      ['docker://alpine'],
    ])('%s says nothing', async (action) => {
      expect(await stepsIn(workflow('pull_request', `    steps:\n      - uses: ${action}\n`))).toEqual([]);
    });

    it('Gradle is started by its wrapper where there is one, and shown by the line that names the task', async () => {
      const job = `    steps:
      - uses: gradle/actions/setup-gradle@v3
        with:
          cache-disabled: true
          arguments: |
            check
            --info
          build-root-directory: jvm
`;
      const files = workflow('pull_request', job);
      expect(await stepsIn(files)).toEqual(['merge-request in jvm ci.yml 5: gradle check --info']);
      expect(await stepsIn({ ...files, 'jvm/gradlew': '' })).toEqual([
        'merge-request in jvm ci.yml 9: ./gradlew check --info',
      ]);
    });

    it('a script that is an input keeps its own lines', async () => {
      const job = `    steps:
      - uses: nick-fields/retry@v3
        with:
          timeout_minutes: 5
          command: |
            make flaky
            make other
`;
      expect(await stepsIn(workflow('pull_request', job))).toEqual([
        'merge-request ci.yml 9: make flaky ; 10: make other',
      ]);
    });
  });

  describe('bad input', () => {
    const good = `on: pull_request
jobs:
  a:
    if: github.ref == 'refs/heads/main' || always()
    strategy: { matrix: { x: [1, 2] } }
    steps:
      - &one
        name: n
        run: |
          make
      - *one
      - uses: ./act
        with: { a: b }
  b:
    uses: ./.github/workflows/ci.yml
`;

    it('survives a file cut off anywhere, in three kinds of line ends', async () => {
      for (const end of ['\n', '\r\n', '\r']) {
        const text = good.replaceAll('\n', end);
        for (let at = 0; at <= text.length; at += 3) {
          const { problems } = await signalsOf(githubActions, {
            '.github/workflows/ci.yml': text.slice(0, at),
            'act/action.yml': text.slice(at),
          });
          expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
        }
      }
    });

    it.each([
      ['jobs: []'],
      ['jobs: 3'],
      ['jobs: { a: 1, b: [], c: null }'],
      [
        'jobs: { a: { steps: 1 }, b: { steps: [1, null, [], { run: [] }, { run: { a: 1 } }, { uses: 3 }, { uses: null }] } }',
      ],
      [
        'jobs: { a: { steps: [{ uses: golangci/golangci-lint-action@v1, with: 3 }], env: 3, strategy: [], defaults: x } }',
      ],
      ['jobs: { a: { uses: [], with: [] } }'],
      ['[]'],
      ['a: &a [*a]\non: *a\njobs: *a'],
    ])('survives %s', async (text) => {
      const { problems } = await signalsOf(githubActions, {
        '.github/workflows/ci.yml': `on: pull_request\n${text}\n`,
      });
      expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
    });

    it('loses only what is broken', async () => {
      const files = {
        '.github/workflows/ci.yml': `on: pull_request
jobs:
  a:
    steps:
      - run: make first
  b:
    steps:
      - run: "never closed
<<<<<<< HEAD
`,
      };
      expect((await stepsIn(files))[0]).toBe('merge-request ci.yml 5: make first');
      expect((await signalsOf(githubActions, files)).problems.length).toBeGreaterThan(0);
    });

    it('ends however actions multiply', async () => {
      const files: Record<string, string> = {
        '.github/workflows/ci.yml': 'on: pull_request\njobs:\n  a:\n    steps:\n      - uses: ./a0\n',
      };
      for (let i = 0; i < 9; i++)
        files[`a${i}/action.yml`] = `runs:\n  steps:\n${`    - uses: ./a${i + 1}\n`.repeat(50)}    - run: make ${i}\n`;
      const started = processorTime();
      await stepsIn(files);
      expect(processorTime() - started).toBeLessThan(3000);
    });
  });

  it('reads a workflow of 3,000 lines in milliseconds', async () => {
    const jobs = Array.from(
      { length: 250 },
      (_, i) =>
        `  job${i}:\n    runs-on: ubuntu-latest\n    if: github.event_name == 'pull_request'\n    steps:\n${`      - name: Step\n        run: |\n          make a${i}\n          make b${i}\n`.repeat(2)}`,
    );
    const text = `on: pull_request\njobs:\n${jobs.join('')}`;
    expect(text.split('\n').length).toBeGreaterThan(3000);
    const { signals } = await signalsOf(githubActions, { '.github/workflows/ci.yml': text });
    expect(signals.length).toBe(750);
    const started = processorTime();
    await signalsOf(githubActions, { '.github/workflows/ci.yml': text });
    // Measured warm on a busy two-core machine: 12 ms here after 60 ms in the YAML parser; the bound is for worse ones.
    expect(processorTime() - started).toBeLessThan(800);
  });
});
