import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';
import { scriptsNamedIn } from '../ci-called-scripts.ts';
import { OCCASIONS, type Occasion, occasionsByName } from '../ci-occasions.ts';

/** A pipeline's file and when it runs. */
export interface Pipeline {
  readonly file: SourceFile;
  readonly steps: readonly Tree[];
  readonly occasions: readonly Occasion[];
}

const MAIN = /^(?:\.buildkite\/)?(?:pipeline|buildkite)\.(?:ya?ml|json)$/;

/**
 * Every file that holds steps. Which of them a change starts is kept in Buildkite's settings: the one of the usual name
 * does, and those that it uploads. Where there is none of that name, all do whose names do not say otherwise.
 */
export function linkedPipelines(repo: RepoView): readonly Pipeline[] {
  const main = repo.files.find(({ path }) => MAIN.test(path));
  const uploaded = main === undefined ? undefined : uploadsOf(main, repo);
  const otherwise = (path: string): readonly Occasion[] =>
    uploaded === undefined || uploaded.has(path) ? OCCASIONS : OCCASIONS.filter(({ trigger }) => trigger === 'push');
  return repo.files.flatMap((file): readonly Pipeline[] => {
    const tree = file.name.endsWith('.json') ? file.json() : file.yaml();
    const steps = tree?.kind === 'list' ? tree.items() : (tree?.get('steps')?.items() ?? []);
    // A Compose file has `services`, a plugin's own has neither.
    if (steps.length === 0 || !steps.some(isStep)) return [];
    const occasions = MAIN.test(file.path) ? OCCASIONS : (occasionsByName(file.path) ?? otherwise(file.path));
    return [{ file, steps, occasions }];
  });
}

/** The other pipelines that a pipeline names, its scripts and those pipelines included. */
function uploadsOf(main: SourceFile, repo: RepoView): ReadonlySet<string> {
  const reached = new Set([main.path]);
  for (const path of reached) {
    const text = repo.file(path)?.text ?? '';
    for (const script of scriptsNamedIn(text, '.buildkite', repo)) reached.add(script);
    for (const { path: other } of repo.files) if (text.includes(other)) reached.add(other);
  }
  return reached;
}

function isStep(step: Tree): boolean {
  return step.text !== undefined || KINDS.some((kind) => step.get(kind) !== undefined);
}

const KINDS = [
  'command',
  'commands',
  'script',
  'plugins',
  'group',
  'steps',
  'trigger',
  'wait',
  'block',
  'input',
  'label',
];
