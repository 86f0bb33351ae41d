import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { SourceFile } from '../../source-file.ts';

/** How `ct` is called here: `ct lint --config .github/ct.yaml`. */
interface ChartTesting {
  readonly lint: { readonly run: string; readonly at: Evidence } | undefined;
  readonly install: { readonly run: string; readonly at: Evidence } | undefined;
}

/** The names people give it; `depth` is that of the plugin. */
export const CT_FILES = ['ct*.yaml', 'ct*.yml', '.ct*.yaml', 'chart-testing*.yaml', 'chart-testing*.yml'];

const OWN_KEYS = [
  ...['chart-dirs', 'charts', 'chart-repos', 'target-branch', 'remote', 'excluded-charts', 'helm-extra-args'],
  ...['validate-maintainers', 'check-version-increment', 'lint-conf', 'chart-yaml-schema', 'all', 'upgrade'],
];

/** Settings of chart-testing. https://github.com/helm/chart-testing#configuration */
export function chartTesting(repo: RepoView): ChartTesting {
  const configs = repo.files.flatMap((file) => {
    if (!/^\.?(?:ct|chart-testing)(?:[-_.][\w-]+)*\.ya?ml$/.test(file.name)) return [];
    const key = file
      .yaml()
      ?.entries()
      .find(([name]) => OWN_KEYS.includes(name));
    return key ? [{ file, at: file.at(key[1].keyLine) }] : [];
  });
  const called = (verb: 'lint' | 'install', other: string): ChartTesting['lint'] => {
    const own = configs.find(({ file }) => file.name.includes(verb)) ?? configs.find(({ file }) => plain(file, other));
    return own && { run: `ct ${verb}${option(own.file)}`, at: own.at };
  };
  return { lint: called('lint', 'install'), install: called('install', 'lint') };
}

function plain(file: SourceFile, other: string): boolean {
  return !file.name.includes(other);
}

/** `ct` finds a `ct.yaml` in the folder it is started in by itself. */
function option(file: SourceFile): string {
  return file.path === 'ct.yaml' ? '' : ` --config ${file.path}`;
}
