import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { pipelineOf } from '../testing/steps.ts';
import { circleci } from './circleci.ts';

const config = (text: string): Record<string, string> => ({ '.circleci/config.yml': text });
const said = (text: string, more: Record<string, string> = {}): Promise<readonly string[]> =>
  pipelineOf(circleci, { ...config(text), ...more });
/** One job in one workflow. */
const job = (steps: string, more = ''): string =>
  `jobs:\n  a:\n${more}    steps:\n${steps}workflows:\n  w:\n    jobs: [a]\n`;

describe('circleci', () => {
  it('reports what a job runs, line by line', async () => {
    const { signals, problems } = await signalsOf(
      circleci,
      config(`version: 2.1
jobs:
  unit:
    docker: [{ image: cimg/node:24.1 }]
    steps:
      - checkout
      - run: npm ci
      - run:
          name: Tests
          command: |
            npm run build
            npm test
workflows:
  main:
    jobs:
      - unit
`),
    );
    expect(problems).toEqual([]);
    const step = {
      kind: 'step',
      path: '.circleci/config.yml',
      dir: '',
      pipeline: 'main',
      job: 'unit',
      trigger: 'merge-request',
    };
    expect(signals).toEqual([
      {
        kind: 'fact',
        key: 'ci.job',
        value: 'unit',
        dir: '',
        source: 'ci',
        evidence: [{ path: '.circleci/config.yml', line: 3 }],
        weight: 1,
      },
      { ...step, script: 'npm ci', lines: [7] },
      { ...step, script: 'npm run build\nnpm test', lines: [11, 12], title: 'Tests' },
    ]);
  });

  it('runs the job `build` where there are no workflows', async () => {
    expect(
      await said('jobs:\n  build:\n    steps:\n      - run: make\n  other:\n    steps: [{ run: make x }]\n'),
    ).toEqual(['job build config.yml:2', 'merge-request config.yml 4: make']);
  });

  describe('parameters', () => {
    it('are put into commands, and a command that is nothing else stands where it is given', async () => {
      expect(
        await said(`commands:
  test:
    parameters:
      tool: { type: string, default: pytest }
      script: { type: string }
    steps:
      - run: << parameters.tool >> -x
      - run: << parameters.script >>
jobs:
  a:
    steps:
      - test:
          script: |
            make a
            make b
workflows:
  w: { jobs: [a] }
`),
      ).toEqual([
        'job a config.yml:10',
        'merge-request config.yml 7: pytest -x',
        'merge-request config.yml 14: make a ; 15: make b',
      ]);
    });

    it('of a matrix have several values: what is not known before a run stays an expression', async () => {
      expect(
        await said(`jobs:
  a:
    parameters: { suite: { type: string } }
    steps:
      - run: make << parameters.suite >>
workflows:
  w:
    jobs:
      - a:
          matrix: { parameters: { suite: [x, y] } }
`),
      ).toEqual(['job a config.yml:2', 'merge-request config.yml 5: make ${{ parameters.suite }}']);
    });

    it('may hold steps', async () => {
      expect(
        await said(`commands:
  around:
    parameters: { inside: { type: steps, default: [] } }
    steps:
      - run: make before
      - steps: << parameters.inside >>
jobs:
  a:
    steps:
      - around:
          inside:
            - run: make inside
workflows:
  w: { jobs: [a] }
`),
      ).toEqual([
        'job a config.yml:8',
        'merge-request config.yml 5: make before',
        'merge-request config.yml 12: make inside',
      ]);
    });

    it.each([
      ['when', '<< parameters.on >>', 'true', true],
      ['when', '<< parameters.on >>', 'false', false],
      ['unless', '<< parameters.on >>', 'true', false],
      ['when', '{ equal: [yes, << parameters.on >>] }', 'yes', true],
      ['when', '{ equal: [yes, << parameters.on >>] }', 'no', false],
      ['when', '{ and: [<< parameters.on >>, { not: << parameters.on >> }] }', 'true', false],
      ['when', '{ or: [<< parameters.on >>, { not: << parameters.on >> }] }', 'true', true],
    ])('decide %s %s for %s', async (word, condition, value, runs) => {
      const text = `jobs:
  a:
    parameters: { on: { type: string, default: ${value} } }
    steps:
      - ${word}:
          condition: ${condition}
          steps: [{ run: make }]
workflows:
  w: { jobs: [a] }
`;
      expect((await said(text)).some((line) => line.includes('make'))).toBe(runs);
    });
  });

  describe('when a job runs', () => {
    const workflow = (rest: string): string => `jobs:\n  a:\n    steps: [{ run: make }]\nworkflows:\n  w:\n${rest}`;
    it.each([
      ['no filter', '    jobs: [a]\n', 'merge-request'],
      ['a branch', '    jobs: [{ a: { filters: { branches: { only: main } } } }]\n', 'push'],
      ['every branch', '    jobs: [{ a: { filters: { branches: { only: /.*/ } } } }]\n', 'merge-request'],
      ['all but one', '    jobs: [{ a: { filters: { branches: { ignore: [main] } } } }]\n', 'merge-request'],
      ['tags', '    jobs: [{ a: { filters: { branches: { ignore: /.*/ }, tags: { only: /v.*/ } } } }]\n', 'release'],
      ['a schedule', '    triggers: [{ schedule: { cron: "0 0 * * *" } }]\n    jobs: [a]\n', 'schedule'],
      ['a parameter', '    when: << pipeline.parameters.x >>\n    jobs: [a]\n', 'manual'],
      ['the default branch', '    when: << pipeline.git.branch.is_default >>\n    jobs: [a]\n', 'push'],
      ['no default branch', '    unless: << pipeline.git.branch.is_default >>\n    jobs: [a]\n', 'merge-request'],
      ['its branch', '    when: { equal: [main, << pipeline.git.branch >>] }\n    jobs: [a]\n', 'push'],
      [
        'its source',
        '    when: { equal: [scheduled_pipeline, << pipeline.trigger_source >>] }\n    jobs: [a]\n',
        'schedule',
      ],
      [
        'another source',
        '    unless: { equal: [scheduled_pipeline, << pipeline.trigger_source >>] }\n    jobs: [a]\n',
        'merge-request',
      ],
      ['an expression', '    when: pipeline.git.branch == "main" and pipeline.git.tag == ""\n    jobs: [a]\n', 'push'],
    ])('%s', async (_, rest, trigger) => {
      const parameters = 'parameters: { x: { type: boolean, default: false } }\n';
      expect((await said(parameters + workflow(rest))).at(-1)).toBe(`${trigger} config.yml 4: make`);
    });

    it('what it requires has to run too, and after an approval nothing runs by itself', async () => {
      const jobs = (list: string): string =>
        `jobs:\n  a: { steps: [{ run: make a }] }\n  b: { steps: [{ run: make b }] }\nworkflows:\n  w:\n    jobs:\n${list}`;
      expect(
        await said(jobs('      - a: { filters: { branches: { only: main } } }\n      - b: { requires: [a] }\n')),
      ).toEqual(['push config.yml 2: make a', 'push config.yml 3: make b']);
      expect(
        await said(
          jobs('      - hold: { type: approval }\n      - a: { requires: [hold] }\n      - b: { requires: [a] }\n'),
        ),
      ).toEqual(['manual config.yml 2: make a', 'manual config.yml 3: make b']);
      expect(await said(jobs('      - a: { requires: [b] }\n      - b: { requires: [a] }\n'))).toHaveLength(4);
    });
  });

  it.each([
    ['', '', ''],
    ['', 'web', 'web'],
    ['    working_directory: ~/app\n', '~/app/web', 'web'],
    ['    working_directory: ~/app/web\n', './x', 'x'],
    ['    working_directory: /go/src/x\n', '/go/src/x/y', 'y'],
    ['    working_directory: ~/app\n', '/tmp/elsewhere', undefined],
  ])('folders: %j with %j is %j', async (more, folder, dir) => {
    const text = job(`      - checkout\n      - run: { command: make, working_directory: "${folder}" }\n`, more);
    const step = (await said(text)).find((line) => line.includes('make'));
    expect(step?.replace(/ config.*/, '')).toBe(
      dir === undefined ? undefined : `merge-request${dir === '' ? '' : ` in ${dir}`}`,
    );
  });

  it.each<[string, readonly string[], string | undefined]>([
    ['$SERVICE', ['package.json'], 'merge-request'],
    ['<< matrix.service >>', ['web/package.json'], undefined],
    ['packages/$SERVICE', ['packages/a/package.json'], 'merge-request in packages/a'],
    ['packages/${SERVICE}', ['packages/a/package.json', 'packages/b/package.json'], undefined],
  ])('a folder that only a run knows, %s, beside %j is %s', async (folder, manifests, expected) => {
    const text = job(`      - run: { command: make, working_directory: "${folder}" }\n`);
    const lines = await said(text, Object.fromEntries(manifests.map((path) => [path, '{}'])));
    expect(lines.find((line) => line.includes('make'))?.replace(/ config.*/, '')).toBe(expected);
  });

  it('a checkout may lie above where the job starts', async () => {
    const text = job(
      '      - checkout: { path: ~/project }\n      - run: make\n',
      '    working_directory: ~/project/web\n',
    );
    expect((await said(text)).at(-1)).toBe('merge-request in web config.yml 6: make');
  });

  it('looks into inline orbs', async () => {
    expect(
      await said(`orbs:
  mine:
    commands:
      deps: { steps: [{ run: make deps }] }
    jobs:
      lint: { steps: [deps, { run: make lint }] }
workflows:
  w: { jobs: [mine/lint] }
`),
    ).toEqual([
      'job mine/lint config.yml:6',
      'merge-request config.yml 4: make deps',
      'merge-request config.yml 6: make lint',
    ]);
  });

  it.each([
    ['node: circleci/node@6', 'node/install-packages', '', {}, 'npm ci'],
    ['n: circleci/node@6', 'n/install-packages', 'pkg-manager: yarn-berry', {}, 'yarn install --immutable'],
    ['node: circleci/node@6', 'node/install-packages', 'override-ci-command: yarn install', {}, 'yarn install'],
    ['py: circleci/python@3', 'py/install-packages', '', { 'poetry.lock': '' }, 'poetry install'],
    ['py: circleci/python@3', 'py/install-packages', 'pip-dependency-file: dev.txt', {}, 'pip install -r dev.txt'],
    ['ruby: circleci/ruby@2', 'ruby/rspec-test', '', {}, 'bundle exec rspec'],
    ['go: circleci/go@3', 'go/test', '', {}, 'go test ./...'],
    ['maven: circleci/maven@2', 'maven/test', '', { mvnw: '' }, './mvnw verify'],
  ])('knows what %s %s {%s} runs', async (orb, command, inputs, files, runs) => {
    const text = `orbs: { ${orb} }\n${job(`      - ${command}: { ${inputs} }\n`)}`;
    expect((await said(text, files)).at(-1)).toBe(`merge-request config.yml 5: ${runs}`);
  });

  it('a well-known orb’s job is one of the workflow', async () => {
    const text =
      'orbs: { node: circleci/node@6 }\nworkflows:\n  w:\n    jobs:\n      - node/test:\n          pkg-manager: pnpm\n';
    expect(await said(text)).toEqual(['job node/test config.yml:5', 'merge-request config.yml 5: pnpm run test']);
  });

  it('reads the configuration that a set-up workflow continues with, and no other', async () => {
    const other = job('      - run: make\n');
    const files = { '.circleci/next.yml': other, '.circleci/old.yml': other };
    const text =
      'setup: true\norbs: { p: circleci/path-filtering@1 }\nworkflows:\n  s:\n    jobs:\n      - p/filter: { config-path: .circleci/next.yml }\n';
    expect((await said(text, files)).filter((line) => line.includes('make'))).toEqual([
      'merge-request next.yml 4: make',
    ]);
    expect((await said(other, files)).filter((line) => line.includes('make'))).toEqual([
      'merge-request config.yml 4: make',
    ]);
  });

  it('looks into scripts of its own folder', async () => {
    const script = { '.circleci/test.sh': '#!/bin/bash\nset -e\n# all of it\nmake test\n' };
    expect(await said(job('      - run: .circleci/test.sh fast\n'), script)).toEqual([
      'job a config.yml:2',
      'merge-request config.yml 4: .circleci/test.sh fast',
      'merge-request test.sh 2: set -e ; 4: make test',
    ]);
  });

  it('gates a change, and gives evidence to what the manager offers by itself', async () => {
    const { facts } = await analyze(
      memoryRepository({
        'go.mod': 'module x\n\ngo 1.24\n',
        'x.go': 'package x\n',
        ...config(job('      - run: go test ./...\n')),
      }),
    );
    const at = { path: '.circleci/config.yml', line: 4 };
    expect(facts).toContainEqual({
      key: 'ci.gate.test',
      value: 'go test ./...',
      dir: '',
      source: 'ci',
      evidence: [at],
    });
    expect(facts.find(({ key }) => key === 'command.test')).toMatchObject({ value: 'go test ./...', source: 'ci' });
  });

  it.each([
    ['nothing', ''],
    ['other types', 'jobs: [1, null]\nworkflows: { w: { jobs: { a: 1 } }, v: 3 }\ncommands: x\norbs: [a]\n'],
    [
      'no steps',
      'jobs:\n  a:\n    steps:\n      - run\n      - run: []\n      - when:\n      - {}\nworkflows:\n  w:\n    jobs: [a, {}, null]\n',
    ],
    ['commands in circles', `commands:\n  a: { steps: [b] }\n  b: { steps: [a, a, a, a] }\n${job('      - a\n')}`],
    [
      'parameters in circles',
      job(
        '      - steps: << parameters.x >>\n',
        '    parameters: { x: { default: [{ steps: << parameters.x >> }] } }\n',
      ),
    ],
    ['a long line', job(`      - run: ${'<< '.repeat(100_000)}\n`)],
  ])('survives %s', async (_, text) => {
    expect((await said(text)).filter((line) => !line.startsWith('job') && !line.includes('<<'))).toEqual([]);
  });
});
