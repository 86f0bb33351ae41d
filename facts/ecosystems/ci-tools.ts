/**
 * Actions that run a known tool with no script line: what a person types for the same, which has to share a word with
 * the `uses:` line. `with` gives the action's inputs; `dir` and `has` say where it runs and what lies there.
 * Left out are actions that only set a tool up, that check something other than the code, or whose command depends on
 * the files of a change.
 */
export interface ActionTool {
  /** The commands; `undefined` where these inputs make the action do something else. */
  readonly command: (inputs: ActionInputs) => string | undefined;
  /** The input that names the folder; `working-directory` unless told. */
  readonly dirInput?: string;
}

/** A literal input of an action: empty where it is not given, or not known before a run. */
export interface ActionInputs {
  readonly with: (input: string) => string;
  /** A file of the repository, relative to the step's folder. */
  readonly has: (file: string) => boolean;
}

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
]);

/** By the action's name in lower case, without its version. */
export const ACTION_TOOLS: ReadonlyMap<string, ActionTool> = new Map<string, ActionTool>([
  ['golangci/golangci-lint-action', withArgs('golangci-lint run')],
  ['reviewdog/action-golangci-lint', withArgs('golangci-lint run', 'golangci_lint_flags', 'workdir')],
  ['dominikh/staticcheck-action', fixed('staticcheck ./...')],
  ['magefile/mage-action', { command: (inputs) => joined('mage', inputs.with('args')) }],
  [
    'goreleaser/goreleaser-action',
    { command: (inputs) => onlyWith('goreleaser', inputs.with('args')), dirInput: 'workdir' },
  ],
  ['bufbuild/buf-lint-action', fixed('buf lint')],

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
  ['isort/isort-action', { command: (inputs) => joined('isort', inputs.with('configuration') || '--check-only', '.') }],
  ['jakebailey/pyright-action', withArgs('pyright', 'extra-args')],
  ['py-actions/flake8', { command: (inputs) => joined('flake8', inputs.with('args'), inputs.with('path')) }],

  ['actions-rs/cargo', { command: cargo }],
  ['actions-rs/clippy-check', withArgs('cargo clippy')],
  ['giraffate/clippy-action', withArgs('cargo clippy', 'clippy_flags', 'workdir')],
  ['actions-rust-lang/rustfmt', fixed('cargo fmt --all -- --check')],
  ['embarkstudios/cargo-deny-action', { command: (inputs) => joined('cargo deny', inputs.with('command') || 'check') }],
  ['rustsec/audit-check', fixed('cargo audit')],
  ['actions-rs/audit-check', fixed('cargo audit')],
  ['bnjbvr/cargo-machete', fixed('cargo machete')],

  ['gradle/gradle-build-action', { command: gradle, dirInput: 'build-root-directory' }],
  ['gradle/actions/setup-gradle', { command: gradle, dirInput: 'build-root-directory' }],
  ['eskatos/gradle-command-action', { command: gradle, dirInput: 'build-root-directory' }],
  ['burrunan/gradle-cache-action', { command: gradle, dirInput: 'build-root-directory' }],

  ['borales/actions-yarn', { command: (inputs) => onlyWith('yarn', inputs.with('cmd')), dirInput: 'dir' }],
  ['ramsey/composer-install', fixed('composer install')],
  ['dprint/check', fixed('dprint check')],
  ['crate-ci/typos', { command: (inputs) => joined('typos', inputs.with('files')) }],
  ['codespell-project/actions-codespell', { command: (inputs) => joined('codespell', inputs.with('path')) }],
  ['davidanson/markdownlint-cli2-action', { command: markdownlint }],
  ['ibiqlik/action-yamllint', { command: (inputs) => joined('yamllint', inputs.with('file_or_dir') || '.') }],
  ['johnnymorganz/stylua-action', { command: (inputs) => onlyWith('stylua', inputs.with('args')) }],
  ['lunarmodules/luacheck', { command: (inputs) => joined('luacheck', inputs.with('args') || '.') }],
  ['norio-nomura/action-swiftlint', withArgs('swiftlint')],
]);

function fixed(command: string): ActionTool {
  return { command: () => command };
}

function withArgs(command: string, input = 'args', dirInput?: string): ActionTool {
  return { command: (inputs) => joined(command, inputs.with(input)), ...(dirInput === undefined ? {} : { dirInput }) };
}

function joined(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ');
}

function onlyWith(tool: string, args: string): string | undefined {
  return args === '' ? undefined : `${tool} ${args}`;
}

function ruff(inputs: ActionInputs): string {
  const args = inputs.with('args') || 'check';
  // Older versions took the paths as arguments, newer ones as `src`.
  return joined('ruff', args, inputs.with('src'));
}

function cargo(inputs: ActionInputs): string | undefined {
  return onlyWith('cargo', joined(inputs.with('command'), inputs.with('args')));
}

/** Without arguments these actions only set Gradle up. */
function gradle(inputs: ActionInputs): string | undefined {
  return onlyWith(inputs.has('gradlew') ? './gradlew' : 'gradle', inputs.with('arguments'));
}

function markdownlint(inputs: ActionInputs): string {
  const globs = inputs.with('globs').split(/\s+/).filter(Boolean);
  return ['markdownlint-cli2', ...(globs.length > 0 ? globs : ['*.{md,markdown}']).map((glob) => `"${glob}"`)].join(
    ' ',
  );
}
