import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { dart } from './dart.ts';

const APP = fixture('dart/app');
const WORKSPACE = fixture('dart/workspace');
const MELOS = fixture('dart/melos');

async function said(files: Parameters<typeof signalsOf>[1]): Promise<readonly string[]> {
  return told((await signalsOf(dart, files)).signals);
}

async function firstCommands(files: Record<string, string>, dir = ''): Promise<Record<string, string>> {
  const { facts } = await analyze(memoryRepository(files));
  const first: Record<string, string> = {};
  for (const { key, value, dir: at } of facts) {
    if (key.startsWith('command.') && at === dir) first[key.slice('command.'.length)] ??= value;
  }
  return first;
}

describe('an application', () => {
  it('is worked on with Flutter, in the version that FVM pins', async () => {
    expect(await said(APP)).toEqual([
      'runtime.flutter = 3.35.2 | .fvmrc:2 | config 2',
      '{"kind":"launcher","language":"dart","prefix":"fvm","dir":"","at":{"path":".fvmrc","line":2}}',
      'package-manager = pub | pubspec.yaml:1 | config 0',
      'build-system = flutter | pubspec.yaml:10 | config -1',
      'runtime.dart = ^3.9.0 | pubspec.yaml:6 | config 0',
      'runtime.flutter = >=3.35.0 | pubspec.yaml:7 | config 0',
      'install: fvm flutter pub get | pubspec.yaml:1 | convention 0',
      'linter = dart analyze | analysis_options.yaml:2 | config 0',
      'lint: fvm flutter analyze | pubspec.yaml:1 | convention 0',
      'formatter = dart format | analysis_options.yaml:4 | config 0',
      'format: fvm dart format . | pubspec.yaml:1 | convention 0',
      'linter = custom_lint | pubspec.yaml:17 | config -1',
      'lint: fvm dart run custom_lint | pubspec.yaml:17 | config -2',
      'test: fvm flutter test | pubspec.yaml:1 | convention 0',
      'test-single: fvm flutter test <file> | pubspec.yaml:1 | convention 0',
      'test-single: fvm flutter test --plain-name "<name>" | pubspec.yaml:1 | convention -1',
      'generate: fvm dart run build_runner build | pubspec.yaml:16 | config 0',
      'generate: fvm flutter gen-l10n | l10n.yaml:1 | convention -1',
      'test-framework = flutter_test | pubspec.yaml:18 | config 0',
      'test-framework = integration_test | pubspec.yaml:20 | config -2',
      'entrypoint = lib/main.dart | pubspec.yaml:1 | convention 1',
      'run: fvm flutter run | pubspec.yaml:1 | convention 0',
      'build: fvm flutter build apk | pubspec.yaml:1 | convention 0',
      'build: fvm flutter build web | pubspec.yaml:1 | convention -1',
    ]);
  });

  it('its pipeline shows the flags; what FVM starts, people start with FVM', async () => {
    expect(await firstCommands(APP)).toEqual({
      install: 'fvm flutter pub get',
      build: 'fvm flutter build apk',
      test: 'fvm flutter test',
      'test-single': 'fvm flutter test <file>',
      lint: 'fvm flutter analyze --fatal-infos',
      format: 'fvm dart format .',
      run: 'fvm flutter run',
      generate: 'fvm dart run build_runner build',
    });
  });

  it.each([
    ['{ "flutter": "stable" }', 'flutter test'],
    ['{ "flavors": {} }', 'flutter test'],
    ['{ "flutter": "3.35.2" }', 'fvm flutter test'],
  ])('with %s in .fvmrc people type %s', async (fvmrc, expected) => {
    expect(await said({ ...APP, '.fvmrc': fvmrc })).toContain(`test: ${expected} | pubspec.yaml:1 | convention 0`);
  });

  it('the older settings of FVM are read too', async () => {
    const { '.fvmrc': _, ...files } = APP;
    const lines = await said({ ...files, '.fvm/fvm_config.json': '{\n  "flutterSdkVersion": "3.10.0"\n}\n' });
    expect(lines).toContain('runtime.flutter = 3.10.0 | .fvm/fvm_config.json:2 | config 2');
    expect(lines).toContain('test: fvm flutter test | pubspec.yaml:1 | convention 0');
  });
});

