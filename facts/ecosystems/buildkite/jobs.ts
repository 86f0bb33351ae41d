import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { conditionHolds, type Known, ORDINARY } from '../ci-conditions.ts';
import { branchFits, type Occasion } from '../ci-occasions.ts';
import type { Pipeline } from './pipelines.ts';

/** A step that runs commands. */
export interface Job {
  readonly pipeline: string;
  readonly path: string;
  /** Its label without the emoji; empty where it has none, or one that only a run knows. */
  readonly name: string;
  readonly at: Evidence;
  readonly step: Tree;
  readonly occasions: readonly Occasion[];
}

/** The command steps of a pipeline, those in groups included. */
export function jobsOf({ file, steps, occasions }: Pipeline): readonly Job[] {
  const jobs: Job[] = [];
  const gates = new Map<string, ReadonlySet<Occasion>>();
  // What comes after a block step waits for somebody to press it.
  let open: readonly Occasion[] = occasions;
  const walk = (step: Tree, allowed: readonly Occasion[], nested: boolean): void => {
    const waits = dependsOn(step);
    const before = nested || waits.length > 0 ? allowed : allowed.filter((occasion) => open.includes(occasion));
    const free = before.filter((occasion) => waits.every((key) => !gates.get(key)?.has(occasion)));
    const own = free.filter((occasion) => mayRun(step, occasion));
    const text = step.text ?? '';
    if (isBlock(step)) {
      const stopped = new Set(text === '' ? occasions.filter((occasion) => mayRun(step, occasion)) : occasions);
      for (const name of keysOf(step)) gates.set(name, stopped);
      open = open.filter((occasion) => !stopped.has(occasion));
      return;
    }
    const group = step.get('steps')?.items();
    if (group !== undefined) {
      for (const inner of group) walk(inner, own, nested || waits.length > 0);
      return;
    }
    if (step.kind !== 'map' || step.get('skip')?.text === 'true' || step.get('trigger') !== undefined) return;
    const label = step.get('label') ?? step.get('name') ?? step.get('key');
    const at = file.at(label?.keyLine ?? step.line);
    jobs.push({ pipeline: file.name, path: file.path, name: plainLabel(label?.text ?? ''), at, step, occasions: own });
  };
  for (const step of steps) walk(step, occasions, false);
  return jobs;
}

/** `- block: "Release?"`, `- input: ...`, `- type: block`, or the word alone. */
function isBlock(step: Tree): boolean {
  const kinds = ['block', 'input', 'manual'];
  return (
    kinds.includes(step.text ?? step.get('type')?.text ?? '') || kinds.some((kind) => step.get(kind) !== undefined)
  );
}

function keysOf(step: Tree): readonly string[] {
  return ['key', 'id', 'identifier'].flatMap((name) => step.get(name)?.text ?? []);
}

function dependsOn(step: Tree): readonly string[] {
  const on = step.get('depends_on');
  return on?.text !== undefined
    ? [on.text]
    : (on?.items().flatMap((item) => item.text ?? item.get('step')?.text ?? []) ?? []);
}

function mayRun(step: Tree, occasion: Occasion): boolean {
  const branches = step.get('branches');
  const patterns =
    branches
      ?.texts()
      .flatMap((text) => text.split(/\s+/))
      .filter(Boolean) ?? [];
  const only = patterns.filter((pattern) => !pattern.startsWith('!'));
  const ignore = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (occasion.branch === null ? only.length > 0 && !only.includes('*') : !branchFits({ only, ignore }, occasion))
    return false;
  const condition = step.get('if')?.text;
  if (condition === undefined) return true;
  return conditionHolds(condition, { name: (name) => value(name, occasion), nullIsEmpty: true }) !== 'no';
}

/** https://buildkite.com/docs/pipelines/configure/conditionals : "Variables". */
function value(name: string, { branch, tag, request, trigger }: Occasion): Known {
  switch (name) {
    case 'build.branch':
      // A tag's build has the tag for its branch.
      return branch ?? tag;
    case 'build.tag':
      return tag;
    case 'build.pull_request.id':
      return request ? ORDINARY : null;
    case 'build.pull_request.draft':
      return request ? false : null;
    case 'build.pull_request.base_branch':
      return request ? undefined : null;
    case 'build.source':
      if (trigger === 'schedule') return 'schedule';
      return trigger === 'manual' ? 'ui' : 'webhook';
    case 'build.message':
      return ORDINARY;
    default:
      return undefined;
  }
}

/** `:golang: Test` is "Test". A label of a matrix is only known in a run. */
function plainLabel(label: string): string {
  if (/\{\{|\$/.test(label)) return '';
  return label
    .replace(/:[\w+-]+:/g, ' ')
    .replace(/\p{Extended_Pictographic}\uFE0F?/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
