import type { CommandSpec } from './command.ts';

/** How good reviews are: as data, like every command. */
export const EVAL_COMMAND: CommandSpec = {
  name: 'eval',
  summary: 'review stored merge requests and say how many of their defects are found, beside an earlier run',
  details:
    'Recall, precision, findings on clean merge requests, tokens, cost and time (docs/eval.md). Results are kept in the state folder: one that is known under the same prompts and models is not asked for again. Exit code 1 where a gate is missed, 3 where a review came to no decision.',
  arguments: [
    {
      name: 'dir',
      summary: 'a folder of merge requests, each a folder with a case.yaml; with --format martian a file',
      kind: 'file',
    },
  ],
  options: [
    { flags: '--only <name>', summary: 'only this merge request; may be given several times', repeatable: true },
    { flags: '--limit <count>', summary: 'the first so many merge requests' },
    {
      flags: '--against <run>',
      summary: 'the run to compare with, or how it begins (default: the last one under other settings)',
    },
    {
      flags: '--gate <measures>',
      summary:
        'exit with 1 below these, or above that many findings for each clean one: recall=0.6,precision=0.7,clean=0.25',
    },
    { flags: '--fresh', summary: 'review again what is known already' },
    { flags: '--dry-run', summary: 'review nothing, print what would be' },
    {
      flags: '--format <format>',
      summary: 'the format of what is read: golden comments of the Code Review Benchmark',
      choices: ['martian'],
    },
    { flags: '--repos <folder>', summary: 'with --format martian: where the clones are', kind: 'directory' },
  ],
};
