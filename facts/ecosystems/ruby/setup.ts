import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal, Step } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import { statementsOf } from './gems.ts';
import { asked, isRubyFirst, type RubyProject } from './projects.ts';

/** Scripts that Rails and Bundler put into `bin/`, and the definition of `bin/ci` (Rails 8.1). */
export function setupFiles({ repo, dir }: Pick<RubyProject, 'repo' | 'dir'>): readonly string[] {
  return ['bin/setup', 'bin/dev', 'bin/ci', 'config/ci.rb', 'config.ru', '.ruby-version', '_config.yml', 'Procfile.dev']
    .map((path) => at(dir, path))
    .filter((path) => repo.paths.isFile(path));
}

/** What installs, and how: `bundle install`, and `bin/setup` where it does more than that. */
export function* installSignals(project: RubyProject): Iterable<Signal> {
  const { repo, dir, gemfile, lock, tooling } = project;
  if (!gemfile) return;
  const weight = tooling ? -3 : isRubyFirst(repo.paths) ? 2 : -1;
  const evidence: readonly Evidence[] = [
    gemfile.at(gemfile.find(/^\s*(?:source|gem)\b/) ?? 1),
    ...(lock === undefined ? [] : [{ path: lock, line: 1 }]),
  ];
  yield plain('package-manager', 'bundler', dir, evidence, { weight, source: lock ? 'convention' : 'config' });
  const setup = tooling ? undefined : repo.file(at(dir, 'bin/setup'));
  const bundles = setup?.find(/\bbundle\b.{0,40}\b(?:install|check)\b|system!?[ (]["']bundle["']|^\s*bundle\s*$/);
  const isOnlyBundler = setup !== undefined && bundles !== undefined && doesNothingElse(setup);
  // What Bundler's own template calls bin/setup is `bundle install` by another name.
  yield command('install', 'bundle install', dir, evidence, { weight: isOnlyBundler ? 5 : weight < 0 ? weight : 0 });
  if (setup && bundles !== undefined && !isOnlyBundler && repo.paths.isExecutable(setup.path))
    yield command('install', 'bin/setup', dir, setup.at(bundles), {
      source: 'config',
      // Rails makes it with every application: the gems, the database and what else there is.
      weight: project.rails ? 5 : 1,
    });
}

const SETTINGS = /^(?:#|set |IFS=|export |cd |echo |require|bundle(?: install| check)?\b|gem install bundler|$)/;

function doesNothingElse(setup: SourceFile): boolean {
  for (let line = 1; line <= setup.lines.count; line++)
    if (!SETTINGS.test(setup.lines.line(line).trim().slice(0, 80))) return false;
  return true;
}

/** The version of Ruby: the file that version managers read, the Gemfile, what a gemspec demands. */
export function* runtimeSignals({ repo, dir, lists }: RubyProject): Iterable<Signal> {
  const file = repo.file(at(dir, '.ruby-version'));
  const pinned = file?.lines
    .line(1)
    .trim()
    .replace(/^ruby-/, '');
  if (file && pinned) yield plain('runtime.ruby', pinned, dir, file.at(1), { weight: 2 });
  for (const { ruby } of lists) {
    if (ruby && (ruby.at.path.includes('/') ? ruby.at.path.slice(0, ruby.at.path.lastIndexOf('/')) : '') === dir)
      yield plain('runtime.ruby', ruby.version, dir, ruby.at, { weight: ruby.at.path.endsWith('.gemspec') ? 0 : 1 });
  }
}

/** What starts it: an application's server; the programs of a gem are entry points. */
export function* runSignals(project: RubyProject): Iterable<Signal> {
  const { repo, dir, rails } = project;
  if (rails && repo.paths.isFile(at(dir, 'config/application.rb'))) {
    const line = asked(project, /^rails$/);
    const dev = repo.paths.isExecutable(at(dir, 'bin/dev')) ? repo.file(at(dir, 'bin/dev')) : undefined;
    const starts = dev?.find(/foreman|overmind|hivemind|server|Procfile/) ?? dev?.find(/^\s*[^#\s]/);
    if (dev && starts !== undefined)
      yield command('run', 'bin/dev', dir, dev.at(starts), { source: 'config', weight: 1 });
    if (line) yield command('run', 'bin/rails server', dir, line);
  }
  const rackup = repo.file(at(dir, 'config.ru'));
  const first = rackup?.find(/^\s*[^#\s]/);
  if (rackup && first !== undefined) {
    yield plain('entrypoint', rackup.path, dir, rackup.at(first), { source: 'convention' });
    const rack = rails ? undefined : asked(project, /^(?:rackup|puma|rack)$/);
    if (rack) yield command('run', 'bundle exec rackup', dir, rack, { weight: -1 });
  }
  const config = repo.file(at(dir, '_config.yml'));
  const jekyll = asked(project, /^(?:jekyll|github-pages)$/);
  if (config && jekyll) {
    const weight = project.tooling && dir === '' && isRubyFirst(repo.paths) ? 0 : -2;
    yield command('run', 'bundle exec jekyll serve', dir, jekyll, { weight });
    yield command('build', 'bundle exec jekyll build', dir, jekyll, { weight });
  }
}

/** `step "Style: Ruby", "bin/rubocop"`: what `bin/ci` runs before people ask for a review. */
export function* localPipeline({ repo, dir }: RubyProject): Iterable<Step> {
  const file = repo.file(at(dir, 'config/ci.rb'));
  for (const { text, line } of statementsOf(file)) {
    const step = /^step[\s(]\s*["']([^"']+)["']\s*,\s*(?:"([^"#]+)"|'([^']+)')/.exec(text);
    const script = step?.[2] ?? step?.[3];
    if (!file || script === undefined) continue;
    yield {
      kind: 'step',
      script,
      path: file.path,
      lines: [line],
      dir,
      pipeline: 'bin/ci',
      job: 'ci',
      trigger: 'manual',
      title: step![1]!,
    };
  }
}

/** A gem is built from its gemspec; where Rake does it, its plugin says so. */
export function* gemSignals({ gemspecs, dir }: RubyProject): Iterable<Signal> {
  const [only, ...others] = gemspecs;
  if (!only || others.length > 0) return;
  const line = only.file.find(/Gem::Specification/);
  if (line !== undefined)
    yield command('build', `gem build ${only.file.name}`, dir, only.file.at(line), { weight: -1 });
}

/** Programs of a gem. */
export function* executables(repo: RepoView, dir: string): Iterable<Signal> {
  for (const { path } of repo.paths.under(at(dir, 'exe')).slice(0, 20)) {
    const file = repo.file(path);
    const line = file?.find(/^\s*[^#\s]/);
    if (file && line !== undefined) yield plain('entrypoint', path, dir, file.at(line), { source: 'convention' });
  }
}
