import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ecosystem } from '../ecosystem.ts';
import { signalsOf } from '../testing/signals.ts';
import { githubActions } from './github-actions.ts';
import { gitlabCi } from './gitlab-ci.ts';

/** Everything that is reported of a folder below `fixtures`: job facts by their line, steps line by line. */
async function reportOf(plugin: Ecosystem, folder: string): Promise<readonly string[]> {
  const root = join(import.meta.dirname, 'fixtures', folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const tree = Object.fromEntries(files.map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]));
  const { signals, problems } = await signalsOf(plugin, tree);
  expect(problems).toEqual([]);
  return signals.flatMap((signal) => {
    if (signal.kind === 'fact')
      return [`${signal.key} ${signal.value} ${signal.evidence[0]!.path}:${signal.evidence[0]!.line}`];
    if (signal.kind !== 'step') return [];
    const { script, lines, path, trigger, dir } = signal;
    return script.split('\n').map((line, i) => `${trigger} ${path}:${lines[i]} ${dir}$ ${line}`);
  });
}

describe('whole repositories', () => {
  it('a service on GitLab', async () => {
    expect(await reportOf(gitlabCi, 'gitlab-ci/service')).toEqual([
      'release ci/jobs/release.yml:5 $ docker build --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_TAG" .',
      'manual .gitlab-ci.yml:30 $ go mod download',
      'manual ci/jobs/release.yml:12 $ ./ci/deploy.sh production',
      'schedule .gitlab-ci.yml:30 $ go mod download',
      'schedule ci/jobs/release.yml:18 $ govulncheck ./...',
      'ci.job lint .gitlab-ci.yml:35',
      'merge-request .gitlab-ci.yml:30 $ go mod download',
      'merge-request .gitlab-ci.yml:33 $ golangci-lint run ./...',
      'merge-request .gitlab-ci.yml:39 $ go vet ./...',
      'ci.job unit .gitlab-ci.yml:41',
      'merge-request .gitlab-ci.yml:45 $ set -euo pipefail',
      'merge-request .gitlab-ci.yml:46 $ go test -race ./...',
      'merge-request .gitlab-ci.yml:47 $ go tool cover -func=cover.out',
      'push .gitlab-ci.yml:30 $ go mod download',
      'push ci/templates/base.yml:15 $ docker compose up -d db',
      'push ci/templates/base.yml:17 $ until pg_isready -h db; do sleep 1; done',
      'push ci/templates/base.yml:20 $ go run ./cmd/migrate up',
      'push .gitlab-ci.yml:53 $ go test -tags integration ./internal/store/...',
      'ci.job console .gitlab-ci.yml:58',
      'ci.job check web/.gitlab-ci.yml:7',
      'merge-request web/.gitlab-ci.yml:4 $ cd web',
      'merge-request web/.gitlab-ci.yml:5 $ npm ci',
      'merge-request web/.gitlab-ci.yml:9 $ cd web',
      'merge-request web/.gitlab-ci.yml:9 $ npm run lint',
      'merge-request web/.gitlab-ci.yml:10 $ npm run typecheck',
      'ci.job test web/.gitlab-ci.yml:12',
      'merge-request web/.gitlab-ci.yml:14 $ cd web',
      'merge-request web/.gitlab-ci.yml:14 $ npm test -- --coverage',
    ]);
  });

  it('a library on GitHub', async () => {
    expect(await reportOf(githubActions, 'github-actions/library')).toEqual([
      'ci.job lint .github/workflows/checks.yml:9',
      'merge-request .github/workflows/checks.yml:13 $ ruff check --output-format=github',
      'merge-request .github/workflows/checks.yml:16 $ pre-commit run --all-files',
      'ci.job types .github/workflows/checks.yml:17',
      'merge-request .github/actions/set-up/action.yml:12 $ uv sync --locked',
      'merge-request .github/workflows/checks.yml:23 $ uv run mypy src',
      'merge-request .github/workflows/checks.yml:24 $ uv run mypy tests',
      'ci.job checks .github/workflows/ci.yml:12',
      'ci.job tests .github/workflows/ci.yml:17',
      'merge-request .github/workflows/ci.yml:30 $ uv run pytest -n auto',
      'merge-request .github/workflows/ci.yml:31 $ uv run nox --session ${{ matrix.session }}',
      'manual .github/workflows/ci.yml:34 $ cat report.txt',
      'ci.job docs .github/workflows/ci.yml:40',
      'merge-request .github/workflows/ci.yml:48 docs$ uv run sphinx-build --fail-on-warning . _build',
      'push .github/workflows/ci.yml:53 docs$ ./publish.sh',
      'ci.job triage .github/workflows/labels.yml:5',
      'release .github/workflows/release.yaml:11 $ uv build',
      'manual .github/workflows/release.yaml:17 $ uv publish',
    ]);
  });
});
