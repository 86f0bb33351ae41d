import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../forge/memory.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { statements } from './ruby/statements.ts';
import { ruby } from './ruby.ts';

type Files = Record<string, MemoryFile>;

async function said(files: Files): Promise<readonly string[]> {
  const { signals, problems } = await signalsOf(ruby, files);
  expect(problems).toEqual([]);
  return told(signals.filter(({ kind }) => kind !== 'launcher'));
}

async function commands(files: Files, purpose: string, dir = ''): Promise<readonly string[]> {
  const { facts } = await analyze(memoryRepository(files));
  return facts.flatMap((fact) => (fact.key === `command.${purpose}` && fact.dir === dir ? [fact.value] : []));
}

const pipeline = (run: string): Files => ({
  '.github/workflows/ci.yml': `on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n`,
});
const GEM = fixture('ruby/gem');
const SHOP = fixture('ruby/shop');
const { 'lib/tasks/lint.rake': _tasks, ...PLAIN_SHOP } = SHOP;
const BINSTUB = { executable: '#!/usr/bin/env ruby\nload Gem.bin_path("x", "x")\n' };

describe('ruby', () => {
  it('reads a gem: who installs, its Ruby, its tests, its linter and its type checkers', async () => {
    expect(await said(GEM)).toEqual([
      'package-manager = bundler | Gemfile:3 | config 2',
      'install: bundle install | Gemfile:3 | convention 0',
      'runtime.ruby = 3.4.1 | .ruby-version:1 | config 2',
      'runtime.ruby = >= 3.2, < 5 | glaze.gemspec:5 | config 0',
      'test-framework = rspec | Gemfile:11 .rspec:1 spec/spec_helper.rb:3 | config 0',
      'test: bundle exec rspec | Gemfile:11 .rspec:1 spec/spec_helper.rb:3 | config 0',
      'test-single: bundle exec rspec <file> | Gemfile:11 .rspec:1 spec/spec_helper.rb:3 | convention 0',
      'test-single: bundle exec rspec <file> -e "<name>" | Gemfile:11 .rspec:1 spec/spec_helper.rb:3 | convention -1',
      'linter = standard | Gemfile.tools:1 Gemfile:3 .standard.yml:1 | config 1',
      'formatter = standard | Gemfile.tools:1 Gemfile:3 .standard.yml:1 | config 1',
      'lint: bundle exec standardrb | Gemfile.tools:1 Gemfile:3 .standard.yml:1 | convention 1',
      'format: bundle exec standardrb --fix | Gemfile.tools:1 Gemfile:3 .standard.yml:1 | convention 1',
      'type-checker = sorbet | Gemfile.tools:2 sorbet/config:1 | config 0',
      'typecheck: bundle exec srb tc | Gemfile.tools:2 Gemfile:3 | convention 0',
      'type-checker = steep | Gemfile:13 Steepfile:1 | config 0',
      'typecheck: bundle exec steep check | Gemfile:13 | convention 0',
      'build: gem build glaze.gemspec | glaze.gemspec:3 | convention -1',
      'entrypoint = exe/glaze | exe/glaze:3 | convention 0',
    ]);
  });

  it('takes the kind of tests there is far more of, where a Rails application has both', async () => {
    const specs = {
      '.rspec': '--require spec_helper\n',
      'spec/a_spec.rb': '',
      Gemfile: `${SHOP.Gemfile}gem "rspec-rails"\n`,
    };
    const units = Object.fromEntries(['b', 'c', 'd', 'e', 'f'].map((name) => [`test/${name}_test.rb`, '']));
    expect((await commands({ ...SHOP, ...specs, ...units }, 'test-single'))[0]).toBe('bin/rails test <file>');
    expect((await commands({ ...SHOP, ...specs }, 'test-single'))[0]).toBe('bundle exec rspec <file>');
  });

  it('runs scenarios where the gem and a folder of them are there', async () => {
    const gem = { Gemfile: 'gem "cucumber"\n', 'lib/a.rb': '' };
    const features = { 'features/a.feature': '' };
    const cucumber = async (files: Files): Promise<readonly string[]> =>
      (await said(files)).filter((line) => line.includes('cucumber'));
    expect(await cucumber({ ...gem, ...features })).toEqual([
      'test-framework = cucumber | Gemfile:1 | config -1',
      'test: bundle exec cucumber | Gemfile:1 | convention 0',
      'test-single: bundle exec cucumber <file> | Gemfile:1 | convention -3',
    ]);
    expect(await cucumber(gem)).toEqual([]);
    expect(await cucumber({ ...gem, ...features, Gemfile: 'gem "rake"\n' })).toEqual([]);
  });

  it('starts tools through Bundler', async () => {
    const { signals } = await signalsOf(ruby, GEM);
    expect(signals.filter(({ kind }) => kind === 'launcher')).toEqual([
      { kind: 'launcher', language: 'ruby', prefix: 'bundle exec', dir: '', at: { path: 'Gemfile', line: 3 } },
    ]);
  });

  it('reads a Rails application, and the steps of its bin/ci', async () => {
    const lines = await said(SHOP);
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
      'package-manager = bundler | Gemfile:1 Gemfile.lock:1 | convention 2',
      'install: bundle install | Gemfile:1 Gemfile.lock:1 | convention 0',
      'runtime.ruby = 3.4.2 | Gemfile:3 | config 1',
      'run: bin/rails server | Gemfile:5 | convention 0',
      'entrypoint = config.ru | config.ru:2 | convention 0',
      'test-framework = minitest | Gemfile:5 | config 0',
      'test: bin/rails test | Gemfile:5 | convention 0',
      'test: bin/rails test:system | Gemfile:5 | convention -3',
      'test-single: bin/rails test <file> | Gemfile:5 | convention 0',
      'test-single: bin/rails test <file> -n <name> | Gemfile:5 | convention -1',
      'linter = rubocop | .rubocop.yml:1 Gemfile:10 | config 0',
      'formatter = rubocop | .rubocop.yml:1 Gemfile:10 | config -1',
      'lint: bundle exec rubocop | .rubocop.yml:1 Gemfile:10 | config 0',
      'format: bundle exec rubocop -a | .rubocop.yml:1 Gemfile:10 | config 0',
      'format: bundle exec rubocop -A | .rubocop.yml:1 Gemfile:10 | config -0.5',
      'linter = brakeman | Gemfile:9 | config -3',
      'lint: bundle exec brakeman | Gemfile:9 | convention -4',
    ]);
    const { signals } = await signalsOf(ruby, SHOP);
    expect(
      signals.flatMap((signal) => (signal.kind === 'step' ? [[signal.script, signal.lines, signal.title]] : [])),
    ).toEqual([
      ['bin/setup --skip-server', [2], 'Setup'],
      ['bin/rubocop', [3], 'Style: Ruby'],
      ['bin/rails test', [4], 'Tests'],
    ]);
  });

  it('types the scripts that Rails made: bin/setup, bin/dev, bin/rubocop', async () => {
    const files: Files = {
      ...PLAIN_SHOP,
      'bin/setup': {
        executable:
          '#!/usr/bin/env ruby\nsystem("bundle check") || system!("bundle install")\nsystem! "bin/rails db:prepare"\n',
      },
      'bin/dev': { executable: '#!/usr/bin/env sh\nexec foreman start -f Procfile.dev\n' },
      'bin/rubocop': BINSTUB,
      'bin/brakeman': BINSTUB,
    };
    expect(await commands(files, 'install')).toEqual(['bin/setup', 'bundle install']);
    expect(await commands(files, 'run')).toEqual(['bin/dev', 'bin/rails server']);
    expect((await commands(files, 'lint'))[0]).toBe('bin/rubocop');
    expect(await commands(files, 'format')).toEqual(['bin/rubocop -a', 'bin/rubocop -A']);
    expect(await commands({ ...files, ...pipeline('bundle exec rubocop -f github --parallel') }, 'lint')).toEqual([
      'bin/rubocop',
      'bundle exec rubocop',
      'bin/brakeman',
    ]);
  });

  it('the scripts of another language do not outrank what a Rails application is worked on with', async () => {
    const files: Files = {
      ...PLAIN_SHOP,
      'bin/rubocop': BINSTUB,
      'package.json': '{\n  "scripts": { "lint": "biome lint", "format": "biome format --write" }\n}\n',
      'package-lock.json': '{}\n',
    };
    expect((await commands(files, 'lint'))[0]).toBe('bin/rubocop');
    expect((await commands(files, 'format'))[0]).toBe('bin/rubocop -a');
    const { facts } = await analyze(memoryRepository(files));
    expect(facts.filter(({ key }) => key === 'package-manager').map(({ value }) => value)).toEqual(['bundler', 'npm']);
  });

  it('bin/setup of a gem that only bundles is `bundle install` by another name', async () => {
    const setup = (more: string): Files => ({
      ...GEM,
      'bin/setup': {
        executable: `#!/usr/bin/env bash\nset -euo pipefail\nIFS=$'\\n\\t'\n\nbundle install\n${more}# and so on\n`,
      },
    });
    expect(await commands(setup(''), 'install')).toEqual(['bundle install', 'bin/setup']);
    expect(await commands(setup('createdb glaze\n'), 'install')).toEqual(['bin/setup', 'bundle install']);
  });

  it('looks through what prepares a database, and what only shapes a report', async () => {
    expect(await commands({ ...SHOP, ...pipeline('bin/rails db:test:prepare test') }, 'test')).toEqual([
      'bin/rails test',
      'bin/rails test:system',
    ]);
    const { facts } = await analyze(memoryRepository({ ...SHOP, ...pipeline('bin/rails db:test:prepare test') }));
    expect(facts.find(({ key }) => key === 'ci.gate.test')?.value).toBe('bin/rails test');
    const run = 'bundle exec rspec --format progress --format RSpec::Github::Formatter';
    const found = await analyze(memoryRepository({ ...GEM, ...pipeline(run) }));
    expect(found.facts.find(({ key }) => key === 'command.test')).toMatchObject({
      value: 'bundle exec rspec',
      source: 'ci',
    });
  });

  it.each([
    ['gem "minitest"', 'class A < Minitest::Test\n', 'minitest'],
    ['gem "test-unit"', 'require "test/unit"\n', 'test-unit'],
    ['gem "minitest"\ngem "test-unit"', 'require "test/unit"\n', 'test-unit'],
    ['gem "minitest"\ngem "test-unit"', 'require "minitest/autorun"\n', 'minitest'],
  ])('with %j and %j tests are written with %s', async (gems, helper, framework) => {
    const files = { Gemfile: `${gems}\n`, 'test/helper.rb': helper, 'test/test_a.rb': '\n', 'lib/a.rb': '\n' };
    const lines = await said(files);
    expect(lines.filter((line) => /^test/.test(line)).map((line) => line.split(' | ')[0])).toEqual([
      `test-framework = ${framework}`,
      'test-single: bundle exec ruby -Itest <file>',
      'test-single: bundle exec ruby -Ilib:test <file>',
    ]);
  });

  it('Minitest may be written as specs, and `m` runs them by line', async () => {
    const files = { Gemfile: 'gem "minitest"\ngem "m"\n', 'spec/a_spec.rb': 'x\n', 'lib/a.rb': 'x\n' };
    expect((await said(files)).filter((line) => line.startsWith('test'))).toEqual([
      'test-framework = minitest | Gemfile:1 | config 0',
      'test-single: bundle exec ruby -Ispec <file> | Gemfile:1 | convention 0',
      'test-single: bundle exec ruby -Ilib:spec <file> | Gemfile:1 | convention -1.5',
      'test-single: bundle exec m <file> | Gemfile:2 | convention -1',
    ]);
  });

  it('a pipeline that lets setup-ruby install the bundle installs it', async () => {
    const workflow =
      'on: pull_request\njobs:\n  test:\n    steps:\n      - uses: ruby/setup-ruby@v1\n        with:\n          bundler-cache: true\n';
    const { facts } = await analyze(memoryRepository({ ...GEM, '.github/workflows/ci.yml': workflow }));
    expect(facts.find(({ key }) => key === 'command.install')).toMatchObject({
      value: 'bundle install',
      source: 'ci',
      evidence: [{ path: '.github/workflows/ci.yml', line: 7 }],
    });
  });

  it('a short script that hands its arguments to a test runner runs one file', async () => {
    const script = (text: string): Files => ({ ...GEM, 'bin/test': { executable: text } });
    expect((await commands(script('#!/bin/sh\nbundle exec rspec "$@"\n'), 'test-single'))[0]).toBe('bin/test <file>');
    expect((await commands(script('#!/bin/sh\nbundle exec rspec\n'), 'test-single'))[0]).toBe(
      'bundle exec rspec <file>',
    );
  });

  it.each([
    ['inherit_gem:\n  standard: config/base.yml\n', undefined, 'rubocop'],
    ['AllCops:\n  NewCops: enable\n', 'fix: true\n', 'standard'],
    ['require: rubocop-rspec\n', undefined, 'rubocop'],
  ])('with .rubocop.yml %j and .standard.yml %j the linter is %s', async (rubocop, standard, linter) => {
    const files: Files = {
      Gemfile: 'gem "standard"\ngem "rubocop-rspec"\n',
      'lib/a.rb': 'x\n',
      '.rubocop.yml': rubocop,
      ...(standard === undefined ? {} : { '.standard.yml': standard }),
    };
    const { facts } = await analyze(memoryRepository(files));
    expect(facts.find(({ key }) => key === 'linter')?.value).toBe(linter);
    expect((await commands(files, 'lint'))[0]).toBe(
      linter === 'rubocop' ? 'bundle exec rubocop' : 'bundle exec standardrb',
    );
  });

  it('says no linter, formatter or type checker that nobody asked for', async () => {
    const lines = await said({ Gemfile: 'gem "sinatra"\n', 'app.rb': 'x\n', 'sorbet/config': '--dir\n' });
    expect(lines).toEqual([
      'package-manager = bundler | Gemfile:1 | config 2',
      'install: bundle install | Gemfile:1 | convention 0',
    ]);
  });

  describe('where Ruby only serves another project', () => {
    const app: Files = {
      Gemfile: 'source "https://rubygems.org"\ngem "fastlane"\ngem "cocoapods", "~> 1.16"\n',
      'Gemfile.lock': 'GEM\n',
      'fastlane/helper.rb': 'x\n',
      'package.json': '{ "scripts": { "test": "jest" }, "devDependencies": { "jest": "30" } }\n',
      'package-lock.json': '{}\n',
      'src/a.ts': 'x\n',
      'src/b.ts': 'x\n',
      'src/c.ts': 'x\n',
    };

    it('it is told, and comes last', async () => {
      expect(await said(app)).toEqual([
        'package-manager = bundler | Gemfile:1 Gemfile.lock:1 | convention -3',
        'install: bundle install | Gemfile:1 Gemfile.lock:1 | convention -3',
      ]);
      const { facts } = await analyze(memoryRepository(app));
      expect(facts.filter(({ key }) => key === 'package-manager').map(({ value }) => value)).toEqual([
        'npm',
        'bundler',
      ]);
      expect((await commands(app, 'install'))[0]).toBe('npm install');
    });

    it('a site of Jekyll builds and serves itself', async () => {
      const site = { Gemfile: 'gem "github-pages"\n', '_config.yml': 'title: x\n', '_plugins/a.rb': 'x\n' };
      expect(await said(site)).toEqual([
        'package-manager = bundler | Gemfile:1 | config -3',
        'install: bundle install | Gemfile:1 | convention -3',
        'run: bundle exec jekyll serve | Gemfile:1 | convention 0',
        'build: bundle exec jekyll build | Gemfile:1 | convention 0',
      ]);
    });
  });

  it('each gem of a monorepo has its tests; what is the same for all is told once', async () => {
    const files = {
      Gemfile: 'gem "rspec"\ngem "rubocop"\n',
      '.rubocop.yml': 'AllCops:\n  NewCops: enable\n',
      'core/core.gemspec': 'Gem::Specification.new do |s|\n  s.name = "shop_core"\nend\n',
      'core/lib/a.rb': 'x\n',
      'core/spec/a_spec.rb': 'x\n',
      'api/api.gemspec': 'Gem::Specification.new do |s|\n  s.name = "shop_api"\nend\n',
      'api/spec/b_spec.rb': 'x\n',
      'examples/e/e.gemspec': 'Gem::Specification.new do |s|\n  s.name = "e"\nend\n',
    };
    const lines = await said(files);
    expect(lines.filter((line) => / in (?:core|api|examples)/.test(line)).map((line) => line.split(' | ')[0])).toEqual([
      'test-framework = rspec in api',
      'test: bundle exec rspec in api',
      'test-single: bundle exec rspec <file> in api',
      'test-single: bundle exec rspec <file> -e "<name>" in api',
      'build: gem build api.gemspec in api',
      'test-framework = rspec in core',
      'test: bundle exec rspec in core',
      'test-single: bundle exec rspec <file> in core',
      'test-single: bundle exec rspec <file> -e "<name>" in core',
      'build: gem build core.gemspec in core',
      'workspace = shop_api in api',
      'workspace = shop_core in core',
    ]);
  });

  it.each([
    ['an old branch', 'if false\n  ruby "2.7"\nend\nruby "3.4.1"\n', '3.4.1'],
    ['a branch below', 'ruby "3.4.1"\nif ENV["OLD"]\n  ruby "2.7"\nend\n', '3.4.1'],
    ['only branches', 'if ENV["OLD"]\n  ruby "2.7"\nelse\n  ruby "3.4"\nend\n', '3.4'],
  ])('of several Ruby versions (%s) the unconditional one counts, else the last', async (_, gemfile, version) => {
    expect(await said({ Gemfile: gemfile, 'lib/a.rb': 'x\n' })).toContainEqual(
      expect.stringContaining(`runtime.ruby = ${version} |`),
    );
    const lines = gemfile.replaceAll('ruby "', '  s.required_ruby_version = ">= ');
    const gemspec = `Gem::Specification.new do |s|\n${lines.replaceAll(/^(?!\s)/gm, '  ')}end\n`;
    expect(await said({ 'a.gemspec': gemspec, 'lib/a.rb': 'x\n' })).toContainEqual(
      expect.stringContaining(`runtime.ruby = >= ${version} |`),
    );
  });

  it.each([
    ['truncated', 'source "https://rubygems.org"\ngem "rspec", "~> 3'],
    ['with open brackets', 'gem "rspec", (\n[\n{\n'],
    ['with Windows line ends', 'source "https://rubygems.org"\r\ngem "rspec"\r\n'],
    ['with conflict markers', '<<<<<<< HEAD\ngem "rspec"\n=======\ngem "rspec", "3"\n>>>>>>> other\n'],
  ])('survives a Gemfile %s', async (_, text) => {
    const { signals } = await signalsOf(ruby, { Gemfile: text, 'spec/a_spec.rb': 'x\n', 'lib/a.rb': 'x\n' });
    expect(told(signals).some((line) => line.startsWith('test: bundle exec rspec'))).toBe(true);
  });

  it.each([
    'gem "a',
    '((((',
    'ruby -I ',
    ' = ',
    '#{',
    '%w[',
    '<<~A ',
    'bundle ',
    "'",
  ])('stays quick on a line of %j', async (part) => {
    const line = `${part.repeat(100_000 / part.length)}\n`;
    const started = processorTime();
    await signalsOf(ruby, {
      Gemfile: line,
      'a.gemspec': `s.required_ruby_version =${' '.repeat(50_000)}\n${line}`,
      'bin/test': { executable: line },
      'bin/setup': { executable: line },
      'test/a_test.rb': 'x\n',
    });
    expect(processorTime() - started).toBeLessThan(2000);
  });
});

describe('statements', () => {
  it('joins what goes on, and leaves out comments, here-documents and what is no code', () => {
    const text = [
      'a "#{x} # no comment", # a comment',
      '  :b',
      '=begin',
      'hidden',
      '=end',
      "c 'it''s' if d =~ /#/",
      'e(<<~TEXT, <<-MORE)',
      'hidden',
      'TEXT',
      'hidden too',
      'MORE',
      'f = %w[',
      '  g # h',
      '] # i',
      'j \\',
      '  k',
      '__END__',
      'l',
    ].join('\n');
    expect(statements(text)).toEqual([
      { line: 1, indent: 0, text: 'a "#{x} # no comment", :b' },
      { line: 6, indent: 0, text: "c 'it''s' if d =~ /#/" },
      { line: 7, indent: 0, text: 'e(<<~TEXT, <<-MORE)' },
      { line: 12, indent: 0, text: 'f = %w[' },
      { line: 13, indent: 2, text: 'g' },
      { line: 14, indent: 0, text: ']' },
      { line: 15, indent: 0, text: 'j k' },
    ]);
  });
});
