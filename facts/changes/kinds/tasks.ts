import { keyMateriality, lesser, type Materiality } from '../../keys.ts';
import { parentDir } from '../../path-index.ts';
import type { Task } from '../../signal.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { dirAfter, isPeripheral } from '../places.ts';
import { familyOf, isForReleases, isSideJob, isTypedByName } from '../task-names.ts';

/**
 * Tasks, targets and scripts that people run by name and that are gone: the same runner has no such name in the same
 * folder any more. Renamed where a new task of that runner runs the same. A runner that is gone as a whole is one change;
 * so is a package, which is told as such. What publishes, cleans or updates (`release`, `clean`) is nobody's daily work.
 */
export const tasks: Kind = {
  id: 'task removed or renamed',
  *find(comparison) {
    const { before, after } = comparison;
    const now = namesOf(after);
    const old = namesOf(before);
    const removed = tasksOf(before).filter((task) => isGone(task, now, comparison));
    for (const group of Map.groupBy(removed, homeOf).values()) {
      const added = tasksOf(after).filter((task) => {
        const [first] = group;
        return first && familyOf(task) === familyOf(first) && !old.has(nameKey(task, task.dir));
      });
      yield* changes(group, added, comparison);
    }
  },
};

function homeOf(task: Task): string {
  return `${familyOf(task)}\0${task.dir}`;
}

function nameKey(task: Task, dir: string): string {
  return `${familyOf(task)}\0${dir}\0${familyOf(task) === 'script' ? task.at.path : task.name}`;
}

function tasksOf({ survey }: Side): readonly Task[] {
  return survey.signals.filter((signal): signal is Task => signal.kind === 'task');
}

/** Every name that is still accepted, those that are never said included. */
function namesOf(side: Side): ReadonlySet<string> {
  const names = new Set<string>();
  for (const signal of side.survey.signals) {
    if (signal.kind === 'task') names.add(nameKey(signal, signal.dir));
    if (signal.kind === 'targets')
      for (const name of signal.names) names.add(`${signal.runner}\0${signal.dir}\0${name}`);
  }
  return names;
}

function isGone(task: Task, now: ReadonlySet<string>, comparison: Comparison): boolean {
  const { after, touched, moves } = comparison;
  if (task.internal || isPeripheral(task.dir) || isPeripheral(parentDir(task.at.path)) || !isTypedByName(task))
    return false;
  // Scripts in hidden folders are the pipeline's own.
  if (familyOf(task) === 'script' && /(?:^|\/)\./.test(task.at.path)) return false;
  // A task whose own file nobody touched is still what it was.
  if (!touched.has(task.at.path)) return false;
  const dir = dirAfter(task.dir, comparison);
  // The package is gone, and with it everything in it.
  if (dir === undefined) return false;
  if (dir !== task.dir && now.has(nameKey(task, dir))) return false;
  if (now.has(nameKey(task, task.dir))) return false;
  if (familyOf(task) === 'script') return !after.survey.paths.has(task.at.path);
  // Its manifest went with the folder's content, which is told as a package or a folder that moved.
  return moves.file(task.at.path) === task.at.path || parentDir(moves.file(task.at.path)) === parentDir(task.at.path);
}

/** More than this of one runner and folder are told as one. */
const MOST = 5;

function* changes(group: readonly Task[], added: readonly Task[], comparison: Comparison): Generator<FactChange> {
  const full = keyMateriality('task');
  const together = isGoneWithManifest(group, comparison);
  const weight = ({ name }: Task) => (together ? 'low' : isSideJob(name) ? lesser(full) : full);
  const free = new Set(added);
  const told = group.map((task) => {
    const to = successorOf(task, free, comparison);
    if (to) free.delete(to);
    return { task, to };
  });
  for (const { task, to } of told.slice(0, MOST)) {
    yield {
      key: 'task',
      dir: task.dir,
      from: task.run,
      to: to?.run ?? null,
      materiality: weight(task),
      evidence: [to?.at ?? task.at],
    };
  }
  const [first, ...rest] = told.slice(MOST).map(({ task }) => task);
  const materiality = [first, ...rest].reduce<Materiality>(
    (most, task) => (task && weight(task) === full ? full : most),
    first ? weight(first) : full,
  );
  if (first) {
    const names = [first, ...rest].map(({ run }) => run).join(', ');
    yield { key: 'task', dir: first.dir, from: names, to: null, materiality, evidence: [first.at] };
  }
}

/** Tools of releases and the file that was there for them alone, gone together. */
function isGoneWithManifest(group: readonly Task[], { after }: Comparison): boolean {
  return group.every(({ name, at }) => isForReleases(name) && !after.survey.paths.has(at.path));
}

/** The new task that runs what the old one ran, or whose name says the same in other words. */
function successorOf(task: Task, added: ReadonlySet<Task>, { moves }: Comparison): Task | undefined {
  const here = [...added].filter(({ dir }) => dir === task.dir);
  if (familyOf(task) === 'script') return here.find(({ at }) => at.path === moves.file(task.at.path));
  const body = task.body.join('\n').trim();
  const same = here.find((other) => body !== '' && other.body.join('\n').trim() === body);
  if (same) return same;
  const words = wordsOf(task.name);
  return here
    .map((other) => ({ other, shared: wordsOf(other.name).filter((word) => words.includes(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)[0]?.other;
}

function wordsOf(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}
