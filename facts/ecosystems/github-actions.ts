import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { ciJob, strongest } from './ci-jobs.ts';
import { mayRun } from './github-actions/occasions.ts';
import { envNames, inputNames, matrixNames, type Scope, withCheckouts, within } from './github-actions/scope.ts';
import { actionFiles, type StepContext, stepsOf } from './github-actions/steps.ts';
import { linkedWorkflows, type Workflow } from './github-actions/workflows.ts';

/**
 * GitHub Actions: what each job runs and when, reusable workflows and composite actions of this repository looked
 * through. docs.github.com: "Workflow syntax for GitHub Actions", "Metadata syntax for GitHub Actions".
 */
export const githubActions = ecosystem({
  id: 'github-actions',
  title: 'GitHub Actions',
  files: ['/.github/workflows/*.yml', '/.github/workflows/*.yaml'],
  *follow(repo) {
    for (const { jobs } of linkedWorkflows(repo)) {
      for (const job of jobs.values()) yield* actionFiles(repo, job.get('steps')?.items() ?? [], new Set());
    }
  },
  *detect(repo) {
    const budget = { left: MAX_STEPS };
    const said = new Set<string>();
    for (const workflow of linkedWorkflows(repo)) {
      for (const signal of signalsOf(workflow, { repo, budget })) {
        // An action that many jobs use says the same thing each time.
        const key =
          signal.kind === 'step'
            ? `${signal.path}:${signal.lines[0]} ${signal.trigger} ${signal.dir} ${signal.script}`
            : '';
        if (key !== '' && said.has(key)) continue;
        said.add(key);
        yield signal;
      }
    }
  },
});

/** Actions that use actions make a few lines describe very many steps. */
const MAX_STEPS = 20_000;

function* signalsOf(workflow: Workflow, shared: Pick<StepContext, 'repo' | 'budget'>): Iterable<Signal> {
  const { tree, file } = workflow;
  for (const [id, job] of workflow.jobs) {
    const occasions = workflow.occasions.filter((occasion) => mayRun(job.get('if')?.text, occasion));
    if (strongest(occasions.map(({ trigger }) => trigger)) === 'merge-request') yield ciJob(id, file.at(job.keyLine));
    // A reusable workflow of somebody else's is a step of its own.
    const uses = job.get('uses')?.text;
    const steps = uses === undefined || uses.startsWith('./') ? (job.get('steps')?.items() ?? []) : [job];
    yield* stepsOf(steps, {
      ...shared,
      file,
      pipeline: file.name,
      job: id,
      occasions,
      scope: scopeOf(workflow, id),
      dir: job.get('defaults', 'run', 'working-directory') ?? tree.get('defaults', 'run', 'working-directory'),
      shell: job.get('defaults', 'run', 'shell')?.text ?? tree.get('defaults', 'run', 'shell')?.text,
      depth: 0,
    });
  }
}

function scopeOf({ tree, file, callers, jobs }: Workflow, id: string): Scope {
  const job = jobs.get(id);
  const inputs = tree.get('on', 'workflow_call', 'inputs');
  let scope = withCheckouts(job?.get('steps')?.items() ?? []);
  scope = within(scope, inputNames(inputs, file.path, callers));
  scope = within(scope, envNames(tree.get('env'), file.path));
  scope = within(scope, envNames(job?.get('env'), file.path));
  return within(scope, matrixNames(job?.get('strategy', 'matrix'), file.path));
}
