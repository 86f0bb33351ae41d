import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import type { Project, Reference } from './projects.ts';
import { usesTestingPlatform } from './sdk.ts';
import type { Whole } from './whole.ts';

/** What tests are written with, by package; the first group finds tests, the second helps them. */
const FRAMEWORKS: readonly (readonly [package_: RegExp, name: string])[] = [
  [/^xunit(?:\.core|\.v3(?:\..*)?)?$/, 'xunit'],
  [/^nunit(?:lite|3testadapter)?$/, 'nunit'],
  [/^mstest(?:\.testframework|\.testadapter|\.sdk)?$/, 'mstest'],
  [/^tunit(?:\.engine|\.core)?$/, 'tunit'],
  [/^(?:yolodev\.)?expecto(?:\.testsdk)?$/, 'expecto'],
  [/^machine\.specifications$/, 'mspec'],
  [/^fixie/, 'fixie'],
  [/^fscheck(?:\.\w+)?$/, 'fscheck'],
  [/^fsunit(?:\.\w+)?$/, 'fsunit'],
  [/^(?:reqnroll|specflow)(?:\.\w+)?$/, 'reqnroll'],
  [/^bunit(?:\..*)?$/, 'bunit'],
];
const MAX_PROJECTS = 3;
const RUNS = new Set(['xunit', 'nunit', 'mstest', 'tunit', 'expecto', 'mspec', 'fixie']);

interface Framework {
  readonly name: string;
  readonly count: number;
  readonly at: Evidence;
}

/** The frameworks, and how all tests and one test are run. */
export function* testing(repo: RepoView, whole: Whole): Iterable<Signal> {
  const tests = whole.projects.filter(({ isTest }) => isTest);
  const [first] = tests;
  if (!first) return;
  const frameworks = frameworksOf(tests);
  for (const [index, { name, at }] of frameworks.entries())
    yield plain('test-framework', name, whole.dir, at, { weight: frameworks.length - index });
  const main = frameworks.find(({ name }) => RUNS.has(name));
  const alone = main?.name === 'expecto' && !tests.some((test) => refers(test, /^(?:yolodev|microsoft\.net\.test)/));
  const platform = usesTestingPlatform(repo, whole.dir);
  if (alone) yield* expecto(whole, tests);
  else yield* dotnetTest(whole, tests, main, platform);
}

/** The most used first; what only helps other frameworks last. */
function frameworksOf(tests: readonly Project[]): readonly Framework[] {
  const found = new Map<string, Framework>();
  for (const test of tests) {
    const seen = new Set<string>();
    for (const { name, at } of [...test.references, ...sdkOf(test), ...test.inherited]) {
      const framework = FRAMEWORKS.find(([package_]) => package_.test(name))?.[1];
      if (framework === undefined || seen.has(framework)) continue;
      seen.add(framework);
      const known = found.get(framework);
      found.set(framework, { name: framework, count: (known?.count ?? 0) + 1, at: known?.at ?? at });
    }
  }
  return [...found.values()].sort((a, b) => Number(RUNS.has(b.name)) - Number(RUNS.has(a.name)) || b.count - a.count);
}

/** `<Project Sdk="MSTest.Sdk">` brings the framework without a reference. */
function sdkOf({ file, at }: Project): readonly Reference[] {
  const sdk = file.xml()?.get('Project', '@Sdk')?.text ?? '';
  return /^MSTest\.Sdk/i.test(sdk) ? [{ name: 'mstest.sdk', at }] : [];
}

function* dotnetTest(
  whole: Whole,
  tests: readonly Project[],
  main: Framework | undefined,
  platform: boolean,
): Iterable<Signal> {
  const { dir, target, solution } = whole;
  const project = (path: string): string => (platform ? ` --project ${path}` : ` ${path}`);
  const list = (path: string): string => (platform ? ` --solution ${path}` : ` ${path}`);
  const unit = principal(tests);
  const place = unit && relative(dir, unit);
  // Without a solution only the project at hand is found, which need not be one with tests.
  const reaches = solution !== undefined || (target === undefined && tests.some((test) => test.dir === dir));
  if (reaches)
    yield command('test', `dotnet test${target === undefined ? '' : list(target)}`, dir, whole.at, { weight: 0.5 });
  if (solution !== undefined && target === undefined)
    yield command('test', `dotnet test${list(solution)}`, dir, whole.at, { weight: -1 });
  for (const test of reaches ? (unit ? [unit] : []) : tests.slice(0, MAX_PROJECTS)) {
    const path = relative(dir, test);
    const weight = reaches ? -1.5 : test === unit ? 0 : -0.5;
    if (path !== '') yield command('test', `dotnet test${project(path)}`, dir, lineOf(whole, test), { weight });
  }
  // What is shared names the framework, a project proves that there are tests.
  const evidence = main && /proj$/.test(main.at.path) ? main.at : tests[0]!.at;
  const forms = platform ? platformFilters(main?.name) : ['--filter "FullyQualifiedName~<name>"'];
  for (const [index, form] of forms.entries()) {
    if (reaches && target === undefined)
      yield command('test-single', `dotnet test ${form}`, dir, evidence, { weight: -index });
    const one = project(tests.length === 1 && place ? place : '<dir>');
    yield command('test-single', `dotnet test${one} ${form}`, dir, evidence, { weight: -0.5 - index });
  }
}

/** Each framework on Microsoft.Testing.Platform brings filters of its own. */
function platformFilters(framework: string | undefined): readonly string[] {
  if (framework === 'tunit') return ['--treenode-filter "/*/*/<name>/*"'];
  if (framework === 'xunit') return ['--filter-method "*<name>*"', '--filter-class "*<name>"'];
  return ['--filter "FullyQualifiedName~<name>"'];
}

/** Expecto without an adapter: the tests are a program. https://github.com/haf/expecto#main-argument-list */
function* expecto(whole: Whole, tests: readonly Project[]): Iterable<Signal> {
  const unit = principal(tests) ?? tests[0]!;
  const run = `dotnet run --project ${relative(whole.dir, unit) || '.'}`;
  const evidence = lineOf(whole, unit);
  yield command('test', run, whole.dir, evidence);
  yield command('test-single', `${run} -- --filter-test-case "<name>"`, whole.dir, evidence);
}

/** The only test project, or the only one that says it holds the unit tests. */
function principal(tests: readonly Project[]): Project | undefined {
  if (tests.length === 1) return tests[0];
  const unit = tests.filter(({ name }) => /unit/i.test(name));
  if (unit.length === 1) return unit[0];
  const plain = tests.filter(({ name }) => !/integration|functional|acceptance|e2e|bench|perf|aot|smoke/i.test(name));
  if (plain.length === 1) return plain[0];
  // `Shop.Tests` beside `Shop.Redis.Tests`: the rest go on from its name.
  const stem = (name: string): string => name.replace(/[._-]?(?:Unit)?(?:Tests?|Specs?)$/i, '');
  return plain.find(({ name }) => stem(name) !== '' && plain.every((other) => other.name.startsWith(stem(name))));
}

function refers({ references, inherited }: Project, package_: RegExp): boolean {
  return [...references, ...inherited].some(({ name }) => package_.test(name));
}

export function lineOf(whole: Whole, project: Project): Evidence {
  return whole.lines.get(project.file.path) ?? project.at;
}

/** A project's folder, as it is typed in `dir`. */
export function relative(dir: string, project: Project): string {
  return dir === '' ? project.dir : project.dir.startsWith(`${dir}/`) ? project.dir.slice(dir.length + 1) : '';
}
