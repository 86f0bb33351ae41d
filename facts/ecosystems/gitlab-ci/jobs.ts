import type { Evidence } from '../../fact.ts';
import { Tree } from '../../parse/tree.ts';
import { type Configuration, type Report, variablesOf } from './configuration.ts';
import { type Entries, linesOf, merged, type ScriptLine, textOf, toValue, type Value } from './values.ts';

/** A job with all it extends. */
export interface Job {
  readonly name: string;
  /** The line of its key. */
  readonly at: Evidence;
  readonly keys: Entries;
}

/** Reads the jobs of a merged configuration and what they point to. */
export interface JobReader {
  /** Jobs that can run: neither hidden ones nor what only looks like a job. */
  jobs(): readonly Job[];
  /** `before_script` (the job's or the default one) and `script`, which share a shell, then `after_script`. */
  scripts(job: Job): readonly (readonly ScriptLine[])[];
  /** The elements of a list, nested lists and `!reference` tags taken apart; a lone value as one. */
  items(value: Value | undefined): readonly Value[];
  /** The text of a scalar, or of what a `!reference` names. */
  text(value: Value | undefined): string | undefined;
  /** What the configuration says of a job's variables. */
  variables(job: Job | undefined): ReadonlyMap<string, string | undefined>;
}

/** Top-level keys that are no jobs (GitLab: "Keywords", global and header ones, deprecated ones included). */
const GLOBAL = new Set(
  'after_script before_script cache default image include services spec stages types variables workflow'.split(' '),
);
/** GitLab allows ten of each: lists in lists, references to references, ancestors of a job. */
const MAX_NESTING = 10;
/** References multiply; no pipeline that runs has this many lines. */
const MAX_ITEMS = 200_000;

export function readJobs({ top, open }: Configuration, report: Report): JobReader {
  const reading: Reading = { top, open, report, extended: new Map(), left: MAX_ITEMS };
  const items = (value: Value | undefined): readonly Value[] =>
    value === undefined ? [] : [...flattened(value, [], reading)];
  const globals = variablesOf(top.get('variables'));
  return {
    items,
    jobs: () => runnable(reading),
    scripts: ({ keys }) => {
      const before = keys.get('before_script') ?? inherited('before_script', keys, reading);
      const after = keys.get('after_script') ?? inherited('after_script', keys, reading);
      const run = items(keys.get('run')).flatMap((step) => items(step.entries?.get('script')));
      return [
        items(before).flatMap(linesOf),
        [...items(keys.get('script')), ...run].flatMap(linesOf),
        items(after).flatMap(linesOf),
      ];
    },
    text: (value) => textOf(items(value)[0]),
    variables: (job) => new Map([...globals, ...variablesOf(job?.keys.get('variables'))]),
  };
}

interface Reading extends Pick<Configuration, 'top' | 'open'> {
  readonly report: Report;
  readonly extended: Map<string, Entries>;
  left: number;
}

function runnable(reading: Reading): readonly Job[] {
  const jobs: Job[] = [];
  for (const [name, value] of reading.top) {
    if (name.startsWith('.') || GLOBAL.has(name) || value.entries === undefined) continue;
    const keys = extended(name, value.entries, [], reading);
    if (!['script', 'run', 'trigger'].some((key) => keys.has(key))) continue;
    jobs.push({ name, at: value.source.file.at(value.tree.keyLine), keys });
  }
  return jobs;
}

/** A job's keys over those of the jobs it extends; of several the later ones win. */
function extended(name: string, own: Entries, trail: readonly string[], reading: Reading): Entries {
  const known = reading.extended.get(name);
  if (known) return known;
  const extend = own.get('extends');
  let keys: Entries = new Map();
  for (const parent of extend === undefined ? [] : flattened(extend, [], reading)) {
    const base = parentOf(textOf(parent), parent, [...trail, name], reading);
    if (base !== undefined) keys = merged(keys, base);
  }
  keys = merged(keys, own);
  reading.extended.set(name, keys);
  return keys;
}

function parentOf(
  name: string | undefined,
  at: Value,
  trail: readonly string[],
  reading: Reading,
): Entries | undefined {
  if (name === undefined) return undefined;
  const job = trail.at(-1);
  const complain = (message: string): undefined => void reading.report(at.source.file.at(at.tree.line), message);
  if (trail.includes(name)) return complain(`the job "${job}" extends "${name}", which extends it in turn`);
  const parent = reading.top.get(name);
  if (parent?.entries === undefined) {
    // A template of another project is no mistake.
    return reading.open ? undefined : complain(`the job "${job}" extends "${name}", which is not defined`);
  }
  if (trail.length > MAX_NESTING)
    return complain(`the job "${trail[0]}" extends more than ${MAX_NESTING} jobs in a row`);
  return extended(name, parent.entries, trail, reading);
}

/** The default of a key, unless the job refuses it with `inherit`. */
function inherited(key: string, keys: Entries, { top }: Reading): Value | undefined {
  const inherit = keys.get('inherit')?.entries?.get('default');
  if (textOf(inherit) === 'false') return undefined;
  if (inherit?.tree.kind === 'list' && !inherit.tree.texts().includes(key)) return undefined;
  return top.get('default')?.entries?.get(key) ?? top.get(key);
}

/** `within` holds the lists and references that a value is part of. */
function* flattened(value: Value, within: readonly Tree[], reading: Reading): Iterable<Value> {
  const { tree, source } = value;
  if (tree.kind !== 'list') {
    yield value;
    return;
  }
  const at = source.file.at(tree.line);
  if (within.includes(tree)) return reading.report(at, 'a !reference leads back to itself');
  if (within.length > 2 * MAX_NESTING) return reading.report(at, 'lists or references nested too deeply');
  if (reading.left <= 0) return;
  reading.left -= 1 + tree.items().length;
  if (reading.left <= 0) return reading.report(at, `more than ${MAX_ITEMS} script lines: the rest was left out`);
  const inner = [...within, tree];
  if (tree.tag !== '!reference') {
    for (const item of tree.items()) yield* flattened(toValue(item, source), inner, reading);
    return;
  }
  const named = referenced(value, reading);
  if (named !== undefined) yield* flattened(named, inner, reading);
  // Something that another project knows: as a line it says nothing, as a rule it may let the job in.
  else if (reading.open) yield { tree: new Tree({ kind: 'map', line: tree.line }), source, entries: new Map() };
}

/** What `!reference [job, key, ...]` names, `extends` included. */
function referenced(reference: Value, reading: Reading): Value | undefined {
  const [name, ...keys] = reference.tree.items().map((item) => textOf(toValue(item, reference.source)) ?? '');
  const job = reading.top.get(name ?? '');
  let value = find(job, keys);
  if (value === undefined && job?.entries !== undefined)
    value = find({ ...job, entries: extended(name!, job.entries, [], reading) }, keys);
  if (value === undefined && !reading.open) {
    const { source, tree } = reference;
    reading.report(source.file.at(tree.line), `!reference [${[name, ...keys].join(', ')}] names nothing`);
  }
  return value;
}

function find(from: Value | undefined, keys: readonly string[]): Value | undefined {
  let value = from;
  for (const key of keys) value = value?.entries?.get(key);
  return value;
}
