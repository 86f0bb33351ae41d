import type { Evidence } from '../fact.ts';
import { joinPath } from '../path-index.ts';
import type { Step, Task, Trigger } from '../signal.ts';
import type { Bodies } from './bodies.ts';
import type { TaskIndex } from './calls.ts';
import { readFanOut } from './fan-out.ts';
import { handedOn } from './hand-on.ts';
import { readName } from './names.ts';
import { type Reading, readCommand } from './reading.ts';
import { type Invocation, invocations } from './shell.ts';
import { unwrap } from './unwrap.ts';

/** A pipeline's line that runs a task or a tool. */
export interface Mention {
  readonly at: Evidence;
  readonly trigger: Trigger;
  readonly guarded: boolean;
  readonly contained: boolean;
  /** It is run by the task that the line calls, not by the line itself. */
  readonly indirect: boolean;
  /** The line runs in one of several folders, this one perhaps. */
  readonly oneOfMany?: boolean;
  /** How the line starts it: `bash scripts/test.sh`, `tools/check`. */
  readonly words?: readonly string[];
  /** What stands before it there: `bundle exec`. */
  readonly launcher?: string;
}

/** A tool that a pipeline runs without a task. */
export interface BareCall {
  readonly reading: Reading;
  readonly dir: string;
  readonly mention: Mention;
  readonly words: readonly string[];
}

export interface Pipelines {
  readonly tasks: ReadonlyMap<Task, readonly Mention[]>;
  readonly calls: readonly BareCall[];
  /** Scripts that they only call with a subcommand: by themselves these are no answer. */
  readonly dispatchers: ReadonlySet<Task>;
}

/** What all pipelines run: tasks by name, tools by themselves. */
export function readPipelines(steps: readonly Step[], index: TaskIndex, bodies: Bodies): Pipelines {
  const tasks = new Map<Task, Mention[]>();
  const calls: BareCall[] = [];
  const dispatchers = new Set<Task>();
  // What counts only if the same job builds or tests afterwards: see `ToolRule.prepares`.
  const pending = new Map<string, BareCall[]>();
  const mention = (task: Task, what: Mention): void => {
    const list = tasks.get(task);
    if (list) list.push(what);
    else tasks.set(task, [what]);
  };
  const release = (job: string): void => {
    calls.push(...(pending.get(job) ?? []));
    pending.delete(job);
  };
  for (const step of steps) {
    for (const { invocation, line } of commandsOf(step.script)) {
      if (invocation.dir === undefined) continue;
      const inner = unwrap(invocation.words, invocation.dynamic);
      const dir = joinPath(step.dir, [invocation.dir, inner.dir].filter(Boolean).join('/'));
      if (dir === undefined) continue;
      const what: Mention = {
        at: { path: step.path, line: step.lines[line] ?? step.lines[0] ?? 1 },
        trigger: step.trigger,
        guarded: invocation.guarded,
        contained: inner.contained,
        indirect: false,
        ...(step.oneOfMany ? { oneOfMany: true } : {}),
      };
      const called = new Set(
        [...index.called(invocation.words, dir), ...index.called(inner.words, dir)].filter(isMoreThanAName),
      );
      for (const task of called) {
        const reading = handedOn(task, inner.words, inner.dynamic);
        if (reading) {
          calls.push({ reading, dir, mention: what, words: invocation.words });
          dispatchers.add(task);
          continue;
        }
        mention(task, { ...what, words: inner.words, ...(inner.launcher ? { launcher: inner.launcher } : {}) });
        for (const further of bodies.of(task).calls)
          if (!called.has(further)) mention(further, { ...what, indirect: true });
      }
      const job = `${step.pipeline}\0${step.job}`;
      if (
        [...called].some(
          (task) => buildsOrTests(bodies.of(task).purposes) || buildsOrTests(readName(task.name)?.purposes),
        )
      )
        release(job);
      if (called.size > 0) continue;
      for (const { task, parent } of index.family(invocation.words, invocation.dynamic, dir)) {
        mention(task, { ...what, indirect: !parent });
      }
      const tests = fromOutside(invocation, dir);
      const { words, dynamic } = tests ?? invocation;
      const everywhere = readFanOut(words, index);
      const single = everywhere.length > 0 ? undefined : readCommand(words, dynamic);
      for (const reading of single ? [single] : everywhere) {
        if (buildsOrTests(reading.purposes)) release(job);
        const call: BareCall = { reading, dir: tests ? '' : dir, mention: what, words };
        if (reading.rule?.prepares) pending.set(job, [...(pending.get(job) ?? []), call]);
        else calls.push(call);
      }
    }
  }
  for (const task of tasks.keys()) dispatchers.delete(task);
  return { tasks, calls, dispatchers };
}

/** `"nx": "nx"` gives a program its name, and runs what is said after it. */
function isMoreThanAName({ name, body }: Task): boolean {
  return body.length !== 1 || body[0] !== name;
}

/** `cd build && ctest`: the folder is made by the build, and nobody stands in it. */
function fromOutside({ words, dynamic }: Invocation, dir: string): Pick<Invocation, 'words' | 'dynamic'> | undefined {
  if (words[0] !== 'ctest' || dir === '' || dir.startsWith('..') || words.includes('--test-dir')) return undefined;
  return { words: words.toSpliced(1, 0, '--test-dir', dir), dynamic: dynamic.toSpliced(1, 0, false, false) };
}

function buildsOrTests(purposes: Reading['purposes'] = {}): boolean {
  return (purposes.build ?? 0) >= 0.5 || (purposes.test ?? 0) >= 0.5;
}

/** The commands of a script, those inside `bash -c "..."` included. */
function commandsOf(script: string): { invocation: Invocation; line: number }[] {
  return invocations(script).flatMap((invocation) => {
    const inner = unwrap(invocation.words).words;
    const shell = /^(?:ba|z|da)?sh$/.test(inner[0] ?? '') ? inner.findIndex((word) => /^-[a-z]*c$/.test(word)) : -1;
    const nested = shell > 0 ? inner[shell + 1] : undefined;
    if (nested === undefined) return [{ invocation, line: invocation.line }];
    return invocations(nested).map((part) => ({ invocation: part, line: invocation.line + part.line }));
  });
}
