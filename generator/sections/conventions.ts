import type { Evidence, Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { list, oneLine } from '../markdown.ts';

/** Tools by the names people know them under; a tool not named here is shown as it is typed. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    vitest: 'Vitest',
    jest: 'Jest',
    mocha: 'Mocha',
    playwright: 'Playwright',
    cypress: 'Cypress',
    ava: 'AVA',
    eslint: 'ESLint',
    oxlint: 'Oxlint',
    biome: 'Biome',
    prettier: 'Prettier',
    stylelint: 'Stylelint',
    dprint: 'dprint',
    pytest: 'pytest',
    ruff: 'Ruff',
    black: 'Black',
    flake8: 'Flake8',
    pylint: 'Pylint',
    mypy: 'mypy',
    pyright: 'Pyright',
    junit: 'JUnit',
    junit4: 'JUnit 4',
    junit5: 'JUnit 5',
    spock: 'Spock',
    kotest: 'Kotest',
    testng: 'TestNG',
    spotless: 'Spotless',
    checkstyle: 'Checkstyle',
    detekt: 'detekt',
    ktlint: 'ktlint',
    testify: 'testify',
    ginkgo: 'Ginkgo',
    clippy: 'Clippy',
    rustfmt: 'rustfmt',
    googletest: 'GoogleTest',
    catch2: 'Catch2',
    'golangci-lint': 'golangci-lint',
    gofumpt: 'gofumpt',
    tsc: 'TypeScript',
  }),
);
/** Libraries beside a language's own test runner: the command for the tests says all there is to type. */
const BESIDE = new Set([
  'testify',
  'quicktest',
  'proptest',
  'rstest',
  'trybuild',
  'insta',
  'gomega',
  'mockito',
  'django',
  'node:test',
  'ctest',
  'gotestsum',
  'stream_data',
  'propcheck',
  'proper',
  'mox',
  'wallaby',
  'hound',
  'birdie',
  'fscheck',
  'fsunit',
  'unquote',
  'quickcheck',
  'hypothesis',
  'jqwik',
  'scalacheck',
  'capybara',
  'selenium',
  'integration_test',
]);
/** Frameworks by the language that their tests are written in. */
const WRITTEN_IN: readonly (readonly [languages: readonly string[], frameworks: readonly string[]])[] = [
  [
    ['JavaScript', 'TypeScript', 'Vue', 'Svelte'],
    [
      'vitest',
      'jest',
      'mocha',
      'ava',
      'jasmine',
      'karma',
      'tap',
      'uvu',
      'playwright',
      'cypress',
      'deno test',
      'bun test',
    ],
  ],
  [
    ['Python', 'Cython'],
    ['pytest', 'unittest', 'nose2'],
  ],
  [
    ['C#', 'F#', 'Visual Basic .NET'],
    ['xunit', 'nunit', 'mstest', 'tunit', 'expecto'],
  ],
  [
    ['Swift', 'Objective-C'],
    ['xctest', 'swift-testing', 'quick'],
  ],
  [['PHP'], ['phpunit', 'pest', 'codeception', 'behat', 'phpspec']],
  [['Ruby'], ['rspec', 'minitest', 'test-unit', 'cucumber']],
  [
    ['Java', 'Kotlin', 'Scala', 'Groovy'],
    ['junit', 'junit4', 'junit5', 'testng', 'spock', 'kotest', 'kotlin-test', 'scalatest', 'munit', 'specs2'],
  ],
  [['Dart'], ['flutter_test', 'test', 'patrol']],
];
/** Folders that show how something is used. */
const SHOWS = /(?:^|\/)(?:examples?|samples?|demos?|playgrounds?|fixtures|templates?|[a-z]*benchmarks?)\//i;
const GATES: readonly string[] = ['build', 'lint', 'format', 'typecheck', 'test'];

/** What the tests are written with, where no command shows it, and what a merge request must pass. */
export function conventionItems(facts: readonly Fact[], file: string, commands: readonly Item[]): Composed {
  const root = facts.filter(({ dir }) => dir === '');
  const items: Item[] = [];
  const omitted: Omitted[] = [];
  const printed = commands
    .map(({ text }) => text)
    .join('\n')
    .toLowerCase();
  const add = (key: string, text: string, evidence: readonly Evidence[], worth: number): void => {
    items.push({ file, section: 'Conventions', key, text, evidence, kind: 'prose', worth });
  };

  const language = root.find(({ key }) => key === 'language')?.value;
  const frameworks = root.filter(({ key, value, evidence }) => {
    if (key !== 'test-framework' || BESIDE.has(value)) return false;
    return serves(value, language) && !evidence.every(({ path }) => SHOWS.test(path));
  });
  const shown = frameworks.find(({ value }) => printed.includes(value.toLowerCase()));
  if (shown)
    omitted.push({ text: `tests: ${shown.value}`, reason: 'a command already shows it', evidence: shown.evidence });
  const named = shown ? [] : frameworks.filter(({ source }) => source !== 'convention').slice(0, 2);
  if (named.length > 0) {
    const names = list(named.map(({ value }) => NAMES.get(value) ?? oneLine(value)));
    add(
      'test-framework',
      `Tests are written with ${names}`,
      named.flatMap(({ evidence }) => evidence.slice(0, 1)),
      40,
    );
  }
  const gates = GATES.flatMap((purpose) => {
    const fact = root.find(({ key }) => key === `ci.gate.${purpose}`);
    return fact ? [{ purpose, fact }] : [];
  });
  const tells = commands.some(({ text }) => /^[^`]*\btest\b/i.test(text));
  if (tells && gates.length > 1 && gates.some(({ purpose }) => purpose === 'test')) {
    const request = gates.every(({ fact }) => fact.evidence[0]?.path.startsWith('.github/')) ? 'pull' : 'merge';
    const checks = list(gates.map(({ purpose }) => purpose));
    add(
      'ci.gate',
      `The ${request}-request pipeline checks ${checks}: run them before you push`,
      gates.map(({ fact }) => fact.evidence[0]!),
      52,
    );
  }
  return { items, omitted };
}

/** False where the framework is known to be for another language than the main one. */
function serves(framework: string, main: string | undefined): boolean {
  const mains = WRITTEN_IN.find(([languages]) => languages.includes(main ?? ''));
  const own = WRITTEN_IN.find(([, frameworks]) => frameworks.includes(framework));
  return mains === undefined || own === undefined || mains === own;
}
