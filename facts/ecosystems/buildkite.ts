import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { jobsOf } from './buildkite/jobs.ts';
import { linkedPipelines } from './buildkite/pipelines.ts';
import { scriptsOf } from './buildkite/scripts.ts';
import { calledBy, calledScripts } from './ci-called-scripts.ts';
import { ciJob } from './ci-jobs.ts';
import { triggerOf } from './ci-occasions.ts';

/**
 * Buildkite: what the steps of each pipeline run and when, with the scripts of `.buildkite/` that they call and what the
 * docker and docker-compose plugins run. https://buildkite.com/docs/pipelines/configure/step-types
 */
export const buildkite = ecosystem({
  id: 'buildkite',
  title: 'Buildkite',
  files: [
    '/.buildkite/*.yml',
    '/.buildkite/*.yaml',
    '/.buildkite/*/*.yml',
    '/.buildkite/*/*.yaml',
    '/.buildkite/pipeline*.json',
    '/buildkite.yml',
    '/buildkite.yaml',
  ],
  *follow(repo) {
    yield* calledBy(repo.files, FOLDER, repo);
  },
  *detect(repo) {
    const said = new Set<string>();
    const unfolded = calledScripts(FOLDER, repo, { left: MAX_STEPS });
    for (const pipeline of linkedPipelines(repo)) {
      for (const job of jobsOf(pipeline)) {
        for (const signal of signalsOf(job)) {
          const key =
            signal.kind === 'step'
              ? `${signal.path}:${signal.lines[0]} ${signal.trigger} ${signal.script}`
              : `job ${job.name}`;
          if (said.has(key)) continue;
          said.add(key);
          yield signal;
        }
      }
    }

    function* signalsOf(job: ReturnType<typeof jobsOf>[number]): Iterable<Signal> {
      const trigger = triggerOf(job.occasions);
      if (trigger === 'merge-request' && job.name !== '') yield ciJob(job.name, job.at);
      for (const step of scriptsOf(job, trigger)) yield* unfolded(step);
    }
  },
});

const FOLDER = '.buildkite';
/** What scripts add to the steps of the pipelines. */
const MAX_STEPS = 20_000;
