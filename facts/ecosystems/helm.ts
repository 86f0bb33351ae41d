import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { CT_FILES, chartTesting } from './helm/chart-testing.ts';
import { type Chart, commonParent, findCharts, isAboutCharts } from './helm/charts.ts';
import { renderings } from './helm/rendering.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead } from './native/side-folders.ts';

/** Charts beside an application of which something is said. */
const MAX_BESIDE = 6;
const MAX_CHARTS = 150;
/** Suites and README templates that are read, so that a fact can point to them. */
const MAX_READ = 60;

/**
 * Helm charts. Where charts are what the repository is about, the commands are the root's and name a chart by its path;
 * the chart of an application has commands of its own folder, and the application's come first.
 */
export const helm = ecosystem({
  id: 'helm',
  title: 'Helm',
  files: ['Chart.yaml', ...CT_FILES, 'helmfile.yaml', '/Makefile', '/GNUmakefile', '/.pre-commit-config.yaml'],
  *follow(repo) {
    const charts = findCharts(repo);
    yield* charts.flatMap(({ suite }) => suite ?? []).slice(0, MAX_READ);
    yield* charts.flatMap(({ readme }) => readme ?? []).slice(0, MAX_READ);
  },
  *detect(repo) {
    const charts = findCharts(repo);
    for (const file of repo.files) {
      const releases = file.name === 'helmfile.yaml' ? file.find(/^(?:releases|helmfiles):/) : undefined;
      if (releases) yield command('lint', 'helmfile lint', file.dir, file.at(releases), { weight: -2 });
    }
    if (charts.length === 0) return;
    if (!isAboutCharts(repo)) {
      const beside = charts.filter(({ dir }) => !isNoLead(dir));
      for (const chart of beside.slice(0, MAX_BESIDE)) yield* besideAnApplication(chart, repo);
      return;
    }
    yield plain('package-manager', 'helm', '', charts[0]!.dependencies ?? charts[0]!.line, { weight: 3 });
    yield* members(charts);
    yield* lints(repo, charts);
    yield* tests(repo, charts);
    yield* fetches(charts);
    yield* builds(repo, charts);
    yield* documents(repo, charts);
  },
});

function* members(charts: readonly Chart[]): Iterable<Signal> {
  if (charts.length === 1) {
    const { file, kubeVersion } = charts[0]!;
    const pin = file.yaml()?.get('kubeVersion')?.text;
    if (kubeVersion && pin) yield plain('runtime.kubernetes', pin, '', kubeVersion);
    return;
  }
  for (const { name, dir, line } of charts.slice(0, MAX_CHARTS)) {
    if (dir !== '') yield plain('workspace', name, dir, line);
  }
}

/** How one chart of several is named on the command line, and how all of them are. */
function named(charts: readonly Chart[]): { readonly one: string; readonly all: string | undefined } {
  if (charts.length === 1) return { one: charts[0]!.dir || '.', all: undefined };
  const parent = commonParent(charts);
  if (parent === undefined) return { one: '<dir>', all: undefined };
  return parent === '' ? { one: '<name>', all: undefined } : { one: `${parent}/<name>`, all: `${parent}/*` };
}

function* lints(repo: RepoView, charts: readonly Chart[]): Iterable<Signal> {
  const { lint } = chartTesting(repo);
  const { one, all } = named(charts);
  const { line } = charts[0]!;
  if (lint) {
    yield plain('linter', 'chart-testing', '', lint.at);
    yield command('lint', lint.run, '', lint.at, { weight: 1 });
  }
  yield command('lint', `helm lint ${one}`, '', line);
  if (all) yield command('lint', `helm lint ${all}`, '', line, { weight: -0.5 });
}

