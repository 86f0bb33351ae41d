import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import { conditionHolds } from '../ci-conditions.ts';
import { branchFits, OCCASIONS, type Occasion } from '../ci-occasions.ts';
import { holds } from './conditions.ts';
import type { Configuration } from './configuration.ts';
import { calledWith, NO_PARAMETERS, type Parameters, valuesOf, withMatrix } from './parameters.ts';

/** A job as a workflow runs it. */
export interface JobRun {
  readonly workflow: string;
  readonly name: string;
  readonly at: Evidence;
  /** Its definition; `undefined` for a job of an orb of the registry. */
  readonly definition: Tree | undefined;
  /** The orb's name for it: `node/test`. */
  readonly job: string;
  /** What the workflow gives it. */
  readonly given: Tree | undefined;
  readonly parameters: Parameters;
  readonly occasions: readonly Occasion[];
}

/** Every job of every workflow. Without workflows there is one job, `build`. */
export function jobRunsOf(configuration: Configuration): readonly JobRun[] {
  const workflows = (configuration.tree.get('workflows')?.entries() ?? []).filter(
    ([, tree]) => tree.get('jobs') !== undefined,
  );
  if (workflows.length > 0) return workflows.flatMap(([name, tree]) => runsOf(name, tree, configuration));
  const build = configuration.jobs.get('build');
  if (build === undefined) return [];
  const at = configuration.file.at(build.keyLine);
  const parameters = calledWith(build.get('parameters'), undefined, NO_PARAMETERS);
  const occasions = OCCASIONS.filter(({ tag }) => tag === null);
  return [
    { workflow: 'build', name: 'build', job: 'build', at, definition: build, given: undefined, parameters, occasions },
  ];
}

interface Invocation {
  readonly job: string;
  readonly given: Tree | undefined;
  readonly line: number;
  /** By what other jobs require it. */
  readonly name: string;
}

function runsOf(workflow: string, tree: Tree, configuration: Configuration): readonly JobRun[] {
  const occasions = OCCASIONS.filter((occasion) => mayStart(tree, occasion, configuration));
  const invocations = tree
    .get('jobs')!
    .items()
    .flatMap((item): Invocation[] => {
      if (item.text !== undefined) return [{ job: item.text, given: undefined, line: item.line, name: item.text }];
      return item
        .entries()
        .slice(0, 1)
        .map(([job, given]) => ({ job, given, line: given.keyLine, name: given.get('name')?.text ?? job }));
    });
  const allowed = requirements(invocations, occasions, configuration);
  return invocations.flatMap((invocation): JobRun[] => {
    const { job, given, name, line } = invocation;
    const definition = configuration.jobs.get(job);
    if (given?.get('type')?.text === 'approval' || definition?.get('type')?.text === 'approval') return [];
    const parameters = withMatrix(
      calledWith(definition?.get('parameters'), given, NO_PARAMETERS),
      given?.get('matrix', 'parameters'),
    );
    return [
      {
        workflow,
        name: definition === undefined && !name.includes('<<') ? name : job,
        job,
        at: configuration.file.at(definition?.keyLine ?? line),
        definition,
        given,
        parameters: definition === undefined ? givenAlone(given, parameters) : parameters,
        occasions: [...(allowed.get(invocation) ?? [])],
      },
    ];
  });
}

/** What a job of the registry is given: what it declares is not here to be read. */
function givenAlone(given: Tree | undefined, parameters: Parameters): Parameters {
  const all = new Map(parameters);
  for (const [name, value] of given?.entries() ?? []) if (!all.has(name)) all.set(name, valuesOf(value, parameters));
  return all;
}

function mayStart(workflow: Tree, occasion: Occasion, configuration: Configuration): boolean {
  const scope = { configuration, parameters: NO_PARAMETERS };
  const scheduled =
    workflow
      .get('triggers')
      ?.items()
      .some((trigger) => trigger.get('schedule') !== undefined) ?? false;
  if (scheduled && occasion.trigger !== 'schedule') return false;
  if (holds(workflow.get('when'), occasion, scope) === 'no') return false;
  const unless = workflow.get('unless');
  return unless === undefined || holds(unless, occasion, scope) !== 'yes';
}

/** When each job runs: its own filters, and those of all it requires. After an approval nothing runs by itself. */
function requirements(
  invocations: readonly Invocation[],
  occasions: readonly Occasion[],
  configuration: Configuration,
): ReadonlyMap<Invocation, ReadonlySet<Occasion>> {
  const byName = new Map<string, Invocation>();
  for (const invocation of invocations) byName.set(invocation.name, invocation);
  const known = new Map<Invocation, ReadonlySet<Occasion>>();
  const allowed = (invocation: Invocation, trail: ReadonlySet<Invocation>): ReadonlySet<Occasion> => {
    const before = known.get(invocation);
    if (before !== undefined || trail.has(invocation)) return before ?? new Set(occasions);
    const approval =
      (invocation.given?.get('type') ?? configuration.jobs.get(invocation.job)?.get('type'))?.text === 'approval';
    let result = new Set(
      approval ? [] : occasions.filter((occasion) => passes(invocation.given?.get('filters'), occasion)),
    );
    const inner = new Set(trail).add(invocation);
    for (const name of requiredBy(invocation)) {
      const required = byName.get(name);
      if (required === undefined || trail.size > MAX_CHAIN) continue;
      const theirs = allowed(required, inner);
      result = new Set([...result].filter((occasion) => theirs.has(occasion)));
    }
    known.set(invocation, result);
    return result;
  };
  for (const invocation of invocations) allowed(invocation, new Set());
  return known;
}

/** Longer chains of jobs are none that anybody waits for. */
const MAX_CHAIN = 100;

/** `requires: [a, { b: [success, failed] }]`. */
function requiredBy({ given }: Invocation): readonly string[] {
  const requires = given?.get('requires');
  if (requires?.text !== undefined) return [requires.text];
  return requires?.items().flatMap((item) => item.text ?? item.entries().map(([name]) => name)) ?? [];
}

/** Without a filter for tags a job does not run for them. */
function passes(filters: Tree | undefined, occasion: Occasion): boolean {
  if (filters?.text !== undefined) {
    const text = filters.text.replace(/\band\b/g, '&&').replace(/\bor\b/g, '||');
    const names = new Map([
      ['pipeline.git.branch', occasion.branch ?? ''],
      ['pipeline.git.tag', occasion.tag ?? ''],
    ]);
    return conditionHolds(text, { name: (name) => names.get(name) }) !== 'no';
  }
  if (occasion.branch === null) return filters?.get('tags') !== undefined;
  const branches = filters?.get('branches');
  return branchFits(
    { only: branches?.get('only')?.texts() ?? [], ignore: branches?.get('ignore')?.texts() ?? [] },
    occasion,
  );
}
