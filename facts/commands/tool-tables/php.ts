import { CHECK, type ToolRow } from '../tool-rule.ts';

const php = { language: 'php' } as const;

/** Only what is needed to run it, or the oldest it runs with: not what a contributor installs. */
const COMPOSER = {
  values: ['-d', '--working-dir', '--with'],
  drops: /^-n$/,
  selects: /^(?:--no-dev|--prefer-lowest|-d|--working-dir(?:=.*)?)$/,
} as const;
const PHPUNIT = {
  ...php,
  values: [
    '-c',
    '--configuration',
    '-d',
    '--bootstrap',
    '--testsuite',
    '--filter',
    '--group',
    '--exclude-group',
    '--order-by',
    '--processes',
    '--coverage-clover',
    '--coverage-html',
    '--coverage-xml',
    '--coverage-cobertura',
    '--coverage-php',
    '--coverage-filter',
    '--log-junit',
    '--testdox-html',
    '--testdox-text',
  ],
} as const;
const PHPSTAN = {
  ...php,
  values: ['-c', '--configuration', '-l', '--level', '-a', '--autoload-file', '--memory-limit', '--error-format'],
} as const;
/** Progress and the names of sniffs. */
const PHPCS = { ...php, broad: ['.'], drops: /^-[ps]+$/ } as const;
/** A formatter that is told to only look lints. */
const FORMATTER = {
  ...php,
  checks: [...CHECK, '--bail'],
  looks: { lint: 0.8, format: 0.4 },
  values: ['--config', '--path-mode', '--preset'],
} as const;

/** Tools of PHP. */
export const PHP_TOOLS: readonly ToolRow[] = [
  ['composer install', { install: 1 }, COMPOSER],
  ['composer update', { install: 0.4 }, COMPOSER],
  ['phpunit', { test: 1 }, PHPUNIT],
  ['simple-phpunit', { test: 1 }, PHPUNIT],
  ['simple-phpunit install', {}, PHPUNIT],
  ['php bin/phpunit', { test: 1 }, { values: PHPUNIT.values }],
  ['paratest', { test: 1 }, { ...PHPUNIT, values: [...PHPUNIT.values, '-p', '--processes', '--runner'] }],
  ['pest', { test: 1 }, PHPUNIT],
  ['codecept run', { test: 1 }, { ...php, values: ['-c', '--config', '-g', '--group', '--env', '-o'] }],
  ['codecept build', { generate: 0.6 }, php],
  ['behat', { test: 0.8 }, { ...php, values: ['-c', '--config', '-s', '--suite', '-p', '--profile', '-f', '--tags'] }],
  ['phpspec run', { test: 1 }, { ...php, values: ['-c', '--config', '-f'] }],
  ['kahlan', { test: 1 }, php],
  ['tester', { test: 1 }, { ...php, values: ['-C', '-c', '-d', '-p', '-j', '-s'] }],
  ['infection', {}, php],
  ['php artisan test', { test: 1 }, { values: PHPUNIT.values }],
  ['php artisan dusk', { test: 0.5 }],
  ['php artisan serve', { run: 1 }],
  ['sail test', { test: 1 }, php],
  ['sail artisan test', { test: 1 }, php],
  ['sail pest', { test: 1 }, php],
  ['sail phpunit', { test: 1 }, php],
  ['sail pint', { format: 0.9 }, FORMATTER],
  ['sail up', { run: 0.8 }, php],
  ['sail composer install', { install: 0.8 }, php],
  ['symfony serve', { run: 1 }],
  ['symfony server:start', { run: 1 }],
  ['phpstan', { typecheck: 0.9, lint: 0.5 }, PHPSTAN],
  ['phpstan analyse', { typecheck: 0.9, lint: 0.5 }, PHPSTAN],
  ['phpstan analyze', { typecheck: 0.9, lint: 0.5 }, PHPSTAN],
  ['phpstan clear-result-cache', {}, php],
  ['psalm', { typecheck: 0.9, lint: 0.5 }, { ...php, values: ['-c', '--config', '-f'] }],
  ['phan', { typecheck: 0.9, lint: 0.5 }, php],
  ['phpcs', { lint: 0.9 }, PHPCS],
  ['phpcbf', { format: 0.9 }, PHPCS],
  ['php-cs-fixer', { format: 1 }, FORMATTER],
  ['php-cs-fixer fix', { format: 1 }, FORMATTER],
  ['php-cs-fixer check', { lint: 0.9 }, { ...php, values: ['--config', '--path-mode'] }],
  ['twig-cs-fixer', { lint: 0.4 }, php],
  ['pint', { format: 0.9 }, FORMATTER],
  ['duster lint', { lint: 0.9 }, php],
  ['duster fix', { format: 0.9 }, php],
  ['ecs', { lint: 0.9 }, { ...php, fixes: ['--fix'], values: ['-c', '--config'] }],
  ['ecs check', { lint: 0.9 }, { ...php, fixes: ['--fix'], values: ['-c', '--config'] }],
  ['mago lint', { lint: 0.9 }, { ...php, fixes: ['--fix'] }],
  ['mago format', { format: 1 }, FORMATTER],
  ['mago fmt', { format: 1 }, FORMATTER],
  ['mago analyze', { typecheck: 0.9 }, php],
  ['parallel-lint', { lint: 0.6 }, { ...php, values: ['--exclude', '-e', '-j'] }],
  ['phplint', { lint: 0.6 }, php],
  ['phpmd', { lint: 0.6 }, php],
  ['rector', { lint: 0.3 }, { ...php, checks: ['--dry-run', '-n'], values: ['-c', '--config'] }],
  ['rector process', { lint: 0.3 }, { ...php, checks: ['--dry-run', '-n'], values: ['-c', '--config'] }],
  ['grumphp run', { lint: 0.7 }, php],
  ['deptrac', { lint: 0.3 }, php],
  ['deptrac analyse', { lint: 0.3 }, php],
  ['box compile', { build: 0.9 }, php],
  ['robo', {}, php],
];
