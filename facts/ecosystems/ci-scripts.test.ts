import { describe, expect, it } from 'vitest';
import { branchFits, OCCASIONS, occasionsByName } from './ci-occasions.ts';
import { windowsLines } from './ci-scripts.ts';

describe('lines of Windows’ shells', () => {
  it.each([
    ['dotnet test -c Release', 'dotnet test -c Release'],
    ['call gradlew.bat check', './gradlew check'],
    ['.\\mvnw.cmd verify', './mvnw verify'],
    ['& npm.cmd ci', 'npm ci'],
    ['@npm test', 'npm test'],
    ['build\\ci.cmd /x', 'build/ci.cmd /x'],
    ['dotnet build src\\app\\app.sln', 'dotnet build src/app/app.sln'],
    ['make %TARGET% $env:FLAGS', 'make ${{ env }} ${{ env }}'],
    ['cd C:\\Tools', 'cd /drive/Tools'],
    ['Get-ChildItem -Recurse', undefined],
    ['$x = dotnet --version', undefined],
    ['if ($x) { npm test }', undefined],
    ['set A=B', undefined],
    ['Type = "Custom"', undefined],
    ['dotnet @arguments', undefined],
    ['}', undefined],
    ['', undefined],
  ])('%s', (text, shell) => {
    expect(windowsLines([{ text, line: 7 }])).toEqual(shell === undefined ? [] : [{ text: shell, line: 7 }]);
  });

  it('go on after a backtick or a caret', () => {
    const lines = ['dotnet test `', '  -c Release ^', '  src\\x', '$y = 1 `', '  + 2', 'npm ci'];
    expect(windowsLines(lines.map((text, i) => ({ text, line: i + 1 })))).toEqual([
      { text: 'dotnet test \\', line: 1 },
      { text: '-c Release \\', line: 2 },
      { text: 'src/x', line: 3 },
      { text: 'npm ci', line: 6 },
    ]);
  });
});

describe('occasions', () => {
  it.each([
    [{ only: [], ignore: [] }, 'merge-request push release schedule manual'],
    [{ only: ['main'], ignore: [] }, 'push release schedule manual'],
    [{ only: ['/.*/'], ignore: [] }, 'merge-request push release schedule manual'],
    [{ only: ['/^(?!main$).*/'], ignore: [] }, 'merge-request release'],
    [{ only: ['feature/*'], ignore: [] }, 'release'],
    [{ only: [], ignore: ['main'] }, 'merge-request release'],
    [{ only: [], ignore: ['*'] }, 'release'],
    [{ only: [], ignore: ['gh-pages'] }, 'merge-request push release schedule manual'],
  ])('%j lets in %s', (filter, triggers) => {
    const fitting = OCCASIONS.filter((occasion) => branchFits(filter, occasion));
    expect(fitting.map(({ trigger }) => trigger).join(' ')).toBe(triggers);
  });

  it.each([
    ['.buildkite/pipeline.release-stable.yml', 'release'],
    ['ci/nightly/Jenkinsfile', 'schedule'],
    ['jenkins/legacy/x.groovy', 'manual'],
    ['.ci/unpublished.yml', undefined],
    ['.ci/checks.yml', undefined],
  ])('the name %s says %s', (path, trigger) => {
    expect(occasionsByName(path)?.[0]?.trigger).toBe(trigger);
  });
});
