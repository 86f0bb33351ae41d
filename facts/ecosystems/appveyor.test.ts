import { describe, expect, it } from 'vitest';
import { pipelineOf } from '../testing/steps.ts';
import { appveyor } from './appveyor.ts';

const said = (text: string): Promise<readonly string[]> => pipelineOf(appveyor, { 'appveyor.yml': text });

describe('appveyor', () => {
  it('reads its phases, each in a shell of its own', async () => {
    expect(
      await said(
        'install:\n  - cmd: npm ci\n  - ps: Invoke-Thing -x\ntest_script:\n  - npm test\n  - sh: ./x.sh "$A"\n',
      ),
    ).toEqual(['merge-request appveyor.yml 2: npm ci', 'merge-request appveyor.yml 5: npm test ; 6: ./x.sh "$A"']);
  });

  it('comes back to the repository by its variable', async () => {
    const text =
      'build_script:\n  - cd C:\\Tools\n  - git pull\n  - cd %APPVEYOR_BUILD_FOLDER%\\src\n  - |\n      cmake -G X ^\n        ..\\\n';
    expect(await said(text)).toEqual([
      'merge-request appveyor.yml 2: cd /drive/Tools ; 3: git pull',
      'merge-request in src appveyor.yml 6: cmake -G X \\ ; 7: ../',
    ]);
  });

  it('a branch alone is still asked for by requests to it', async () => {
    expect(await said('branches: { only: [main] }\nbuild_script: [msbuild]\n')).toEqual([
      'merge-request appveyor.yml 2: msbuild',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['other types', 'install: 3\nbuild_script: { a: [] }\ntest_script: off\nbranches: x\n'],
  ])('survives %s', async (_, text) => {
    expect((await said(text)).filter((line) => !line.endsWith(': off'))).toEqual([]);
  });
});
