import { describe, expect, it } from 'vitest';
import { pipelineOf } from '../testing/steps.ts';
import { travis } from './travis.ts';

const said = (text: string, more: Record<string, string> = {}): Promise<readonly string[]> =>
  pipelineOf(travis, { '.travis.yml': text, ...more });

describe('travis', () => {
  it('reads the phases in the order they run', async () => {
    expect(await said('language: node_js\nscript:\n  - npm run lint\n  - npm test\ninstall: npm ci\n')).toEqual([
      'merge-request .travis.yml 5: npm ci ; 3: npm run lint ; 4: npm test',
    ]);
  });

  it('reads the jobs that say something of their own', async () => {
    const text =
      'script: make\njobs:\n  include:\n    - name: lint\n      script: make lint\n    - os: osx\n    - { stage: ship, if: tag IS present, script: make ship }\n';
    expect(await said(text)).toEqual([
      'merge-request .travis.yml 1: make',
      'job lint .travis.yml:4',
      'merge-request .travis.yml 5: make lint',
      'release .travis.yml 7: make ship',
    ]);
  });

  it.each([
    ['', 'merge-request'],
    ['if: type = pull_request', 'merge-request'],
    ['if: type = push AND branch = main', 'push'],
    ['if: type != pull_request', 'push'],
    ['if: type = cron', 'schedule'],
    ['if: tag IS present', 'release'],
    ['if: NOT (type IN (api))', 'merge-request'],
    ['branches: { only: [main] }', 'merge-request'],
  ])('%s', async (condition, trigger) => {
    expect(await said(`script: make\n${condition}\n`)).toEqual([`${trigger} .travis.yml 1: make`]);
  });

  it('beside workflows of GitHub it is what was left behind', async () => {
    const workflows = { '.github/workflows/ci.yml': 'on: push\n' };
    expect(await said('script: make\njobs: { include: [{ name: a, script: make a }] }\n', workflows)).toEqual([
      'manual .travis.yml 1: make',
      'manual .travis.yml 2: make a',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['other types', 'script: { a: 1 }\njobs: 3\nmatrix: [1, null]\ninstall: [[], {}]\nif: [x]\n'],
  ])('survives %s', async (_, text) => {
    expect(await said(text)).toEqual([]);
  });
});
