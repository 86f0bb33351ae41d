import { fixed, frozenInstall, joined, lockedManager, type ToolInputs, type ToolMapping, wrapped } from './mapping.ts';

/**
 * Components and templates of other projects that a `.gitlab-ci.yml` includes, and what their jobs run. GitLab's own
 * templates by their path (https://gitlab.com/gitlab-org/gitlab/-/tree/master/lib/gitlab/ci/templates), components and
 * templates of projects by `group/project/name`, in lower case: to-be-continuous (https://to-be-continuous.gitlab.io/doc)
 * is mirrored to many servers, so servers do not matter. Scanners (SAST, Code-Quality, Secret-Detection and their like)
 * are left out: nobody runs them by hand.
 */
export const INCLUDE_TOOLS: ReadonlyMap<string, ToolMapping> = new Map<string, ToolMapping>([
  ['go.gitlab-ci.yml', fixed('go fmt ./...\ngo vet ./...\ngo test ./...')],
  ['maven.gitlab-ci.yml', { command: (inputs) => wrapped('mvn', inputs, 'verify') }],
  ['gradle.gitlab-ci.yml', { command: (inputs) => wrapped('gradle', inputs, 'check') }],
  ['android.gitlab-ci.yml', fixed('./gradlew assembleDebug\n./gradlew lintDebug\n./gradlew testDebug')],
  ['nodejs.gitlab-ci.yml', fixed('npm install\nnpm test')],
  ['rust.gitlab-ci.yml', fixed('cargo test')],
  ['ruby.gitlab-ci.yml', fixed('bundle install\nbundle exec rubocop\nbundle exec rspec')],
  ['php.gitlab-ci.yml', fixed('composer install\nphpunit')],
  ['elixir.gitlab-ci.yml', fixed('mix test')],
  ['dotnet-core.gitlab-ci.yml', fixed('dotnet restore\ndotnet build --no-restore\ndotnet test --no-restore')],
  ['scala.gitlab-ci.yml', fixed('sbt clean test')],
  ['swift.gitlab-ci.yml', fixed('swift build\nswift test')],
  ['terraform.gitlab-ci.yml', fixed('terraform fmt -check -recursive\nterraform validate')],
  ['terraform/base.gitlab-ci.yml', fixed('terraform fmt -check -recursive\nterraform validate')],
  ['terraform.latest.gitlab-ci.yml', fixed('terraform fmt -check -recursive\nterraform validate')],

  ['components/opentofu/full-pipeline', { command: tofu, dirInput: 'root_dir' }],
  ['components/opentofu/validate-plan-apply', { command: tofu, dirInput: 'root_dir' }],
  ['components/opentofu/validate-plan', { command: tofu, dirInput: 'root_dir' }],
  ['components/opentofu/validate-plan-destroy', { command: tofu, dirInput: 'root_dir' }],
  ['components/opentofu/fmt', { command: () => 'tofu fmt -check -recursive', dirInput: 'root_dir' }],
  ['components/opentofu/validate', { command: () => 'tofu validate', dirInput: 'root_dir' }],
  ['components/opentofu/test', { command: () => 'tofu test', dirInput: 'root_dir' }],
  ['components/go/full-pipeline', fixed('go fmt ./...\ngo build ./...\ngo test ./...')],
  ['components/go/format', fixed('go fmt ./...')],
  ['components/go/build', fixed('go build ./...')],
  ['components/go/test', fixed('go test ./...')],

  ['to-be-continuous/golang/gitlab-ci-golang', { command: tbcGo, dirInput: 'project-dir' }],
  ['to-be-continuous/python/gitlab-ci-python', { command: tbcPython, dirInput: 'project-dir' }],
  ['to-be-continuous/node/gitlab-ci-node', { command: tbcNode, dirInput: 'project-dir' }],
  [
    'to-be-continuous/angular/gitlab-ci-angular',
    { command: () => 'ng lint\nng test\nng build', dirInput: 'workspace-dir' },
  ],
  [
    'to-be-continuous/maven/gitlab-ci-maven',
    { command: (inputs) => wrapped('mvn', inputs, inputs.with('build-args') || 'verify'), dirInput: 'project-dir' },
  ],
  [
    'to-be-continuous/gradle/gitlab-ci-gradle',
    { command: (inputs) => wrapped('gradle', inputs, inputs.with('build-args') || 'build'), dirInput: 'project-dir' },
  ],
  ['to-be-continuous/php/gitlab-ci-php', { command: tbcPhp, dirInput: 'project-dir' }],
  ['to-be-continuous/dotnet/gitlab-ci-dotnet', { command: () => 'dotnet build\ndotnet test', dirInput: 'project-dir' }],
  ['to-be-continuous/rust/gitlab-ci-rust', { command: () => 'cargo build\ncargo test', dirInput: 'project-dir' }],
  ['to-be-continuous/terraform/gitlab-ci-terraform', { command: tbcTerraform, dirInput: 'project-dir' }],
  [
    'to-be-continuous/helm/gitlab-ci-helm',
    { command: (inputs) => joined('helm lint', inputs.with('chart-dir') || '.') },
  ],
  ['to-be-continuous/docker/gitlab-ci-docker', { command: tbcDocker }],
  ['to-be-continuous/ansible/gitlab-ci-ansible', { command: () => 'ansible-lint', dirInput: 'project-dir' }],
  ['to-be-continuous/cypress/gitlab-ci-cypress', { command: () => 'npx cypress run', dirInput: 'project-dir' }],
  [
    'to-be-continuous/playwright/gitlab-ci-playwright',
    { command: () => 'npx playwright test', dirInput: 'project-dir' },
  ],
  ['to-be-continuous/pre-commit/gitlab-ci-pre-commit', fixed('pre-commit run --all-files')],
]);

