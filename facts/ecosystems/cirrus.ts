import { ecosystem } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { conditionHolds, type Known, ORDINARY, SOME } from './ci-conditions.ts';
import { ciJob } from './ci-jobs.ts';
import { OCCASIONS, type Occasion, triggerOf } from './ci-occasions.ts';
import { scriptLines, scriptStep, windowsLines } from './ci-scripts.ts';

/** Cirrus CI: the scripts of each task and when it runs. https://cirrus-ci.org/guide/writing-tasks/ */
export const cirrus = ecosystem({
  id: 'cirrus',
  title: 'Cirrus CI',
  files: ['/.cirrus.yml', '/.cirrus.yaml'],
  *detect(repo) {
    for (const file of repo.files) {
      for (const [key, task] of file.yaml()?.entries() ?? []) {
        // Every task may be called just that: the key repeats.
        if (key === 'task' || key.endsWith('_task')) yield* taskSignals(key, task, file);
      }
    }
  },
});

function* taskSignals(key: string, task: Tree, file: SourceFile): Iterable<Signal> {
  const written = task.get('name')?.text ?? task.get('alias')?.text ?? key.replace(/_?task$/, '').replaceAll('_', ' ');
  const name = /[$]/.test(written) ? '' : written;
  const trigger = triggerOf(OCCASIONS.filter((occasion) => mayRun(task, occasion)));
  if (trigger === 'merge-request' && name !== '') yield ciJob(name, file.at(task.keyLine));
  // A matrix' rows bring scripts of their own.
  const rows = task.get('matrix')?.items() ?? [];
  for (const holder of [task, ...rows]) {
    for (const [each, script] of holder.entries()) {
      if (each !== 'script' && !each.endsWith('_script')) continue;
      const lines = scriptLines(script.get('ps') ?? script);
      const windows = task.get('windows_container') !== undefined || script.get('ps') !== undefined;
      const place = { path: file.path, dir: '', pipeline: file.name, job: name, trigger };
      yield* scriptStep(windows ? windowsLines(lines) : lines, place);
    }
  }
}

function mayRun(task: Tree, occasion: Occasion): boolean {
  if (occasion.trigger === 'manual') return true;
  if (task.get('trigger_type')?.text === 'manual') return false;
  const holds = (condition: string): string =>
    conditionHolds(condition, { name: (name) => value(name, occasion), nullIsEmpty: true });
  const [only, skip] = [task.get('only_if')?.text, task.get('skip')?.text];
  return (only === undefined || holds(only) !== 'no') && (skip === undefined || holds(skip) !== 'yes');
}

/** https://cirrus-ci.org/guide/writing-tasks/#environment-variables */
function value(name: string, { request, branch, tag, trigger }: Occasion): Known {
  switch (name) {
    case 'CIRRUS_PR':
      return request ? ORDINARY : null;
    case 'CIRRUS_BRANCH':
      return request ? ORDINARY : branch;
    case 'CIRRUS_DEFAULT_BRANCH':
      return request ? undefined : (branch ?? undefined);
    case 'CIRRUS_TAG':
    case 'CIRRUS_RELEASE':
      return tag;
    case 'CIRRUS_CRON':
      return trigger === 'schedule' ? `${SOME}cron` : null;
    case 'CIRRUS_CHANGE_MESSAGE':
    case 'CIRRUS_CHANGE_TITLE':
      return ORDINARY;
    default:
      return undefined;
  }
}
