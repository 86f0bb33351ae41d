import {
  fixed,
  frozenInstall,
  joined,
  lockedManager,
  type ToolInputs,
  type ToolMapping,
  withArgs,
  wrapped,
} from './mapping.ts';

/**
 * Commands and jobs of CircleCI's well-known orbs, by `namespace/orb/name`. The folder is `app-dir` unless told.
 * https://circleci.com/developer/orbs
 */
export const ORB_TOOLS: ReadonlyMap<string, ToolMapping> = new Map<string, ToolMapping>([
  ['circleci/node/install-packages', { command: nodePackages }],
  ['circleci/node/test', { command: (inputs) => nodeRun(inputs, inputs.with('run-command') || 'test') }],
  ['circleci/node/run', { command: nodeJob }],
  ['circleci/python/install-packages', { command: pythonPackages }],
  [
    'circleci/python/test',
    {
      command: (inputs) =>
        inputs.with('test-tool') === 'unittest'
          ? 'python -m unittest'
          : joined('pytest', inputs.with('test-tool-args')),
    },
  ],
  ['circleci/ruby/install-deps', fixed('bundle install')],
  ['circleci/ruby/rspec-test', fixed('bundle exec rspec')],
  ['circleci/ruby/rubocop-check', { command: (inputs) => joined('bundle exec rubocop', inputs.with('check-path')) }],
  ['circleci/go/mod-download', fixed('go mod download')],
  ['circleci/go/mod-download-cached', fixed('go mod download')],
  ['circleci/go/test', { command: (inputs) => `go test ${inputs.with('packages') || './...'}` }],
  ['circleci/gradle/test', { command: (inputs) => wrapped('gradle', inputs, inputs.with('test_command') || 'test') }],
  [
    'circleci/gradle/run_tests',
    { command: (inputs) => wrapped('gradle', inputs, inputs.with('test_command') || 'test') },
  ],
  ['circleci/maven/test', { command: (inputs) => wrapped('mvn', inputs, inputs.with('command') || 'verify') }],
  ['circleci/rust/build', withArgs('cargo build', 'flags', 'crate')],
  ['circleci/rust/test', withArgs('cargo test', 'flags', 'crate')],
  ['circleci/rust/clippy', withArgs('cargo clippy', 'flags', 'crate')],
  ['circleci/rust/format', withArgs('cargo fmt', 'flags', 'crate')],
  ['circleci/php/install-packages', fixed('composer install')],
  ['circleci/flutter/install_pub', fixed('flutter pub get')],
  ['circleci/terraform/validate', { command: () => 'terraform validate', dirInput: 'path' }],
  ['circleci/terraform/fmt', { command: () => 'terraform fmt -check -recursive', dirInput: 'path' }],
  [
    'circleci/android/run-tests',
    { command: (inputs) => inputs.with('test-command') || wrapped('gradle', inputs, 'connectedDebugAndroidTest') },
  ],
  [
    'circleci/android/start-emulator-and-run-tests',
    { command: (inputs) => inputs.with('test-command') || wrapped('gradle', inputs, 'connectedDebugAndroidTest') },
  ],
  ['circleci/docker/hadolint', { command: (inputs) => joined('hadolint', inputs.with('dockerfiles') || 'Dockerfile') }],
  ['circleci/docker/build', { command: (inputs) => joined('docker build', inputs.with('path') || '.') }],
  [
    'cypress-io/cypress/run',
    { command: (inputs) => inputs.with('cypress-command') || 'npx cypress run', dirInput: 'working-directory' },
  ],
  [
    'cypress-io/cypress/install',
    {
      command: (inputs) => inputs.with('install-command') || frozenInstall(lockedManager(inputs)),
      dirInput: 'working-directory',
    },
  ],
]);

function nodePackages(inputs: ToolInputs): string | undefined {
  return inputs.with('override-ci-command') || frozenInstall(inputs.with('pkg-manager') || 'npm');
}

function nodeRun(inputs: ToolInputs, script: string): string {
  const manager = (inputs.with('pkg-manager') || 'npm').replace('-berry', '');
  return `${manager} run ${script}`;
}

function nodeJob(inputs: ToolInputs): string | undefined {
  const [npm, yarn, pnpm] = ['npm-run', 'yarn-run', 'pnpm-run'].map((input) => inputs.with(input));
  if (npm) return `npm run ${npm}`;
  if (yarn) return `yarn ${yarn}`;
  return pnpm ? `pnpm ${pnpm}` : undefined;
}

function pythonPackages(inputs: ToolInputs): string | undefined {
  const args = inputs.with('args');
  const manager = inputs.with('pkg-manager') || 'auto';
  if (manager === 'uv' || (manager === 'auto' && inputs.has('uv.lock'))) return joined('uv sync', args);
  if (manager === 'poetry' || (manager === 'auto' && inputs.has('poetry.lock'))) return joined('poetry install', args);
  if (manager === 'pipenv' || (manager === 'auto' && inputs.has('Pipfile.lock'))) return joined('pipenv install', args);
  // `packages` names tools for the pipeline alone.
  if (inputs.with('packages') !== '' || manager === 'pip-dist') return undefined;
  return joined('pip install -r', inputs.with('pip-dependency-file') || 'requirements.txt', args);
}
