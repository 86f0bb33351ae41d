import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { pipelineOf } from '../testing/steps.ts';
import { azurePipelines } from './azure-pipelines.ts';

const said = (text: string, more: Record<string, string> = {}): Promise<readonly string[]> =>
  pipelineOf(azurePipelines, { 'azure-pipelines.yml': text, ...more });

describe('azure-pipelines', () => {
  it('reports what a job runs, line by line', async () => {
    const { signals, problems } = await signalsOf(azurePipelines, {
      'azure-pipelines.yml': `trigger: [main]
stages:
  - stage: ci
    jobs:
      - job: unit
        pool: { vmImage: ubuntu-latest }
        steps:
          - checkout: self
          - script: npm ci
          - bash: |
              npm run build
              npm test
            displayName: Tests
            workingDirectory: $(Build.SourcesDirectory)/web
`,
    });
    expect(problems).toEqual([]);
    const step = {
      kind: 'step',
      path: 'azure-pipelines.yml',
      pipeline: 'azure-pipelines.yml',
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
        evidence: [{ path: 'azure-pipelines.yml', line: 5 }],
        weight: 1,
      },
      { ...step, script: 'npm ci', lines: [9], dir: '' },
      { ...step, script: 'npm run build\nnpm test', lines: [11, 12], dir: 'web', title: 'Tests' },
    ]);
  });

  it.each<[string, readonly string[], string | undefined]>([
    ['$(service)', ['package.json'], 'merge-request'],
    ['$(service)', ['web/package.json'], undefined],
    ['packages/$(service)', ['package.json', 'packages/a/package.json'], 'merge-request in packages/a'],
    ['packages/$(service)', ['packages/a/package.json', 'packages/b/package.json'], undefined],
    ['packages/$(service)', ['package.json'], undefined],
    ['$(Agent.TempDirectory)/x', ['package.json'], undefined],
  ])('a folder that only a run knows, %s, beside %j is %s', async (dir, manifests, expected) => {
    const text = `steps:\n  - script: make\n    workingDirectory: ${dir}\n`;
    const lines = await said(text, Object.fromEntries(manifests.map((path) => [path, '{}'])));
    expect(lines.find((line) => line.includes('make'))?.replace(/ azure-.*/, '')).toBe(expected);
  });

  it.each([
    ['nothing', '', 'merge-request'],
    ['no pull requests', 'trigger: [main]\npr: none\n', 'push'],
    ['pull requests alone', 'trigger: none\npr: [main]\n', 'merge-request'],
    ['every branch', "trigger: ['*']\npr: none\n", 'merge-request'],
    ['tags', 'trigger: { tags: { include: [v*] } }\npr: none\n', 'release'],
    ['tags and no branch', "trigger: { branches: { exclude: ['*'] }, tags: { include: [v*] } }\npr: none\n", 'release'],
    ['a schedule', 'trigger: none\nschedules: [{ cron: 0 0 * * * }]\n', 'schedule'],
    ['nobody', 'trigger: none\npr: none\n', 'manual'],
  ])('for %s', async (_, head, trigger) => {
    const line = head.split('\n').length + 1;
    expect((await said(`${head}steps:\n  - script: make\n`)).at(-1)).toBe(
      `${trigger} azure-pipelines.yml ${line}: make`,
    );
  });

  it.each([
    ["eq(variables['Build.Reason'], 'PullRequest')", 'merge-request'],
    ["ne(variables['Build.Reason'], 'PullRequest')", 'push'],
    ["and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))", 'push'],
    ["startsWith(variables['Build.SourceBranch'], 'refs/tags/')", 'release'],
    ["or(in(variables['Build.Reason'], 'Schedule', 'Manual'), failed())", 'manual'],
    ['not(succeeded())', 'manual'],
    ["eq(dependencies.x.outputs['y'], 'true')", 'merge-request'],
    ["notIn(variables.ciKind, 'a')", 'merge-request'],
  ])('the condition %s', async (condition, trigger) => {
    const text = `steps:\n  - script: make\n    condition: ${condition}\n`;
    expect((await said(text)).at(-1)).toBe(`${trigger} azure-pipelines.yml 2: make`);
  });

  describe('templates', () => {
    it('of steps, jobs and stages are looked through, with what they are given', async () => {
      const templates = {
        'ci/stages.yml':
          'parameters: { name: x }\nstages:\n  - stage: s\n    jobs:\n      - template: jobs.yml\n        parameters: { suite: "${{ parameters.name }}" }\n',
        'ci/jobs.yml':
          'parameters:\n  - name: suite\n    type: string\n  - { name: flags, default: -x }\njobs:\n  - job: t_${{ parameters.suite }}\n    steps:\n      - template: /ci/steps.yml\n        parameters: { command: "make ${{ parameters.suite }} ${{ parameters.flags }}" }\n',
        'ci/steps.yml': 'parameters: { command: "" }\nsteps:\n  - script: ${{ parameters.command }}\n',
      };
      expect(await said('stages:\n  - template: ci/stages.yml\n    parameters: { name: unit }\n', templates)).toEqual([
        'job t_unit jobs.yml:6',
        'merge-request jobs.yml 9: make unit -x',
      ]);
    });

    it('may be handed steps, and hand them on', async () => {
      const templates = {
        'a.yml':
          'parameters: { before: [], jobs: [] }\njobs:\n  - ${{ each job in parameters.jobs }}:\n    - job: ${{ job.name }}\n      steps:\n        - ${{ parameters.before }}\n        - ${{ each step in job.steps }}:\n          - ${{ step }}\n',
        'b.yml':
          "jobs:\n  - template: a.yml\n    parameters:\n      ${{ each parameter in parameters }}:\n        ${{ if ne(parameter.key, 'drop') }}:\n          ${{ parameter.key }}: ${{ parameter.value }}\n",
      };
      const text = `jobs:
  - template: b.yml
    parameters:
      drop: 1
      before: [{ script: make deps }]
      jobs:
        - name: one
          steps: [{ script: make one }]
        - name: two
          steps: [{ script: make two }]
`;
      expect(await said(text, templates)).toEqual([
        'job one azure-pipelines.yml:7',
        'merge-request azure-pipelines.yml 5: make deps',
        'merge-request azure-pipelines.yml 8: make one',
        'job two azure-pipelines.yml:9',
        'merge-request azure-pipelines.yml 10: make two',
      ]);
    });

    it('of elsewhere run the steps that they are handed', async () => {
      const text =
        'pr: [main]\nextends:\n  template: x.yml@templates\n  parameters:\n    packages:\n      - name: a\n        buildSteps:\n          - script: npm ci\n';
      expect(await said(text)).toEqual(['merge-request azure-pipelines.yml 8: npm ci']);
    });

    it('in circles end', async () => {
      expect(
        await said('jobs: [{ template: a.yml }]\n', { 'a.yml': 'jobs:\n  - template: a.yml\n  - template: a.yml\n' }),
      ).toEqual([]);
    });
  });

  it.each([
    ["eq(parameters.on, 'yes')", 'yes', true],
    ["eq(parameters.on, 'yes')", 'no', false],
    ['eq(parameters.on, true)', 'true', true],
    ["or(eq(parameters.on, 'a'), ne(variables.x, 'y'))", 'a', true],
    ["startsWith(parameters.on, 'ye')", 'yes', true],
  ])('%s for %s is %s', async (condition, value, runs) => {
    const text = `parameters: [{ name: on, default: ${value} }]
steps:
  - \${{ if ${condition} }}:
    - script: make then
  - \${{ else }}:
    - script: make else
`;
    expect((await said(text)).map((line) => line.slice(-4))).toEqual([runs ? 'then' : 'else']);
  });

  it('puts in the variables that the pipeline gives', async () => {
    const text =
      'variables:\n  target: all\njobs:\n  - job: a\n    variables: [{ name: flags, value: -x }]\n    steps:\n      - script: make $(target) $(flags) $(pwd) $(Agent.OS)\n';
    expect((await said(text)).at(-1)).toBe('merge-request azure-pipelines.yml 7: make all -x $(pwd) ${{ Agent.OS }}');
  });

  it.each([
    ['DotNetCoreCLI@2', 'command: test', {}, 'dotnet test'],
    [
      'DotNetCoreCLI@2',
      "command: build, projects: '**/*.csproj', arguments: -c Release",
      {},
      'dotnet build -c Release',
    ],
    [
      'DotNetCoreCLI@2',
      'command: custom, custom: format, arguments: --verify-no-changes',
      {},
      'dotnet format --verify-no-changes',
    ],
    ['Npm@1', 'command: ci', {}, 'npm ci'],
    ['Npm@1', 'command: custom, customCommand: run lint', {}, 'npm run lint'],
    ['Maven@4', 'goals: verify', { mvnw: '' }, './mvnw verify'],
    ['Gradle@3', 'tasks: check', {}, 'gradle check'],
    ['Go@0', 'command: test, arguments: ./...', {}, 'go test ./...'],
    ['Bash@3', 'targetType: inline, script: make', {}, 'make'],
    ['Bash@3', 'filePath: ci/x.sh, arguments: a', {}, 'bash ci/x.sh a'],
    ['UsePythonVersion@0', 'versionSpec: 3.x', {}, undefined],
    ['Npm@1', 'command: publish', {}, undefined],
  ])('knows what the task %s {%s} runs', async (task, inputs, files, runs) => {
    const steps = await said(`steps:\n  - task: ${task}\n    inputs: { ${inputs} }\n`, files);
    expect(steps.map((line) => line.replace(/^merge-request azure-pipelines.yml \d: /, ''))).toEqual(
      runs === undefined ? [] : [runs],
    );
  });

  it('of Windows’ shells only takes what every shell reads the same', async () => {
    const text = `jobs:
  - job: w
    pool: { vmImage: windows-latest }
    steps:
      - script: |
          call .\\gradlew.bat check
          set A=1
      - pwsh: |
          $x = "y"
          dotnet test \`
            -c Release
          if ($x) { npm test }
`;
    expect(await said(text)).toEqual([
      'job w azure-pipelines.yml:2',
      'merge-request azure-pipelines.yml 6: ./gradlew check',
      'merge-request azure-pipelines.yml 10: dotnet test \\ ; 11: -c Release',
    ]);
  });

  it('a template by itself is no pipeline, and neither are files of other systems', async () => {
    const files = {
      '.azure-pipelines/steps.yml': 'parameters: []\nsteps: [{ script: make steps }]\n',
      '.azure-pipelines/nightly.yml': 'trigger: none\nschedules: []\nsteps: [{ script: make nightly }]\n',
      '.ci/other.yml': 'steps: [{ script: make other }]\n',
    };
    expect(await pipelineOf(azurePipelines, files)).toEqual(['schedule nightly.yml 3: make nightly']);
  });

  it('gates a change', async () => {
    const { facts } = await analyze(
      memoryRepository({
        'go.mod': 'module x\n\ngo 1.24\n',
        'x.go': 'package x\n',
        'azure-pipelines.yml': 'steps:\n  - task: Go@0\n    inputs:\n      command: test\n      arguments: ./...\n',
      }),
    );
    const at = { path: 'azure-pipelines.yml', line: 4 };
    expect(facts).toContainEqual({
      key: 'ci.gate.test',
      value: 'go test ./...',
      dir: '',
      source: 'ci',
      evidence: [at],
    });
  });

  it.each([
    ['nothing', ''],
    [
      'other types',
      'stages: 1\njobs: [x, null, { steps: 1 }, { template: [] }]\nsteps: { a: 1 }\nextends: []\nvariables: x\nparameters: y\n',
    ],
    [
      'steps of other types',
      'steps: [1, [], {}, { script: {} }, { task: [] }, { task: X@1, inputs: 1 }, { template: "" }]\n',
    ],
    [
      'expressions in circles',
      'parameters: [{ name: x, default: "${{ parameters.x }}" }]\nsteps: ${{ parameters.x }}\n',
    ],
    [
      'loops in loops',
      `parameters: [{ name: l, default: [${'1,'.repeat(60)}1] }]\nsteps:\n${Array.from({ length: 8 }, (_, i) => `${'  '.repeat(i)}- \${{ each x${i} in parameters.l }}:\n`).join('')}`,
    ],
    ['a long line', `steps:\n  - \${{ if${' '.repeat(100_000)}x }}:\n    - script: a\n`],
  ])('survives %s', async (_, text) => {
    expect((await said(text)).filter((line) => !line.startsWith('job') && !line.endsWith(': a'))).toEqual([]);
  });
});
