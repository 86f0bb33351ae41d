import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { Tree } from '../../parse/tree.ts';
import type { Occasion } from '../ci-occasions.ts';
import {
  entriesOf,
  extended,
  filledIn,
  itemsOf,
  mayHold,
  PARAMETERS,
  type Placed,
  resolved,
  type Scope,
} from './expressions.ts';
import { type Pipeline, templatePath } from './pipelines.ts';

/** A job's steps with what they may name. */
export interface Job {
  readonly pipeline: string;
  /** Empty where only a run knows it, or where a pipeline is nothing but steps. */
  readonly name: string;
  readonly at: Evidence;
  readonly steps: readonly Placed[];
  readonly occasions: readonly Occasion[];
  /** Its agents run Windows: `script` is read by `cmd`. */
  readonly windows: boolean;
}

/** How deep templates nest. Azure allows 100; whoever needs more than these reads them by machine. */
const MAX_DEPTH = 15;
const MAX_VALUES = 500_000;

/** The jobs of a pipeline, of its stages and of all templates they use. */
export function* jobsOf({ file, tree, occasions }: Pipeline, repo: RepoView, budget: { left: number }): Iterable<Job> {
  const place = {
    tree,
    path: file.path,
    scope: { values: new Map(), occasion: occasions[0], budget: { left: MAX_VALUES } },
  };
  const scope = withVariables(withParameters(place, undefined), place);
  const windows = isWindows(tree.get('pool'));
  yield* jobsIn({ ...place, scope }, { repo, budget, occasions, pipeline: file.name, windows, depth: 0 });
}

interface Walk {
  readonly repo: RepoView;
  readonly budget: { left: number };
  readonly occasions: readonly Occasion[];
  readonly pipeline: string;
  readonly windows: boolean;
  readonly depth: number;
}

/** What a pipeline, a stage, a job or a template holds. */
function* jobsIn(holder: Placed, walk: Walk): Iterable<Job> {
  if (walk.depth > MAX_DEPTH || walk.budget.left-- <= 0) return;
  const entries = entriesOf(holder);
  const base = entries.get('extends');
  if (base !== undefined) yield* templated(base, walk);
  for (const key of ['stages', 'jobs', 'phases'] as const) {
    const list = entries.get(key);
    for (const item of list === undefined ? [] : itemsOf(list)) yield* stageOrJob(item, walk);
  }
  if (entries.has('steps')) yield* jobOf(holder, entries, walk);
}

function* stageOrJob(written: Placed, walk: Walk): Iterable<Job> {
  if (walk.budget.left-- <= 0) return;
  const item = { ...written, scope: withVariables(written.scope, written) };
  const entries = entriesOf(item);
  const inner: Walk = {
    ...walk,
    occasions: allowed(entries, walk),
    windows: entries.has('pool') ? isWindows(treeOf(entries.get('pool'))) : walk.windows,
    depth: walk.depth + 1,
  };
  if (entries.has('template')) yield* templated(item, inner);
  else if (entries.has('jobs')) yield* jobsIn(item, inner);
  else yield* jobOf(item, entries, inner);
}

function* jobOf(holder: Placed, entries: ReadonlyMap<string, Placed>, walk: Walk): Iterable<Job> {
  const deploy = deploySteps(entries);
  const list = entries.get('steps') ?? deploy;
  if (list === undefined) return;
  const label = ['job', 'displayName', 'deployment']
    .map((key) => entries.get(key))
    .find((value) => textOf(value) !== '');
  const written = label === undefined ? undefined : resolved(label);
  yield {
    pipeline: walk.pipeline,
    name: /\$/.test(textOf(label)) ? '' : textOf(label),
    at: { path: written?.path ?? holder.path, line: written?.tree.line ?? holder.tree.line },
    steps: itemsOf(list),
    // A deployment is no check, whenever it runs.
    occasions: deploy === undefined ? walk.occasions : walk.occasions.filter(({ request }) => !request),
    windows: walk.windows,
  };
}

/** `strategy: { runOnce: { deploy: { steps } } }`. */
function deploySteps(entries: ReadonlyMap<string, Placed>): Placed | undefined {
  const strategy = entries.get('strategy');
  const tree = strategy?.tree.get('runOnce', 'deploy', 'steps');
  return strategy === undefined || tree === undefined ? undefined : { ...strategy, tree };
}

