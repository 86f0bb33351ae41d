import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { php } from './php.ts';

type Files = Parameters<typeof memoryRepository>[0];

async function said(files: Files, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(php, files)).signals).filter((line) => only.test(line));
}

/** The commands of the root, best first, by what they are for. */
async function commands(files: Files): Promise<Readonly<Record<string, readonly string[]>>> {
  const { facts } = await analyze(memoryRepository(files), { agentDocs: false });
  const all: Record<string, string[]> = {};
  for (const { key, value, dir } of facts) {
    if (dir !== '' || !key.startsWith('command.')) continue;
    const purpose = key.slice('command.'.length);
    all[purpose] = [...(all[purpose] ?? []), value];
  }
  return all;
}

function manifest(more: object): string {
  return JSON.stringify({ name: 'orchard/shop', ...more }, null, 2);
}

const SOURCE = { 'src/Shop.php': '<?php\n' };
const LARAVEL = {
  artisan: '#!/usr/bin/env php\n<?php\n',
  'app/Models/User.php': '<?php\n',
  'phpunit.xml': '<phpunit>\n</phpunit>\n',
};

describe('php', () => {
  it('reads a package: scripts, tools, versions', async () => {
    expect(await said(fixture('php/package'))).toEqual([
      'task composer post-install-cmd | composer.json:22 { php bin/ledger warm } internal',
      'task composer test | composer.json:23 needs stan,test:unit',
      'task composer test:unit | composer.json:24 { phpunit --colors=always }',
      'task composer stan | composer.json:25 { phpstan analyse --memory-limit=1G }',
      'task composer cs | composer.json:26 { php-cs-fixer fix --dry-run --diff }',
      'task composer cs:fix | composer.json:27 { php-cs-fixer fix }',
      'task composer run archive | composer.json:28 { composer audit }',
      '{"kind":"launcher","language":"php","prefix":"vendor/bin/","dir":"","at":{"path":"composer.json","line":2}}',
      'package-manager = composer | composer.json:2 | config 0',
      'install: composer install | composer.json:2 | convention 1.5',
      'runtime.php = ^8.3 | composer.json:6 | config 1',
      'runtime.php = 8.3.0 | composer.json:19 | config 0',
      'test-framework = phpunit | composer.json:12 | config 0',
      'formatter = php-cs-fixer | composer.json:10 | config 0',
      'type-checker = phpstan | composer.json:11 | config 0',
      'test: vendor/bin/phpunit | composer.json:12 | config 0',
      'test-single: vendor/bin/phpunit <file> | composer.json:12 | config 0',
      'test-single: vendor/bin/phpunit --filter <name> | composer.json:12 | config -0.2',
      'test-single: composer test:unit -- <file> | composer.json:24 | config -1.2',
      'test-single: composer test:unit -- --filter=<name> | composer.json:24 | config -1.3',
      'format: vendor/bin/php-cs-fixer fix | composer.json:10 | config -3',
      'lint: vendor/bin/php-cs-fixer fix --dry-run --diff | composer.json:10 | config -4',
      'typecheck: vendor/bin/phpstan analyse | composer.json:11 | config -3',
      'entrypoint = bin/ledger | composer.json:17 | config 0',
    ]);
  });

  it('scripts come before the tools they run, with what the pipeline adds for itself left out', async () => {
    expect(await commands(fixture('php/package'))).toEqual({
      install: ['composer install'],
      test: ['composer test', 'composer test:unit'],
      'test-single': [
        'vendor/bin/phpunit <file>',
        'vendor/bin/phpunit --filter <name>',
        'composer test:unit -- <file>',
      ],
      lint: ['composer cs', 'vendor/bin/php-cs-fixer fix --dry-run --diff'],
      format: ['composer cs:fix', 'composer cs'],
      typecheck: ['composer stan'],
    });
  });

  it('an application of Laravel is worked on through its console', async () => {
    const files = {
      ...LARAVEL,
      'composer.json': manifest({
        require: { 'laravel/framework': '^12.0' },
        'require-dev': { 'laravel/pint': '^1.24', 'pestphp/pest': '^4.0' },
      }),
      'composer.lock': '{}\n',
    };
    expect(await commands(files)).toEqual({
      install: ['composer install'],
      test: ['php artisan test', 'vendor/bin/pest'],
      'test-single': ['php artisan test --filter=<name>', 'php artisan test <file>', 'vendor/bin/pest <file>'],
      lint: ['vendor/bin/pint --test'],
      format: ['vendor/bin/pint'],
      run: ['php artisan serve'],
    });
  });

  it('with Boost tests are asked for in their short form', async () => {
    const text = manifest({ require: { 'laravel/framework': '^12.0' }, 'require-dev': { 'laravel/boost': '^2.0' } });
    const { test, 'test-single': single } = await commands({ ...LARAVEL, 'composer.json': text });
    expect(test?.slice(0, 2)).toEqual(['php artisan test --compact', 'php artisan test']);
    expect(single?.[0]).toBe('php artisan test --compact --filter=<name>');
  });

  it('a package for Laravel has no console', async () => {
    const text = manifest({ 'require-dev': { 'laravel/framework': '^12.0', 'orchestra/testbench': '^10' } });
    expect(await said({ ...SOURCE, 'composer.json': text }, /artisan/)).toEqual([]);
  });

  it.each([
    ['the program of the bridge', { 'symfony/phpunit-bridge': '*' }, {}, 'vendor/bin/simple-phpunit'],
    ['the wrapper', { 'symfony/phpunit-bridge': '*' }, { 'bin/phpunit': '' }, 'php bin/phpunit'],
    ['PHPUnit itself', { 'phpunit/phpunit': '*' }, { 'bin/phpunit': '' }, 'vendor/bin/phpunit'],
  ])('Symfony tests with %s', async (_, dev, more, expected) => {
    const files = {
      ...SOURCE,
      'composer.json': manifest({ 'require-dev': dev }),
      'phpunit.xml.dist': '<phpunit/>',
      ...more,
    };
    expect((await commands(files)).test?.[0]).toBe(expected);
  });

  it.each([
    ['beside the tests', 'tests/phpunit.xml.dist', 'vendor/bin/phpunit -c tests/phpunit.xml.dist'],
    ['as TYPO3 keeps it', 'Build/phpunit/UnitTests.xml', 'vendor/bin/phpunit -c Build/phpunit/UnitTests.xml'],
  ])('PHPUnit is told where its configuration is: %s', async (_, path, expected) => {
    const files = {
      ...SOURCE,
      'composer.json': manifest({ 'require-dev': { 'phpunit/phpunit': '*' } }),
      [path]: '<phpunit/>',
    };
    expect((await commands(files)).test?.[0]).toBe(expected);
  });

  it.each([
    ['codeception/codeception', 'codeception.yml', 'vendor/bin/codecept run'],
    ['phpspec/phpspec', 'phpspec.yml', 'vendor/bin/phpspec run'],
    ['behat/behat', 'behat.yml', 'vendor/bin/behat'],
    ['kahlan/kahlan', 'spec/x.php', 'vendor/bin/kahlan'],
    ['nette/tester', 'tests/x.phpt', 'vendor/bin/tester tests'],
  ])('tests with %s', async (name, path, expected) => {
    const files = { ...SOURCE, 'composer.json': manifest({ 'require-dev': { [name]: '*' } }), [path]: 'x: 1\n' };
    expect((await commands(files)).test).toEqual([expected]);
  });

  it('a script with settings of its own is what reaches one test', async () => {
    const text = manifest({
      'require-dev': { 'phpunit/phpunit': '*' },
      scripts: { test: '@php -d memory_limit=1G vendor/bin/phpunit -c tests/unit.xml tests' },
    });
    expect((await commands({ ...SOURCE, 'composer.json': text }))['test-single']?.[0]).toBe(
      'composer test -- --filter=<name>',
    );
  });

  it.each([
    ['phpcs', 'squizlabs/php_codesniffer', 'phpcs.xml.dist', ['lint: vendor/bin/phpcs', 'format: vendor/bin/phpcbf']],
    [
      'ecs',
      'symplify/easy-coding-standard',
      'ecs.php',
      ['lint: vendor/bin/ecs check', 'format: vendor/bin/ecs check --fix'],
    ],
    ['mago', 'carthage-software/mago', 'mago.toml', ['lint: vendor/bin/mago lint', 'format: vendor/bin/mago format']],
    ['psalm', 'vimeo/psalm', 'psalm.xml', ['typecheck: vendor/bin/psalm']],
  ])('%s where it is configured and no script runs it', async (_, name, config, expected) => {
    const files = {
      ...SOURCE,
      'composer.json': manifest({ 'require-dev': { [name]: '*' } }),
      [config]: config.endsWith('xml') || config.endsWith('dist') ? '<ruleset/>' : '# x\n',
    };
    const all = await said(files, /^(?:lint|format|typecheck):/);
    expect(all.map((line) => line.split(' | ')[0])).toEqual(expected);
  });

  it('a tool without its configuration is no command', async () => {
    const text = manifest({ 'require-dev': { 'phpstan/phpstan': '*', 'slevomat/coding-standard': '*' } });
    expect(await said({ ...SOURCE, 'composer.json': text }, /phpstan|phpcs/)).toEqual([
      'type-checker = phpstan | composer.json:4 | config -1',
    ]);
  });

  it('tools kept apart are started where they are', async () => {
    const files = {
      ...SOURCE,
      'composer.json': manifest({ require: { php: '^8.2' }, config: { 'bin-dir': '.Build/bin' } }),
      '.phive/phars.xml': '<phive>\n  <phar name="phpstan" version="^2.0" location="./tools/phpstan"/>\n</phive>\n',
      'phpstan.neon': 'parameters:\n',
      '.php-cs-fixer.php': '<?php\n',
      'psalm.xml': '<psalm/>\n',
      'tools/psalm/composer.json': manifest({ 'require-dev': { 'vimeo/psalm': '*' } }),
      'phpcs.xml': '<ruleset/>\n',
    };
    const all = await said(files, /^(?:lint|format|typecheck):/);
    expect(all.map((line) => line.split(' | ')[0])).toEqual([
      'lint: .Build/bin/phpcs',
      'format: .Build/bin/phpcbf',
      'format: php-cs-fixer fix',
      'lint: php-cs-fixer fix --dry-run --diff',
      'typecheck: tools/phpstan analyse',
      'typecheck: tools/psalm/vendor/bin/psalm',
    ]);
  });

  it('lists the packages of a monorepo, and their tests where the root has none', async () => {
    const files = {
      'composer.json': manifest({ 'require-dev': { 'symplify/monorepo-builder': '*' } }),
      'packages/cart/composer.json': '{\n  "name": "orchard/cart",\n  "require-dev": { "phpunit/phpunit": "*" }\n}\n',
      'packages/cart/phpunit.xml': '<phpunit/>',
      'packages/cart/src/Cart.php': '<?php\n',
      'packages/copied/composer.json': '{\n  "name": "else/where"\n}\n',
      'examples/one/composer.json': '{\n  "name": "orchard/one"\n}\n',
    };
    expect(await said(files, / in /)).toEqual([
      'workspace = orchard/cart in packages/cart | packages/cart/composer.json:2 | config 0',
      'test: vendor/bin/phpunit in packages/cart | packages/cart/composer.json:3 | config 0',
      'test-single: vendor/bin/phpunit <file> in packages/cart | packages/cart/composer.json:3 | config 0',
      'test-single: vendor/bin/phpunit --filter <name> in packages/cart | packages/cart/composer.json:3 | config -0.2',
    ]);
    const tested = { ...files, 'phpunit.xml': '<phpunit/>' };
    expect(await said(tested, / in /)).toEqual([
      'workspace = orchard/cart in packages/cart | packages/cart/composer.json:2 | config 0',
    ]);
  });

  it('scripts that every package carries say nothing of one', async () => {
    const files: Record<string, string> = { 'composer.json': manifest({}), 'phpunit.xml': '<phpunit/>', ...SOURCE };
    for (const name of ['a', 'b', 'c', 'd']) {
      const scripts = name === 'd' ? { test: 'phpunit', demo: 'php -S localhost:8000' } : { test: 'phpunit' };
      files[`src/${name}/composer.json`] = JSON.stringify({ name: `orchard/${name}`, scripts });
    }
    expect(await said(files, /^task/)).toEqual([
      'task composer demo in src/d | src/d/composer.json:1 { php -S localhost:8000 }',
    ]);
  });

  it('a backend in a folder of its own', async () => {
    const files = {
      'package.json': '{ "name": "web", "scripts": { "test": "vitest run" } }',
      'backend/composer.json': manifest({ require: { 'slim/slim': '^4' } }),
      'backend/src/App.php': '<?php\n',
      'tools/php-cs-fixer/composer.json': manifest({}),
      'docs-assets/app/composer.json': manifest({}),
    };
    expect(await said(files, /^(?:package-manager|install)/)).toEqual([
      'package-manager = composer in backend | backend/composer.json:2 | config 0',
      'install: composer install in backend | backend/composer.json:2 | convention 1.5',
    ]);
  });

  it('Composer that only brings tools to another language stands back', async () => {
    const files: Record<string, string> = {
      'composer.json': manifest({ 'require-dev': { 'squizlabs/php_codesniffer': '*', 'phpunit/phpunit': '*' } }),
      'phpcs.xml': '<ruleset/>',
      'functions.php': '<?php\n',
      'package.json': '{\n  "name": "theme",\n  "scripts": {\n    "test": "vitest run"\n  }\n}\n',
    };
    for (let i = 0; i < 40; i++) files[`src/part${i}.ts`] = 'export {};\n';
    expect(await said(files, /^(?:package-manager|install|test|lint|linter|format)/)).toEqual([
      'package-manager = composer | composer.json:2 | config -20',
      'install: composer install | composer.json:2 | convention -3',
    ]);
    expect((await commands(files)).test).toEqual(['npm test']);
    const { facts } = await analyze(memoryRepository(files));
    expect(facts.filter(({ key }) => key === 'package-manager').map(({ value }) => value)).toEqual(['npm', 'composer']);
  });

  it('a script of npm that starts PHPUnit is no script of the front end', async () => {
    const files = {
      'composer.json': manifest({ 'require-dev': { 'phpunit/phpunit': '*' }, autoload: { classmap: ['src'] } }),
      'phpunit.xml': '<phpunit/>',
      'package.json':
        '{\n  "scripts": {\n    "test:php": "wp-env run tests-cli vendor/bin/phpunit",\n    "test": "vitest run"\n  }\n}\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: npm run test:php\n',
      'src/A.php': '<?php\n',
      'src/B.php': '<?php\n',
    };
    expect((await commands(files)).test).toEqual(['npm run test:php', 'npm test']);
  });

  it('tests of a plugin for WordPress run in the container that npm starts', async () => {
    const files = {
      'composer.json': manifest({
        'require-dev': { 'phpunit/phpunit': '*' },
        scripts: { test: 'phpunit', lint: 'phpcs' },
      }),
      '.wp-env.json': '{}',
      'phpunit.xml.dist': '<phpunit/>',
      'package.json': '{\n  "scripts": {\n    "test:php": "wp-env run tests-cli --env-cwd=x composer test"\n  }\n}\n',
      'package-lock.json': '{}',
      'plugin.php': '<?php\n',
    };
    expect((await commands(files)).test).toEqual(['npm run test:php', 'composer test']);
    expect((await commands(files))['test-single']?.[0]).toBe('npm run test:php -- --filter=<name>');
    expect((await commands(files)).lint?.[0]).toBe('composer lint');
    const { '.wp-env.json': _, ...outside } = files;
    expect((await commands(outside)).test?.[0]).toBe('composer test');
    expect((await commands(outside))['test-single']?.[0]).toBe('vendor/bin/phpunit <file>');
  });

  it('reads what scripts refer to, and leaves PHP to Composer', async () => {
    const text = manifest({
      scripts: {
        'auto-scripts': { 'cache:clear': 'symfony-cmd' },
        '---': '',
        ci: [
          '@putenv XDEBUG_MODE=off',
          '@lint --colors',
          'Orchard\\Build\\Command',
          'Composer\\Config::disableProcessTimeout',
          '@php artisan test @additional_args',
          '@composer dump-autoload',
          7,
          { a: 1 },
        ],
      },
    });
    expect(await said({ ...SOURCE, 'composer.json': text }, /^task/)).toEqual([
      'task composer --- | composer.json:7',
      'task composer ci | composer.json:8 { export XDEBUG_MODE=off; php artisan test; composer dump-autoload; 7 } needs lint',
    ]);
  });

  it("takes the suites of TYPO3's script", async () => {
    const script =
      '#!/usr/bin/env bash\ncase ${TEST_SUITE} in\n    cgl)\n        ;;\n    functional)\n        ;;\n    phpstan)\n        ;;\n    unit|unitRandom)\n        ;;\n    mysql)\n        ;;\nesac\n';
    const files = { ...SOURCE, 'composer.json': manifest({}), 'Build/Scripts/runTests.sh': script };
    expect(await said(files, /runTests/)).toEqual([
      'test: Build/Scripts/runTests.sh -s unit | Build/Scripts/runTests.sh:9 | config 1',
      'test-single: Build/Scripts/runTests.sh -s unit <file> | Build/Scripts/runTests.sh:9 | config 1',
      'test: Build/Scripts/runTests.sh -s functional | Build/Scripts/runTests.sh:5 | config -1',
      'format: Build/Scripts/runTests.sh -s cgl | Build/Scripts/runTests.sh:3 | config 1',
      'typecheck: Build/Scripts/runTests.sh -s phpstan | Build/Scripts/runTests.sh:7 | config 1',
    ]);
  });

  it.each([
    ['examples', { 'examples/a/composer.json': manifest({}), 'examples/a/x.php': '' }],
    ['no PHP beside it', { 'theme/composer.json': manifest({}) }],
    ['no object', { 'composer.json': '[]' }],
    ['an empty file', { 'composer.json': '' }],
  ])('is silent about %s', async (_, files) => {
    expect(await said(files as Record<string, string>)).toEqual([]);
  });

  it.each([
    ['a file that breaks off', manifest({ scripts: { test: 'phpunit', lint: 'phpcs' } }).slice(0, -8)],
    ['line ends of Windows', manifest({ scripts: { test: 'phpunit' } }).replaceAll('\n', '\r\n')],
    [
      'a line of a hundred thousand characters',
      manifest({ description: 'a '.repeat(50_000), scripts: { test: 'phpunit' } }),
    ],
    [
      'other types',
      '{"scripts": {"test": "phpunit", "a": 3, "b": null}, "require": [1], "bin": {"a": 1}, "config": "x", "repositories": {"0": false}}',
    ],
  ])('reads what can be read of %s', async (_, text) => {
    expect(await said({ ...SOURCE, 'composer.json': text }, /^task composer test/)).toEqual([
      expect.stringMatching(/^task composer test \| composer\.json:\d+ \{ phpunit \}$/),
    ]);
  });
});
