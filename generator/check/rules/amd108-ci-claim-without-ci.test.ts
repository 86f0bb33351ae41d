import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { ciClaimWithoutCi as rule } from './amd108-ci-claim-without-ci.ts';

const ACTIONS = {
  '.github/workflows/ci.yml':
    'name: Main checks\non: pull_request\njobs:\n  unit-tests:\n    name: Unit tests (${{ matrix.os }})\n    runs-on: x\n    steps:\n      - run: make test\n',
};

describe('AMD108 ci-claim-without-ci', () => {
  it.each([
    ['a job', 'The `fixture-guard` CI job fails large requests.\n', '1:6 warning fixture-guard'],
    ['a workflow', 'See the `nightly` GitHub Actions workflow.\n', '1:10 warning nightly'],
    ['a name behind the word', 'Watch the CI job `deploy-docs`.\n', '1:19 warning deploy-docs'],
  ])('fires for %s', async (_, text, expected) => {
    expect(await told(rule, text, ACTIONS)).toEqual([expected]);
  });

  it.each([
    ['a job that is there', 'The `unit-tests` CI job runs first.\n', ACTIONS],
    ['its name for people', 'The `Unit tests` CI job runs first.\n', ACTIONS],
    ['a workflow by its name', 'The `Main Checks` CI workflow runs first.\n', ACTIONS],
    ['a workflow by its file', 'The `ci` GitHub Actions workflow runs first.\n', ACTIONS],
    ['a job of something else', 'The `SyncUsers` job runs hourly; `Pay` workflow too.\n', ACTIONS],
    ['an example', 'A job, e.g. the `foo-bar` CI job.\n', ACTIONS],
    ['what is to come', 'Add a `smoke` CI job.\n', ACTIONS],
    ['a negation', 'There is no `smoke` CI job.\n', ACTIONS],
    ['a placeholder', 'The `<name>` CI job.\n', ACTIONS],
    ['a file, which is a path', 'The `nightly.yml` CI workflow.\n', ACTIONS],
    ['a repository whose CI was not found', 'The `smoke` CI job runs first.\n', {}],
  ])('is silent for %s', async (_, text, files) => {
    expect(await told(rule, text, files)).toEqual([]);
  });
});
