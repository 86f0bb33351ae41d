import { describe, expect, it } from 'vitest';
import { pipelineOf } from '../testing/steps.ts';
import { drone } from './drone.ts';

const woodpecker = (text: string): Promise<readonly string[]> => pipelineOf(drone, { '.woodpecker.yml': text });

describe('drone', () => {
  it('reads each pipeline of a Drone file', async () => {
    const text = `kind: pipeline
name: checks
steps:
  - name: test
    image: golang
    commands:
      - go vet ./...
      - go test ./...
---
kind: pipeline
name: ship
trigger: { event: [tag] }
steps:
  - name: build
    commands: [make]
`;
    expect(await pipelineOf(drone, { '.drone.yml': text })).toEqual([
      'job test .drone.yml:4',
      'merge-request .drone.yml 7: go vet ./... ; 8: go test ./...',
      'release .drone.yml 15: make',
    ]);
  });

  it('reads every file of Woodpecker’s folder, steps as a map too', async () => {
    const files = {
      '.woodpecker/test.yaml': 'steps:\n  unit:\n    image: node\n    commands: [npm test]\n',
      '.woodpecker/more/lint.yml': 'steps:\n  - name: lint\n    directory: web\n    commands:\n      - npm run lint\n',
    };
    expect(await pipelineOf(drone, files)).toEqual([
      'job unit test.yaml:2',
      'merge-request test.yaml 4: npm test',
      'job lint lint.yml:2',
      'merge-request in web lint.yml 5: npm run lint',
    ]);
  });

  it.each([
    ['', 'merge-request'],
    ['when: { event: pull_request }', 'merge-request'],
    ['when: [{ event: pull_request, path: x }, { event: push, branch: main }]', 'merge-request'],
    ['when: { event: push }', 'merge-request'],
    ['when: { event: push, branch: main }', 'push'],
    ['when: { event: [push, tag], branch: main }', 'push'],
    ['when: { event: { exclude: [pull_request] }, branch: [main] }', 'push'],
    ['when: { event: pull_request, branch: main }', 'merge-request'],
    ['when: { event: tag }', 'release'],
    ['when: { event: cron }', 'schedule'],
    ['when: { event: manual }', 'manual'],
    ['when: { status: [success, failure] }', 'merge-request'],
  ])('%s', async (when, trigger) => {
    const head = when === '' ? '' : `${when}\n`;
    expect((await woodpecker(`${head}steps:\n  a:\n    commands: [make]\n`)).at(-1)).toMatch(
      new RegExp(`^${trigger} .*: make$`),
    );
    const inner = when === '' ? '' : `    ${when}\n`;
    expect((await woodpecker(`steps:\n  a:\n    commands: [make]\n${inner}`)).at(-1)).toBe(
      `${trigger} .woodpecker.yml 3: make`,
    );
  });

  it('plugins run no commands, but a tool’s image may be handed its words', async () => {
    const text =
      'steps:\n  a: { image: plugins/docker, settings: { repo: x } }\n  b: { image: koalaman/shellcheck, command: [x.sh] }\n';
    expect(await woodpecker(text)).toEqual([
      'job b .woodpecker.yml:3',
      'merge-request .woodpecker.yml 3: shellcheck x.sh',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['other types', 'steps: 1\nwhen: x\n---\n- a\n---\npipeline: [1, null, { name: [] }, { name: x, commands: 3 }]\n'],
  ])('survives %s', async (_, text) => {
    expect((await woodpecker(text)).filter((line) => !line.endsWith(': 3') && !line.startsWith('job'))).toEqual([]);
  });
});
