import type { Tree } from '../../parse/tree.ts';

/** One hook of a configuration. */
export interface Hook {
  readonly id: string;
  readonly line: number;
  readonly roles: readonly Role[];
  /** It is part of `run --all-files`: hooks of the manual and pre-push stages are not. */
  readonly runs: boolean;
  /** It calls what is installed here, instead of a copy of its own. */
  readonly local: boolean;
}

export interface Role {
  readonly key: 'linter' | 'formatter' | 'type-checker';
  readonly tool: string;
  /** Looks after a side matter (spelling, YAML, shell): never what a repository lints with. */
  readonly minor: boolean;
}

const lint = (tool: string): Role => ({ key: 'linter', tool, minor: false });
const format = (tool: string): Role => ({ key: 'formatter', tool, minor: false });
const types = (tool: string): Role => ({ key: 'type-checker', tool, minor: false });
const aside = (tool: string, key: Role['key'] = 'linter'): Role => ({ key, tool, minor: true });

/** What the words of a hook's id or of its command say; the longer ones first. */
const TOOLS: readonly (readonly [words: string, ...roles: Role[]])[] = [
  ['ruff format', format('ruff')],
  ['ruff check', lint('ruff')],
  ['ruff', lint('ruff')],
  ['biome format', format('biome')],
  ['biome lint', lint('biome')],
  ['biome check', lint('biome'), format('biome')],
  ['biome ci', lint('biome')],
  ['golangci lint fmt', format('golangci-lint')],
  ['golangci lint', lint('golangci-lint')],
  ['black', format('black')],
  ['isort', format('isort')],
  ['yapf', format('yapf')],
  ['autopep8', format('autopep8')],
  ['flake8', lint('flake8')],
  ['pylint', lint('pylint')],
  ['mypy', types('mypy')],
  ['basedpyright', types('basedpyright')],
  ['pyright', types('pyright')],
  ['ty check', types('ty')],
  ['ty', types('ty')],
  ['pyrefly', types('pyrefly')],
  ['eslint', lint('eslint')],
  ['oxlint', lint('oxlint')],
  ['prettier', format('prettier')],
  ['stylelint', lint('stylelint')],
  ['tsc', types('tsc')],
  ['dprint', format('dprint')],
  ['gofmt', format('gofmt')],
  ['go fmt', format('gofmt')],
  ['gofumpt', format('gofumpt')],
  ['goimports', format('goimports')],
  ['go imports', format('goimports')],
  ['staticcheck', lint('staticcheck')],
  ['rustfmt', format('rustfmt')],
  ['cargo fmt', format('rustfmt')],
  ['clippy', lint('clippy')],
  ['clang format', format('clang-format')],
  ['clang tidy', lint('clang-tidy')],
  ['cppcheck', lint('cppcheck')],
  ['cpplint', lint('cpplint')],
  ['google java format', format('google-java-format')],
  ['ktlint', lint('ktlint')],
  ['detekt', lint('detekt')],
  ['scalafmt', format('scalafmt')],
  ['rubocop', lint('rubocop')],
  ['standardrb', lint('standardrb')],
  ['swiftlint', lint('swiftlint')],
  ['swiftformat', format('swiftformat')],
  ['terraform fmt', format('terraform')],
  ['tflint', lint('tflint')],
  ['buildifier', lint('buildifier'), format('buildifier')],
  ['stylua', format('stylua')],
  ['luacheck', lint('luacheck')],
  ['sqlfluff', lint('sqlfluff')],
  ['nixfmt', format('nixfmt')],
  ['shellcheck', aside('shellcheck')],
  ['shfmt', aside('shfmt', 'formatter')],
  ['yamllint', aside('yamllint')],
  ['markdownlint', aside('markdownlint')],
  ['mdformat', aside('mdformat', 'formatter')],
  ['codespell', aside('codespell')],
  ['typos', aside('typos')],
  ['actionlint', aside('actionlint')],
  ['zizmor', aside('zizmor')],
  ['hadolint', aside('hadolint')],
  ['bandit', aside('bandit')],
  ['pydocstyle', aside('pydocstyle')],
  ['taplo', aside('taplo', 'formatter')],
  ['cython lint', aside('cython-lint')],
  ['cmake format', aside('cmake-format', 'formatter')],
];

/** The hooks of a configuration, YAML or TOML: both have the same shape. */
export function hooksIn(config: Tree | undefined): readonly Hook[] {
  const hooks: Hook[] = [];
  const usual = config?.get('default_stages')?.texts() ?? [];
  for (const repo of config?.get('repos')?.items() ?? []) {
    for (const hook of repo.get('hooks')?.items() ?? []) {
      const id = hook.get('id');
      if (id?.text === undefined) continue;
      const stages = hook.get('stages')?.texts() ?? usual;
      hooks.push({
        id: id.text,
        line: id.line,
        roles: rolesOf(id.text, hook, repo),
        runs: stages.length === 0 || stages.includes('pre-commit') || stages.includes('commit'),
        local: repo.get('repo')?.text === 'local',
      });
    }
  }
  return hooks;
}

function rolesOf(id: string, hook: Tree, repo: Tree): readonly Role[] {
  // `id: fmt` of a Rust repository's hooks: the repository says the tool.
  if (/rust/i.test(repo.get('repo')?.text ?? '') && id === 'fmt') return [format('rustfmt')];
  const named = toolIn(id);
  if (named.length > 0) return named;
  return toolIn([hook.get('entry')?.text ?? '', ...(hook.get('args')?.texts() ?? [])].join(' ').slice(0, 500));
}

function toolIn(text: string): readonly Role[] {
  const words = ` ${text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .join(' ')} `;
  for (const [wanted, ...roles] of TOOLS) if (words.includes(` ${wanted} `)) return roles;
  return [];
}
