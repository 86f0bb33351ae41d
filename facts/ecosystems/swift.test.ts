import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { swift } from './swift.ts';

const PACKAGE = fixture('swift/package');
const APP = fixture('swift/app');
const SCHEME = 'Oven.xcodeproj/xcshareddata/xcschemes/Oven.xcscheme';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(swift, files)).signals);
}

async function commands(files: Record<string, string>): Promise<readonly string[]> {
  const { facts } = await analyze(memoryRepository(files));
  return facts.flatMap(({ key, value, dir }) => (key.startsWith('command.') && dir === '' ? [value] : []));
}

describe('a Swift package', () => {
  it('says versions, programs, tests and tools; a comment declares nothing', async () => {
    expect(await said(PACKAGE)).toEqual([
      'runtime.swift = 6.1 | .swift-version:1 | config 1',
      'package-manager = swiftpm | Package.swift:5 | config 0',
      'build-system = swiftpm | Package.swift:5 | config 0',
      'runtime.swift = 6.0 | Package.swift:1 | config 0',
      'install: swift package resolve | Package.swift:1 | convention 0',
      'build: swift build | Package.swift:1 | convention 0',
      'test: swift test | Package.swift:21 Package.swift:1 | convention 0',
      'test-single: swift test --filter <name> | Package.swift:21 Package.swift:1 | convention 0',
      'entrypoint = Sources/kiln-cli/main.swift | Package.swift:18 | config 0',
      'run: swift run | Package.swift:18 Package.swift:1 | convention -1',
      'linter = swiftlint | .swiftlint.yml:1 | config 0',
      'lint: mint run swiftlint | .swiftlint.yml:1 | convention 0',
      'lint: mint run swiftlint lint | .swiftlint.yml:1 | convention -0.5',
      'formatter = swiftformat | .swiftformat:1 | config 0',
      'format: mint run swiftformat . | Mintfile:2 | convention 0',
      'lint: mint run swiftformat --lint . | Mintfile:2 | convention -3',
      'test-framework = swift-testing | Tests/KilnTests/KilnTests.swift:2 | config 0.01',
    ]);
  });

  it('without a Mintfile its tools are on the PATH; the manifest alone shows swift-format', async () => {
    const { Mintfile: _, '.swiftformat': __, ...rest } = PACKAGE;
    const lines = await said({ ...rest, '.swift-format': '{ "version": 1 }\n' });
    expect(lines.filter((line) => /^(?:lint|format): /.test(line))).toEqual([
      'lint: swiftlint | .swiftlint.yml:1 | convention 0',
      'lint: swiftlint lint | .swiftlint.yml:1 | convention -0.5',
      'format: swift format --in-place --recursive . | Package.swift:1 | convention 0',
      'lint: swift format lint --recursive . | Package.swift:1 | convention -1',
    ]);
  });

  it('with nothing else to format with, the linter mends', async () => {
    const { Mintfile: _, '.swiftformat': __, ...rest } = PACKAGE;
    expect(await said(rest)).toContain('format: swiftlint --fix | .swiftlint.yml:1 | convention -3');
  });

  it('swiftformat is said once a line names it: of a pipeline, of a document', async () => {
    const { Mintfile: _, ...rest } = PACKAGE;
    expect(await commands(rest)).not.toContain('swiftformat .');
    expect(await commands({ ...rest, 'CONTRIBUTING.md': 'Format with SwiftFormat.\n' })).toContain('swiftformat .');
    const workflow = 'on: pull_request\njobs:\n  style:\n    steps:\n      - run: swiftformat --lint .\n';
    expect(await commands({ ...rest, '.github/workflows/style.yml': workflow })).toContain('swiftformat .');
  });

  it('that only phones run is built by the host last', async () => {
    const manifest = PACKAGE['Package.swift']!.replace('.macOS(.v14), ', '');
    expect(await said({ ...PACKAGE, 'Package.swift': manifest })).toContain(
      'build: swift build | Package.swift:1 | convention -1',
    );
  });

  it('steps back in a repository of another language', async () => {
    const files = { 'Package.swift': PACKAGE['Package.swift']!, 'src/a.c': '', 'src/b.c': '', 'src/c.c': '' };
    expect(await said(files)).toContain('build: swift build | Package.swift:1 | convention -2');
  });

  it.each([
    '',
    'let package = 1\n',
    'Package\n(',
    'Package(name: "a\\(b)")',
  ])('%j is read without harm', async (text) => {
    expect((await signalsOf(swift, { 'Package.swift': text })).problems).toEqual([]);
  });
});

