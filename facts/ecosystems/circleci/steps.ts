import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Step, Trigger } from '../../signal.ts';
import type { Unfold } from '../ci-called-scripts.ts';
import { hiddenFolder } from '../ci-folders.ts';
import { scriptLines, scriptStep, windowsLines } from '../ci-scripts.ts';
import { ORB_TOOLS } from '../ci-tools/orbs.ts';
import { holds } from './conditions.ts';
import type { Configuration } from './configuration.ts';
import { calledWith, filledIn, filledLines, type Parameters, valuesOf } from './parameters.ts';
import type { JobRun } from './workflows.ts';

export interface StepContext {
  readonly repo: RepoView;
  readonly configuration: Configuration;
  readonly trigger: Trigger;
  /** How many steps may still be looked at. */
  readonly budget: { left: number };
  readonly unfolded: Unfold;
}

/** What a job's steps run. */
export function* stepsOf(run: JobRun, context: StepContext): Iterable<Step> {
  const { definition, given, parameters } = run;
  const steps = [
    ...(given?.get('pre-steps')?.items() ?? []),
    ...(definition?.get('steps')?.items() ?? []),
    ...(given?.get('post-steps')?.items() ?? []),
  ];
  const walk: Walk = { ...context, run, parameters, places: placesOf(run, steps, context.configuration), depth: 0 };
  if (definition === undefined) yield* orbSteps(run.job, given, run.at.line, walk);
  for (const step of steps) yield* stepSteps(step, walk);
}

interface Walk extends StepContext {
  readonly run: JobRun;
  readonly parameters: Parameters;
  readonly places: Places;
  readonly depth: number;
}

/** Commands that call commands that call themselves. */
const MAX_DEPTH = 10;
const WINDOWS = /^(?:powershell|pwsh|cmd)/i;

function* stepSteps(step: Tree, walk: Walk): Iterable<Step> {
  if (walk.budget.left-- <= 0 || walk.depth > MAX_DEPTH) return;
  // A parameter of the type `steps`, or a command without parameters.
  if (step.text !== undefined) {
    const values = valuesOf(step, walk.parameters);
    if (values[0] === step) yield* callSteps(step.text, undefined, step.line, walk);
    else for (const value of values) yield* stepsBelow(value, walk);
    return;
  }
  for (const [name, given] of step.entries()) {
    if (name === 'run') yield* runSteps(given, walk);
    else if (name === 'steps') for (const value of valuesOf(given, walk.parameters)) yield* stepsBelow(value, walk);
    else if (name === 'when' || name === 'unless') yield* conditionalSteps(given, name === 'unless', walk);
    else yield* callSteps(name, given, given.keyLine, walk);
  }
}

function* stepsBelow(steps: Tree, walk: Walk): Iterable<Step> {
  const inner = { ...walk, depth: walk.depth + 1 };
  for (const step of steps.items()) yield* stepSteps(step, inner);
}

function* conditionalSteps(given: Tree, negated: boolean, walk: Walk): Iterable<Step> {
  const verdict = holds(given.get('condition'), walk.run.occasions[0], walk);
  if (verdict === (negated ? 'yes' : 'no')) return;
  const steps = given.get('steps');
  for (const value of steps === undefined ? [] : valuesOf(steps, walk.parameters)) yield* stepsBelow(value, walk);
}

/** A command of this configuration, of an inline orb, or of a well-known orb. */
function* callSteps(name: string, given: Tree | undefined, line: number, walk: Walk): Iterable<Step> {
  // Inside an inline orb its own commands go by their own name.
  const prefix = walk.run.job.includes('/') ? `${walk.run.job.split('/')[0]}/` : '';
  const command = walk.configuration.commands.get(name) ?? walk.configuration.commands.get(`${prefix}${name}`);
  if (command === undefined) return yield* orbSteps(name, given, line, walk);
  const steps = command.get('steps');
  const parameters = calledWith(command.get('parameters'), given, walk.parameters);
  if (steps !== undefined) yield* stepsBelow(steps, { ...walk, parameters });
}

