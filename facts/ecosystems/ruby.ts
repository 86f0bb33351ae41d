import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { plain } from './native/leads.ts';
import { at } from './native/side-folders.ts';
import { evaluatedBy } from './ruby/gems.ts';
import { firstLine, type RubyProject, rubyProjects } from './ruby/projects.ts';
import { QUALITY_FILES, qualitySignals } from './ruby/quality.ts';
import {
  executables,
  gemSignals,
  installSignals,
  localPipeline,
  runSignals,
  runtimeSignals,
  setupFiles,
} from './ruby/setup.ts';
import { testSamples, testSignals } from './ruby/tests.ts';

/** So many gems of a monorepo are told of; the shallowest first. */
const MAX_PROJECTS = 60;

/** Gems, Rails applications and engines, whatever uses Bundler. Tasks of Rakefiles are the `rake` plugin's. */
export const ruby = ecosystem({
  id: 'ruby',
  title: 'Ruby (Bundler, Rails)',
  files: ['Gemfile', 'gems.rb', '*.gemspec'],
  *follow(repo) {
    for (const project of rubyProjects(repo).slice(0, MAX_PROJECTS)) {
      const { dir, gemfile } = project;
      if (gemfile) yield* evaluatedBy(repo, gemfile);
      for (const name of [...QUALITY_FILES, '.rspec']) yield at(dir, name);
      yield* setupFiles(project);
      yield* testSamples(project);
      if (project.gemspecs.length > 0) for (const { path } of repo.paths.under(at(dir, 'exe')).slice(0, 20)) yield path;
    }
  },
  *detect(repo) {
    const projects = rubyProjects(repo).slice(0, MAX_PROJECTS);
    const gems = projects.filter(({ gemspecs }) => gemspecs.length > 0);
    for (const project of projects) yield* signalsOf(repo, project);
    if (gems.length < 2) return;
    for (const { gemspecs, dir } of gems) {
      const { file, list } = gemspecs[0]!;
      const name = list.name;
      yield plain('workspace', name?.text ?? file.name.replace(/\.gemspec$/, ''), dir, name?.at ?? file.at(1));
    }
  },
});

function* signalsOf(repo: RepoView, project: RubyProject): Iterable<Signal> {
  const { dir, gemfile, bundle, tooling } = project;
  yield* installSignals(project);
  if (gemfile) {
    yield { kind: 'launcher', language: 'ruby', prefix: 'bundle exec', dir, at: gemfile.at(firstLine(gemfile)) };
  }
  yield* runtimeSignals(project);
  yield* runSignals(project);
  if (tooling) return;
  yield* testSignals(project);
  // A gem without a Gemfile of its own is linted and checked with the whole.
  if (gemfile || bundle === undefined) yield* qualitySignals(project);
  yield* localPipeline(project);
  yield* gemSignals(project);
  if (project.gemspecs.length > 0) yield* executables(repo, dir);
}
