import { describe, expect, it } from 'vitest';
import { pipelineOf } from '../testing/steps.ts';
import { bitbucketPipelines } from './bitbucket-pipelines.ts';

const said = (text: string): Promise<readonly string[]> =>
  pipelineOf(bitbucketPipelines, { 'bitbucket-pipelines.yml': text });

describe('bitbucket-pipelines', () => {
  it('reads steps, groups and stages of each pipeline, shared ones once', async () => {
    const text = `definitions:
  steps:
    - step: &test
        name: Test
        script:
          - npm ci
          - npm test
          - pipe: atlassian/x:1
pipelines:
  default:
    - step: *test
    - parallel:
        - step: { name: Lint, script: [npm run lint] }
    - parallel:
        steps:
          - step: { script: [npm run types] }
  pull-requests:
    '**':
      - step: *test
  branches:
    main:
      - stage:
          steps:
            - step: { name: Build, script: [npm run build] }
      - step: { name: Ship, deployment: production, script: [./ship.sh] }
  tags:
    'v*':
      - step: { script: [npm publish] }
  custom:
    later:
      - step: { script: [make later] }
`;
    expect(await said(text)).toEqual([
      'job Test bitbucket-pipelines.yml:4',
      'merge-request bitbucket-pipelines.yml 6: npm ci ; 7: npm test',
      'job Lint bitbucket-pipelines.yml:13',
      'merge-request bitbucket-pipelines.yml 13: npm run lint',
      'merge-request bitbucket-pipelines.yml 16: npm run types',
      'push bitbucket-pipelines.yml 24: npm run build',
      'manual bitbucket-pipelines.yml 25: ./ship.sh',
      'release bitbucket-pipelines.yml 28: npm publish',
      'manual bitbucket-pipelines.yml 31: make later',
    ]);
  });

  it.each([
    ['nothing', ''],
    [
      'other types',
      'pipelines: { default: 1, branches: [x], tags: { a: b }, custom: { c: [1, {}, { step: 3 }, { step: { script: x } }] } }\n',
    ],
  ])('survives %s', async (_, text) => {
    expect(await said(text)).toEqual([]);
  });
});