/** Lines that are on, each as a command. */
function lines(...commands: readonly (string | false)[]): string | undefined {
  const on = commands.filter((command) => command !== false);
  return on.length === 0 ? undefined : on.join('\n');
}

function tofu(): string {
  return 'tofu fmt -check -recursive\ntofu validate';
}

function tbcGo(inputs: ToolInputs): string | undefined {
  return lines(
    'go build ./...',
    `go test ${(inputs.with('test-packages') || './...').replace(/^$/, './...')}`,
    inputs.with('ci-lint-disabled') !== 'true' && 'golangci-lint run',
  );
}

function tbcPython(inputs: ToolInputs): string | undefined {
  const on = (tool: string): boolean => inputs.with(`${tool}-enabled`) === 'true';
  return lines(
    on('pytest') && 'pytest',
    on('unittest') && 'python -m unittest',
    on('ruff') && 'ruff check .',
    on('ruff-format') && 'ruff format --check .',
    on('black') && 'black --check .',
    on('isort') && 'isort --check-only .',
    on('pylint') && 'pylint .',
    on('mypy') && 'mypy .',
  );
}

function tbcNode(inputs: ToolInputs): string | undefined {
  const manager = /^(?:npm|yarn|pnpm)$/.test(inputs.with('manager')) ? inputs.with('manager') : lockedManager(inputs);
  return lines(
    frozenInstall(manager) ?? false,
    inputs.with('build-disabled') !== 'true' && `${manager} run build`,
    inputs.with('lint-enabled') === 'true' && `${manager} run lint`,
    `${manager} test`,
  );
}

function tbcPhp(inputs: ToolInputs): string | undefined {
  return lines(
    'composer install',
    inputs.with('unittest-disabled') !== 'true' && 'phpunit',
    inputs.with('codesniffer-disabled') !== 'true' && 'phpcs',
  );
}

function tbcTerraform(inputs: ToolInputs): string | undefined {
  return lines(
    inputs.with('fmt-enabled') === 'true' && 'terraform fmt -check -recursive',
    inputs.with('validate-enabled') === 'true' && 'terraform validate',
    inputs.with('tflint-disabled') !== 'true' && 'tflint',
  );
}

function tbcDocker(inputs: ToolInputs): string | undefined {
  const file = inputs.with('file') || 'Dockerfile';
  return lines(inputs.with('hadolint-disabled') !== 'true' && `hadolint ${file}`, 'docker build .');
}
