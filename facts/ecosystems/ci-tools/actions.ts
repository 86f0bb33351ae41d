import {
  cargo,
  cmakeFolders,
  cmakePresets,
  cypress,
  dockerBuild,
  gradle,
  lintAction,
  markdownlint,
  ruff,
  xcodebuild,
} from './action-commands.ts';
import { fixed, frozenInstall, joined, lockedManager, onlyWith, type ToolMapping, withArgs } from './mapping.ts';

/** An action whose input is shell text of its own: the name of that input. */
export const SCRIPT_INPUTS: ReadonlyMap<string, string> = new Map([
  ['nick-fields/retry', 'command'],
  ['nick-invision/retry', 'command'],
  ['wandalen/wretry.action', 'command'],
  ['gabrielbb/xvfb-action', 'run'],
  ['coactions/setup-xvfb', 'run'],
  ['aganders3/headless-gui', 'run'],
  ['reactivecircus/android-emulator-runner', 'script'],
  ['devcontainers/ci', 'runCmd'],
  ['addnab/docker-run-action', 'run'],
  ['uraimo/run-on-arch-action', 'run'],
  ['vmactions/freebsd-vm', 'run'],
  ['vmactions/openbsd-vm', 'run'],
  ['vmactions/netbsd-vm', 'run'],
  ['cross-platform-actions/action', 'run'],
  ['pguyot/arm-runner-action', 'commands'],
  ['codspeedhq/action', 'run'],
]);

/**
 * Actions and reusable workflows by their name in lower case, without the version. super-linter and MegaLinter are left
 * out: which of their linters a repository's people run by themselves, they do not say.
 */
