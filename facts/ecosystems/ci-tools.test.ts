import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { pipelineOf } from '../testing/steps.ts';
import { ACTION_TOOLS } from './ci-tools/actions.ts';
import { TASK_TOOLS } from './ci-tools/azure-tasks.ts';
import { INCLUDE_TOOLS } from './ci-tools/components.ts';
import { ORB_TOOLS } from './ci-tools/orbs.ts';
import { githubActions } from './github-actions.ts';
import { gitlabCi } from './gitlab-ci.ts';

const workflow = (job: string): string => `on: pull_request\njobs:\n  a:\n${job}`;
/** What a job with one step of GitHub Actions runs. */
async function runs(step: string, files: Record<string, string> = {}): Promise<readonly string[]> {
  const text = workflow(`    steps:\n      - ${step}\n`);
  const lines = await pipelineOf(githubActions, { '.github/workflows/ci.yml': text, ...files });
  return lines
    .slice(1)
    .flatMap((line) => line.replace(/^merge-request(?: in \S+)? ci.yml /, '').split(' ; '))
    .map((line) => line.replace(/^\d+: /, ''));
}

describe('the tables of ready-made steps', () => {
  it.each([
    ['actions', ACTION_TOOLS],
    ['tasks', TASK_TOOLS],
    ['includes', INCLUDE_TOOLS],
    ['orbs', ORB_TOOLS],
  ])('%s are looked up in lower case, and stand for one command a line', (_, table) => {
    for (const [name, tool] of table) {
      expect(name).toBe(name.toLowerCase());
      const command = tool.command({ with: () => '', has: () => false });
      expect(command?.split('\n').every((line) => /^[\w./-]+( \S+)*$/.test(line)) ?? true, `${name}: ${command}`).toBe(
        true,
      );
    }
  });
});

describe('actions', () => {
  it.each<[string, string[], Record<string, string>?]>([
    ['{ uses: ruby/setup-ruby@v1, with: { bundler-cache: true } }', ['bundle install']],
    ['{ uses: ruby/setup-ruby@v1 }', []],
    ['{ uses: hashicorp/setup-terraform@v3 }', []],
    [
      '{ uses: cypress-io/github-action@v6, with: { build: npm run build } }',
      ['npm ci', 'npm run build', 'npx cypress run'],
    ],
    ['{ uses: cypress-io/github-action@v6, with: { install: false, command: npm run e2e } }', ['npm run e2e']],
    ['{ uses: bahmutov/npm-install@v1 }', ['pnpm install --frozen-lockfile'], { 'pnpm-lock.yaml': '' }],
    ['{ uses: aglipanci/laravel-pint-action@v2, with: { testMode: true } }', ['pint --test']],
    [
      '{ uses: lukka/run-cmake@v10, with: { configurePreset: a, testPreset: b } }',
      ['cmake --preset a', 'ctest --preset b'],
    ],
    [
      '{ uses: docker/build-push-action@v6, with: { file: ./x/Dockerfile, target: test } }',
      ['docker build -f x/Dockerfile --target test .'],
    ],
    ['{ uses: docker/build-push-action@v6, with: { context: "{{defaultContext}}:x" } }', []],
    ['{ uses: docker/bake-action@v6, with: { targets: all } }', ['docker buildx bake all']],
    ['{ uses: wearerequired/lint-action@v2, with: { eslint: true, prettier: false } }', ['eslint .']],
    ['{ uses: mxcl/xcodebuild@v3, with: { scheme: App } }', ['xcodebuild test -scheme App']],
    ['{ uses: super-linter/super-linter@v7 }', []],
    ['{ uses: wagoid/commitlint-github-action@v6 }', []],
    ['{ uses: "docker://koalaman/shellcheck:stable", with: { args: a.sh } }', ['shellcheck a.sh']],
    ['{ uses: "docker://alpine", with: { entrypoint: make, args: test } }', ['make test']],
    ['{ run: "dotnet test; $x = 1", shell: pwsh }', ['dotnet test; $x = 1']],
    ['{ run: "$x = 1", shell: pwsh }', []],
    ['{ run: "call gradlew.bat check", shell: cmd }', ['./gradlew check']],
  ])('%s', async (step, commands, files) => {
    expect(await runs(step, files)).toEqual(commands);
  });

  it('a reusable workflow of somebody else’s is a job’s only step', async () => {
    const text = workflow('    uses: VeryGoodOpenSource/very_good_workflows/.github/workflows/dart_package.yml@v1\n');
    expect(await pipelineOf(githubActions, { '.github/workflows/ci.yml': text })).toEqual([
      'job a ci.yml:3',
      'merge-request ci.yml 4: dart pub get ; 4: dart format . ; 4: dart analyze ; 4: dart test',
    ]);
  });
});