describe('a package', () => {
  const PUBSPEC = 'name: loaf\n\nenvironment:\n  sdk: ^3.9.0\n\ndev_dependencies:\n  test: any\n';

  it('that does not need Flutter is worked on with Dart', async () => {
    const files = { 'pubspec.yaml': PUBSPEC, 'lib/loaf.dart': '', 'test/loaf_test.dart': '' };
    expect(await firstCommands(files)).toEqual({
      install: 'dart pub get',
      test: 'dart test',
      'test-single': 'dart test <file>',
      lint: 'dart analyze',
      format: 'dart format .',
    });
  });

  it('without tests says no test', async () => {
    const lines = await said({ 'pubspec.yaml': PUBSPEC, 'lib/loaf.dart': '', 'test/helper.dart': '' });
    expect(lines.filter((line) => line.startsWith('test'))).toEqual([
      'test-framework = test | pubspec.yaml:7 | config -1',
    ]);
  });

  it('examples and fixtures of it are no projects', async () => {
    const lines = await said({
      'pubspec.yaml': PUBSPEC,
      'example/pubspec.yaml': PUBSPEC,
      'test/fixtures/x/pubspec.yaml': PUBSPEC,
      'tool/release/pubspec.yaml': PUBSPEC,
    });
    expect(lines.filter((line) => line.includes(' in '))).toEqual([]);
  });

  it('that an application takes from beside it belongs to the application', async () => {
    const lines = await said({
      'app/pubspec.yaml': 'name: app\ndependencies:\n  loaf:\n    path: ../shared/loaf\n',
      'shared/loaf/pubspec.yaml': PUBSPEC,
      'shared/loaf/test/a_test.dart': '',
    });
    expect(lines.filter((line) => /^(?:package-manager|workspace|test:)/.test(line))).toEqual([
      'package-manager = pub in app | app/pubspec.yaml:1 | config 0',
      'workspace = loaf in shared/loaf | shared/loaf/pubspec.yaml:1 | config 0',
      'test: dart test in shared/loaf | shared/loaf/pubspec.yaml:1 | convention -1',
    ]);
  });

  it('packages that take each other in a circle are one project', async () => {
    const lines = await said({
      'a/pubspec.yaml': 'name: a\ndependencies:\n  b:\n    path: ../b\n',
      'b/pubspec.yaml': 'name: b\ndev_dependencies:\n  a:\n    path: ../a\n',
    });
    expect(lines.filter((line) => line.startsWith('package-manager'))).toEqual([
      'package-manager = pub in a | a/pubspec.yaml:1 | config 0',
    ]);
  });
});

