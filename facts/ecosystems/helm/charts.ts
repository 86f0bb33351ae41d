import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { SourceFile } from '../../source-file.ts';
import { mainLanguages } from '../languages.ts';
import { at, isSideFolder } from '../native/side-folders.ts';

/** A chart that stands for itself: no sub-chart of another one, no example. */
export interface Chart {
  readonly file: SourceFile;
  readonly dir: string;
  readonly name: string;
  /** The line that names it. */
  readonly line: Evidence;
  /** Only there to be used by other charts: nothing to render. */
  readonly library: boolean;
  /** Where its dependencies on other charts are listed, if any have to be fetched. */
  readonly dependencies: Evidence | undefined;
  readonly locked: boolean;
  /** A suite of helm-unittest, by that plugin's default pattern `tests/*_test.yaml`. */
  readonly suite: string | undefined;
  /** The template of its README, which helm-docs fills in. */
  readonly readme: string | undefined;
  readonly kubeVersion: Evidence | undefined;
}

/** Every chart that people work on, by path. https://helm.sh/docs/topics/charts/ */
export function findCharts(repo: RepoView): readonly Chart[] {
  const manifests = repo.files.filter(({ name, dir }) => name === 'Chart.yaml' && !isSideFolder(dir));
  const dirs = new Set(manifests.map(({ dir }) => dir));
  return manifests.flatMap((file) => (isSubchart(file.dir, dirs) ? [] : (readChart(repo, file) ?? [])));
}

/** The charts are what the repository is about: nothing else in it has more files. */
export function isAboutCharts(repo: RepoView): boolean {
  return mainLanguages(repo.paths)[0]?.language === 'Go Template';
}

/** The folder that most charts stand in side by side: `charts`. */
export function commonParent(charts: readonly Chart[]): string | undefined {
  const parents = Map.groupBy(charts, ({ dir }) => dir.slice(0, Math.max(0, dir.lastIndexOf('/'))));
  const [parent, inside] = [...parents].reduce((a, b) => (b[1].length > a[1].length ? b : a));
  return inside.length * 2 > charts.length ? parent : undefined;
}

/** `charts/app/charts/db`, and a chart inside another one's files. */
function isSubchart(dir: string, dirs: ReadonlySet<string>): boolean {
  for (let slash = dir.lastIndexOf('/charts/'); slash > 0; slash = dir.lastIndexOf('/charts/', slash - 1)) {
    if (dirs.has(dir.slice(0, slash))) return true;
  }
  return dirs.has('') && dir.startsWith('charts/');
}

function readChart(repo: RepoView, file: SourceFile): Chart | undefined {
  const tree = file.yaml();
  const name = tree?.get('name');
  if (!name?.text || !/^[\w.-]+$/.test(name.text)) return undefined;
  const { dir } = file;
  const needed = tree?.get('dependencies');
  const fetched = (needed?.items() ?? []).some((each) => !(each.get('repository')?.text ?? '').startsWith('file:'));
  const kubeVersion = tree?.get('kubeVersion');
  return {
    file,
    dir,
    name: name.text,
    line: file.at(name.keyLine),
    library: tree?.get('type')?.text === 'library',
    dependencies: needed && fetched ? file.at(needed.keyLine) : undefined,
    locked: repo.paths.isFile(at(dir, 'Chart.lock')),
    suite: firstSuite(repo, dir),
    readme: [at(dir, 'README.md.gotmpl')].find((path) => repo.paths.isFile(path)),
    kubeVersion: kubeVersion?.text ? file.at(kubeVersion.keyLine) : undefined,
  };
}

function firstSuite(repo: RepoView, dir: string): string | undefined {
  const tests = at(dir, 'tests');
  if (!repo.paths.hasDir(tests)) return undefined;
  const suites = repo.paths.under(tests).filter(({ path }) => /_test\.ya?ml$/.test(path));
  return (suites.find(({ path }) => !path.slice(tests.length + 1).includes('/')) ?? suites[0])?.path;
}
