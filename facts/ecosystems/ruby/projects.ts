import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { isAside, type PathIndex } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { at, isNoLead, upwards } from '../native/side-folders.ts';
import { evaluatedBy, type GemList, readGems } from './gems.ts';

/** A folder with a Gemfile or a gemspec that is worked on. */
export interface RubyProject {
  readonly repo: RepoView;
  readonly dir: string;
  /** Its own Gemfile, and the one that Bundler uses here: the nearest one above. */
  readonly gemfile: SourceFile | undefined;
  readonly bundle: SourceFile | undefined;
  readonly lock: string | undefined;
  readonly gemspecs: readonly { readonly file: SourceFile; readonly list: GemList }[];
  readonly lists: readonly GemList[];
  /** Every gem that is asked for here, with the line that does; of Bundler's Gemfile where it has none of its own. */
  readonly gems: ReadonlyMap<string, Evidence>;
  /** A Rails application, or an engine with its own `bin/rails`. */
  readonly rails: boolean;
  /** Ruby serves another project here: it builds its documents, ships its app. */
  readonly tooling: boolean;
}

const GEMFILES = ['Gemfile', 'gems.rb'];

/** The projects of a repository, the root first. What lies in examples, documents and tests is material, not a project. */
export function rubyProjects(repo: RepoView): readonly RubyProject[] {
  const dirs = new Set<string>();
  for (const { name, dir } of repo.files)
    if ((GEMFILES.includes(name) || name.endsWith('.gemspec')) && (dir === '' || !isNoLead(dir))) dirs.add(dir);
  return [...dirs].map((dir) => readProject(repo, dir));
}

/** The Gemfile that Bundler finds from a folder: the nearest one, upwards. */
export function bundleOf(repo: RepoView, dir: string): SourceFile | undefined {
  for (const here of upwards(dir)) {
    for (const name of GEMFILES) {
      const file = repo.file(at(here, name));
      if (file) return file;
    }
  }
  return undefined;
}

/** True for a folder in which `bin/rails` runs the tasks of an application. */
export function isRailsApplication(paths: PathIndex, dir: string): boolean {
  return paths.isFile(at(dir, 'config/application.rb')) && paths.isFile(at(dir, 'bin/rails'));
}

function readProject(repo: RepoView, dir: string): RubyProject {
  const bundle = bundleOf(repo, dir);
  const gemfile = bundle?.dir === dir ? bundle : undefined;
  const gemspecs = repo.files
    .filter((file) => file.dir === dir && file.name.endsWith('.gemspec'))
    .map((file) => ({ file, list: readGems(file) }));
  const gemfiles = bundle ? [bundle, ...evaluatedBy(repo, bundle).flatMap((path) => repo.file(path) ?? [])] : [];
  const lists = [...gemfiles.map(readGems), ...gemspecs.map(({ list }) => list)];
  const gems = new Map(lists.toReversed().flatMap((list) => [...list.gems]));
  const lock = ['Gemfile.lock', 'gems.locked'].map((name) => at(dir, name)).find((path) => repo.paths.isFile(path));
  const rails =
    isRailsApplication(repo.paths, dir) ||
    (repo.paths.isFile(at(dir, 'bin/rails')) && ['rails', 'railties'].some((gem) => gems.has(gem)));
  const found = { repo, dir, gemfile, bundle, lock, gemspecs, lists, gems, rails };
  return { ...found, tooling: isTooling(found) };
}

/** Gems that build documents and sites, ship mobile apps, package or review: a project of any language may use them. */
const TOOLS =
  /^(?:jekyll.*|github-pages|minima|just-the-docs|middleman.*|nanoc|html-proofer|asciidoctor.*|mdl|ronn.*|fastlane.*|cocoapods.*|xcpretty.*|xcode.*|slather|jazzy|danger.*|fpm|package_cloud|licensed|licensee|github-linguist|github_changelog_generator|overcommit)$/;
/** Gems that come with those, and by themselves tell nothing. */
const COMPANIONS =
  /^(?:kramdown.*|rouge|liquid|webrick|sass.*|compass|redcarpet|tzinfo.*|wdm|ffi|csv|base64|logger|bigdecimal|mutex_m|drb|ostruct|abbrev|rexml|nkf|observer|benchmark|json|public_suffix|activesupport|concurrent-ruby|nokogiri|dotenv|rake|bundler|bundler-audit|multi_json|http_parser\.rb|em-websocket|eventmachine|faraday.*|octokit|plist|terminal-table|mini_magick|rchardet|pry|irb|aws-sdk.*|google-.*)$/;
/** Folders in which such gems keep their own Ruby. */
const THEIRS = /(?:^|\/)(?:fastlane|_plugins|docs?|website|site|Formula|Casks|node_modules|ios|android)\//;

function isTooling({ repo, dir, gemspecs, gems, rails }: Omit<RubyProject, 'tooling'>): boolean {
  if (rails || gemspecs.length > 0 || repo.paths.isFile(at(dir, 'config.ru'))) return false;
  const names = [...gems.keys()];
  const serves = names.length > 0 && names.every((gem) => TOOLS.test(gem) || COMPANIONS.test(gem));
  if (serves && (names.some((gem) => TOOLS.test(gem)) || !isRubyFirst(repo.paths))) return true;
  return !repo.paths.under(dir).some(({ path }) => path.endsWith('.rb') && !isAside(path) && !THEIRS.test(path));
}

/** The first gem of a family, and where it is asked for: `rubocop` is also there through `rubocop-rails`. */
export function asked(project: RubyProject, family: RegExp): Evidence | undefined {
  for (const [gem, line] of project.gems) if (family.test(gem)) return line;
  return undefined;
}

/** A line that names no command proves little outside a Gemfile: the Gemfile that takes it in stands behind it. */
export function shownBy({ bundle }: RubyProject, line: Evidence): readonly Evidence[] {
  return bundle && line.path !== bundle.path ? [line, bundle.at(firstLine(bundle))] : [line];
}

/** The first line that is no comment. */
export function firstLine(file: SourceFile): number {
  return file.find(/^\s*[^#\s]/) ?? 1;
}

/** How tools start: the binstub a repository keeps, else through Bundler, else from the PATH. */
export function start(project: RubyProject, tool: string): string {
  if (hasBinstub(project, tool)) return `bin/${tool}`;
  return throughBundler(project, tool);
}

export function throughBundler(project: RubyProject, tool: string): string {
  return project.bundle ? `bundle exec ${tool}` : tool;
}

export function hasBinstub({ repo, dir }: RubyProject, tool: string): boolean {
  return repo.paths.isExecutable(at(dir, `bin/${tool}`));
}

/** Whether most sources of the repository are Ruby: then Bundler is its first package manager. */
export function isRubyFirst(paths: PathIndex): boolean {
  return paths.once('ruby first', ({ entries }) => {
    const counts = new Map<string, number>();
    for (const { path } of entries) {
      const extension = OTHERS.exec(path)?.[1];
      if (extension !== undefined && !isAside(path)) counts.set(extension, (counts.get(extension) ?? 0) + 1);
    }
    const ruby = counts.get('rb') ?? 0;
    const tsx = (counts.get('ts') ?? 0) + (counts.get('tsx') ?? 0) + (counts.get('js') ?? 0) + (counts.get('jsx') ?? 0);
    return ruby > 0 && ruby >= Math.max(0, tsx, ...[...counts].flatMap(([key, many]) => (key === 'rb' ? [] : [many])));
  });
}

const OTHERS = /\.(rb|py|go|rs|js|jsx|ts|tsx|java|kt|swift|m|c|cc|cpp|cs|php|ex|exs|dart|scala)$/;