describe('a pub workspace with Melos', () => {
  it('says once what is typed at the root, and of its packages what only they can say', async () => {
    expect(await said(WORKSPACE)).toEqual([
      'package-manager = pub | pubspec.yaml:1 | config 0',
      'build-system = flutter | apps/till/pubspec.yaml:9 | config -1',
      'runtime.dart = ^3.9.0 | pubspec.yaml:5 | config 0',
      'runtime.flutter = ^3.35.0 in apps/till | apps/till/pubspec.yaml:6 | config 0',
      'build-system = melos | pubspec.yaml:13 | config 0',
      'task melos run check | pubspec.yaml:17 { melos analyze --fatal-infos; dart run tool/headers.dart } needs format-check',
      'task melos run format-check | pubspec.yaml:22 { melos exec -- dart format --set-exit-if-changed . } internal',
      'task melos run unit | pubspec.yaml:25 { melos exec -- dart test }',
      "task melos run golden | pubspec.yaml:32 { melos exec -- 'cd test; flutter test --update-goldens' }",
      'install: melos bootstrap | pubspec.yaml:13 | config 0',
      'lint: melos analyze | pubspec.yaml:13 | config 0',
      'format: melos format | pubspec.yaml:13 | config 0',
      'test: melos test | pubspec.yaml:13 | config 0',
      'install: flutter pub get | pubspec.yaml:1 | convention -0.5',
      'linter = dart analyze | pubspec.yaml:1 | convention -1',
      'lint: flutter analyze | pubspec.yaml:1 | convention -0.5',
      'formatter = dart format | pubspec.yaml:1 | convention 0',
      'format: dart format . | pubspec.yaml:1 | convention -0.5',
      'workspace = till in apps/till | apps/till/pubspec.yaml:1 | config 0',
      'workspace = oven in packages/oven | packages/oven/pubspec.yaml:1 | config 0',
      'test: flutter test in apps/till | apps/till/pubspec.yaml:1 | convention -1',
      'test-single: flutter test <file> in apps/till | apps/till/pubspec.yaml:1 | convention -1',
      'test-single: flutter test --plain-name "<name>" in apps/till | apps/till/pubspec.yaml:1 | convention -2',
      'test: dart test in packages/oven | packages/oven/pubspec.yaml:1 | convention -1',
      'test-single: dart test <file> in packages/oven | packages/oven/pubspec.yaml:1 | convention -1',
      'test-single: dart test --plain-name "<name>" in packages/oven | packages/oven/pubspec.yaml:1 | convention -2',
      'generate: dart run build_runner build in packages/oven | packages/oven/pubspec.yaml:8 | config 0',
      'test-framework = flutter_test | apps/till/pubspec.yaml:14 | config 0',
      'test-framework = test | packages/oven/pubspec.yaml:9 | config -1',
      'entrypoint = apps/till/lib/main.dart in apps/till | apps/till/pubspec.yaml:1 | convention 1',
      'run: flutter run in apps/till | apps/till/pubspec.yaml:1 | convention 0',
      'entrypoint = packages/oven/bin/oven.dart in packages/oven | packages/oven/pubspec.yaml:12 | convention 0',
      'run: dart run in packages/oven | packages/oven/pubspec.yaml:12 | convention 0',
      'build: dart compile exe bin/oven.dart in packages/oven | packages/oven/pubspec.yaml:12 | convention -3',
    ]);
  });

  it('older versions of Melos cannot test by themselves', async () => {
    const older = { ...WORKSPACE, 'pubspec.yaml': WORKSPACE['pubspec.yaml']!.replace('^8.2.0', '^7.0.0') };
    expect((await said(older)).filter((line) => line.includes('melos test'))).toEqual([]);
  });
});

describe('Melos with settings of its own', () => {
  it('reads scripts in every form, and what brings the packages together is bootstrap alone', async () => {
    const lines = await said(MELOS);
    expect(lines.filter((line) => /^(?:task|install:|lint:|format:|workspace)/.test(line))).toEqual([
      'task melos run analyze | melos.yaml:10 { melos exec -c 4 -- dart analyze --fatal-warnings }',
      'task melos run test | melos.yaml:13 { melos exec -- dart test --reporter expanded }',
      'task melos run test:select | melos.yaml:19 { melos exec --scope=dough -- dart test }',
      'task melos run gen | melos.yaml:20 { dart run build_runner build; dart format lib }',
      'install: melos bootstrap | pubspec.yaml:7 | config 4',
      'format: melos format | pubspec.yaml:7 | config 0',
      'lint: dart analyze | pubspec.yaml:1 | convention -0.5',
      'format: dart format . | pubspec.yaml:1 | convention -0.5',
      'workspace = crust in packages/crust | packages/crust/pubspec.yaml:1 | config 0',
      'workspace = dough in packages/dough | packages/dough/pubspec.yaml:1 | config 0',
    ]);
  });

  it('a script goes before what it wraps', async () => {
    expect(await firstCommands(MELOS)).toMatchObject({
      install: 'melos bootstrap',
      test: 'melos run test',
      lint: 'melos run analyze',
      generate: 'melos run gen',
    });
  });

  const pipeline = (run: string) => ({
    '.github/workflows/ci.yml': `on: pull_request\njobs:\n  t:\n    steps:\n      - run: ${run}\n`,
  });
  it.each([
    ['melos run test'],
    ['melos test --no-select'],
    ['dart run melos run test'],
    ['dart pub global run melos run test'],
  ])('a pipeline that runs `%s` runs the script', async (run) => {
    const { facts } = await analyze(memoryRepository({ ...MELOS, ...pipeline(run) }));
    const test = facts.find(({ key, dir }) => key === 'command.test' && dir === '');
    expect([test?.value, test?.source]).toEqual(['melos run test', 'ci']);
  });

  it.each([
    ['melos exec -c 1 --fail-fast -- dart test', 'melos exec -- dart test'],
    [
      'melos exec --dir-exists=test -- "dart pub get && flutter test"',
      "melos exec --dir-exists=test -- 'dart pub get && flutter test'",
    ],
  ])('a pipeline that runs `%s` shows a command of the root', async (run, expected) => {
    const { 'melos.yaml': _, ...files } = MELOS;
    const { facts } = await analyze(memoryRepository({ ...files, ...pipeline(run) }));
    const test = facts.find(({ key, dir }) => key === 'command.test' && dir === '');
    expect([test?.value, test?.source]).toEqual([expected, 'ci']);
  });
});

