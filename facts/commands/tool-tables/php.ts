import { CHECK, type ToolRow } from '../tool-rule.ts';

const php = { language: 'php' } as const;

/** Tools of PHP. */
export const PHP_TOOLS: readonly ToolRow[] = [
  ['composer install', { install: 1 }],
  ['phpunit', { test: 1 }, php],
  ['vendor/bin/phpunit', { test: 0.9 }],
  ['pest', { test: 1 }, php],
  ['phpstan analyse', { typecheck: 0.9 }, php],
  ['psalm', { typecheck: 0.9 }, php],
  ['phpcs', { lint: 0.9 }, php],
  ['phpcbf', { format: 0.8 }, php],
  ['php-cs-fixer fix', { format: 1 }, { ...php, checks: CHECK }],
  ['pint', { format: 0.9 }, { ...php, checks: CHECK }],
  ['php artisan test', { test: 1 }],
];
