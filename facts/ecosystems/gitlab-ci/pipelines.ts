import type { RepoView } from '../../ecosystem.ts';
import type { Trigger } from '../../signal.ts';
import { strongest } from '../ci-jobs.ts';
import { type Configuration, loadConfiguration, type Report, variablesOf } from './configuration.ts';
import { type Include, includesOf, rootInclude } from './includes.ts';
import { type Job, type JobReader, readJobs } from './jobs.ts';
import { type Circumstances, isSwitchedOff, jobDecides, type Outcome, rulesDecide } from './rules.ts';
import { SITUATIONS, type Situation, vocabularyOf } from './situations.ts';
import type { ScriptLine, Value } from './values.ts';

/** A pipeline of this repository: the main one, or one that a job of another starts. */
export interface Pipeline {
  readonly name: string;
  /** The files it is made of. */
  readonly paths: ReadonlySet<string>;
  /** Its jobs, worked out when asked for: following files does not need them. */
  readonly runs: () => readonly JobRun[];
}

/** A job and the pipelines it is part of. */
export interface JobRun {
  readonly job: Job;
  readonly scripts: readonly (readonly ScriptLine[])[];
  readonly variables: ReadonlyMap<string, string | undefined>;
  readonly outcomes: Outcomes;
}

type Outcomes = ReadonlyMap<Situation, Outcome>;

/** What starts a job when its outcomes are taken together. */
export function triggerOf({ outcomes }: Pick<JobRun, 'outcomes'>): Trigger {
  return strongest([...outcomes].flatMap(([{ trigger }, outcome]) => (outcome === 'runs' ? [trigger] : [])));
}

const ROOT = '.gitlab-ci.yml';
/** Child pipelines of one repository. */
const MAX_PIPELINES = 50;

/** The main pipeline, then its children and theirs, each once. */
export function pipelinesOf(repo: RepoView, report: Report): readonly Pipeline[] {
  const pipelines: Pipeline[] = [];
  const everywhere: Outcomes = new Map(SITUATIONS.map((situation) => [situation, 'runs']));
  const waiting: Waiting[] = [{ name: ROOT, includes: [rootInclude(ROOT)], parents: everywhere, child: false }];
  const known = new Set([ROOT]);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { pipeline, children } = readPipeline(repo, next, report);
    pipelines.push(pipeline);
    for (const each of children) {
      if (known.has(each.name) || known.size >= MAX_PIPELINES) continue;
      known.add(each.name);
      waiting.push(each);
    }
  }
  return pipelines;
}

interface Waiting {
  readonly name: string;
  readonly includes: readonly Include[];
  /** When the job that starts it runs. */
  readonly parents: Outcomes;
  readonly child: boolean;
}

function readPipeline(
  repo: RepoView,
  { name, includes, parents, child }: Waiting,
  report: Report,
): { readonly pipeline: Pipeline; readonly children: readonly Waiting[] } {
  const configuration = loadConfiguration(repo, includes, report);
  const reader = readJobs(configuration, report);
  const workflow = workflowOf(configuration, reader, parents, child);
  const jobs = reader.jobs().filter((job) => !isSwitchedOff(job, reader));
  const children = jobs.flatMap((job): Waiting[] => {
    const started = includesOf(repo, childOf(job));
    const files = started.flatMap(({ paths }) => paths ?? []);
    if (files.length === 0) {
      for (const { at, missing } of started) if (missing !== undefined) report(at, missing);
      return [];
    }
    return [{ name: files.join(' '), includes: started, parents: outcomesOf(job, reader, workflow), child: true }];
  });
  const runs = (): readonly JobRun[] =>
    jobs.map((job) => ({
      job,
      scripts: reader.scripts(job),
      variables: reader.variables(job),
      outcomes: outcomesOf(job, reader, workflow),
    }));
  return { pipeline: { name, paths: configuration.paths, runs }, children };
}

/** `trigger: { include: ... }`; a bare text is another project. */
function childOf({ keys }: Job): Value | undefined {
  const trigger = keys.get('trigger');
  const include = trigger?.entries?.get('include');
  if (include === undefined || trigger === undefined) return undefined;
  const inputs = trigger.entries?.get('inputs');
  if (inputs === undefined || include.entries === undefined) return include;
  return { ...include, entries: new Map([['inputs', inputs], ...include.entries]) };
}

/** What `workflow` makes of each kind of pipeline. */
interface Workflow {
  /** Where it has rules, a job without any is part of every pipeline that they let in. */
  readonly hasRules: boolean;
  readonly child: boolean;
  readonly situations: readonly {
    readonly situation: Situation;
    readonly outcome: Outcome;
    /** What the rule that lets it in sets. */
    readonly variables: ReadonlyMap<string, string | undefined>;
  }[];
}

function workflowOf({ top }: Configuration, reader: JobReader, parents: Outcomes, child: boolean): Workflow {
  const rules = reader.items(top.get('workflow')?.entries?.get('rules')).filter((rule) => rule.entries !== undefined);
  const situations = [...parents].map(([situation, parent]) => {
    const vocabulary = vocabularyOf(situation, reader.variables(undefined), child);
    const { outcome, rule } = rulesDecide(rules, undefined, { situation, vocabulary, reader });
    return {
      situation,
      outcome: rules.length > 0 && outcome === 'absent' ? outcome : parent,
      variables: variablesOf(rule?.entries?.get('variables')),
    };
  });
  return { hasRules: rules.length > 0, child, situations };
}

function outcomesOf(job: Job, reader: JobReader, { hasRules, child, situations }: Workflow): Outcomes {
  const outcomes = new Map<Situation, Outcome>();
  const given = reader.variables(job);
  const gates = (job.keys.get('script') ?? job.keys.get('trigger'))?.source.gates ?? [];
  for (const { situation, outcome, variables } of situations) {
    const vocabulary = vocabularyOf(situation, new Map([...given, ...variables]), child);
    const circumstances: Circumstances = { situation, vocabulary, reader };
    const closed = gates.some((gate) => rulesDecide(reader.items(gate), undefined, circumstances).outcome === 'absent');
    const own = closed ? 'absent' : jobDecides(job, hasRules || child, circumstances);
    outcomes.set(situation, outcome === 'runs' ? own : own === 'runs' ? outcome : strictest(outcome, own));
  }
  return outcomes;
}

function strictest(a: Outcome, b: Outcome): Outcome {
  return a === 'absent' || b === 'absent' ? 'absent' : 'manual';
}