describe('an Xcode project', () => {
  it('is built by the scheme of its app, through its workspace; its packages keep their tests', async () => {
    const start = '-workspace Oven.xcworkspace -scheme Oven';
    expect(await said(APP)).toEqual([
      'workspace = Heat in Modules/Heat | Modules/Heat/Package.swift:4 | config -1',
      'test: swift test in Modules/Heat | Modules/Heat/Package.swift:1 | convention -1',
      'test-single: swift test --filter <name> in Modules/Heat | Modules/Heat/Package.swift:1 | convention -1',
      `build-system = xcodebuild | ${SCHEME}:1 | config -0.5`,
      `build: xcodebuild build ${start} -destination 'generic/platform=iOS Simulator' | ${SCHEME}:3 | convention -0.5`,
      `test: xcodebuild test ${start} -destination 'platform=iOS Simulator,name=<name>' | ${SCHEME}:7 | convention -0.5`,
      `test-single: xcodebuild test ${start} -destination 'platform=iOS Simulator,name=<name>' -only-testing:<name> | ${SCHEME}:7 | convention -0.5`,
      'package-manager = cocoapods | Podfile:4 | config 0',
      'install: bundle exec pod install | Podfile:4 | convention 0',
      'test-framework = swift-testing | Modules/Heat/Tests/HeatTests/HeatTests.swift:1 | config 0.01',
      'test-framework = xctest | OvenTests/OvenTests.swift:1 | config 0.01',
    ]);
  });

  it('a scheme whose tests are all skipped tests nothing', async () => {
    const none = APP[SCHEME]!.replace('skipped = "NO"', 'skipped = "YES"');
    expect((await said({ ...APP, [SCHEME]: none })).some((line) => line.startsWith('test: xcodebuild'))).toBe(false);
  });

  it('of a Mac needs no simulator', async () => {
    const project = APP['Oven.xcodeproj/project.pbxproj']!.replace('iphoneos', 'macosx');
    const lines = await said({ ...APP, 'Oven.xcodeproj/project.pbxproj': project });
    expect(lines.find((line) => line.startsWith('test: xcodebuild'))).toContain("-destination 'platform=macOS' |");
  });

  it('is tested by another scheme on what that one is for', async () => {
    const none = APP[SCHEME]!.replace('skipped = "NO"', 'skipped = "YES"');
    const other = SCHEME.replace('Oven.xcscheme', 'Oven Mac.xcscheme');
    const lines = await said({ ...APP, [SCHEME]: none, [other]: APP[SCHEME]! });
    expect(lines.find((line) => line.startsWith('build: xcodebuild'))).toContain('generic/platform=iOS Simulator');
    expect(lines.find((line) => line.startsWith('test: xcodebuild'))).toContain(
      "-scheme 'Oven Mac' -destination 'platform=macOS' |",
    );
  });

  it('gives way to a Swift package beside it, unless that only runs tools', async () => {
    const beside = await said({ ...APP, 'Package.swift': PACKAGE['Package.swift']! });
    expect(beside.find((line) => line.startsWith('build: xcodebuild'))).toContain('convention -2');
    const tools =
      '// swift-tools-version:5.9\nlet package = Package(name: "Tools", targets: [.executableTarget(name: "tools")])\n';
    const lines = await said({ ...APP, 'Package.swift': tools });
    expect(lines.find((line) => line.startsWith('build: xcodebuild'))).toContain('convention -0.5');
    expect(lines).toContain('build: swift build | Package.swift:1 | convention -3');
  });

  it('in the ios folder of an app of another kind is not what builds it', async () => {
    const below = Object.fromEntries(Object.entries(APP).map(([path, text]) => [`ios/${path}`, text]));
    const lines = await said({ ...below, 'package.json': '{}' });
    expect(lines.filter((line) => line.includes('xcodebuild'))).toEqual([]);
    expect(lines).toContain('install: pod install in ios | ios/Podfile:4 | convention 0');
  });

  it.each([
    ['examples', 'Examples/Oven.xcodeproj'],
    ['the pods', 'Pods/Pods.xcodeproj'],
  ])('of %s is not worked in', async (_, bundle) => {
    expect(await said({ [`${bundle}/project.pbxproj`]: 'x', Podfile: '' })).toEqual([]);
  });
});

describe('what else there is in such repositories', () => {
  it.each([
    ['Cartfile', 'github "a/b" ~> 1.0\n', ['package-manager = carthage | Cartfile:1 | config -1']],
    [
      'project.yml',
      'name: Oven\ntargets:\n  Oven:\n    type: application\n    platform: iOS\n',
      [
        'build-system = xcodegen | project.yml:2 | config -1',
        'generate: xcodegen generate | project.yml:2 | convention 0',
      ],
    ],
    ['project.yml', 'targets: [a]\n', []],
    [
      'Tuist.swift',
      'import ProjectDescription\n\nlet tuist = Tuist(project: .tuist())\n',
      [
        'build-system = tuist | Tuist.swift:1 | config 1',
        'install: tuist install | Tuist.swift:3 | convention 1',
        'generate: tuist generate | Tuist.swift:3 | convention 0',
        'build: tuist build | Tuist.swift:3 | convention 0',
        'test: tuist test | Tuist.swift:3 | convention 0',
      ],
    ],
    ['Podfile', "# pod 'x'\n", []],
  ])('%s of %j', async (path, text, expected) => {
    expect(await said({ [path]: text })).toEqual(expected);
  });

  it('headers beside Objective-C are Objective-C', async () => {
    const { facts } = await analyze(memoryRepository({ 'a.h': 'x', 'b.h': 'x', 'c.h': 'x', 'a.m': 'x', 'b.m': 'x' }));
    expect(facts.flatMap(({ key, value }) => (key === 'language' ? [value] : []))).toEqual(['Objective-C']);
  });

  it('survives half files, the line ends of Windows, and long lines', async () => {
    for (const [files, path] of [
      [PACKAGE, 'Package.swift'],
      [APP, SCHEME],
      [APP, 'Podfile'],
    ] as const) {
      const whole = files[path]!;
      for (let length = 0; length < whole.length; length += 9)
        expect((await signalsOf(swift, { ...files, [path]: whole.slice(0, length) })).problems).toEqual([]);
      const crlf = Object.fromEntries(
        Object.entries(files).map(([each, text]) => [each, text.replaceAll('\n', '\r\n')]),
      );
      expect(await said(crlf)).toEqual(await said(files));
    }
    const started = processorTime();
    for (const piece of ['(', '.testTarget(', 'name: ', '"', '/*', '.executable(name: "a"'])
      await said({ 'Package.swift': `let package = Package(${piece.repeat(Math.floor((1 << 19) / piece.length))}` });
    for (const piece of ['<TestableReference', '<', ' ', '"Oven'])
      await said({ ...APP, [SCHEME]: piece.repeat(Math.floor((1 << 19) / piece.length)) });
    expect(processorTime() - started).toBeLessThan(8000);
  });
});
