import type { Purpose } from '../fact.ts';
import type { Reading } from './tool-reading.ts';
import type { Unwrapped } from './unwrap.ts';

/** Its actions stand anywhere among the flags. https://developer.apple.com/documentation/xcode/xcodebuild */
const ACTIONS: Readonly<Record<string, Partial<Record<Purpose, number>>>> = {
  // One scheme for one device of one machine: where a package builds by itself, that is what people type.
  build: { build: 0.7 },
  test: { test: 0.7 },
  'build-for-testing': { build: 0.6 },
  'test-without-building': { test: 0.6 },
  analyze: { lint: 0.6 },
  archive: { build: 0.5 },
};

/** Flags with a value that say what is built: they are typed. */
const CHOOSING: ReadonlySet<string> = new Set([
  '-scheme',
  '-project',
  '-workspace',
  '-destination',
  '-configuration',
  '-sdk',
  '-testPlan',
  '-target',
]);
/** Flags with a value that only a pipeline gives. */
const PLACING: ReadonlySet<string> = new Set([
  '-derivedDataPath',
  '-resultBundlePath',
  '-clonedSourcePackagesDirPath',
  '-archivePath',
  '-exportPath',
  '-exportOptionsPlist',
  '-parallel-testing-enabled',
  '-parallel-testing-worker-count',
  '-maximum-concurrent-test-simulator-destinations',
  '-maximum-parallel-testing-workers',
  '-enableCodeCoverage',
  '-arch',
  '-jobs',
  '-retry-tests-on-failure',
  '-test-iterations',
  '-toolchain',
  '-xcconfig',
  '-packageCachePath',
  '-only-testing',
  '-skip-testing',
]);
/** With one of these it builds nothing. */
const ASKS =
  /^-(?:version|list|showsdks|showBuildSettings|showdestinations|resolvePackageDependencies|exportArchive|create-xcframework|downloadPlatform|runFirstLaunch|license|checkFirstLaunchStatus|importPlatform|exportLocalizations)$/;

/** What a call of `xcodebuild` does; `undefined` where it is another program or builds nothing. */
export function readXcodebuild({ words, dynamic, contained }: Unwrapped): Reading | undefined {
  if (words[0] !== 'xcodebuild' || words.some((word) => ASKS.test(word))) return undefined;
  const kept: string[] = ['xcodebuild'];
  const purposes: Partial<Record<Purpose, number>> = {};
  let narrow = 0.15;
  let flags = 0;
  let vague = false;
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (/^-(?:only|skip)-testing/.test(word)) narrow += 0.8;
    if (CHOOSING.has(word)) {
      const value = words[++i];
      if (value === undefined) continue;
      vague ||= dynamic[i] === true;
      // A project in a folder of tests or examples is not the whole.
      if (/^-(?:project|workspace)$/.test(word) && value.replace(/^\.\//, '').includes('/')) narrow += 0.6;
      flags++;
      kept.push(word, value);
    } else if (PLACING.has(word)) {
      // `-retry-tests-on-failure` stands alone; the others take the next word.
      if (words[i + 1] !== undefined && !words[i + 1]!.startsWith('-') && word !== '-retry-tests-on-failure') i++;
    } else if (Object.hasOwn(ACTIONS, word)) {
      kept.push(word);
      for (const [purpose, weight] of Object.entries(ACTIONS[word]!) as [Purpose, number][])
        purposes[purpose] = Math.max(purposes[purpose] ?? 0, weight);
    }
  }
  // Without an action it builds.
  if (Object.keys(purposes).length === 0) purposes.build = words.includes('clean') ? 0.5 : 0.7;
  if (purposes.test !== undefined) delete purposes.build;
  return {
    purposes,
    tool: 'xcodebuild',
    rule: undefined,
    words: kept,
    launcher: undefined,
    contained,
    narrow,
    // What is built has to be said: these flags are no burden.
    flags: flags / 4,
    vague: vague || flags === 0,
    checks: false,
    fixes: false,
  };
}