function* orbSteps(name: string, given: Tree | undefined, line: number, walk: Walk): Iterable<Step> {
  const [orb = '', ...rest] = name.split('/');
  const tool = ORB_TOOLS.get(`${walk.configuration.orbs.get(orb) ?? orb}/${rest.join('/')}`);
  if (tool === undefined) return;
  const input = (key: string): string => {
    const value = given?.get(key);
    const text = value?.text === undefined ? '' : filledIn(value.text, walk.parameters);
    return /\$\{\{|\n/.test(text) ? '' : text;
  };
  const dir = folderOf(input(tool.dirInput ?? 'app-dir'), walk);
  if (dir === undefined) return;
  const command = tool.command({ with: input, has: (file) => walk.repo.paths.isFile(joinPath(dir, file) ?? '') });
  if (command === undefined) return;
  const lines = command.split('\n').map((text) => ({ text, line }));
  yield* scriptStep(lines, placeOf(undefined, dir, walk));
}

/** `run: make`, or `run: { command, name, working_directory, shell }`. */
function* runSteps(given: Tree, walk: Walk): Iterable<Step> {
  const script = given.kind === 'map' ? given.get('command') : given;
  if (script === undefined) return;
  const windows = WINDOWS.test(filledIn(given.get('shell')?.text ?? '', walk.parameters));
  const folder = folderOf(filledIn(given.get('working_directory')?.text ?? '', walk.parameters), walk);
  if (folder === undefined) return;
  for (const value of valuesOf(script, walk.parameters)) {
    const lines = filledLines(scriptLines(value), walk.parameters);
    const title = given.get('name')?.text;
    const place = placeOf(title?.includes('<<') ? undefined : title, folder, walk);
    for (const step of scriptStep(windows ? windowsLines(lines) : lines, place)) yield* walk.unfolded(step);
  }
}

function placeOf(title: string | undefined, dir: string, { configuration, run, trigger }: Walk) {
  return { path: configuration.file.path, pipeline: run.workflow, job: run.name, trigger, dir, title };
}

/** Where the job starts, and where it checks the repository out: both from the root of the machine. */
interface Places {
  readonly start: string;
  readonly home: string;
}

const DEFAULT_DIR = '~/project';

function placesOf({ definition, parameters }: JobRun, steps: readonly Tree[], { executors }: Configuration): Places {
  const named = definition?.get('executor');
  const executor = executors.get(filledIn(named?.text ?? named?.get('name')?.text ?? '', parameters));
  const written = definition?.get('working_directory') ?? executor?.get('working_directory');
  const start = absolute(filledIn(written?.text ?? DEFAULT_DIR, parameters), '') ?? 'home/project';
  const checkout = steps.find((step) => step.get('checkout', 'path') !== undefined)?.get('checkout', 'path')?.text;
  return { start, home: checkout === undefined ? start : (absolute(filledIn(checkout, parameters), start) ?? start) };
}

/** A folder from the machine's root, without the slash; `undefined` where only a run knows it. */
function absolute(dir: string, from: string): string | undefined {
  const plain = dir.replace(/^(?:~|\$\{?HOME\}?|\/home\/circleci|\/root)(?=\/|$)/, '/home');
  if (/[$<{]/.test(plain)) return undefined;
  return joinPath(from, plain);
}

const UNKNOWN = /<<[^<>]*>>|\$\{?\w+\}?/g;

/** The folder of the repository that a step runs in; `undefined` outside of it. */
function folderOf(dir: string, { repo, places: { start, home } }: Walk): string | undefined {
  const place = dir === '' ? start : absolute(dir, start);
  if (place === undefined) return hiddenFolder(dir, UNKNOWN, repo.paths);
  if (place === home || home === '') return home === '' ? place : '';
  if (place.startsWith(`${home}/`)) return place.slice(home.length + 1);
  // `working_directory: ~/project/web` with a checkout of its own.
  return home.startsWith(`${place}/`) || place === start ? '' : undefined;
}
