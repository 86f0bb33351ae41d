import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { helm } from './helm.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(helm, files)).signals);
}

/** The first answer to a purpose at the root. */
async function first(purpose: string, files: Record<string, string>): Promise<string | undefined> {
  const { facts } = await analyze(memoryRepository(files), { agentDocs: false });
  return facts.find(({ key, dir }) => dir === '' && key === `command.${purpose}`)?.value;
}

const CHARTS = fixture('helm/charts');
const CHART = 'apiVersion: v2\nname: pier\nversion: 1.0.0\n';
const ALONE = { 'Chart.yaml': CHART, 'templates/app.yaml': 'kind: Pod\n' };

describe('helm', () => {
  it('a repository of charts: commands are the root’s and name a chart; sub-charts and local dependencies are no news', async () => {
    expect(await said(CHARTS)).toEqual([
      'package-manager = helm | charts/beacon/Chart.yaml:2 | config 3',
      'workspace = beacon in charts/beacon | charts/beacon/Chart.yaml:2 | config 0',
      'workspace = harbor in charts/harbor | charts/harbor/Chart.yaml:2 | config 0',
      'workspace = mooring in charts/mooring | charts/mooring/Chart.yaml:2 | config 0',
      'linter = chart-testing | .github/ct.yaml:2 | config 0',
      'lint: ct lint --config .github/ct.yaml | .github/ct.yaml:2 | convention 1',
      'lint: helm lint charts/<name> | charts/beacon/Chart.yaml:2 | convention 0',
      'lint: helm lint charts/* | charts/beacon/Chart.yaml:2 | convention -0.5',
      'test-framework = helm-unittest | charts/harbor/tests/deployment_test.yaml:1 charts/harbor/Chart.yaml:2 | config 0',
      'test: helm unittest charts/<name> | charts/harbor/tests/deployment_test.yaml:1 charts/harbor/Chart.yaml:2 | convention 0',
      'test-single: helm unittest -f <file> charts/<name> | charts/harbor/tests/deployment_test.yaml:1 charts/harbor/Chart.yaml:2 | convention 0',
      'install: helm dependency update charts/harbor | charts/harbor/Chart.yaml:6 | config 0',
      'install: helm dependency build charts/harbor | charts/harbor/Chart.yaml:6 | config -0.5',
      'build: make rendered | Makefile:2 | config 0',
      'generate: make rendered | Makefile:2 | config 0',
      'build: helm template charts/<name> | charts/beacon/Chart.yaml:2 | convention -4',
      'build: helm package charts/<name> | charts/beacon/Chart.yaml:2 | convention -6',
      'generate: helm-docs | charts/harbor/Chart.yaml:2 | convention 0',
      'generated = charts/harbor/README.md | charts/harbor/README.md.gotmpl:1 | config 0',
    ]);
  });

  it('the chart of an application has commands of its own folder, and is no package manager', async () => {
    expect(await said(fixture('helm/service'))).toEqual([
      'lint: helm lint . in deploy/chart | deploy/chart/Chart.yaml:2 | convention 0',
      'install: helm dependency update in deploy/chart | deploy/chart/Chart.yaml:4 | config 0',
      'build: helm template . in deploy/chart | deploy/chart/Chart.yaml:2 | convention -1',
      'test-framework = helm-unittest in deploy/chart | deploy/chart/tests/web/service_test.yaml:1 deploy/chart/Chart.yaml:2 | config 0',
      "test: helm unittest -f 'tests/**/*_test.yaml' . in deploy/chart | deploy/chart/tests/web/service_test.yaml:1 deploy/chart/Chart.yaml:2 | convention 0",
      'test-single: helm unittest -f <file> . in deploy/chart | deploy/chart/tests/web/service_test.yaml:1 deploy/chart/Chart.yaml:2 | convention 0',
    ]);
  });

  it('one chart at the root needs no path', async () => {
    const files = {
      ...ALONE,
      'Chart.yaml': `${CHART}kubeVersion: ">=1.28"\ndependencies:\n  - name: db\n    repository: https://example.org\n`,
    };
    expect(await said(files)).toEqual([
      'package-manager = helm | Chart.yaml:5 | config 3',
      'runtime.kubernetes = >=1.28 | Chart.yaml:4 | config 0',
      'lint: helm lint . | Chart.yaml:2 | convention 0',
      'install: helm dependency update | Chart.yaml:5 | config 0',
      'build: helm template . | Chart.yaml:2 | convention -1',
      'build: helm package . | Chart.yaml:2 | convention -3',
    ]);
  });

  it('a library is linted and never rendered', async () => {
    const files = { ...ALONE, 'Chart.yaml': `${CHART}type: library\n` };
    expect((await said(files)).filter((line) => line.startsWith('build'))).toEqual([]);
  });

  it('charts/* tests them all where several have suites', async () => {
    const files = { ...CHARTS, 'charts/beacon/tests/service_test.yaml': 'suite: service\n' };
    expect((await said(files)).filter((line) => line.startsWith('test'))).toEqual([
      'test-framework = helm-unittest | charts/beacon/tests/service_test.yaml:1 charts/beacon/Chart.yaml:2 | config 0',
      'test: helm unittest charts/* | charts/beacon/tests/service_test.yaml:1 charts/beacon/Chart.yaml:2 | convention 0',
      'test: helm unittest charts/<name> | charts/beacon/tests/service_test.yaml:1 charts/beacon/Chart.yaml:2 | convention -0.5',
      'test-single: helm unittest -f <file> charts/<name> | charts/beacon/tests/service_test.yaml:1 charts/beacon/Chart.yaml:2 | convention 0',
      'test-single: helm unittest charts/<name> | charts/beacon/tests/service_test.yaml:1 charts/beacon/Chart.yaml:2 | convention -1',
    ]);
  });

  it.each([
    ['ct.yaml', 'ct lint', 'ct install'],
    ['.github/configs/ct-lint.yaml', 'ct lint --config .github/configs/ct-lint.yaml', undefined],
    ['ct-install.yaml', undefined, 'ct install --config ct-install.yaml'],
  ])('%s sets chart-testing up', async (path, lint, install) => {
    const lines = await said({ ...ALONE, [path]: 'chart-dirs: [charts]\n' });
    const run = (purpose: string): string | undefined =>
      lines
        .find((line) => line.startsWith(`${purpose}: ct `))
        ?.split(' | ')[0]
        ?.slice(purpose.length + 2);
    expect([run('lint'), run('test')]).toEqual([lint, install]);
  });

  it('a ct.yaml of something else is none of its settings', async () => {
    expect((await said({ ...ALONE, 'ct.yaml': 'contacts: []\n' })).join()).not.toContain('ct lint');
  });

  it('helm-docs is named by its hook where there is one', async () => {
    const hooks = 'repos:\n  - repo: https://github.com/norwoodj/helm-docs\n    hooks:\n      - id: helm-docs\n';
    expect(await said({ ...ALONE, '.pre-commit-config.yaml': hooks })).toContain(
      'generate: helm-docs | .pre-commit-config.yaml:4 | config 0',
    );
  });

  it('helmfile only looks', async () => {
    expect(await said({ 'helmfile.yaml': 'releases: []\n' })).toEqual([
      'lint: helmfile lint | helmfile.yaml:1 | convention -2',
    ]);
  });

  it('the engine: what renders all charts is the build; what compares or applies is not', async () => {
    expect(await first('build', CHARTS)).toBe('make rendered');
    expect(await first('generate', CHARTS)).toBe('make rendered');
    expect(await first('lint', CHARTS)).toBe('ct lint --config .github/ct.yaml');
  });

  it('the engine: a script named after the tool that it starts does what the tool does', async () => {
    const files = {
      'charts/pier/Chart.yaml': CHART,
      'charts/pier/templates/app.yaml': 'kind: Pod\n',
      'scripts/helm-docs.sh':
        '#!/bin/bash\nset -e\ndocker run --rm -v "$(pwd):/helm-docs" -u "$(id -u)" jnorwood/helm-docs:v1.14.2\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  docs:\n    steps:\n      - run: |\n          ./scripts/helm-docs.sh\n          git diff --exit-code\n',
    };
    expect(await first('generate', files)).toMatch(/scripts\/helm-docs\.sh$/);
  });

  it('the engine: charts are written in Go templates, and a service is not', async () => {
    const languages = async (files: Record<string, string>): Promise<readonly string[]> =>
      (await analyze(memoryRepository(files))).facts.flatMap(({ key, value }) => (key === 'language' ? [value] : []));
    expect(await languages(CHARTS)).toEqual(['Go Template']);
    expect(await languages(fixture('helm/service'))).toEqual(['Go']);
    expect(await languages({ 'templates/a.yaml': 'x', 'a.sh': 'x' })).toEqual(['Shell']);
  });

  it('the engine: a chart does not speak for the service beside it', async () => {
    expect(await first('build', fixture('helm/service'))).toBe('go build ./...');
    expect(await first('lint', fixture('helm/service'))).toBe('go vet ./...');
  });

  it.each([
    ['a broken chart', { 'Chart.yaml': '{{ not yaml', 'templates/a.yaml': 'x' }],
    ['a chart without a name', { 'Chart.yaml': 'apiVersion: v2\n', 'templates/a.yaml': 'x' }],
    ['other types', { 'Chart.yaml': 'name: [a]\ndependencies: 3\n', 'templates/a.yaml': 'x' }],
    ['an example', { 'examples/web/Chart.yaml': CHART, 'examples/web/templates/a.yaml': 'x' }],
    ['an empty file', { 'Chart.yaml': '', 'templates/a.yaml': 'x' }],
  ])('%s says nothing', async (_, files) => {
    expect(await said(files)).toEqual([]);
  });

  it('line ends of Windows and a long line change nothing', async () => {
    const files = { ...ALONE, 'Chart.yaml': `${CHART}description: ${'x'.repeat(100_000)}\n`.replaceAll('\n', '\r\n') };
    expect(await said(files)).toContain('lint: helm lint . | Chart.yaml:2 | convention 0');
  });
});
