import type { ConventionalCommand, Launcher, PlainFact, Signal, Step, Task } from '../signal.ts';
import { Bodies, type Body } from './bodies.ts';
import { TaskIndex } from './calls.ts';
import type { Candidate } from './candidate.ts';
import { type Context, typedTools } from './context.ts';
import { callCandidates, conventionCandidate } from './from-calls.ts';
import { taskCandidates } from './from-tasks.ts';
import { gateFacts } from './gates.ts';
import { isAtHome, isForeign } from './origin.ts';
import { readPipelines } from './pipelines.ts';
import { isSayable } from './sayable.ts';

/** Joins tasks, pipeline lines and conventions into candidates; the bodies of the tasks come with them. */
export function collectCandidates(signals: readonly Signal[]): {
  readonly candidates: readonly Candidate[];
  readonly bodies: Bodies;
  /** What the merge-request pipeline checks. */
  readonly gates: readonly PlainFact[];
} {
  const tasks = signals.filter((signal): signal is Task => signal.kind === 'task');
  const steps = signals.filter((signal): signal is Step => signal.kind === 'step');
  const conventions = signals.filter((signal): signal is ConventionalCommand => signal.kind === 'command');
  const launchers = signals.filter((signal): signal is Launcher => signal.kind === 'launcher');
  const index = new TaskIndex(tasks);
  const bodies = new Bodies(index);
  const pipelines = readPipelines(steps, index, bodies);
  const context: Context = { bodies, pipelines, launchers, typedTools: typedTools(tasks, bodies, pipelines) };
  const candidates = [
    ...tasks.flatMap((task) => taskCandidates(task, context)).filter(({ run, task }) => isSayable(run, !!task)),
    ...pipelines.calls.flatMap((call) => callCandidates(call, context)).filter(({ run }) => isSayable(run, false)),
    ...conventions.map((command) => conventionCandidate(command, context)).filter(({ run }) => isSayable(run, true)),
  ];
  const languages = mainLanguages(signals);
  const atHome = isAtHome(signals, languages);
  // `npm test -- --filter=<name>` runs what `npm test` runs.
  const runs = ({ task, run }: Candidate): Body | undefined => {
    const called = task ?? index.called(run.split(' '), '')[0];
    return called && bodies.of(called);
  };
  const placed = candidates.map((candidate) =>
    candidate.dir === '' && atHome && isForeign(candidate, languages, runs(candidate))
      ? { ...candidate, features: { ...candidate.features, foreign: 1 } }
      : candidate,
  );
  return { candidates: placed, bodies, gates: gateFacts(placed, pipelines, languages) };
}

function mainLanguages(signals: readonly Signal[]): readonly string[] {
  return signals
    .filter((signal): signal is PlainFact => signal.kind === 'fact' && signal.key === 'language' && signal.dir === '')
    .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))
    .map(({ value }) => value);
}