export const ACTION_TOOLS: ReadonlyMap<string, ToolMapping> = new Map<string, ToolMapping>([
  // Go
  ['golangci/golangci-lint-action', withArgs('golangci-lint run')],
  ['reviewdog/action-golangci-lint', withArgs('golangci-lint run', 'golangci_lint_flags', 'workdir')],
  ['dominikh/staticcheck-action', fixed('staticcheck ./...')],
  ['reviewdog/action-staticcheck', fixed('staticcheck ./...')],
  ['magefile/mage-action', withArgs('mage')],
  [
    'robherley/go-test-action',
    { command: (inputs) => `go test ${inputs.with('testArguments') || './...'}`, dirInput: 'moduleDirectory' },
  ],
  [
    'goreleaser/goreleaser-action',
    { command: (inputs) => onlyWith('goreleaser', inputs.with('args')), dirInput: 'workdir' },
  ],
  ['bufbuild/buf-lint-action', fixed('buf lint')],
  ['bufbuild/buf-action', { command: (inputs) => (inputs.with('lint') === 'false' ? undefined : 'buf lint') }],

  // Python
  ['pre-commit/action', { command: (inputs) => joined('pre-commit run', inputs.with('extra_args') || '--all-files') }],
  [
    'tox-dev/action-pre-commit-uv',
    { command: (inputs) => joined('pre-commit run', inputs.with('extra_args') || '--all-files') },
  ],
  ['j178/prek-action', { command: (inputs) => joined('prek run', inputs.with('extra-args') || '--all-files') }],
  ['astral-sh/ruff-action', { command: ruff }],
  ['chartboost/ruff-action', { command: ruff }],
  [
    'psf/black',
    { command: (inputs) => joined('black', inputs.with('options') || '--check', inputs.with('src') || '.') },
  ],
  ['rickstaa/action-black', { command: (inputs) => joined('black', inputs.with('black_args') || '--check .') }],
  ['reviewdog/action-black', { command: (inputs) => joined('black', inputs.with('black_args') || '--check .') }],
  ['isort/isort-action', { command: (inputs) => joined('isort', inputs.with('configuration') || '--check-only', '.') }],
  ['jakebailey/pyright-action', withArgs('pyright', 'extra-args')],
  [
    'tsuyoshicho/action-mypy',
    {
      command: (inputs) => joined('mypy', inputs.with('mypy_flags'), inputs.with('target') || '.'),
      dirInput: 'workdir',
    },
  ],
  ['py-actions/flake8', { command: (inputs) => joined('flake8', inputs.with('args'), inputs.with('path')) }],
  ['reviewdog/action-flake8', withArgs('flake8', 'flake8_args', 'workdir')],
  ['suo/flake8-github-action', fixed('flake8')],
  ['pavelzw/pytest-action', withArgs('pytest', 'custom-arguments')],
  [
    'py-actions/py-dependency-install',
    { command: (inputs) => `pip install -r ${inputs.with('path') || 'requirements.txt'}` },
  ],
  ['hynek/build-and-inspect-python-package', { command: () => 'python -m build', dirInput: 'path' }],
  [
    'prefix-dev/setup-pixi',
    { command: (inputs) => (inputs.with('run-install') === 'false' ? undefined : 'pixi install') },
  ],

  // Rust
  ['actions-rs/cargo', { command: cargo }],
  ['clechasseur/rs-cargo', { command: cargo }],
  ['houseabsolute/actions-rust-cross', { command: cargo }],
  ['actions-rs/clippy-check', withArgs('cargo clippy')],
  ['clechasseur/rs-clippy-check', withArgs('cargo clippy')],
  ['auguwu/clippy-action', withArgs('cargo clippy')],
  ['giraffate/clippy-action', withArgs('cargo clippy', 'clippy_flags', 'workdir')],
  ['actions-rust-lang/rustfmt', fixed('cargo fmt --all -- --check')],
  ['mbrobbel/rustfmt-check', withArgs('cargo fmt')],
  ['embarkstudios/cargo-deny-action', { command: (inputs) => joined('cargo deny', inputs.with('command') || 'check') }],
  ['rustsec/audit-check', fixed('cargo audit')],
  ['actions-rs/audit-check', fixed('cargo audit')],
  ['bnjbvr/cargo-machete', fixed('cargo machete')],

  // JVM
  ['gradle/gradle-build-action', { command: gradle, dirInput: 'build-root-directory' }],
  ['gradle/actions/setup-gradle', { command: gradle, dirInput: 'build-root-directory' }],
  ['eskatos/gradle-command-action', { command: gradle, dirInput: 'build-root-directory' }],
  ['burrunan/gradle-cache-action', { command: gradle, dirInput: 'build-root-directory' }],
  ['scacap/action-ktlint', fixed('ktlint')],
  ['musichin/ktlint-check', { command: (inputs) => joined('ktlint', inputs.with('patterns')) }],
  ['reviewdog/action-ktlint', fixed('ktlint')],
  ['natiginfo/action-detekt-all', withArgs('detekt')],
  ['alaegin/detekt-action', fixed('detekt')],

  // JavaScript and TypeScript
  ['borales/actions-yarn', { command: (inputs) => onlyWith('yarn', inputs.with('cmd')), dirInput: 'dir' }],
  [
    'bahmutov/npm-install',
    { command: (inputs) => inputs.with('install-command') || frozenInstall(lockedManager(inputs)) },
  ],
  [
    'pnpm/action-setup',
    {
      command: (inputs) =>
        /^(?:true|-? ?(?:args|recursive|cwd))/.test(inputs.with('run_install')) ? 'pnpm install' : undefined,
    },
  ],
  ['wyvox/action-setup-pnpm', { command: (inputs) => joined('pnpm install', inputs.with('args')) }],
  ['cypress-io/github-action', { command: cypress }],
  [
    'reviewdog/action-eslint',
    { command: (inputs) => joined('eslint', inputs.with('eslint_flags') || '.'), dirInput: 'workdir' },
  ],
  [
    'reviewdog/action-stylelint',
    { command: (inputs) => joined('stylelint', inputs.with('stylelint_input') || '**/*.css'), dirInput: 'workdir' },
  ],
  [
    'reviewdog/action-biome',
    { command: (inputs) => joined('biome check', inputs.with('biome_flags')), dirInput: 'workdir' },
  ],
  ['creyd/prettier_action', { command: (inputs) => onlyWith('prettier', inputs.with('prettier_options')) }],
  ['actionsx/prettier', { command: (inputs) => onlyWith('prettier', inputs.with('args')) }],
  ['rutajdash/prettier-cli-action', { command: (inputs) => `prettier --check ${inputs.with('file_pattern') || '.'}` }],
  [
    'icrawl/action-tsc',
    { command: (inputs) => joined('tsc --noEmit', inputs.with('project') && `-p ${inputs.with('project')}`) },
  ],
  ['artiomtr/jest-coverage-report-action', { command: (inputs) => inputs.with('test-script') || 'npx jest' }],
  ['dprint/check', fixed('dprint check')],

  // PHP
  ['ramsey/composer-install', fixed('composer install')],
  ['php-actions/composer', { command: (inputs) => joined('composer', inputs.with('command') || 'install') }],
  ['php-actions/phpunit', withArgs('phpunit')],
  [
    'php-actions/phpstan',
    { command: (inputs) => joined('phpstan', inputs.with('command') || 'analyse', inputs.with('path')) },
  ],
  ['php-actions/phpcs', { command: (inputs) => joined('phpcs', inputs.with('path')) }],
  ['oskarstark/phpstan-ga', { command: (inputs) => joined('phpstan', inputs.with('args') || 'analyse') }],
  ['oskarstark/php-cs-fixer-ga', { command: (inputs) => joined('php-cs-fixer fix', inputs.with('args')) }],
  ['10up/wpcs-action', fixed('phpcs')],
  [
    'aglipanci/laravel-pint-action',
    { command: (inputs) => (inputs.with('testMode') === 'true' ? 'pint --test' : 'pint') },
  ],
  ['vimeo/psalm-github-actions', fixed('psalm')],

  // Ruby
  [
    'ruby/setup-ruby',
    { command: (inputs) => (inputs.with('bundler-cache') === 'true' ? 'bundle install' : undefined) },
  ],
  ['reviewdog/action-rubocop', withArgs('rubocop', 'rubocop_flags', 'workdir')],
  ['andrewmcodes/rubocop-linter-action', fixed('rubocop')],
  ['standardrb/standard-ruby-action', fixed('standardrb')],

  // .NET, Dart, Swift
  ['jfversluis/dotnet-format', fixed('dotnet format')],
  ['xt0rted/dotnet-format', fixed('dotnet format')],
  [
    'invertase/github-action-dart-analyzer',
    { command: (inputs) => joined('dart analyze', inputs.with('working-directory')) },
  ],
  [
    'zgosalvez/github-actions-analyze-dart',
    { command: (inputs) => joined('dart analyze', inputs.with('working-directory')) },
  ],
  [
    'verygoodopensource/very_good_workflows/.github/workflows/dart_package.yml',
    { command: () => 'dart pub get\ndart format .\ndart analyze\ndart test', dirInput: 'working_directory' },
  ],
  [
    'verygoodopensource/very_good_workflows/.github/workflows/flutter_package.yml',
    { command: () => 'flutter pub get\ndart format .\nflutter analyze\nflutter test', dirInput: 'working_directory' },
  ],
  ['norio-nomura/action-swiftlint', withArgs('swiftlint')],
  ['cirruslabs/swiftlint-action', withArgs('swiftlint')],
  ['stanfordbdhg/action-swiftlint', withArgs('swiftlint')],
  ['swiftlang/github-workflows/.github/workflows/swift_package_test.yml', fixed('swift test')],
  ['mxcl/xcodebuild', { command: xcodebuild }],
  ['sersoft-gmbh/xcodebuild-action', { command: xcodebuild }],

  // C and C++
  ['lukka/run-cmake', { command: cmakePresets }],
  ['threeal/cmake-action', { command: cmakeFolders }],
  [
    'threeal/ctest-action',
    { command: (inputs) => joined('ctest --test-dir', inputs.with('test-dir') || inputs.with('build-dir') || 'build') },
  ],

  // Infrastructure
  ['dflook/terraform-validate', { command: () => 'terraform validate', dirInput: 'path' }],
  ['dflook/terraform-fmt', { command: () => 'terraform fmt -recursive', dirInput: 'path' }],
  ['dflook/terraform-fmt-check', { command: () => 'terraform fmt -check -recursive', dirInput: 'path' }],
  ['dflook/terraform-test', { command: () => 'terraform test', dirInput: 'path' }],
  ['dflook/tofu-validate', { command: () => 'tofu validate', dirInput: 'path' }],
  ['dflook/tofu-fmt-check', { command: () => 'tofu fmt -check -recursive', dirInput: 'path' }],
  ['dflook/tofu-test', { command: () => 'tofu test', dirInput: 'path' }],
  [
    'hashicorp/terraform-github-actions',
    {
      command: (inputs) => onlyWith('terraform', inputs.with('tf_actions_subcommand')),
      dirInput: 'tf_actions_working_dir',
    },
  ],
  [
    'gruntwork-io/terragrunt-action',
    { command: (inputs) => onlyWith('terragrunt', inputs.with('tg_command')), dirInput: 'tg_dir' },
  ],
  ['reviewdog/action-tflint', { command: () => 'tflint', dirInput: 'working_directory' }],
  ['ansible/ansible-lint', { command: () => 'ansible-lint', dirInput: 'working_directory' }],
  ['ansible/ansible-lint-action', { command: (inputs) => joined('ansible-lint', inputs.with('path')) }],
  ['d3adb5/helm-unittest-action', { command: (inputs) => joined('helm unittest', inputs.with('charts') || '.') }],
  [
    'helmfile/helmfile-action',
    { command: (inputs) => onlyWith('helmfile', inputs.with('helmfile-args')), dirInput: 'helmfile-workdirectory' },
  ],
  ['docker/build-push-action', { command: dockerBuild }],
  [
    'docker/bake-action',
    { command: (inputs) => joined('docker buildx bake', inputs.with('targets')), dirInput: 'workdir' },
  ],
  ['hadolint/hadolint-action', { command: (inputs) => joined('hadolint', inputs.with('dockerfile') || 'Dockerfile') }],

  // Everything
  ['trunk-io/trunk-action', fixed('trunk check')],
  ['crate-ci/typos', { command: (inputs) => joined('typos', inputs.with('files')) }],
  ['codespell-project/actions-codespell', { command: (inputs) => joined('codespell', inputs.with('path')) }],
  ['davidanson/markdownlint-cli2-action', { command: markdownlint }],
  ['nosborn/github-action-markdown-cli', { command: (inputs) => onlyWith('markdownlint', inputs.with('files')) }],
  ['articulate/actions-markdownlint', { command: (inputs) => joined('markdownlint', inputs.with('files') || '.') }],
  ['ibiqlik/action-yamllint', { command: (inputs) => joined('yamllint', inputs.with('file_or_dir') || '.') }],
  ['frenck/action-yamllint', { command: (inputs) => joined('yamllint', inputs.with('path') || '.') }],
  [
    'karancode/yamllint-github-action',
    { command: (inputs) => joined('yamllint', inputs.with('yamllint_file_or_dir') || '.') },
  ],
  ['raven-actions/actionlint', fixed('actionlint')],
  ['reviewdog/action-actionlint', fixed('actionlint')],
  ['johnnymorganz/stylua-action', { command: (inputs) => onlyWith('stylua', inputs.with('args')) }],
  ['lunarmodules/luacheck', { command: (inputs) => joined('luacheck', inputs.with('args') || '.') }],
  ['wearerequired/lint-action', { command: lintAction }],
  ['samuelmeuli/lint-action', { command: lintAction }],
]);
