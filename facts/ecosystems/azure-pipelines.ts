import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { jobsOf } from './azure-pipelines/jobs.ts';
import { pipelinesOf, templatesOf } from './azure-pipelines/pipelines.ts';
import { stepsOf } from './azure-pipelines/steps.ts';
import { ciJob } from './ci-jobs.ts';
import { triggerOf } from './ci-occasions.ts';

/** Where pipelines are kept besides the root; those in folders of many uses say themselves when they start. */
const FOLDERS = [
  '.azure-pipelines',
  '.azuredevops',
  '.azuredevops/pipelines',
  '.azure',
  '.azure/pipelines',
  '.pipelines',
  '.ado',
  '.ci',
  'azure-pipelines',
  'build/azure-pipelines',
  'eng/ci',
  'eng/pipelines',
  'pipelines',
];
/** Templates that loop over lists make a few lines describe very many steps. */
const MAX_STEPS = 20_000;

/**
 * Azure Pipelines: what each job runs and when, templates of this repository with their parameters, template
 * expressions, and well-known tasks. https://learn.microsoft.com/azure/devops/pipelines/yaml-schema
 */
export const azurePipelines = ecosystem({
  id: 'azure-pipelines',
  title: 'Azure Pipelines',
  files: [
    '/*azure-pipeline*.yml',
    '/*azure-pipeline*.yaml',
    '/.vsts-ci.yml',
    ...FOLDERS.flatMap((folder) => [`/${folder}/*.yml`, `/${folder}/*.yaml`]),
    '/*/azure-pipeline*.yml',
  ],
  *follow(repo) {
    yield* templatesOf(repo);
  },
  *detect(repo) {
    const said = new Set<string>();
    const budget = { left: MAX_STEPS };
    for (const pipeline of pipelinesOf(repo)) {
      for (const job of jobsOf(pipeline, repo, budget)) {
        const trigger = triggerOf(job.occasions);
        const signals: Signal[] = trigger === 'merge-request' && job.name !== '' ? [ciJob(job.name, job.at)] : [];
        for (const signal of [...signals, ...stepsOf(job, repo, budget)]) {
          // Jobs that share a template say the same lines: once for each trigger is enough.
          const key =
            signal.kind === 'step'
              ? `${signal.path}:${signal.lines[0]} ${signal.trigger} ${signal.dir} ${signal.script}`
              : `job ${job.name}`;
          if (said.has(key)) continue;
          said.add(key);
          yield signal;
        }
      }
    }
  },
});
