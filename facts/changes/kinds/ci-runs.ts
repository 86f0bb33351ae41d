import { Bodies } from '../../commands/bodies.ts';
import { TaskIndex } from '../../commands/calls.ts';
import { readName } from '../../commands/names.ts';
import { readPipelines } from '../../commands/pipelines.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import { keyMateriality, lesser } from '../../keys.ts';
import { parentDir } from '../../path-index.ts';
import type { Step, Task } from '../../signal.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { gone } from '../evidence.ts';
import { isPeripheral } from '../places.ts';
import { familyOf } from '../task-names.ts';

/** What a merge request is held to, and an agent runs before it. */
const PURPOSES: readonly Purpose[] = ['build', 'test', 'lint', 'format', 'typecheck', 'generate'];
const LEAST = 0.7;

/**
 * What the pipelines run of the commands an agent would run: by task or tool, whatever job, file, matrix or version runs
 * it. Changed: one of them is run no more, and another is run for the same purpose, or none is.
 */
export const ciRuns: Kind = {
  id: 'CI runs other commands',
  *find(comparison): Generator<FactChange> {
    if (![...comparison.touched].some((path) => isPipeline(path, comparison))) return;
    const before = runsOf(comparison.before);
    const after = runsOf(comparison.after);
    for (const purpose of PURPOSES) {
      const of = (runs: ReadonlyMap<string, Run>) => [...runs].filter(([, run]) => run.purposes.has(purpose));
      const removed = of(before).filter(([label, run]) => !after.has(label) && gone(run.at, comparison));
      const added = of(after).filter(([label]) => !before.has(label));
      const [was] = removed;
      if (!was) continue;
      const [is] = added;
      const key = `ci.gate.${purpose}`;
      const left = of(after).length > 0;
      yield {
        key,
        dir: '',
        from: was[1].text,
        to: is?.[1].text ?? null,
        materiality: is ? keyMateriality(key) : left ? 'low' : lesser(keyMateriality(key)),
        evidence: [is?.[1].at ?? was[1].at],
      };
    }
  },
};

interface Run {
  readonly text: string;
  readonly at: Evidence;
  readonly purposes: ReadonlySet<Purpose>;
}

function isPipeline(path: string, { before, after }: Comparison): boolean {
  return [before, after].some(({ survey }) =>
    survey.signals.some((each) => each.kind === 'step' && each.path === path),
  );
}

/** What the pipelines of merge requests and pushes run, by a label that flags and versions do not change. */
function runsOf({ survey }: Side): ReadonlyMap<string, Run> {
  const tasks = survey.signals.filter((signal): signal is Task => signal.kind === 'task');
  const steps = survey.signals.filter(
    (signal): signal is Step =>
      signal.kind === 'step' &&
      (signal.trigger === 'merge-request' || signal.trigger === 'push') &&
      !isPeripheral(signal.dir) &&
      !isPeripheral(parentDir(signal.path)),
  );
  const index = new TaskIndex(tasks);
  const bodies = new Bodies(index);
  const { tasks: called, calls } = readPipelines(steps, index, bodies);
  const runs = new Map<string, Run>();
  for (const [task, mentions] of called) {
    const direct = mentions.find(({ indirect }) => !indirect);
    if (!direct || isPeripheral(task.dir)) continue;
    const purposes = { ...bodies.of(task).purposes, ...readName(task.name)?.purposes };
    const label = `${familyOf(task)}\0${task.dir}\0${task.name}`;
    runs.set(label, { text: task.run, at: direct.at, purposes: strong(purposes) });
  }
  for (const { reading, dir, mention } of calls) {
    if (isPeripheral(dir)) continue;
    const label = `tool\0${reading.rule?.words.join(' ') ?? reading.words.slice(0, 2).join(' ')}`;
    if (!runs.has(label))
      runs.set(label, { text: reading.words.join(' '), at: mention.at, purposes: strong(reading.purposes) });
  }
  return runs;
}

function strong(purposes: Readonly<Partial<Record<Purpose, number>>>): ReadonlySet<Purpose> {
  return new Set(PURPOSES.filter((purpose) => (purposes[purpose] ?? 0) >= LEAST));
}
