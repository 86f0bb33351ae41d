import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at, upwards } from '../native/side-folders.ts';
import { packagesOf, property, sharedIn } from './projects.ts';
import type { Whole } from './whole.ts';

/** Analyzers that run inside the build. */
const ANALYZERS: readonly (readonly [package_: RegExp, name: string])[] = [
  [/^stylecop\.analyzers/, 'stylecop'],
  [/^sonaranalyzer\./, 'sonaranalyzer'],
  [/^roslynator\.(?:\w+\.)?analyzers/, 'roslynator'],
  [/^meziantou\.analyzer$/, 'meziantou.analyzer'],
  [/^microsoft\.codeanalysis\.netanalyzers$/, 'netanalyzers'],
  [/^(?:g-research\.fsharp\.analyzers|ionide\.analyzers|fsharp\.analyzers\.build)$/, 'fsharp-analyzers'],
];
const SETTINGS = ['EnforceCodeStyleInBuild', 'AnalysisMode', 'AnalysisLevel', 'EnableNETAnalyzers'];

/** Linters inside the build, and `dotnet format` where `.editorconfig` has rules of .NET. */
export function* style(repo: RepoView, whole: Whole, hasOwnFormatter: boolean): Iterable<Signal> {
  const { dir, projects, target } = whole;
  const found = new Map<string, Evidence>();
  const references = [
    ...upwards(dir).flatMap((here) => sharedIn(repo, here).flatMap(packagesOf)),
    ...projects.flatMap((project) => [...project.inherited, ...project.references]),
  ];
  for (const { name, at: line } of references) {
    const analyzer = ANALYZERS.find(([package_]) => package_.test(name))?.[1];
    if (analyzer !== undefined && !found.has(analyzer)) found.set(analyzer, line);
  }
  for (const [name, line] of found) yield plain('linter', name, dir, line);
  const setting = found.has('netanalyzers') ? undefined : analysisSetting(repo, dir);
  if (setting) yield plain('linter', 'netanalyzers', dir, setting, { weight: -1 });

  // `dotnet format` knows C# and Visual Basic only.
  if (projects.every(({ fsharp }) => fsharp)) return;
  const rule = styleRule(repo, dir);
  if (!rule) return;
  const weight = hasOwnFormatter ? -3 : 0;
  const run = target === undefined ? 'dotnet format' : `dotnet format ${target}`;
  yield plain('formatter', 'dotnet-format', dir, rule, { weight });
  const source = shows(repo, rule) ? 'config' : 'convention';
  const evidence = source === 'config' ? rule : whole.at;
  yield command('format', run, dir, evidence, { weight, source });
  // Rules for editors are no sign that anybody looks with it: a pipeline that does speaks for itself.
  yield command('lint', `${run} --verify-no-changes`, dir, whole.at, { weight: weight - 3 });
  if (target === undefined && whole.solution !== undefined)
    yield command('format', `dotnet format ${whole.solution}`, dir, evidence, { weight: weight - 1, source });
}

function analysisSetting(repo: RepoView, dir: string): Evidence | undefined {
  for (const name of ['Directory.Build.props', 'Directory.Build.targets', 'src/Directory.Build.props']) {
    const file = repo.file(at(dir, name));
    for (const setting of SETTINGS) {
      const found = property(file?.xml()?.get('Project'), setting);
      if (file && found && !/^(?:false|none)$/i.test(found.text ?? '')) return file.at(found.line);
    }
  }
  return undefined;
}

/** The first rule of .NET in the `.editorconfig` of a folder or above it; a `dotnet_` one before others. */
function styleRule(repo: RepoView, dir: string): Evidence | undefined {
  for (const here of [...upwards(dir), at(dir, 'src')]) {
    const file = repo.file(at(here, '.editorconfig'));
    const line =
      file?.find(/^\s*dotnet_(?!diagnostic)/) ?? file?.find(/^\s*(?:dotnet|csharp|visual_basic|resharper|ij_csharp)_/);
    if (file && line !== undefined) return file.at(line);
  }
  return undefined;
}

function shows(repo: RepoView, { path, line }: Evidence): boolean {
  return /^\s*dotnet_/.test(repo.file(path)?.lines.line(line) ?? '');
}