describe('a formatter that a script gives one deep folder', () => {
  it('does not make that folder the answer', async () => {
    const files = {
      'pubspec.yaml': 'name: loaf\n',
      'lib/loaf.dart': '',
      'tool/bundle.sh': '#!/bin/sh\ndart format lib/src/commands/create\n',
    };
    expect((await firstCommands(files)).format).toBe('dart format .');
  });
});

describe('damaged files', () => {
  it('cost no more than themselves', async () => {
    for (const files of [APP, WORKSPACE, MELOS]) {
      for (const [path, text] of Object.entries(files)) {
        for (let length = 0; length < text.length; length += 17) {
          const { problems } = await signalsOf(dart, { ...files, [path]: text.slice(0, length) });
          expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
        }
      }
      const crlf = Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
      );
      expect(await said(crlf)).toEqual(await said(files));
    }
  });

  it.each([
    ['pubspec.yaml', '- a\n- b\n'],
    ['pubspec.yaml', 'name: [1]\nenvironment: 3\nworkspace: {a: b}\ndependencies: x\nmelos: 7\n'],
    ['pubspec.yaml', 'name: x\nmelos:\n  scripts:\n    a: 3\n    b: [1]\n    c:\n      steps: {}\n      exec: [x]\n'],
    ['melos.yaml', 'scripts: []\npackages: 5\n'],
    ['.fvmrc', '{ "flutter": 3 '],
    ['pubspec.yaml', `name: ${'x'.repeat(100_000)}\n`],
  ])('%s that says something else is survived', async (path, text) => {
    const { problems } = await signalsOf(dart, { ...MELOS, [path]: text });
    expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
  });
});

describe('the platforms of a Flutter app', () => {
  const platforms = {
    'android/settings.gradle': "include ':app'\n",
    'android/build.gradle': 'allprojects {}\n',
    'linux/CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.13)\nproject(runner LANGUAGES CXX)\nadd_executable(runner main.cc)\n',
    'ios/Podfile': "target 'Runner' do\n  pod 'Firebase'\nend\n",
  };

  it.each([
    [{ 'pubspec.yaml': 'name: app\ndependencies:\n  flutter:\n    sdk: flutter\n', 'lib/main.dart': '' }, []],
    [{ 'README.md': '' }, ['android', 'ios', 'linux']],
  ])('are no packages of their own: %j', async (files, dirs) => {
    const { facts } = await analyze(memoryRepository({ ...files, ...platforms }));
    const below = facts.filter(({ key, dir }) => dir !== '' && key.startsWith('command.'));
    expect([...new Set(below.map(({ dir }) => dir))]).toEqual(dirs);
  });
});
