/** The files in which linters keep their rules, and the linter; where a file holds more, the tables that are the linter's. */
interface LintFile {
  readonly path: RegExp;
  readonly tool: string;
  readonly tables?: readonly (readonly string[])[];
}

const FILES: readonly LintFile[] = [
  { tool: 'eslint', path: /(?:^|\/)(?:\.eslintrc(?:\.(?:json|ya?ml|[cm]?js))?|eslint\.config\.[cm]?[jt]s)$/ },
  { tool: 'oxlint', path: /(?:^|\/)(?:\.?oxlintrc\.jsonc?|oxlint\.config\.[cm]?[jt]s)$/ },
  { tool: 'biome', path: /(?:^|\/)\.?biome\.jsonc?$/ },
  { tool: 'stylelint', path: /(?:^|\/)(?:\.stylelintrc(?:\.(?:json|ya?ml|[cm]?js))?|stylelint\.config\.[cm]?[jt]s)$/ },
  { tool: 'tslint', path: /(?:^|\/)tslint\.(?:json|ya?ml)$/ },
  { tool: 'golangci-lint', path: /(?:^|\/)\.golangci\.(?:ya?ml|toml|json)$/ },
  { tool: 'ruff', path: /(?:^|\/)\.?ruff\.toml$/ },
  { tool: 'flake8', path: /(?:^|\/)\.flake8$/ },
  { tool: 'pylint', path: /(?:^|\/)(?:\.?pylintrc|\.pylintrc\.toml)$/ },
  { tool: 'mypy', path: /(?:^|\/)\.?mypy\.ini$/ },
  { tool: 'rubocop', path: /(?:^|\/)\.rubocop\.ya?ml$/ },
  { tool: 'standard', path: /(?:^|\/)\.standard\.ya?ml$/ },
  { tool: 'phpstan', path: /(?:^|\/)phpstan(?:\.dist)?\.neon(?:\.dist)?$/ },
  { tool: 'psalm', path: /(?:^|\/)psalm\.xml(?:\.dist)?$/ },
  { tool: 'phpcs', path: /(?:^|\/)\.?phpcs\.xml(?:\.dist)?$/ },
  { tool: 'php-cs-fixer', path: /(?:^|\/)\.php-cs-fixer(?:\.dist)?\.php$/ },
  { tool: 'clang-tidy', path: /(?:^|\/)\.clang-tidy$/ },
  { tool: 'clippy', path: /(?:^|\/)\.?clippy\.toml$/ },
  { tool: 'detekt', path: /(?:^|\/)detekt(?:-config)?\.ya?ml$/ },
  { tool: 'checkstyle', path: /(?:^|\/)checkstyle(?:-config)?\.xml$/ },
  { tool: 'pmd', path: /(?:^|\/)pmd(?:-ruleset)?\.xml$/ },
  { tool: 'swiftlint', path: /(?:^|\/)\.swiftlint\.ya?ml$/ },
  { tool: 'dart analyze', path: /(?:^|\/)analysis_options\.yaml$/ },
  { tool: 'credo', path: /(?:^|\/)\.credo\.exs$/ },
  { tool: 'hlint', path: /(?:^|\/)\.hlint\.yaml$/ },
  { tool: 'ansible-lint', path: /(?:^|\/)\.ansible-lint(?:\.ya?ml)?$/ },
  { tool: 'yamllint', path: /(?:^|\/)\.yamllint(?:\.ya?ml)?$/ },
  { tool: 'markdownlint', path: /(?:^|\/)\.markdownlint(?:-cli2)?\.(?:jsonc?|ya?ml)$/ },
  { tool: 'hadolint', path: /(?:^|\/)\.hadolint\.ya?ml$/ },
  { tool: 'tflint', path: /(?:^|\/)\.tflint\.hcl$/ },
  {
    tool: 'ruff',
    path: /(?:^|\/)pyproject\.toml$/,
    tables: [
      ['tool', 'ruff'],
      ['tool', 'pylint'],
      ['tool', 'flake8'],
      ['tool', 'mypy'],
      ['tool', 'pyright'],
      ['tool', 'basedpyright'],
      ['tool', 'ty'],
    ],
  },
  { tool: 'clippy', path: /(?:^|\/)Cargo\.toml$/, tables: [['lints'], ['workspace', 'lints']] },
  { tool: 'eslint', path: /(?:^|\/)package\.json$/, tables: [['eslintConfig'], ['stylelint'], ['xo']] },
];

export function lintFile(path: string): LintFile | undefined {
  return FILES.find((file) => file.path.test(path));
}
