import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersion } from './own-version.ts';

/** Project files, central package versions, and Paket. */
export const nugetDependencies = ecosystem({
  id: 'nuget-dependencies',
  title: 'Dependencies of .NET projects',
  files: [
    '*.csproj',
    '*.fsproj',
    '*.vbproj',
    'Directory.Packages.props',
    'Directory.Build.props',
    'paket.dependencies',
    'paket.lock',
  ],
  depth: 3,
  *detect(repo) {
    for (const file of repo.files) {
      if (file.name === 'paket.dependencies') yield* ofPaket(repo, file);
      else if (file.name !== 'paket.lock') yield* ofProject(repo, file);
    }
  },
});

function* ofProject(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const project = file.xml()?.get('Project');
  for (const group of project?.all('PropertyGroup') ?? [])
    yield* ownVersion(
      file,
      group.get('Version') ?? group.get('VersionPrefix'),
      file.name.replace(/\.\w+proj$|^Directory\..*/, ''),
    );
  for (const { name, version, line } of packages(project)) {
    const range = version ?? nearestAbove(file.dir, (dir) => central(repo, dir))?.get(name.toLowerCase());
    yield declared('nuget', file, line, { name, range, dev: false });
  }
}

function* packages(project: Tree | undefined): Iterable<{ name: string; version: string | undefined; line: number }> {
  for (const group of project?.all('ItemGroup') ?? []) {
    for (const kind of ['PackageReference', 'PackageVersion', 'GlobalPackageReference']) {
      for (const item of group.all(kind)) {
        const name = item.get('@Include')?.text ?? item.get('@Update')?.text;
        const version = item.get('@Version')?.text ?? item.get('Version')?.text ?? item.get('@VersionOverride')?.text;
        if (name) yield { name, version: version?.includes('$(') ? undefined : version, line: item.line };
      }
    }
  }
}

function central(repo: RepoView, dir: string): ReadonlyMap<string, string> | undefined {
  const path = dir === '' ? 'Directory.Packages.props' : `${dir}/Directory.Packages.props`;
  return repo.paths.once(`nuget-central\0${path}`, () => {
    const file = repo.file(path);
    if (!file) return undefined;
    const found = [...packages(file.xml()?.get('Project'))];
    return new Map(found.flatMap(({ name, version }) => (version ? [[name.toLowerCase(), version]] : [])));
  });
}

/** `nuget FSharp.Core >= 5.0`; paket.lock has `    FSharp.Core (8.0.1)`. */
function* ofPaket(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const lock = repo.file(file.path.replace(/dependencies$/, 'lock'));
  const pins = new Map(
    [...(lock?.text.matchAll(/^ {4}([\w.-]{1,100}) \((\d[\w.-]{0,60})\)/gm) ?? [])].map(([, name, version]) => [
      name!,
      version!,
    ]),
  );
  for (let line = 1; line <= file.lines.count; line++) {
    const found = /^\s*nuget\s+([\w.-]+)\s*((?:[~<>=]{1,3}\s*)?\d[\w.-]*)?/.exec(file.lines.line(line));
    if (found) yield declared('nuget', file, line, { name: found[1]!, range: found[2], locked: pins.get(found[1]!) });
  }
}
