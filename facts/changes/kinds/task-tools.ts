import { readName } from '../../commands/names.ts';
import { invocations } from '../../commands/shell.ts';
import { unwrap } from '../../commands/unwrap.ts';
import type { Purpose } from '../../fact.ts';
import { keyMateriality } from '../../keys.ts';
import { lastName } from '../../path-index.ts';
import type { Task } from '../../signal.ts';
import type { FactChange } from '../change.ts';
import type { Kind, Side } from '../comparison.ts';
import { declaredIn } from '../dependencies.ts';
import { isPeripheral } from '../places.ts';
import { isTypedByName } from '../task-names.ts';

/** The key of the tool that does a purpose. */
const KEYS: Readonly<Partial<Record<Purpose, string>>> = {
  test: 'test-framework',
  lint: 'linter',
  format: 'formatter',
  typecheck: 'type-checker',
  build: 'build-system',
};

/**
 * A task of the same name that starts another tool: the program it started is gone from it and from the dependencies, and
 * another dependency is started in its place. Sees tools that nobody listed. Where the old one stays for another task, both
 * have to be known for what the task is for.
 */
export const taskTools: Kind = {
  id: 'tool behind a task replaced',
  *find({ before, after, touched }): Generator<FactChange> {
    const now = new Map(tasksOf(after).map((task) => [`${task.dir}\0${task.name}`, task]));
    const [old, dependencies] = [namesOf(before), namesOf(after)];
    for (const task of tasksOf(before)) {
      const is = now.get(`${task.dir}\0${task.name}`);
      const key = is && keyOf(task.name);
      if (!key || !touched.has(task.at.path) || isPeripheral(task.dir)) continue;
      const [a, b] = [programsIn(task), programsIn(is)];
      const had = (program: string): boolean => named(old, program, task.dir);
      const has = (program: string): boolean => named(dependencies, program, is.dir);
      const from = [...a].find((program) => !b.has(program) && had(program) && !has(program));
      const to = [...b].find((program) => !a.has(program) && has(program));
      const materiality = keyMateriality(key);
      if (from !== undefined && to !== undefined)
        yield { key, dir: task.dir, from, to, materiality, evidence: [is.at] };
      else if (isTypedByName(task)) {
        const [olds, news] = [only(a, valuesOf(before, key)), only(b, valuesOf(after, key))];
        const [was, now] = [olds[0], news[0]];
        if (was === undefined || now === undefined || news.some((each) => a.has(each))) continue;
        yield { key, dir: task.dir, from: was, to: now, materiality, evidence: [is.at] };
      }
    }
  },
};

function keyOf(name: string): string | undefined {
  const purposes = Object.entries(readName(name)?.purposes ?? {}).sort((a, b) => b[1] - a[1]);
  return KEYS[purposes[0]?.[0] as Purpose];
}

/** The tools that the facts know for a key, in whatever folder. */
function valuesOf({ survey }: Side, key: string): ReadonlySet<string> {
  return new Set(survey.signals.flatMap((each) => (each.kind === 'fact' && each.key === key ? [each.value] : [])));
}

function only(programs: ReadonlySet<string>, values: ReadonlySet<string>): readonly string[] {
  return [...programs].filter((program) => values.has(program));
}

function tasksOf({ survey }: Side): readonly Task[] {
  return survey.signals.filter((signal): signal is Task => signal.kind === 'task');
}

/** Direct dependencies by folder, without the scope as well: `@biomejs/biome` is started as `biome`. */
function namesOf(side: Side): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { dir, name } of declaredIn(side).values()) {
    names.add(`${dir}\0${name}`);
    names.add(`${dir}\0${lastName(name)}`);
  }
  return names;
}

/** In the package of the task, or at the root, whose tools every package may start. */
function named(names: ReadonlySet<string>, program: string, dir: string): boolean {
  return names.has(`${dir}\0${program}`) || names.has(`\0${program}`);
}

function programsIn(task: Task): ReadonlySet<string> {
  return new Set(invocations(task.body.join('\n')).map(({ words }) => unwrap(words).words[0] ?? ''));
}
