import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { plain } from '../native/leads.ts';
import { at, isSideFolder, upwards } from '../native/side-folders.ts';
import { type Project, pinOf, property } from './projects.ts';

const MAX_FRAMEWORKS = 2;

/** The SDK that `global.json` pins, then what the projects are compiled for, the most used first. */
export function* versions(repo: RepoView, dir: string, projects: readonly Project[]): Iterable<Signal> {
  for (const here of upwards(dir)) {
    const file = repo.file(at(here, 'global.json'));
    const version = file?.json()?.get('sdk', 'version');
    if (!file || !version?.text) continue;
    yield plain('runtime.dotnet', version.text, dir, file.at(version.keyLine), { weight: 2 });
    break;
  }
  const worked = projects.filter(
    ({ name, dir: here, isTest }) => !isTest && !isSideFolder(here) && !/^_?build$/i.test(name),
  );
  const counted = worked.length > 0 ? worked : projects;
  const used = new Map<string, { count: number; at: Evidence }>();
  const count = (value: string, line: Evidence, weight: number): void => {
    used.set(value, { count: (used.get(value)?.count ?? 0) + weight, at: used.get(value)?.at ?? line });
  };
  for (const name of ['Directory.Build.props', 'Directory.Build.targets', 'src/Directory.Build.props']) {
    const shared = repo.file(at(dir, name));
    const tree = shared?.xml()?.get('Project');
    const pin = shared && pinOf(shared, property(tree, 'TargetFrameworks') ?? property(tree, 'TargetFramework'));
    const unset = counted.filter(({ frameworks }) => !frameworks).length;
    if (pin) count(pin.value, pin.at, 1 + unset);
  }
  for (const { frameworks } of counted) if (frameworks) count(frameworks.value, frameworks.at, 1);
  const ranked = [...used].sort((a, b) => b[1].count - a[1].count).slice(0, MAX_FRAMEWORKS);
  for (const [index, [value, { at: line }]] of ranked.entries())
    yield plain('runtime.dotnet', value, dir, line, { weight: -index });
}

/**
 * Whether `dotnet test` is the one of Microsoft.Testing.Platform, where a solution has to be named by `--solution`.
 * https://learn.microsoft.com/dotnet/core/tools/dotnet-test-mtp
 */
export function usesTestingPlatform(repo: RepoView, dir: string): boolean {
  for (const here of upwards(dir)) {
    const runner = repo.file(at(here, 'global.json'))?.json()?.get('test', 'runner')?.text;
    if (runner !== undefined) return /^Microsoft\.Testing\.Platform$/i.test(runner);
  }
  return false;
}
