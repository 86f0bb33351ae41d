import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';
import { at, isSideFolder, upwards } from '../native/side-folders.ts';
import { isProject } from './solutions.ts';

/** A package that a project refers to. */
export interface Reference {
  /** In lower case: names of packages do not tell capitals apart. */
  readonly name: string;
  readonly at: Evidence;
}

/** A `.csproj`, `.fsproj` or `.vbproj`. */
export interface Project {
  readonly file: SourceFile;
  readonly dir: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly fsharp: boolean;
  /** Its own packages; those that its folder’s `Directory.Build.props` adds are in {@link Project.inherited}. */
  readonly references: readonly Reference[];
  readonly inherited: readonly Reference[];
  readonly isTest: boolean;
  /** Something a person may start: no test, benchmark or sample. */
  readonly app: App | undefined;
  readonly frameworks: Pin | undefined;
  /** The line that a fact about the project rests on when no other says more. */
  readonly at: Evidence;
}

interface App {
  readonly at: Evidence;
  /** An Aspire host starts the other programs; a web project is more of a product than a console program. */
  readonly rank: number;
}

interface Pin {
  readonly value: string;
  readonly at: Evidence;
}

/** Packages by which a project is known to hold tests. */
const TEST_PACKAGE =
  /^(?:microsoft\.net\.test\.sdk|microsoft\.testing\.platform.*|xunit(?:\.(?:v3|core).*)?|nunit|nunitlite|mstest(?:\.(?:testframework|testadapter))?|tunit(?:\.engine)?|expecto|yolodev\.expecto\.testsdk|fixie.*|machine\.specifications)$/;
const TEST_NAME = /(?:Tests|[._-]Test|UnitTest|^Test|Specs?)$/;
/** Helpers of tests are named alike and hold none. */
const TEST_HELP = /(?:common|shared|helpers?|utilities|utils|infrastructure|base|fixtures?|assets?|support|tools)$/i;
const NO_APP =
  /(?:^|[._-])(?:[a-z]*bench(?:marks?)?|benchmarks?|perf(?:ormance)?|samples?|examples?|demos?|tests?|testapp|playground|fuzz\w*|stress|generators?|codegen|build|_build|scripts?|tools?)(?:$|[._-])|^_?build$|(?:tests?|benchmarks?|samples?|generator|sandbox)$/i;

/** Every project file, the shallowest first. */
export function projectsOf(repo: RepoView): readonly Project[] {
  return repo.files.filter(({ name }) => isProject(name)).map((file) => readProject(repo, file));
}

function readProject(repo: RepoView, file: SourceFile): Project {
  const tree = file.xml()?.get('Project');
  const name = file.name.replace(/\.\w+$/, '');
  const references = [...packagesOf(file), ...paketPackages(repo, file.dir)];
  const inherited = upwards(file.dir).flatMap((dir) => sharedIn(repo, dir).flatMap(packagesOf));
  const sdk = tree?.get('@Sdk')?.text ?? tree?.get('Sdk')?.get('@Name')?.text ?? '';
  const said = property(tree, 'IsTestProject')?.text?.toLowerCase();
  const byPackage = references.some((reference) => TEST_PACKAGE.test(reference.name)) || /^MSTest\.Sdk/i.test(sdk);
  // What brings the framework may be computed, or come with an SDK.
  const byName = TEST_NAME.test(name);
  const isTest =
    said === 'true' ||
    (!/(?:^|\/)bench/i.test(file.dir) && said !== 'false' && (byName || (byPackage && !TEST_HELP.test(name))));
  const frameworks = property(tree, 'TargetFrameworks') ?? property(tree, 'TargetFramework');
  return {
    file,
    dir: file.dir,
    name,
    fsharp: /\.fsproj$/i.test(file.name),
    references,
    inherited,
    isTest,
    app: isTest ? undefined : appOf(file, name, sdk, tree),
    frameworks: pinOf(file, frameworks),
    at: file.at(tree?.line ?? 1),
  };
}

const SHARED = ['Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props'];

/** What MSBuild reads for every project below a folder, and what such files commonly import. */
export function sharedIn(repo: RepoView, dir: string): readonly SourceFile[] {
  const imported = repo.files.filter((file) => file.dir === at(dir, 'eng') && /\.(?:props|targets)$/.test(file.name));
  return [...SHARED.flatMap((name) => repo.file(at(dir, name)) ?? []), ...imported];
}

/** A property of a project: the last that holds without a condition, else the first of the others. */
export function property(tree: Tree | undefined, name: string): Tree | undefined {
  const found = (tree?.all('PropertyGroup') ?? []).flatMap((group) =>
    group.all(name).map((value) => ({ value, free: !group.get('@Condition') && !value.get('@Condition') })),
  );
  return (found.findLast(({ free }) => free) ?? found[0])?.value;
}

/** Target frameworks as written; what is computed is not known. */
export function pinOf(file: SourceFile, tree: Tree | undefined): Pin | undefined {
  const value = (tree?.text ?? tree?.get('#text')?.text)?.replace(/\s+/g, '');
  if (!tree || !value || value.includes('$(')) return undefined;
  return { value: value.replace(/^;+|;+$/g, ''), at: file.at(tree.line) };
}

const REFERENCES = new Set(['PackageReference', 'GlobalPackageReference', 'ProjectReference']);

/** Packages and projects that a file of MSBuild refers to; versions kept at one place are no references, global ones are. */
export function packagesOf(file: SourceFile): readonly Reference[] {
  const found: Reference[] = [];
  for (const group of file.xml()?.get('Project')?.all('ItemGroup') ?? []) {
    for (const [kind, item] of group.entries()) {
      const included = item.get('@Include')?.text?.toLowerCase();
      if (!included) continue;
      // A framework tests itself with what it is, not with its package.
      const name = kind === 'ProjectReference' ? included.replace(/^.*[\\/]|\.\w+proj$/g, '') : included;
      if (REFERENCES.has(kind)) found.push({ name, at: file.at(item.line) });
    }
  }
  return found;
}

/** https://fsprojects.github.io/Paket/references-files.html: one package on a line, groups and files between. */
function paketPackages(repo: RepoView, dir: string): readonly Reference[] {
  const file = repo.file(at(dir, 'paket.references'));
  return (file?.lines.all() ?? []).flatMap((text, index) => {
    const name = /^\s*([\w.-]+)/.exec(text)?.[1]?.toLowerCase();
    return name === undefined || name === 'group' ? [] : [{ name, at: file!.at(index + 1) }];
  });
}

function appOf(file: SourceFile, name: string, sdk: string, tree: Tree | undefined): App | undefined {
  if (NO_APP.test(name) || isSideFolder(file.dir) || /templates?(?:\/|$)/i.test(file.dir)) return undefined;
  const output = property(tree, 'OutputType');
  const program = /^(?:win)?exe$/i.test(output?.text ?? '');
  const host = /^Aspire\.AppHost/i.test(sdk) || property(tree, 'IsAspireHost') !== undefined || /\.AppHost$/.test(name);
  const web = /^Microsoft\.NET\.Sdk\.(?:Web|BlazorWebAssembly)$/i.test(sdk);
  if (!program && !host && !web && !/\.Worker$/i.test(sdk)) return undefined;
  const line = program ? output!.line : (tree?.line ?? 1);
  return { at: file.at(line), rank: host ? 3 : web ? 2 : 1 };
}
