import { ecosystem } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { conditionHolds, type Known, ORDINARY, SOME } from './ci-conditions.ts';
import { ciJob } from './ci-jobs.ts';
import { branchFits, OCCASIONS, type Occasion, triggerOf } from './ci-occasions.ts';
import { scriptLines, scriptStep } from './ci-scripts.ts';

/**
 * Travis CI: the phases of each job. Where another system has pipelines too, this one is as a rule what was left behind
 * when Travis stopped being free: its lines then count as those of a pipeline that nobody starts.
 * https://docs.travis-ci.com/user/job-lifecycle/
 */
export const travis = ecosystem({
  id: 'travis',
  title: 'Travis CI',
  files: ['/.travis.yml'],
  *detect(repo) {
    const [file] = repo.files;
    const tree = file?.yaml();
    if (file === undefined || tree === undefined) return;
    const left = repo.paths.under('.github/workflows').some(({ path }) => /\.ya?ml$/.test(path));
    const only = tree.get('branches', 'only')?.texts() ?? [];
    const ignore = tree.get('branches', 'except')?.texts() ?? [];
    const all = OCCASIONS.filter(
      (occasion) =>
        // A pull request is built for the branch that it is for.
        (occasion.request || branchFits({ only, ignore }, occasion)) && mayRun(tree.get('if')?.text, occasion),
    );
    const occasions = left ? all.filter(({ trigger }) => trigger === 'manual') : all;
    for (const { name, job, line } of jobsOf(tree)) {
      yield* jobSignals(job, name, line, { file, tree, occasions });
    }
  },
});

/** In the order they run, in one shell. */
const PHASES = ['before_install', 'install', 'before_script', 'script', 'after_success', 'before_deploy'];

interface Context {
  readonly file: SourceFile;
  readonly tree: Tree;
  readonly occasions: readonly Occasion[];
}

function* jobSignals(job: Tree, name: string, line: number, { file, tree, occasions }: Context): Iterable<Signal> {
  const own = occasions.filter((occasion) => mayRun(job.get('if')?.text, occasion));
  const trigger = triggerOf(own);
  const inherits = job === tree;
  if (!inherits && trigger === 'merge-request' && name !== '') yield ciJob(name, file.at(line));
  // What a job does not say itself it shares with all others: said once, for the whole.
  const phases = PHASES.flatMap((phase) => scriptLines(job.get(phase)));
  yield* scriptStep(phases, { path: file.path, dir: '', pipeline: file.name, job: name, trigger });
}

/** The whole, then the jobs that say something of their own. */
function jobsOf(tree: Tree): readonly { readonly name: string; readonly job: Tree; readonly line: number }[] {
  const listed = ['jobs', 'matrix'].flatMap((key) => {
    const jobs = tree.get(key);
    return jobs?.get('include')?.items() ?? jobs?.items() ?? [];
  });
  return [
    { name: '', job: tree, line: 1 },
    ...listed.map((job) => {
      const name = job.get('name') ?? job.get('stage');
      return { name: name?.text?.includes('$') ? '' : (name?.text ?? ''), job, line: name?.line ?? job.line };
    }),
  ];
}

/** `type = pull_request AND branch = main`. https://docs.travis-ci.com/user/conditions-v1 */
function mayRun(condition: string | undefined, occasion: Occasion): boolean {
  if (condition === undefined) return true;
  const text = condition
    .replace(/\bAND\b/gi, '&&')
    .replace(/\bOR\b/gi, '||')
    .replace(/\bNOT\b/gi, '!')
    .replace(/(?<![=!<>~])=(?![=~])/g, '==')
    .replace(/\bIS present\b/gi, '!= ""')
    .replace(/\bIS blank\b/gi, '== ""');
  return conditionHolds(text, { name: (name) => value(name, occasion), nullIsEmpty: true }) !== 'no';
}

const TYPES: Readonly<Record<Occasion['trigger'], string>> = {
  'merge-request': 'pull_request',
  push: 'push',
  release: 'push',
  schedule: 'cron',
  manual: 'api',
  human: '',
};

function value(name: string, { trigger, branch, tag, request }: Occasion): Known {
  // Words that stand for themselves.
  if (/^(?:pull_request|push|cron|api)$/.test(name)) return name;
  if (/^(?:master|main|develop)$/.test(name)) return `${SOME}default branch`;
  if (name === 'type') return TYPES[trigger];
  if (name === 'branch') return request ? `${SOME}base` : (branch ?? tag);
  if (name === 'tag') return tag;
  return name === 'commit_message' ? ORDINARY : undefined;
}
