import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { plainCall } from './calls.ts';
import { composerCall } from './composer-commands.ts';
import { readName } from './names.ts';
import { readCommand } from './reading.ts';
import { unwrap } from './unwrap.ts';

const words = (line: string): string[] => line.split(' ');

describe('calls of Composer', () => {
  it.each([
    ['composer test', 'composer test'],
    ['composer run-script test', 'composer test'],
    ['composer run --timeout=0 test -- --filter=x', 'composer test -- --filter=x'],
    ['composer --ansi test', 'composer test'],
    // A script never runs by the name of a command.
    ['composer run validate', 'composer run validate'],
    ['composer validate --strict', 'composer validate --strict'],
    ['composer install --no-dev', 'composer install --no-dev'],
    // Another folder's script is not this one's.
    ['composer test -d api', 'composer test -d api'],
    ['composer --working-dir=api test', 'composer --working-dir=api test'],
    ['composer', 'composer'],
    ['composer run', 'composer run'],
  ])('%s is %s', (line, expected) => {
    expect(plainCall(words(line)).join(' ')).toBe(expected);
  });

  it('names the script of a command with run', () => {
    expect([composerCall('test'), composerCall('archive')]).toEqual(['composer test', 'composer run archive']);
  });

  it.each([
    ['vendor/bin/phpunit --filter x', 'phpunit --filter x', 'vendor/bin/'],
    ['./vendor/bin/phpstan analyse', 'phpstan analyse', 'vendor/bin/'],
    ['php -d memory_limit=-1 -dx=y vendor/bin/phpunit', 'phpunit', 'vendor/bin/'],
    ['composer exec -- phpcs src', 'phpcs src', 'composer exec'],
    ['symfony php bin/phpunit', 'bin/phpunit', undefined],
    ['docker compose exec php vendor/bin/pest', 'pest', 'vendor/bin/'],
    ['wp-env run tests-cli vendor/bin/phpunit', 'phpunit', 'vendor/bin/'],
    ['php artisan test', 'php artisan test', undefined],
    ['php -d', 'php -d', undefined],
    ['vendor/bin/a/b', 'vendor/bin/a/b', undefined],
  ])('looks through %s', (line, inner, launcher) => {
    const read = unwrap(words(line));
    expect([read.words.join(' '), read.launcher]).toEqual([inner, launcher]);
    expect(read.dynamic).toHaveLength(read.words.length);
  });

  it.each([
    ['vendor/bin/php-cs-fixer fix --dry-run', { lint: 0.8, format: 0.4 }],
    ['vendor/bin/php-cs-fixer fix', { format: 1 }],
    ['vendor/bin/pint --test', { lint: 0.8, format: 0.4 }],
    ['phpstan', { typecheck: 0.9, lint: 0.5 }],
    ['php artisan test --parallel', { test: 1 }],
  ])('%s', (line, expected) => {
    expect(readCommand(words(line))?.purposes).toEqual(expected);
  });

  it('an install without development packages is a part of it', () => {
    expect(readCommand(words('composer install --no-dev'))?.narrow).toBeGreaterThan(0.5);
    expect(readCommand(words('composer install -n --prefer-dist'))?.words.join(' ')).toBe('composer install');
  });

  it.each([
    ['cs:fix', 'format'],
    ['fix-cs', 'format'],
    ['check-cs', 'lint'],
    ['stan', 'typecheck'],
    ['lint:phpstan', 'typecheck'],
    ['phpunit', 'test'],
  ])('the name %s stands for %s', (name, purpose) => {
    const [best] = Object.entries(readName(name)?.purposes ?? {}).sort((a, b) => b[1] - a[1]);
    expect([best?.[0], readName(name)?.special]).toEqual([purpose, 0]);
  });
});

describe('what scripts of several languages answer', () => {
  const php = (scripts: object, more: object = {}): Record<string, string> => ({
    'composer.json': JSON.stringify({ name: 'x/y', scripts, ...more }, null, 2),
    'src/A.php': '<?php\n',
    'src/B.php': '<?php\n',
  });
  const pipeline = (...lines: string[]): Record<string, string> => ({
    '.github/workflows/ci.yml': `on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n${lines.map((line) => `      - run: ${line}\n`).join('')}`,
  });
  const said = async (files: Record<string, string>, purpose: string): Promise<string[]> => {
    const { facts } = await analyze(memoryRepository(files));
    return facts.filter(({ key, dir }) => key === `command.${purpose}` && dir === '').map(({ value }) => value);
  };

  it('a lint that is nothing but a formatter that writes is how one formats', async () => {
    expect((await said(php({ lint: 'pint' }), 'format'))[0]).toBe('composer lint');
    expect(await said(php({ lint: 'phpcs' }), 'format')).toEqual([]);
    expect(await said(php({ lint: ['pint', 'phpstan'] }), 'format')).not.toContain('composer lint');
  });

  it('the task that runs the parts comes before the part that the pipeline runs', async () => {
    const files = php({ test: ['@lint', '@test:unit'], lint: 'phpcs', 'test:unit': 'pest' });
    expect(await said({ ...files, ...pipeline('composer test:unit', 'composer lint') }, 'test')).toEqual([
      'composer test',
      'composer test:unit',
    ]);
  });

  it('a script of another language takes no place from a tool of the main one', async () => {
    const files = {
      ...php({}, { 'require-dev': { 'phpunit/phpunit': '*' } }),
      'phpunit.xml': '<phpunit/>',
      'package.json': '{\n  "scripts": {\n    "test": "vitest run"\n  }\n}\n',
    };
    expect(await said(files, 'test')).toEqual(['vendor/bin/phpunit', 'npm test']);
  });
});
