import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { ciJob } from './ci-jobs.ts';
import { includedTools } from './gitlab-ci/included-tools.ts';
import { type JobRun, pipelinesOf, triggerOf } from './gitlab-ci/pipelines.ts';
import { stepsOf } from './gitlab-ci/steps.ts';

/**
 * GitLab CI: what each job runs and when, after includes of this repository, `extends`, anchors, `!reference`, inputs
 * and child pipelines. What other projects, templates and components add is not here to be read, and is no mistake;
 * of well-known ones it is known what they run.
 * docs.gitlab.com: "CI/CD YAML syntax reference".
 */
export const gitlabCi = ecosystem({
  id: 'gitlab-ci',
  title: 'GitLab CI',
  files: ['/.gitlab-ci.yml'],
  *follow(repo) {
    if (repo.files.some(({ text }) => text.includes('include')))
      for (const { paths } of pipelinesOf(repo, () => {})) yield* paths;
  },
  *detect(repo) {
    const said = new Set<string>();
    const pipelines = pipelinesOf(repo, ({ path, line }, message) => repo.problem(path, message, line));
    for (const { name, runs, paths } of pipelines) {
      yield* includedTools(repo, paths);
      for (const signal of runs().flatMap((run) => [...signalsOf(name, run)])) {
        // Jobs that share a template say the same lines: once for each trigger is enough.
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

function* signalsOf(pipeline: string, run: JobRun): Iterable<Signal> {
  const trigger = triggerOf(run);
  if (trigger === 'merge-request') yield ciJob(run.job.name, run.job.at);
  yield* stepsOf(run.scripts, run.variables, { pipeline, job: run.job.name, trigger });
}
