import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { calledBy, calledScripts } from './ci-called-scripts.ts';
import { ciJob } from './ci-jobs.ts';
import { triggerOf } from './ci-occasions.ts';
import { configurationsOf } from './circleci/configuration.ts';
import { stepsOf } from './circleci/steps.ts';
import { jobRunsOf } from './circleci/workflows.ts';

/**
 * CircleCI: what the jobs of each workflow run and when, with commands, executors and inline orbs of the configuration,
 * their parameters, and well-known orbs' commands. Configurations that a set-up workflow continues with are read too.
 * https://circleci.com/docs/configuration-reference/
 */
export const circleci = ecosystem({
  id: 'circleci',
  title: 'CircleCI',
  files: ['/.circleci/*.yml', '/.circleci/*.yaml'],
  *follow(repo) {
    yield* calledBy(repo.files, FOLDER, repo);
  },
  *detect(repo) {
    const said = new Set<string>();
    const budget = { left: MAX_STEPS };
    const unfolded = calledScripts(FOLDER, repo, budget);
    for (const configuration of configurationsOf(repo)) {
      for (const run of jobRunsOf(configuration)) {
        const trigger = triggerOf(run.occasions);
        const signals: Signal[] = trigger === 'merge-request' ? [ciJob(run.name, run.at)] : [];
        for (const signal of [...signals, ...stepsOf(run, { repo, configuration, trigger, budget, unfolded })]) {
          // Jobs that share a command say the same lines: once for each trigger is enough.
          const key =
            signal.kind === 'step'
              ? `${signal.path}:${signal.lines[0]} ${signal.trigger} ${signal.dir} ${signal.script}`
              : `job ${run.name}`;
          if (said.has(key)) continue;
          said.add(key);
          yield signal;
        }
      }
    }
  },
});

const FOLDER = '.circleci';
/** Commands that call commands make a few lines describe very many steps. */
const MAX_STEPS = 20_000;