/** A template of this repository; of one elsewhere, the steps and jobs that are handed to it. */
function* templated(use: Placed, walk: Walk): Iterable<Job> {
  const entries = entriesOf(use);
  const given = entries.get('parameters');
  const inner = { ...walk, depth: walk.depth + 1 };
  const template = templateOf(entries, use, walk.repo);
  if (template === undefined) yield* handedOver(given, inner);
  else yield* jobsIn({ ...template, scope: withVariables(withParameters(template, given), template) }, inner);
}

/** The file that a `template:` names, where it is one of this repository. */
export function templateOf(entries: ReadonlyMap<string, Placed>, use: Placed, repo: RepoView): Placed | undefined {
  const path = templatePath(textOf(entries.get('template')), use.path, repo);
  const tree = path === undefined ? undefined : repo.file(path)?.yaml();
  return path === undefined || tree === undefined ? undefined : { tree, path, scope: use.scope };
}

/** Parameters of a foreign template that hold steps, jobs or stages, however it calls them: `buildSteps`. */
function* handedOver(given: Placed | undefined, walk: Walk): Iterable<Job> {
  if (given === undefined || walk.depth > MAX_DEPTH) return;
  const inner = { ...walk, depth: walk.depth + 1 };
  for (const [name, written] of given.tree.kind === 'map' ? entriesOf(given) : []) {
    const value = resolved(written);
    if (value === undefined || walk.budget.left-- <= 0) continue;
    const line = value.tree.keyLine;
    const alone = (key: string): Placed => ({
      ...value,
      tree: new Tree({ kind: 'map', line, entries: [[key, value.tree]] }),
    });
    if (/steps$/i.test(name)) yield* jobsIn(alone('steps'), inner);
    else if (/^(?:stages|jobs)$/i.test(name)) yield* jobsIn(alone(name.toLowerCase()), inner);
    else if (value.tree.kind === 'map') yield* handedOver(value, inner);
    else for (const item of itemsOf(value)) yield* handedOver(item, inner);
  }
}

function allowed(entries: ReadonlyMap<string, Placed>, { occasions }: Walk): readonly Occasion[] {
  const condition = entries.get('condition');
  const known = condition === undefined ? undefined : resolved(condition);
  return known === undefined
    ? occasions
    : occasions.filter((occasion) => mayHold(known.tree.text, occasion, known.scope) !== 'no');
}

/** A text with what it names put in; empty for anything else. */
export function textOf(value: Placed | undefined): string {
  const known = value === undefined ? undefined : resolved(value);
  return known === undefined ? '' : filledIn(known.tree.text ?? '', known.scope);
}

function treeOf(value: Placed | undefined): Tree | undefined {
  return value === undefined ? undefined : resolved(value)?.tree;
}

/** A template sees its own parameters only: what it is given, else their defaults. */
export function withParameters(template: Placed, given: Placed | undefined): Scope {
  const { values, occasion, budget } = template.scope;
  const names = new Map([...values].filter(([name]) => !name.startsWith(PARAMETERS)));
  const scope: Scope = { values: names, occasion, budget };
  const add = (name: string, value: Placed): void => void names.set(`${PARAMETERS}${name.toLowerCase()}`, value);
  const declared = template.tree.get('parameters');
  // `- name: x, default: y`, or `x: y` in templates of old.
  for (const parameter of declared?.items() ?? []) {
    const [name, tree] = [parameter.get('name')?.text, parameter.get('default')];
    if (name !== undefined && tree !== undefined) add(name, { ...template, tree, scope });
  }
  for (const [name, tree] of declared?.entries() ?? []) add(name, { ...template, tree, scope });
  // Given values are read where they were written.
  for (const [name, value] of given === undefined ? [] : entriesOf(given)) add(name, value);
  return scope;
}

function withVariables(scope: Scope, { tree, path }: Placed): Scope {
  const variables = tree.get('variables');
  if (variables === undefined) return scope;
  const names: [string, Placed][] = [];
  for (const item of variables.items()) {
    const [name, value] = [item.get('name')?.text, item.get('value')];
    if (name !== undefined && value !== undefined) names.push([name, { tree: value, path, scope }]);
  }
  for (const [name, value] of variables.entries()) names.push([name, { tree: value, path, scope }]);
  return extended(
    scope,
    names.map(([name, value]) => [`variables.${name.toLowerCase()}`, value] as const),
  );
}

/** `vmImage: windows-latest`, or a pool whose name says it. */
function isWindows(pool: Tree | undefined): boolean {
  const named = ['vmImage', 'name', 'os', 'image', 'demands'].flatMap((key) => pool?.get(key)?.texts() ?? []);
  return [pool?.text ?? '', ...named].some((name) => /windows|\bvs\d{4}/i.test(name));
}
