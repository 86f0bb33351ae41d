/** One of several tools that do the same work; a repository that has chosen one rarely has another. */
export interface Rival {
  /** As it is written in prose. */
  readonly name: string;
  /** A value of the facts `test-framework`, `linter`, `formatter` or `type-checker`. */
  readonly fact: string;
  /** Names of its packages, by `registry:name`. */
  readonly packages: readonly string[];
  /** The work it does, and for which language: rivals share one of them. */
  readonly roles: readonly string[];
  /** What finds it in any file; a word of it is no proof that it is used. */
  readonly word: RegExp;
}

function rival(name: string, roles: string, packages: string, fact = name.toLowerCase()): Rival {
  const word = new RegExp(`(?<![A-Za-z])${name.replaceAll('.', '\\.')}(?![A-Za-z])`, 'i');
  return { name, fact, packages: packages.split(' '), roles: roles.split(' '), word };
}

/** Tools that a manifest declares when they are used; those a language brings along prove nothing by their absence. */
export const RIVALS: readonly Rival[] = [
  rival(
    'Jest',
    'js-test',
    'npm:jest npm:ts-jest npm:@jest/core npm:@jest/globals npm:jest-expo npm:react-scripts npm:@nx/jest npm:babel-jest npm:@backstage/cli npm:@wordpress/scripts',
  ),
  rival(
    'Vitest',
    'js-test',
    'npm:vitest npm:@vitest/runner npm:vite-plus npm:@cloudflare/vitest-pool-workers npm:@nx/vite',
  ),
  rival('Mocha', 'js-test', 'npm:mocha npm:@vscode/test-cli npm:hardhat npm:ember-cli npm:mochawesome'),
  rival('Jasmine', 'js-test', 'npm:jasmine npm:jasmine-core npm:karma-jasmine'),
  rival('AVA', 'js-test', 'npm:ava'),
  rival('Cypress', 'js-e2e', 'npm:cypress'),
  rival(
    'Playwright',
    'js-e2e',
    'npm:playwright npm:@playwright/test npm:playwright-core pypi:playwright pypi:pytest-playwright nuget:Microsoft.Playwright npm:@vitest/browser-playwright',
  ),
  rival(
    'ESLint',
    'js-lint',
    'npm:eslint npm:@antfu/eslint-config npm:xo npm:standard npm:react-scripts npm:@nx/eslint npm:@backstage/cli npm:@wordpress/scripts',
  ),
  rival('Biome', 'js-lint js-format', 'npm:@biomejs/biome npm:ultracite'),
  rival('Oxlint', 'js-lint', 'npm:oxlint npm:vite-plus'),
  rival('TSLint', 'js-lint', 'npm:tslint'),
  rival('Prettier', 'js-format', 'npm:prettier npm:eslint-plugin-prettier npm:@backstage/cli'),
  rival('dprint', 'js-format', 'npm:dprint'),
  rival('pytest', 'py-test', 'pypi:pytest'),
  rival('nose2', 'py-test', 'pypi:nose2'),
  rival('Ruff', 'py-lint py-format', 'pypi:ruff'),
  rival('Flake8', 'py-lint', 'pypi:flake8'),
  rival('Pylint', 'py-lint', 'pypi:pylint'),
  rival('Black', 'py-format', 'pypi:black'),
  rival('YAPF', 'py-format', 'pypi:yapf'),
  rival('mypy', 'py-types', 'pypi:mypy'),
  rival('Pyright', 'py-types', 'pypi:pyright npm:pyright pypi:basedpyright'),
  rival('RSpec', 'rb-test', 'rubygems:rspec rubygems:rspec-rails rubygems:rspec-core'),
  rival('Minitest', 'rb-test', 'rubygems:minitest rubygems:rails rubygems:activesupport'),
  rival(
    'PHPUnit',
    'php-test',
    'packagist:phpunit/phpunit packagist:pestphp/pest packagist:codeception/codeception packagist:orchestra/testbench',
  ),
  rival('Pest', 'php-test', 'packagist:pestphp/pest'),
  rival('PHPStan', 'php-types', 'packagist:phpstan/phpstan packagist:larastan/larastan packagist:nunomaduro/larastan'),
  rival('Psalm', 'php-types', 'packagist:vimeo/psalm packagist:psalm/phar'),
  rival('xUnit', 'net-test', 'nuget:xunit nuget:xunit.v3 nuget:xunit.core nuget:xunit.assert'),
  rival('NUnit', 'net-test', 'nuget:NUnit nuget:nunit'),
  rival('MSTest', 'net-test', 'nuget:MSTest nuget:MSTest.TestFramework nuget:MSTest.Sdk'),
  rival('TUnit', 'net-test', 'nuget:TUnit'),
];
