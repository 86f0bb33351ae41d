import { describe, expect, it } from 'vitest';
import { pipelineOf } from '../testing/steps.ts';
import { cirrus } from './cirrus.ts';

const said = (text: string): Promise<readonly string[]> => pipelineOf(cirrus, { '.cirrus.yml': text });

describe('cirrus', () => {
  it('reads every task, also where all are called the same', async () => {
    const text = `task:
  name: Lint
  lint_script: make lint
task:
  name: Test
  container: { image: x }
  setup_script:
    - make deps
  test_script: |
    make test
    make more
mac_task:
  script: make mac
`;
    expect(await said(text)).toEqual([
      'job Lint .cirrus.yml:1',
      'merge-request .cirrus.yml 3: make lint',
      'job Test .cirrus.yml:4',
      'merge-request .cirrus.yml 8: make deps',
      'merge-request .cirrus.yml 10: make test ; 11: make more',
      'job mac .cirrus.yml:12',
      'merge-request .cirrus.yml 13: make mac',
    ]);
  });

  it.each([
    ["only_if: $CIRRUS_PR != ''", 'merge-request'],
    ["only_if: $CIRRUS_PR == ''", 'push'],
    ["only_if: $CIRRUS_BRANCH == 'main'", 'push'],
    ["only_if: $CIRRUS_TAG != ''", 'release'],
    ["only_if: $CIRRUS_CRON == 'nightly'", 'schedule'],
    ["skip: $CIRRUS_PR != ''", 'push'],
    ['skip: "!changesInclude(\'x\')"', 'merge-request'],
    ['trigger_type: manual', 'manual'],
  ])('%s', async (condition, trigger) => {
    expect((await said(`a_task:\n  ${condition}\n  script: make\n`)).at(-1)).toBe(`${trigger} .cirrus.yml 3: make`);
  });

  it('the rows of a matrix bring scripts of their own', async () => {
    expect(await said('a_task:\n  matrix:\n    - script: make x\n    - script: make y\n')).toEqual([
      'job a .cirrus.yml:1',
      'merge-request .cirrus.yml 3: make x',
      'merge-request .cirrus.yml 4: make y',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['other types', 'task: 1\na_task: [x]\nb_task: { script: {}, matrix: 3, name: [] }\n'],
  ])('survives %s', async (_, text) => {
    expect((await said(text)).filter((line) => !line.startsWith('job'))).toEqual([]);
  });
});
