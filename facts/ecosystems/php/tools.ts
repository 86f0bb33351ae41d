import type { Purpose } from '../../fact.ts';

/** A tool of PHP, what shows that a project uses it, and what to type where no script runs it. */
export interface Tool {
  readonly name: string;
  readonly key: 'test-framework' | 'linter' | 'formatter' | 'type-checker';
  /** Another thing it also is. */
  readonly also?: 'linter' | 'formatter' | 'type-checker';
  /** Packages that bring it; `phpstan/*` for all of a vendor's. */
  readonly packages: readonly string[];
  /** Its program in `vendor/bin`. */
  readonly program: string;
  /** Its configuration. */
  readonly configs: readonly string[];
  /** It is of no use without a configuration. */
  readonly needsConfig?: true;
  /** Where composer.json does not ask for it, it is installed for the user. */
  readonly global?: true;
  readonly weight?: number;
  /** Without the folder of programs. */
  readonly commands?: Readonly<Partial<Record<Purpose, string>>>;
}

/** In the order in which they matter, for each key. Test frameworks have their commands in `tests.ts`. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'pest',
    key: 'test-framework',
    packages: ['pestphp/pest'],
    program: 'pest',
    configs: ['tests/Pest.php'],
    weight: 1,
  },
  {
    name: 'phpunit',
    key: 'test-framework',
    packages: ['phpunit/phpunit', 'symfony/phpunit-bridge', 'symfony/test-pack', 'yoast/phpunit-polyfills'],
    program: 'phpunit',
    configs: ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'],
  },
  {
    name: 'codeception',
    key: 'test-framework',
    packages: ['codeception/codeception', 'lucatume/wp-browser'],
    program: 'codecept',
    configs: ['codeception.yml', 'codeception.dist.yml', 'codeception.yml.dist'],
    weight: -0.5,
  },
  {
    name: 'behat',
    key: 'test-framework',
    packages: ['behat/behat'],
    program: 'behat',
    configs: ['behat.yml', 'behat.yml.dist', 'behat.dist.yml', 'behat.yaml', 'behat.yaml.dist', 'behat.dist.yaml'],
    weight: -2,
  },
  {
    name: 'phpspec',
    key: 'test-framework',
    packages: ['phpspec/phpspec'],
    program: 'phpspec',
    configs: ['phpspec.yml', 'phpspec.yml.dist', 'phpspec.yaml', 'phpspec.yaml.dist'],
    weight: -1,
  },
  { name: 'kahlan', key: 'test-framework', packages: ['kahlan/kahlan'], program: 'kahlan', configs: [], weight: -1 },
  {
    name: 'nette tester',
    key: 'test-framework',
    packages: ['nette/tester'],
    program: 'tester',
    configs: [],
    weight: -1,
  },
  {
    name: 'dusk',
    key: 'test-framework',
    packages: ['laravel/dusk'],
    program: 'dusk',
    configs: [],
    weight: -3,
  },
  {
    name: 'infection',
    key: 'test-framework',
    packages: ['infection/infection', 'roave/infection-static-analysis-plugin'],
    program: 'infection',
    configs: ['infection.json5', 'infection.json', 'infection.json.dist', 'infection.json5.dist'],
    weight: -4,
  },
  {
    name: 'phpcs',
    key: 'linter',
    also: 'formatter',
    packages: [
      'squizlabs/php_codesniffer',
      'phpcsstandards/php_codesniffer',
      'wp-coding-standards/wpcs',
      'automattic/vipwpcs',
      'doctrine/coding-standard',
      'slevomat/coding-standard',
      'drupal/coder',
      'dealerdirect/phpcodesniffer-composer-installer',
    ],
    program: 'phpcs',
    configs: ['phpcs.xml', 'phpcs.xml.dist', '.phpcs.xml', '.phpcs.xml.dist', 'phpcs.dist.xml'],
    needsConfig: true,
    commands: { lint: 'phpcs', format: 'phpcbf' },
  },
  {
    name: 'ecs',
    key: 'linter',
    also: 'formatter',
    packages: ['symplify/easy-coding-standard', 'contributte/qa'],
    program: 'ecs',
    configs: ['ecs.php'],
    needsConfig: true,
    commands: { lint: 'ecs check', format: 'ecs check --fix' },
  },
  {
    name: 'mago',
    key: 'linter',
    also: 'formatter',
    packages: ['carthage-software/mago'],
    program: 'mago',
    configs: ['mago.toml'],
    commands: { lint: 'mago lint', format: 'mago format' },
  },
  {
    name: 'duster',
    key: 'linter',
    also: 'formatter',
    packages: ['tightenco/duster'],
    program: 'duster',
    configs: ['duster.json'],
    commands: { lint: 'duster lint', format: 'duster fix' },
  },
  {
    name: 'pint',
    key: 'formatter',
    packages: ['laravel/pint'],
    program: 'pint',
    configs: ['pint.json'],
    commands: { format: 'pint', lint: 'pint --test' },
  },
  {
    name: 'php-cs-fixer',
    key: 'formatter',
    packages: ['friendsofphp/php-cs-fixer', 'php-cs-fixer/shim', 'php-cs-fixer/*', 'kubawerlos/php-cs-fixer-*'],
    program: 'php-cs-fixer',
    configs: ['.php-cs-fixer.dist.php', '.php-cs-fixer.php', '.php_cs.dist', '.php_cs'],
    needsConfig: true,
    global: true,
    commands: { format: 'php-cs-fixer fix', lint: 'php-cs-fixer fix --dry-run --diff' },
  },
  {
    name: 'phpstan',
    key: 'type-checker',
    packages: [
      'phpstan/phpstan',
      'larastan/larastan',
      'nunomaduro/larastan',
      'szepeviktor/phpstan-wordpress',
      'phpstan/phpstan-*',
    ],
    program: 'phpstan',
    configs: ['phpstan.neon', 'phpstan.neon.dist', 'phpstan.dist.neon', 'phpstan.php'],
    needsConfig: true,
    commands: { typecheck: 'phpstan analyse' },
  },
  {
    name: 'psalm',
    key: 'type-checker',
    packages: ['vimeo/psalm', 'psalm/phar'],
    program: 'psalm',
    configs: ['psalm.xml', 'psalm.xml.dist', 'psalm.dist.xml'],
    needsConfig: true,
    weight: -0.5,
    commands: { typecheck: 'psalm' },
  },
  {
    name: 'phan',
    key: 'type-checker',
    packages: ['phan/phan'],
    program: 'phan',
    configs: ['.phan/config.php'],
    needsConfig: true,
    weight: -1,
    commands: { typecheck: 'phan' },
  },
  {
    name: 'grumphp',
    key: 'linter',
    packages: ['phpro/grumphp', 'phpro/grumphp-shim'],
    program: 'grumphp',
    configs: ['grumphp.yml', 'grumphp.yml.dist', 'grumphp.yaml'],
    needsConfig: true,
    weight: -1,
    commands: { lint: 'grumphp run' },
  },
  {
    name: 'parallel-lint',
    key: 'linter',
    packages: ['php-parallel-lint/php-parallel-lint', 'jakub-onderka/php-parallel-lint'],
    program: 'parallel-lint',
    configs: [],
    weight: -2,
  },
  { name: 'phpmd', key: 'linter', packages: ['phpmd/phpmd'], program: 'phpmd', configs: [], weight: -2 },
  {
    name: 'rector',
    key: 'linter',
    packages: ['rector/rector', 'driftingly/rector-laravel'],
    program: 'rector',
    configs: ['rector.php'],
    weight: -2,
  },
];
