import { ecosystem, type RepoView } from '../ecosystem.ts';
import { joinPath } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { type Lane, lanesOf } from './fastlane/lanes.ts';
import { at, isNoLead, isWithin } from './native/side-folders.ts';

/** Fastlane: every lane is a task. A Fastfile is Ruby, and is read as text. https://docs.fastlane.tools/advanced/lanes/ */
export const fastlane = ecosystem({
  id: 'fastlane',
  title: 'fastlane',
  files: ['Fastfile', 'Gemfile', '/*.gemspec'],
  depth: 3,
  *follow(repo) {
    for (const { files } of projects(repo)) for (const file of files) yield* imports(file);
  },
  *detect(repo) {
    const all = projects(repo);
    for (const project of all) {
      const others = all.filter((other) => other !== project).map(({ files }) => files[0]!.dir);
      yield* tasks(repo, project, others);
    }
  },
});

interface Project {
  /** Where `fastlane` is typed: the folder above `fastlane/`. */
  readonly dir: string;
  readonly files: readonly SourceFile[];
}

function projects(repo: RepoView): readonly Project[] {
  return repo.files.flatMap((file) => {
    const dir = /^(.*?)\/?(?:\.?fastlane)$/.exec(file.dir)?.[1] ?? (file.dir === '' ? '' : undefined);
    if (file.name !== 'Fastfile' || dir === undefined || isNoLead(dir)) return [];
    return [{ dir, files: [file, ...imports(file).flatMap((path) => repo.file(path) ?? [])] }];
  });
}

/** `import './lanes/tests.rb'`: what it defines is there as if it stood in the Fastfile. */
function imports(file: SourceFile): readonly string[] {
  if (!file.text.includes('import')) return [];
  const paths = file.lines.all().flatMap((text) => {
    const path = /^\s*import[\s(]+(?:"([^"#]+)"|'([^']+)')/.exec(text.slice(0, 300));
    return path ? (joinPath(file.dir, (path[1] ?? path[2])!) ?? []) : [];
  });
  return [...new Set(paths)];
}

/** Each is held against each: nobody has this many. */
const MAX_LANES = 400;

/** Lanes that are imported from the folder of another Fastfile are that one's: they are looked through, and typed there. */
function* tasks(repo: RepoView, { dir, files }: Project, others: readonly string[]): Iterable<Signal> {
  const lanes = files.flatMap((file) => lanesOf(file)).slice(0, MAX_LANES);
  const platform = files[0]!.find(USUAL_PLATFORM);
  const usual = platform === undefined ? undefined : USUAL_PLATFORM.exec(files[0]!.lines.line(platform))?.[1];
  const start = bundled(repo, dir) ? 'bundle exec fastlane' : 'fastlane';
  const named = new Set<string>();
  for (const lane of lanes) {
    const name = qualified(lane, usual);
    if (named.has(name)) continue;
    named.add(name);
    const calls = new Set(lane.calls);
    yield {
      kind: 'task',
      runner: 'fastlane',
      name,
      run: `${start} ${name}`,
      dir,
      at: lane.file.at(lane.line),
      body: lane.body,
      needs: lanes
        .filter((other) => other !== lane && calls.has(other.name) && reaches(lane, other))
        .map((other) => qualified(other, usual)),
      ...(lane.description === undefined ? {} : { description: lane.description }),
      ...(lane.isPrivate || others.some((other) => isWithin(lane.file.dir, other)) ? { internal: true } : {}),
    };
  }
}

const USUAL_PLATFORM = /^\s*default_platform[\s(]+:(\w+)/;

/** Lanes of the usual platform need no platform's name. */
function qualified({ name, platform }: Lane, usual: string | undefined): string {
  return platform === undefined || platform === usual ? name : `${platform} ${name}`;
}

function reaches(lane: Lane, other: Lane): boolean {
  return other.platform === undefined || other.platform === lane.platform;
}

function bundled(repo: RepoView, dir: string): boolean {
  if (['', dir].some((folder) => repo.file(at(folder, 'Gemfile'))?.find(/^\s*gem[\s(]+['"]fastlane['"]/))) return true;
  const gemspecs = repo.file('Gemfile') ? repo.files.filter(({ name }) => name.endsWith('.gemspec')) : [];
  return gemspecs.some((file) => file.find(/_dependency[\s(]+['"]fastlane['"]/) !== undefined);
}