describe('includes of GitLab', () => {
  it.each<[string, string[], Record<string, string>?]>([
    ['template: Go.gitlab-ci.yml', ['1: go fmt ./...', '1: go vet ./...', '1: go test ./...']],
    ['template: Maven.gitlab-ci.yml', ['1: ./mvnw verify'], { mvnw: '' }],
    ['template: Jobs/SAST.gitlab-ci.yml', []],
    ['component: $CI_SERVER_FQDN/components/opentofu/fmt@1.0.0', ['1: tofu fmt -check -recursive']],
    [
      'component: gitlab.example.org/to-be-continuous/golang/gitlab-ci-golang@4',
      ['1: go build ./...', '1: go test ./...', '1: golangci-lint run'],
    ],
    ['component: $CI_SERVER_FQDN/to-be-continuous/python/gitlab-ci-python@7', []],
    ['component: $CI_SERVER_FQDN/someone/else/python@7', []],
    [
      'project: tools/to-be-continuous/golang, ref: "4", file: /templates/gitlab-ci-golang.yml',
      ['1: go build ./...', '1: go test ./...', '1: golangci-lint run'],
    ],
  ])('%s', async (include, commands, files) => {
    const text = `include: [{ ${include} }]\n`;
    const lines = await pipelineOf(gitlabCi, { '.gitlab-ci.yml': text, ...files });
    const expected = commands.length === 0 ? [] : [`merge-request .gitlab-ci.yml ${commands.join(' ; ')}`];
    expect(lines).toEqual(expected);
  });

  it('are what their inputs make of them, with the line that says so', async () => {
    const text = `include:
  - component: $CI_SERVER_FQDN/to-be-continuous/python/gitlab-ci-python@7
    inputs:
      project-dir: api
      ruff-enabled: true
      pytest-enabled: true
      mypy-enabled: $MYPY
`;
    expect(await pipelineOf(gitlabCi, { '.gitlab-ci.yml': text })).toEqual([
      'merge-request in api .gitlab-ci.yml 6: pytest ; 5: ruff check .',
    ]);
  });

  it('with rules may be kept out of merge requests', async () => {
    const text = 'include: { template: Rust.gitlab-ci.yml, rules: [{ if: $CI_COMMIT_TAG }] }\n';
    expect(await pipelineOf(gitlabCi, { '.gitlab-ci.yml': text })).toEqual(['push .gitlab-ci.yml 1: cargo test']);
  });

  it('gate a change, and are evidence where their line names the tool', async () => {
    const files = { 'go.mod': 'module x\n\ngo 1.24\n', 'x.go': 'package x\n' };
    const { facts } = await analyze(
      memoryRepository({ ...files, '.gitlab-ci.yml': 'include:\n  - template: Go.gitlab-ci.yml\n' }),
    );
    const at = { path: '.gitlab-ci.yml', line: 2 };
    expect(facts.find(({ key }) => key === 'ci.gate.test')).toMatchObject({ evidence: [at] });
    expect(facts.find(({ key }) => key === 'command.test')).toMatchObject({ value: 'go test ./...', source: 'ci' });
  });
});
