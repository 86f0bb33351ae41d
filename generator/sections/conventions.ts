import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { list } from '../markdown.ts';

/** Tools by the names people know them under; a tool not named here is shown as it is typed. */
const NAMES: Readonly<Record<string, string>> = {
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
};
const ROLES: readonly (readonly [key: string, verb: string])[] = [
  ['test-framework', 'tests'],
  ['linter', 'lint'],
  ['formatter', 'format'],
  ['type-checker', 'types'],
];
/** Which purposes a pipeline checks, as a sentence names them. */
const CHECKED: readonly (readonly [key: string, name: string])[] = [
  ['command.build', 'build'],
  ['command.lint', 'lint'],
  ['command.format', 'format'],
  ['command.typecheck', 'typecheck'],
  ['command.test', 'test'],
];

/** Which tools hide behind the commands, and what a merge request must pass. */
export function conventionItems(facts: readonly Fact[], file: string, commandTexts: readonly string[]): Composed {
  const root = facts.filter(({ dir }) => dir === '');
  const items: Item[] = [];
  const omitted: Omitted[] = [];
  const printed = commandTexts.join('\n').toLowerCase();

  const hidden: { names: string; verbs: string[]; fact: Fact }[] = [];
  for (const [key, verb] of ROLES) {
    const tools = root.filter((fact) => fact.key === key && fact.source !== 'convention');
    const shown = tools.filter(({ value }) => printed.includes(value.toLowerCase()));
    for (const fact of shown)
      omitted.push({ text: `${verb}: ${fact.value}`, reason: 'a command already shows it', evidence: fact.evidence });
    // Where a command shows one tool of a role, its companions are details of the configuration.
    const unseen = shown.length > 0 ? [] : tools.slice(0, 2);
    if (unseen.length === 0) continue;
    const names = list(unseen.map(({ value }) => NAMES[value] ?? value));
    const same = hidden.find((other) => other.names === names);
    if (same) same.verbs.push(verb);
    else hidden.push({ names, verbs: [verb], fact: unseen[0]! });
  }
  if (hidden.length > 0) {
    items.push({
      file,
      section: 'Conventions',
      key: hidden[0]!.fact.key,
      text: `Tools behind the commands: ${hidden.map(({ names, verbs }) => `${list(verbs)}: ${names}`).join('; ')}`,
      evidence: hidden.flatMap(({ fact }) => fact.evidence.slice(0, 1)),
      kind: 'prose',
      worth: 40,
    });
  }
  const gates = CHECKED.flatMap(([key, name]) => {
    const fact = root.find((each) => each.key === key);
    return fact?.source === 'ci' ? [{ name, fact }] : [];
  });
  if (gates.length > 1) {
    items.push({
      file,
      section: 'Conventions',
      key: 'ci.job',
      text: `The merge-request pipeline runs ${list(gates.map(({ name }) => name))}: run them before you push`,
      evidence: gates.map(({ fact }) => fact.evidence[0]!),
      kind: 'prose',
      worth: 52,
    });
  }
  return { items, omitted };
}
