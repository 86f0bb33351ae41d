import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import type { Task } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { fastlane } from './fastlane.ts';

const APP = fixture('fastlane/app');

async function tasks(files: Record<string, string>): Promise<readonly Task[]> {
  return (await signalsOf(fastlane, files)).signals.filter((signal): signal is Task => signal.kind === 'task');
}

describe('fastlane', () => {
  it('reads the lanes of a Fastfile and of what it imports, with their platforms and what they run', async () => {
    expect(told(await tasks(APP))).toEqual([
      'task bundle exec fastlane test | fastlane/Fastfile:7 { xcodebuild test -scheme "$SCHEME" } needs prepare',
      'task bundle exec fastlane build | fastlane/Fastfile:13 { xcodebuild build -scheme "$SCHEME" }',
      'task bundle exec fastlane prepare | fastlane/Fastfile:19 { make secrets } internal',
      'task bundle exec fastlane mac build | fastlane/Fastfile:26 { xcodebuild build -scheme "$SCHEME" }',
      'task bundle exec fastlane lint | fastlane/lanes/checks.rb:1 { swiftlint }',
      'task bundle exec fastlane autocorrect | fastlane/lanes/checks.rb:6 { swiftlint --fix }',
    ]);
    expect((await tasks(APP)).map(({ description }) => description)).toEqual([
      'Run the unit tests',
      'Build the app',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is typed without Bundler where no Gemfile brings it, from the folder above', async () => {
    const { Gemfile: _, ...rest } = APP;
    expect((await tasks(rest))[0]?.run).toBe('fastlane test');
    const below = Object.fromEntries(Object.entries(rest).map(([path, text]) => [`ios/${path}`, text]));
    expect((await tasks(below))[0]).toMatchObject({ run: 'fastlane test', dir: 'ios' });
  });

  it('a pipeline may name the usual platform, and leave Bundler out', async () => {
    const workflow = 'on: pull_request\njobs:\n  test:\n    steps:\n      - run: bundle exec fastlane ios test\n';
    const { facts } = await analyze(
      memoryRepository({ ...APP, '.github/workflows/ci.yml': workflow, 'App.swift': '' }),
    );
    expect(facts.find(({ key }) => key === 'command.test')).toMatchObject({
      value: 'bundle exec fastlane test',
      source: 'ci',
      evidence: [
        { path: '.github/workflows/ci.yml', line: 5 },
        { path: 'fastlane/Fastfile', line: 7 },
      ],
    });
    expect(facts.filter(({ value }) => value.includes('xcodebuild'))).toEqual([]);
  });

  it('leaves imported lanes to the Fastfile of the folder they come from', async () => {
    const files = {
      'fastlane/Fastfile': 'lane :test do\n  scan\nend\n',
      'ios/fastlane/Fastfile': 'import "../../fastlane/Fastfile"\nlane :beta do\n  test\nend\n',
      'ios/fastlane/lanes.rb': '',
    };
    expect(told(await tasks(files))).toEqual([
      'task fastlane test | fastlane/Fastfile:1 { xcodebuild test -scheme "$SCHEME" }',
      'task fastlane beta in ios | ios/fastlane/Fastfile:2 needs test',
      'task fastlane test in ios | fastlane/Fastfile:1 { xcodebuild test -scheme "$SCHEME" } internal',
    ]);
  });

  it('is started by Bundler where a gemspec brings it, or a pipeline types it so', async () => {
    const files = { 'fastlane/Fastfile': 'lane :test do\n  scan\nend\n', 'A.swift': '' };
    const gemspec = 'Gem::Specification.new do |s|\n  s.add_development_dependency("fastlane")\nend\n';
    expect((await tasks({ ...files, 'a.gemspec': gemspec }))[0]?.run).toBe('fastlane test');
    expect((await tasks({ ...files, 'a.gemspec': gemspec, Gemfile: 'gemspec\n' }))[0]?.run).toBe(
      'bundle exec fastlane test',
    );
    const workflow = 'on: pull_request\njobs:\n  test:\n    steps:\n      - run: bundle exec fastlane test\n';
    const { facts } = await analyze(memoryRepository({ ...files, '.github/workflows/ci.yml': workflow }));
    expect(facts.find(({ key }) => key === 'command.test')?.value).toBe('bundle exec fastlane test');
  });

  it.each([
    ['lane "test" do\nend\n', []],
    ['# lane :test do\nend\n', []],
    ["lane :test do |options|\n  sh(command: 'make x')\n", ['fastlane test { make x }']],
    ['lane :a do\nlane :b do\nend\n', ['fastlane a', 'fastlane b']],
    ['private_lane(:a) { scan }\nlane :b do\n  a\nend\n', ['fastlane a', 'fastlane b']],
    ['lane :_a do\n  x = sh "ls"\nend\n', ['fastlane _a { ls }']],
  ])('%j', async (text, expected) => {
    const found = await tasks({ 'fastlane/Fastfile': text });
    expect(found.map(({ run, body }) => (body.length > 0 ? `${run} { ${body.join('; ')} }` : run))).toEqual(expected);
  });

  it('of what is imported twice, and of more lanes than anybody has, reads what is enough', async () => {
    const started = processorTime();
    const imported = await tasks({
      'fastlane/Fastfile': "import './x.rb'\n".repeat(2000),
      'fastlane/x.rb': `lane :a do\n  scan\nend\n${'#\n'.repeat(100_000)}`,
    });
    expect(imported.map(({ name }) => name)).toEqual(['a']);
    const lanes = Array.from({ length: 10_000 }, (_, at) => `lane :a${at} do\n  a${at + 1}\nend\n`);
    const many = await tasks({ 'fastlane/Fastfile': lanes.join('') });
    expect(many).toHaveLength(400);
    expect(many[0]?.needs).toEqual(['a1']);
    await tasks({ 'fastlane/Fastfile': '\n'.repeat(200_000) });
    expect(processorTime() - started).toBeLessThan(3000);
  });

  it('survives half a file, the line ends of Windows, and a long line', async () => {
    const whole = APP['fastlane/Fastfile']!;
    for (let length = 0; length < whole.length; length += 5)
      expect((await signalsOf(fastlane, { 'fastlane/Fastfile': whole.slice(0, length) })).problems).toEqual([]);
    const crlf = Object.fromEntries(Object.entries(APP).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
    expect(told(await tasks(crlf))).toEqual(told(await tasks(APP)));
    const started = processorTime();
    for (const piece of [' ', 'lane :a do\n', 'sh "', 'lane :a do |', 'platform :ios do\n', 'a = '])
      await tasks({ 'fastlane/Fastfile': piece.repeat(Math.floor((1 << 18) / piece.length)) });
    expect(processorTime() - started).toBeLessThan(6000);
  });
});
