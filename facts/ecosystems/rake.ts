import { ecosystem, type RepoView } from '../ecosystem.ts';
import { joinPath, type PathIndex } from '../path-index.ts';
import type { Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { globMatcher } from './generated/glob.ts';
import { command, plain } from './native/leads.ts';
import { isNoLead } from './native/side-folders.ts';
import { type Definition, definitions } from './rake/definitions.ts';
import { rakeSet } from './rake/task-set.ts';
import { bundleOf, isRailsApplication } from './ruby/projects.ts';
import { statements } from './ruby/statements.ts';

/** In this order Rake looks for its file. */
const RAKEFILES = ['rakefile', 'Rakefile', 'rakefile.rb', 'Rakefile.rb'];
const MAX_LOADED = 60;
const MAX_PATTERNS = 60;
const MAX_WILDCARDS = 4;
/** So many paths are held against patterns, for all Rakefiles of a repository together. */
const MAX_HELD = 2_000_000;

/** Rake: every task of a Rakefile and of the files it loads, read as text. https://ruby.github.io/rake/ */
export const rake = ecosystem({
  id: 'rake',
  title: 'Rake',
  files: [...RAKEFILES, 'Gemfile', 'gems.rb'],
  depth: 3,
  *follow(repo) {
    for (const file of rakefiles(repo)) yield* loadedBy(repo, file);
  },
  *detect(repo) {
    for (const file of rakefiles(repo)) yield* tasksOf(repo, file);
  },
});

/** One Rakefile of each folder. */
function rakefiles(repo: RepoView): readonly SourceFile[] {
  const chosen = new Map<string, SourceFile>();
  for (const name of RAKEFILES) {
    for (const file of repo.files) {
      if (file.name === name && !chosen.has(file.dir) && (file.dir === '' || !isNoLead(file.dir)))
        chosen.set(file.dir, file);
    }
  }
  return [...chosen.values()];
}

/** `rakelib/`, the tasks of a Rails application, and whatever a Rakefile names: `load "tasks/a.rake"`, `Dir["tasks/*.rake"]`. */
function loadedBy(repo: RepoView, file: SourceFile): readonly string[] {
  const { dir } = file;
  const patterns = new Set(['rakelib/*.rake']);
  if (isApplication(repo, file)) patterns.add('lib/tasks/**/*.rake');
  const named = new Set<string>();
  for (const { text } of statements(file.text)) {
    for (const [, pattern = ''] of text.matchAll(/["'](?:#\{[^}"']*\}\/?)?([\w./*{},-]*\.rake)["']/g))
      patterns.add(pattern);
    const required = /^(?:require_relative|load|import|require)[\s(]\s*["']([\w./-]+)["']/.exec(text)?.[1];
    const path = required === undefined ? undefined : joinPath(dir, required.replace(/(?:\.rb)?$/, '.rb'));
    if (path !== undefined && /rake|tasks?\b/i.test(path) && repo.paths.isFile(path)) named.add(path);
  }
  const found = new Set([...patterns].slice(0, MAX_PATTERNS).flatMap((pattern) => matching(repo.paths, dir, pattern)));
  for (const path of named) found.add(path);
  return [...found].slice(0, MAX_LOADED);
}

/** The files of a pattern. `{a,b}` is taken for "anything": what is not there is not found. */
function matching(paths: PathIndex, dir: string, pattern: string): readonly string[] {
  const glob = pattern.replace(/\{[^{}]*\}/g, '*');
  const wildcards = glob.match(/\*+/g)?.length ?? 0;
  const fixed = wildcards === 0 ? glob : glob.slice(0, glob.lastIndexOf('/', glob.indexOf('*')) + 1);
  // The folder may be called anything: only what stands in the Rakefile is a pattern.
  const start = joinPath(dir, fixed);
  if (start === undefined || wildcards > MAX_WILDCARDS) return [];
  if (wildcards === 0) return paths.isFile(start) ? [start] : [];
  return paths.once(`files of Rake: ${JSON.stringify([start, glob.slice(fixed.length)])}`, () => {
    const matches = globMatcher(glob.slice(fixed.length));
    const budget = paths.once('paths that Rake may hold against patterns', () => ({ left: MAX_HELD }));
    const below = paths.under(start);
    if (below.length > budget.left) return [];
    budget.left -= below.length;
    const from = start === '' ? 0 : start.length + 1;
    return below.flatMap(({ path }) => (path.endsWith('.rake') && matches(path.slice(from)) ? [path] : []));
  });
}

function isApplication(repo: RepoView, { dir, text }: SourceFile): boolean {
  return text.includes('load_tasks') && isRailsApplication(repo.paths, dir);
}

function* tasksOf(repo: RepoView, rakefile: SourceFile): Iterable<Signal> {
  const { dir } = rakefile;
  const application = isApplication(repo, rakefile);
  const files = [rakefile, ...loadedBy(repo, rakefile).flatMap((path) => repo.file(path) ?? [])];
  const merged = merge(files.flatMap(definitions));
  const bundled = bundleOf(repo, dir) ? 'bundle exec rake' : 'rake';
  const runs = (name: string): string =>
    name === 'default' ? bundled : `${application ? 'bin/rails' : bundled} ${name}`;
  yield rakeSet(rakefile, files, merged.keys());
  if (merged.size > 0 || !application) yield plain('build-system', 'rake', dir, lineOf(rakefile));
  for (const definition of merged.values()) {
    if (definition.byLibrary) continue;
    yield taskOf(definition, merged, dir, runs(definition.name), application && definition.file !== rakefile);
  }
  yield* wrappers(rakefile, merged, bundled);
}

/** Rake adds to a task that is defined again. */
function merge(all: readonly Definition[]): ReadonlyMap<string, Definition> {
  const merged = new Map<string, Definition>();
  for (const definition of all) {
    const before = merged.get(definition.name);
    merged.set(
      definition.name,
      before
        ? {
            ...before,
            description: before.description ?? definition.description,
            needs: [...before.needs, ...definition.needs],
            body: [...before.body, ...definition.body],
            // `task :rubocop do RuboCop::RakeTask.new end`
            byLibrary: before.body.length === 0 ? definition.byLibrary || before.byLibrary : before.byLibrary,
          }
        : definition,
    );
  }
  return merged;
}

function taskOf(
  definition: Definition,
  all: ReadonlyMap<string, Definition>,
  dir: string,
  run: string,
  ofApplication: boolean,
): Task {
  const { name, file, body, description } = definition;
  const needs = [...new Set(definition.needs.map((need) => resolved(need, name, all)))].filter((need) => need !== name);
  // A task that a library defines under its own name is the tool it runs.
  const wrapped = needs.flatMap((need) => (all.get(need)?.byLibrary ? (all.get(need)?.body ?? []) : []));
  return {
    kind: 'task',
    runner: 'rake',
    name,
    run,
    dir,
    at: file.at(tellingLine(definition)),
    body: [...wrapped, ...body],
    needs: needs.filter((need) => need !== 'environment' && !all.get(need)?.byLibrary),
    ...(description === undefined ? {} : { description }),
    // What loads the application works on its data: nobody builds or tests with it.
    ...(ofApplication && needs.includes('environment') ? { internal: true } : {}),
  };
}

/** The default task is run without its name: a line that speaks of Rake shows it. */
function tellingLine({ name, file, line }: Definition): number {
  if (name !== 'default') return line;
  const shows = /(?<![a-z\d])rake(?![a-z\d])/i;
  const near = [line, line - 1, line + 1].find(
    (each) => each > 0 && each <= file.lines.count && shows.test(file.lines.line(each)),
  );
  return near ?? file.find(shows) ?? line;
}

/** Names are looked up in the namespaces around, the innermost first; `^` starts at the top. */
function resolved(need: string, from: string, all: ReadonlyMap<string, Definition>): string {
  if (need.startsWith('^')) return need.slice(1);
  const scopes = from.split(':').slice(0, -1);
  for (; scopes.length > 0; scopes.pop()) {
    const name = [...scopes, need].join(':');
    if (all.has(name)) return name;
  }
  return need;
}

/** How usual the wrapped form is beside the tool itself; Standard's own documents name its tasks. */
const WRAPPED: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({
    rspec: -1,
    'rspec "$pattern"': -1,
    standardrb: 0.5,
    'standardrb --fix': 0.5,
    cucumber: -4,
    reek: -5,
  }),
);

/** Other spellings of what people otherwise type without Rake, and what Bundler brings to every gem. */
function* wrappers(rakefile: SourceFile, all: ReadonlyMap<string, Definition>, bundled: string): Iterable<Signal> {
  const { dir } = rakefile;
  for (const { name, file, line, body, byLibrary } of all.values()) {
    if (!byLibrary) continue;
    const tool = body[0] ?? '';
    const purpose = /^rspec|^cucumber/.test(tool) ? 'test' : / (?:--fix|-a)$/.test(tool) ? 'format' : 'lint';
    const weight = WRAPPED.get(tool) ?? -2;
    yield command(purpose, `${bundled} ${name}`, dir, file.at(line), { source: 'config', weight });
  }
  const gem = rakefile.find(/bundler\/gem_tasks|GemHelper\.install_tasks/);
  if (gem !== undefined && !all.has('build'))
    yield command('build', `${bundled} build`, dir, rakefile.at(gem), { weight: 0 });
}

function lineOf(rakefile: SourceFile): ReturnType<SourceFile['at']> {
  return rakefile.at(rakefile.find(/^\s*[^#\s]/) ?? 1);
}