function* tests(repo: RepoView, charts: readonly Chart[]): Iterable<Signal> {
  const tested = charts.filter(({ suite }) => suite !== undefined && repo.file(suite));
  if (tested.length === 0) {
    const { install } = chartTesting(repo);
    // It needs a cluster.
    if (install) yield command('test', install.run, '', install.at, { weight: -3 });
    return;
  }
  // What holds for one of several charts is said of each: the others’ tests may come.
  const { one } = named(charts);
  const all = tested.length > 1 ? named(tested).all : undefined;
  const shown = [{ path: tested[0]!.suite!, line: 1 }, tested[0]!.line];
  yield plain('test-framework', 'helm-unittest', '', shown);
  const files = suitesOption(tested);
  if (all) yield command('test', `helm unittest${files} ${all}`, '', shown);
  yield command('test', `helm unittest${files} ${one}`, '', shown, { weight: all ? -0.5 : 0 });
  yield command('test-single', `helm unittest -f <file> ${one}`, '', shown);
  if (all) yield command('test-single', `helm unittest ${one}`, '', shown, { weight: -1 });
}

function* fetches(charts: readonly Chart[]): Iterable<Signal> {
  const needing = charts.filter(({ dependencies }) => dependencies !== undefined);
  if (needing.length === 0) return;
  const target = targetOf(needing, charts);
  const evidence = needing[0]!.dependencies!;
  yield command('install', `helm dependency update${target}`, '', evidence, { source: 'config' });
  if (needing.some(({ locked }) => locked))
    yield command('install', `helm dependency build${target}`, '', evidence, { source: 'config', weight: -0.5 });
}

/** Suites in folders below `tests` are only found if asked for. */
function suitesOption(tested: readonly Chart[]): string {
  return tested.every(({ dir, suite }) => suite!.lastIndexOf('/') > at(dir, 'tests').length)
    ? " -f 'tests/**/*_test.yaml'"
    : '';
}

/** Without an argument helm takes the chart it is started in. */
function targetOf(some: readonly Chart[], charts: readonly Chart[]): string {
  const { one } = named(some.length === 1 ? some : charts);
  return one === '.' ? '' : ` ${one}`;
}

function* builds(repo: RepoView, charts: readonly Chart[]): Iterable<Signal> {
  const targets = renderings(repo);
  for (const { run, at: line, writes } of targets) {
    yield command('build', run, '', line, { source: 'config' });
    if (writes) yield command('generate', run, '', line, { source: 'config' });
  }
  const rendered = charts.filter(({ library }) => !library);
  if (rendered.length === 0) return;
  const { one } = named(rendered);
  const weight = targets.length > 0 ? -4 : -1;
  yield command('build', `helm template ${one}`, '', rendered[0]!.line, { weight });
  yield command('build', `helm package ${one}`, '', rendered[0]!.line, { weight: weight - 2 });
}

/** helm-docs writes the README of every chart, from comments in values.yaml. https://github.com/norwoodj/helm-docs */
function* documents(repo: RepoView, charts: readonly Chart[]): Iterable<Signal> {
  const hooks = repo.file('.pre-commit-config.yaml');
  const hook = hooks?.find(/^\s*-?\s*id:\s*["']?helm-docs/);
  const filled = charts.filter(({ readme }) => readme !== undefined && repo.file(readme));
  if (hooks && hook) yield command('generate', 'helm-docs', '', hooks.at(hook), { source: 'config' });
  else if (filled.length > 0) yield command('generate', 'helm-docs', '', [filled[0]!.line]);
  for (const { dir, readme } of filled) {
    const path = at(dir, 'README.md');
    if (repo.paths.isFile(path)) yield plain('generated', path, '', { path: readme!, line: 1 });
  }
}

function* besideAnApplication(chart: Chart, repo: RepoView): Iterable<Signal> {
  const { dir, line, suite, dependencies, library } = chart;
  yield command('lint', 'helm lint .', dir, line);
  if (dependencies) yield command('install', 'helm dependency update', dir, dependencies, { source: 'config' });
  if (!library) yield command('build', 'helm template .', dir, line, { weight: -1 });
  if (suite === undefined || !repo.file(suite)) return;
  const shown = [{ path: suite, line: 1 }, line];
  yield plain('test-framework', 'helm-unittest', dir, shown);
  yield command('test', `helm unittest${suitesOption([chart])} .`, dir, shown);
  yield command('test-single', 'helm unittest -f <file> .', dir, shown);
}
