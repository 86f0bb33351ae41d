import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { pipelineOf } from '../testing/steps.ts';
import { jenkins } from './jenkins.ts';

const said = (text: string, more: Record<string, string> = {}): Promise<readonly string[]> =>
  pipelineOf(jenkins, { Jenkinsfile: text, ...more });
const stage = (body: string): string => `pipeline {\n  stages {\n    stage('Test') {\n${body}\n    }\n  }\n}\n`;

describe('jenkins', () => {
  it('reports what a stage runs, line by line', async () => {
    const { signals, problems } = await signalsOf(jenkins, {
      Jenkinsfile: `#!groovy
// sh 'make comment'
pipeline {
  agent any
  stages {
    stage('Unit tests') {
      steps {
        sh 'npm ci'
        sh label: 'Tests', script: """
          npm run build
          npm test
        """
      }
    }
  }
}
`,
    });
    expect(problems).toEqual([]);
    const step = {
      kind: 'step',
      path: 'Jenkinsfile',
      dir: '',
      pipeline: 'Jenkinsfile',
      job: 'Unit tests',
      trigger: 'merge-request',
    };
    expect(signals).toEqual([
      {
        kind: 'fact',
        key: 'ci.job',
        value: 'Unit tests',
        dir: '',
        source: 'ci',
        evidence: [{ path: 'Jenkinsfile', line: 6 }],
        weight: 1,
      },
      { ...step, script: 'npm ci', lines: [8] },
      { ...step, script: '\nnpm run build\nnpm test\n', lines: [9, 10, 11, 12], title: 'Tests' },
    ]);
  });

  it.each([
    ["sh 'make'", 'make'],
    ['sh "make"', 'make'],
    ["sh('make')", 'make'],
    ["sh(script: 'make', returnStatus: true)", 'make'],
    ["sh script: 'make all', label: 'x'", 'make all'],
    ["def code = sh(script: 'make', returnStatus: true)", 'make'],
    ["def out = sh(script: 'git describe', returnStdout: true).trim()", undefined],
    ["sh 'make \\'it\\' \\$HOME'", "make 'it' $HOME"],
    ["sh 'make ' + target", 'make ${{ x }}'],
    ["sh 'make ' +\n 'all'", 'make all'],
    ['sh "make ${target} $flag"', 'make ${target} $flag'],
    ['sh "make ${params.WHICH ?: "all"} x"', 'make ${{ params.WHICH ?: "all" }} x'],
    ['def mvn = "./mvnw -B"\nsh "${mvn} verify"', './mvnw -B verify'],
    ['env.GOAL = "test"\nsh "make ${env.GOAL}"', 'make ${{ env.GOAL }}'],
    ['environment { GOAL = "test" }\nsh "make ${env.GOAL}"', 'make test'],
    ["def x = 'a'\nx = 'b'\nsh \"make $x\"", 'make $x'],
    ["bat 'call gradlew.bat check'", './gradlew check'],
    ["pwsh 'dotnet test'", 'dotnet test'],
    ["echo 'sh make'", undefined],
    ['/* sh "make" */', undefined],
    ["if (isUnix()) { sh 'make' } else { bat 'nmake' }", 'make'],
  ])('reads %j', async (text, runs) => {
    const step = (await said(stage(text))).find((line) => !line.startsWith('job'));
    expect(step?.replace(/^merge-request Jenkinsfile \d+: /, '')).toBe(runs);
  });

  it.each([
    ["when { branch 'main' }", 'push'],
    ["when { branch pattern: 'release/.*', comparator: 'REGEXP' }", 'push'],
    ['when { changeRequest() }', 'merge-request'],
    ['when { not { changeRequest() } }', 'push'],
    ['when { buildingTag() }', 'release'],
    ["when { tag 'v*' }", 'release'],
    ["when { anyOf { branch 'main'; changeRequest() } }", 'merge-request'],
    ["when { allOf { branch 'main'; environment name: 'X', value: 'y' } }", 'push'],
    ["when { expression { env.BRANCH_NAME == 'main' } }", 'push'],
    ['when { expression { return env.CHANGE_ID != null } }', 'merge-request'],
    ['when { expression { isGood() } }', 'merge-request'],
    ["when { triggeredBy 'TimerTrigger' }", 'schedule'],
    ["when { beforeAgent true; branch 'main' }", 'push'],
  ])('a stage with %s', async (when, trigger) => {
    const steps = await said(stage(`steps { sh 'make' }\n${when}`));
    expect(steps.at(-1)).toBe(`${trigger} Jenkinsfile 4: make`);
  });

  it.each([
    ["env.BRANCH_NAME == 'main'", 'push'],
    ['env.CHANGE_ID', 'merge-request'],
    ['!env.CHANGE_ID', 'push'],
    ["env.CHANGE_ID == null && env.BRANCH_NAME == 'main'", 'push'],
    ['params.DEPLOY', 'merge-request'],
  ])('inside if (%s)', async (condition, trigger) => {
    expect((await said(stage(`if (${condition}) {\n sh 'make'\n}`))).at(-1)).toBe(`${trigger} Jenkinsfile 5: make`);
  });

  it('a condition is that of its stage alone', async () => {
    const text = "stage('a') {\n when { branch 'main' }\n steps { sh 'make a' }\n}\nstage('b') {\n sh 'make b'\n}\n";
    expect(await said(text)).toEqual([
      'push Jenkinsfile 3: make a',
      'job b Jenkinsfile:5',
      'merge-request Jenkinsfile 6: make b',
    ]);
  });

  it('follows folders, as far as they are written down', async () => {
    const text =
      "dir('web') {\n dir('app') { sh 'make a' }\n sh 'make b'\n}\ndir(path) { sh 'make c' }\ndir('/tmp') { sh 'make d' }\nsh 'make e'\n";
    expect(await said(text)).toEqual([
      'merge-request in web/app Jenkinsfile 2: make a',
      'merge-request in web Jenkinsfile 3: make b',
      'merge-request Jenkinsfile 7: make e',
    ]);
  });

  it('after an input nothing runs by itself', async () => {
    const text = "sh 'make test'\nstage('Ship') {\n input message: 'Ship it?'\n sh 'make ship'\n}\n";
    expect(await said(text)).toEqual(['merge-request Jenkinsfile 1: make test', 'manual Jenkinsfile 4: make ship']);
  });

  it('reads branches that run at the same time, and functions', async () => {
    const text =
      "parallel(\n  'Unit': { sh 'make unit' },\n  lint: {\n    sh 'make lint'\n  }\n)\ndef check(flags) {\n  sh \"make check ${flags}\"\n}\n";
    expect(await said(text)).toEqual([
      'merge-request Jenkinsfile 2: make unit',
      'merge-request Jenkinsfile 4: make lint',
      'merge-request Jenkinsfile 8: make check ${flags}',
    ]);
  });

  it('beside the main file others are jobs of their own', async () => {
    const files = { 'Jenkinsfile.other': "sh 'make other'\n", 'ci/nightly/Jenkinsfile': "sh 'make nightly'\n" };
    expect(await said("sh 'make'\n", files)).toEqual([
      'merge-request Jenkinsfile 1: make',
      'push Jenkinsfile.other 1: make other',
      'schedule Jenkinsfile 1: make nightly',
    ]);
    expect((await pipelineOf(jenkins, files))[0]).toBe('merge-request Jenkinsfile.other 1: make other');
  });

  it('gates a change', async () => {
    const { facts } = await analyze(
      memoryRepository({
        'go.mod': 'module x\n\ngo 1.24\n',
        'x.go': 'package x\n',
        Jenkinsfile: stage("steps { sh 'go test ./...' }"),
      }),
    );
    const at = { path: 'Jenkinsfile', line: 4 };
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
    ['half a string', 'stage("a'],
    ['half a long string', "sh '''"],
    ['half a comment', "/* sh 'make'"],
    ['closing braces', '}}}}'],
    ['open blocks', 'stage("a") {\n'.repeat(500)],
    ['nested blocks on one line', '[{('.repeat(30_000)],
    ['quotes on one line', '"\'`'.repeat(30_000)],
    ['open expressions', `echo "${'${'.repeat(50_000)}"`],
    ['words without an end', `${'a.'.repeat(50_000)}!`],
    ['Windows’ line ends', "stage('x') {\r\n  echo 'a'\r\n}\r\n"],
  ])('survives %s', async (_, text) => {
    expect((await said(text)).filter((line) => !line.startsWith('job') && !line.includes('sh 1: '))).toEqual([]);
  });
});
