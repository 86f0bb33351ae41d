import type { Purpose } from '../../fact.ts';

/** The part a tool plays in a package. */
export type Role = 'test-framework' | 'linter' | 'formatter' | 'type-checker';

/** A tool of the JavaScript world: how to see that a package uses it, and what to type where no script does. */
export interface Tool {
  /** As facts name it. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Packages whose presence means it is used (or at least meant). */
  readonly packages: readonly string[];
  /** Commands that run it: the first words, `eslint`, `biome check`. */
  readonly programs: readonly string[];
  /** File names of its configuration: whole, or stems that end in a dot (`eslint.config.`). */
  readonly configs: readonly string[];
  /** The section of package.json that configures it. */
  readonly section?: string;
  /** A package alone does not mean it is used here: many are installed for editors or as somebody's peer. */
  readonly needsConfig?: true;
  /** End-to-end: seldom what "the tests" means. */
  readonly endToEnd?: true;
  /** What to type where it is configured and no script runs it. */
  readonly commands?: Readonly<Partial<Record<Purpose, string>>>;
}

/** Endings of a stem: `eslint.config.` + `mjs`. */
export const CONFIG_ENDINGS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'jsonc', 'yml', 'yaml', 'toml'];

export const TOOLS: readonly Tool[] = [
  {
    name: 'vitest',
    roles: ['test-framework'],
    packages: ['vitest'],
    programs: ['vitest'],
    configs: ['vitest.config.', 'vitest.workspace.', 'vitest.projects.'],
    commands: { test: 'vitest run' },
  },
  {
    name: 'jest',
    roles: ['test-framework'],
    packages: ['jest', 'jest-cli', 'ts-jest', 'jest-expo'],
    programs: [
      'jest',
      'react-scripts test',
      'craco test',
      'backstage-cli package test',
      'backstage-cli repo test',
      'wp-scripts test-unit-js',
      'kcd-scripts test',
      'tsdx test',
    ],
    configs: ['jest.config.'],
    section: 'jest',
    commands: { test: 'jest' },
  },
  {
    name: 'mocha',
    roles: ['test-framework'],
    packages: ['mocha', 'ts-mocha'],
    programs: ['mocha', '_mocha', 'ts-mocha', 'electron-mocha'],
    configs: ['.mocharc.'],
    section: 'mocha',
    commands: { test: 'mocha' },
  },
  {
    name: 'ava',
    roles: ['test-framework'],
    packages: ['ava'],
    programs: ['ava'],
    configs: ['ava.config.'],
    section: 'ava',
    commands: { test: 'ava' },
  },
  {
    name: 'tap',
    roles: ['test-framework'],
    packages: ['tap'],
    programs: ['tap'],
    configs: ['.taprc'],
    section: 'tap',
    commands: { test: 'tap' },
  },
  { name: 'tape', roles: ['test-framework'], packages: ['tape'], programs: ['tape'], configs: [] },
  { name: 'uvu', roles: ['test-framework'], packages: ['uvu'], programs: ['uvu'], configs: [] },
  {
    name: 'jasmine',
    roles: ['test-framework'],
    packages: ['jasmine'],
    programs: ['jasmine'],
    configs: ['jasmine.'],
  },
  { name: 'karma', roles: ['test-framework'], packages: ['karma'], programs: ['karma'], configs: ['karma.conf.'] },
  { name: 'qunit', roles: ['test-framework'], packages: ['qunit'], programs: ['qunit'], configs: [] },
  {
    name: 'web-test-runner',
    roles: ['test-framework'],
    packages: ['@web/test-runner'],
    programs: ['wtr', 'web-test-runner'],
    configs: ['web-test-runner.config.'],
  },
  {
    name: 'node:test',
    roles: ['test-framework'],
    packages: ['borp'],
    programs: ['node --test', 'borp'],
    configs: ['.borp.'],
  },
  { name: 'bun test', roles: ['test-framework'], packages: [], programs: ['bun test'], configs: [] },
  {
    name: 'playwright',
    roles: ['test-framework'],
    packages: ['@playwright/test'],
    programs: ['playwright test'],
    configs: ['playwright.config.'],
    endToEnd: true,
  },
  {
    name: 'cypress',
    roles: ['test-framework'],
    packages: ['cypress'],
    programs: ['cypress run', 'cypress open'],
    configs: ['cypress.config.', 'cypress.json'],
    endToEnd: true,
  },
  {
    name: 'webdriverio',
    roles: ['test-framework'],
    packages: ['@wdio/cli'],
    programs: ['wdio'],
    configs: ['wdio.conf.'],
    endToEnd: true,
  },
  {
    name: 'eslint',
    roles: ['linter'],
    packages: ['eslint'],
    needsConfig: true,
    programs: [
      'eslint',
      'next lint',
      'ng lint',
      'backstage-cli package lint',
      'backstage-cli repo lint',
      'vue-cli-service lint',
      'wp-scripts lint-js',
      'react-app-rewired lint',
    ],
    configs: ['eslint.config.', '.eslintrc', '.eslintrc.'],
    section: 'eslintConfig',
    commands: { lint: 'eslint .' },
  },
  {
    name: 'oxlint',
    roles: ['linter'],
    packages: ['oxlint'],
    needsConfig: true,
    programs: ['oxlint'],
    configs: ['.oxlintrc.', 'oxlint.config.'],
    commands: { lint: 'oxlint' },
  },
  {
    name: 'biome',
    roles: ['linter', 'formatter'],
    packages: ['@biomejs/biome', 'rome'],
    needsConfig: true,
    programs: ['biome', 'rome'],
    configs: ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc', 'rome.json'],
    commands: { lint: 'biome check .', format: 'biome format --write .' },
  },
  {
    name: 'tslint',
    roles: ['linter'],
    packages: ['tslint'],
    needsConfig: true,
    programs: ['tslint'],
    configs: ['tslint.json'],
  },
  {
    name: 'stylelint',
    roles: ['linter'],
    packages: ['stylelint'],
    needsConfig: true,
    programs: ['stylelint', 'wp-scripts lint-style'],
    configs: ['stylelint.config.', '.stylelintrc', '.stylelintrc.'],
    section: 'stylelint',
  },
  {
    name: 'xo',
    roles: ['linter'],
    packages: ['xo'],
    programs: ['xo'],
    configs: ['xo.config.', '.xo-config.'],
    section: 'xo',
    commands: { lint: 'xo' },
  },
  {
    name: 'standard',
    roles: ['linter'],
    packages: ['standard'],
    programs: ['standard', 'ts-standard', 'semistandard'],
    configs: [],
    section: 'standard',
    commands: { lint: 'standard' },
  },
  {
    name: 'ultracite',
    roles: ['linter', 'formatter'],
    packages: ['ultracite'],
    needsConfig: true,
    programs: ['ultracite'],
    configs: [],
  },
  {
    name: 'prettier',
    roles: ['formatter'],
    packages: ['prettier'],
    needsConfig: true,
    programs: ['prettier'],
    configs: ['.prettierrc', '.prettierrc.', 'prettier.config.'],
    section: 'prettier',
    commands: { format: 'prettier --write .' },
  },
  {
    name: 'dprint',
    roles: ['formatter'],
    packages: ['dprint'],
    programs: ['dprint'],
    configs: ['dprint.json', '.dprint.json'],
    commands: { format: 'dprint fmt' },
  },
  {
    name: 'oxfmt',
    roles: ['formatter'],
    packages: ['oxfmt'],
    programs: ['oxfmt'],
    configs: ['.oxfmtrc.'],
    commands: { format: 'oxfmt' },
  },
  {
    name: 'vue-tsc',
    roles: ['type-checker'],
    packages: ['vue-tsc'],
    programs: ['vue-tsc'],
    configs: [],
    commands: { typecheck: 'vue-tsc --noEmit' },
  },
  {
    name: 'svelte-check',
    roles: ['type-checker'],
    packages: ['svelte-check'],
    programs: ['svelte-check'],
    configs: [],
    commands: { typecheck: 'svelte-check' },
  },
  {
    name: 'astro check',
    roles: ['type-checker'],
    packages: ['@astrojs/check'],
    programs: ['astro check'],
    configs: [],
    commands: { typecheck: 'astro check' },
  },
  {
    name: 'tsgo',
    roles: ['type-checker'],
    packages: ['@typescript/native-preview'],
    needsConfig: true,
    programs: ['tsgo'],
    configs: [],
  },
  {
    name: 'tsc',
    roles: ['type-checker'],
    packages: ['typescript'],
    needsConfig: true,
    programs: ['tsc'],
    configs: ['tsconfig.json'],
    commands: { typecheck: 'tsc --noEmit' },
  },
  {
    name: 'flow',
    roles: ['type-checker'],
    packages: ['flow-bin'],
    programs: ['flow'],
    configs: ['.flowconfig'],
    commands: { typecheck: 'flow check' },
  },
];
