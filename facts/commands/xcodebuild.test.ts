import { describe, expect, it } from 'vitest';
import { readCommand } from './reading.ts';
import { invocations } from './shell.ts';

function read(line: string) {
  const [call] = invocations(line);
  const reading = readCommand(call!.words, call!.dynamic);
  return reading && { run: reading.words.join(' '), purposes: Object.keys(reading.purposes), vague: reading.vague };
}

describe('xcodebuild', () => {
  it.each([
    ['xcodebuild test -scheme App', 'xcodebuild test -scheme App', ['test']],
    ['xcodebuild -scheme App build', 'xcodebuild -scheme App build', ['build']],
    ['xcodebuild -scheme App', 'xcodebuild -scheme App', ['build']],
    ['xcrun xcodebuild clean build test -scheme App', 'xcodebuild build test -scheme App', ['test']],
    ['xcodebuild analyze -project A.xcodeproj', 'xcodebuild analyze -project A.xcodeproj', ['lint']],
    [
      "xcodebuild -derivedDataPath out -scheme App -destination 'platform=iOS Simulator,name=iPhone 17' -quiet test CODE_SIGNING_ALLOWED=NO",
      'xcodebuild -scheme App -destination platform=iOS Simulator,name=iPhone 17 test',
      ['test'],
    ],
    ['xcodebuild -retry-tests-on-failure test -scheme App', 'xcodebuild test -scheme App', ['test']],
  ])('%s', (line, run, purposes) => {
    expect(read(line)).toEqual({ run, purposes, vague: false });
  });

  it.each([
    'xcodebuild -version',
    'xcodebuild -list -json',
    'xcodebuild -exportArchive -archivePath a',
  ])('%s builds nothing', (line) => {
    expect(read(line)).toBeUndefined();
  });

  it('without a scheme, or with one that only a run knows, nobody can type it', () => {
    expect(read('xcodebuild test')?.vague).toBe(true);
    expect(read('xcodebuild test -scheme "$SCHEME"')?.vague).toBe(true);
  });

  it('a project in another folder, and a choice of tests, are parts', () => {
    const narrow = (line: string): number => readCommand(line.split(' '))!.narrow;
    expect(narrow('xcodebuild test -scheme A')).toBeLessThan(0.3);
    expect(narrow('xcodebuild test -project Tests/A.xcodeproj -scheme A')).toBeGreaterThan(0.5);
    expect(narrow('xcodebuild test -scheme A -only-testing:ATests')).toBeGreaterThan(0.5);
  });
});
