import type { Purpose } from '../fact.ts';
import type { ConventionalCommand, Launcher, Task } from '../signal.ts';
import type { Bodies, Body } from './bodies.ts';
import type { Pipelines } from './pipelines.ts';
import type { Reading } from './reading.ts';

/** What is known of a repository while its commands are weighed. */
export interface Context {
  readonly bodies: Bodies;
  readonly pipelines: Pipelines;
  readonly launchers: readonly Launcher[];
  /** How task bodies call each tool, by folder, purpose and tool. */
  readonly typedTools: ReadonlyMap<string, readonly Reading[]>;
}

/** How task bodies and pipelines call each tool: see {@link Context.typedTools}. */
export function typedTools(
  tasks: readonly Task[],
  bodies: Bodies,
  pipelines: Pipelines,
): ReadonlyMap<string, readonly Reading[]> {
  const found = new Map<string, Reading[]>();
  const add = (dir: string, reading: Reading, purposes: readonly string[]): void => {
    if (reading.vague || reading.contained || reading.checks || reading.narrow >= 0.5) return;
    for (const purpose of purposes) {
      const key = `${dir} ${purpose} ${reading.tool}`;
      const list = found.get(key);
      if (list) list.push(reading);
      else found.set(key, [reading]);
    }
  };
  // How a pipeline calls a linter is how it is meant to be called; its flags for builds and tests serve the pipeline.
  for (const { dir, reading, mention } of pipelines.calls) {
    if (mention.trigger === 'merge-request')
      add(
        dir,
        reading,
        Object.keys(reading.purposes).filter((purpose) => purpose === 'lint' || purpose === 'typecheck'),
      );
  }
  for (const task of tasks)
    for (const reading of bodies.of(task).readings) add(task.dir, reading, Object.keys(reading.purposes));
  return found;
}

/** The repository types the tool, but never like this. */
export function differs(typed: readonly Reading[] | undefined, reading: Reading): boolean {
  // `bin/rubocop` is `rubocop`.
  const plain = (each: Reading): string =>
    each.words
      .filter((word) => !each.rule?.broad?.includes(word))
      .map((word, i) => (i === 0 ? word.replace(/^.*\//, '') : word))
      .join(' ');
  return typed !== undefined && !typed.some((other) => plain(other) === plain(reading));
}

/** A pipeline runs the tool through a task: `make check-fmt` stands up for `cargo fmt`. */
export function tasksRun(tool: string, command: ConventionalCommand, { bodies, pipelines }: Context): boolean {
  for (const [task, mentions] of pipelines.tasks) {
    if (task.dir !== command.dir || !mentions.some(({ trigger }) => trigger === 'merge-request')) continue;
    if (bodies.of(task).readings.some((reading) => reading.tool === tool)) return true;
  }
  return false;
}

/** A pipeline runs the very tool that this task wraps. */
export function supportFor(body: Body, purpose: Purpose, dir: string, pipelines: Pipelines): boolean {
  const tools = toolsOf(body, purpose);
  return pipelines.calls.some(
    (call) => call.dir === dir && call.mention.trigger === 'merge-request' && tools.has(call.reading.tool),
  );
}

/** A pipeline runs a variant of this task: `test-coverage` for `test`, one linter of `lint`. */
export function variantRuns(task: Task, purpose: Purpose, body: Body, { bodies, pipelines }: Context): boolean {
  const tools = toolsOf(body, purpose);
  if (tools.size === 0) return false;
  for (const [other, mentions] of pipelines.tasks) {
    if (other === task || other.dir !== task.dir || !mentions.some(({ trigger }) => trigger === 'merge-request'))
      continue;
    if (toolsOf(bodies.of(other), purpose).intersection(tools).size > 0) return true;
  }
  return false;
}

function toolsOf(body: Body, purpose: Purpose): ReadonlySet<string> {
  return new Set(
    body.readings.filter((reading) => (reading.purposes[purpose] ?? 0) >= 0.7).map((reading) => reading.tool),
  );
}
