import { conditionHolds, type Verdict, type Vocabulary } from '../ci-conditions.ts';
import type { Job, JobReader } from './jobs.ts';
import type { Situation } from './situations.ts';
import type { Entries, Value } from './values.ts';

/** Whether something is part of a pipeline: by itself, only when a person starts it, or not at all. */
export type Outcome = 'runs' | 'manual' | 'absent';

/** Where rules are asked. */
export interface Circumstances {
  readonly situation: Situation;
  readonly vocabulary: Vocabulary;
  readonly reader: JobReader;
}

/**
 * What a list of `rules` decides: the first one that applies. One that may apply, and every one that asks for changed
 * files, is taken to apply for running and not to apply for refusing: the question is what can run.
 */
export function rulesDecide(
  rules: readonly Value[],
  when: string | undefined,
  circumstances: Circumstances,
): { readonly outcome: Outcome; readonly rule: Value | undefined } {
  let manual: Value | undefined;
  for (const rule of rules) {
    const verdict = ruleApplies(rule, circumstances);
    if (verdict === 'no') continue;
    const then = circumstances.reader.text(rule.entries?.get('when')) ?? when;
    if (then === 'never') {
      if (verdict === 'yes') break;
    } else if (then === 'manual') {
      manual ??= rule;
      if (verdict === 'yes') break;
    } else return { outcome: 'runs', rule };
  }
  return { outcome: manual === undefined ? 'absent' : 'manual', rule: manual };
}

/** What a job's own keywords decide. `byDefault` tells whether a job that says nothing is part of such a pipeline. */
export function jobDecides({ keys }: Job, byDefault: boolean, circumstances: Circumstances): Outcome {
  const { reader } = circumstances;
  const when = reader.text(keys.get('when'));
  if (keys.has('rules')) return rulesDecide(reader.items(keys.get('rules')), when, circumstances).outcome;
  if (!refsAllow(keys, byDefault, circumstances) || when === 'never') return 'absent';
  return when === 'manual' ? 'manual' : 'runs';
}

/** A job that every rule refuses is switched off. */
export function isSwitchedOff({ keys }: Job, reader: JobReader): boolean {
  const rules = reader.items(keys.get('rules'));
  const whens = keys.has('rules') ? rules.map((rule) => rule.entries?.get('when')) : [keys.get('when')];
  return whens.length > 0 && whens.every((when) => reader.text(when) === 'never');
}

function ruleApplies(rule: Value, { vocabulary, reader }: Circumstances): Verdict {
  if (rule.entries === undefined) return 'no';
  const condition = reader.text(rule.entries.get('if'));
  const verdict = condition === undefined ? 'yes' : conditionHolds(condition, vocabulary);
  const asksFiles = rule.entries.has('changes') || rule.entries.has('exists');
  return verdict === 'yes' && asksFiles ? 'maybe' : verdict;
}

/** `only` and `except`: deprecated, and everywhere. */
function refsAllow(keys: Entries, byDefault: boolean, circumstances: Circumstances): boolean {
  const only = conditionsOf(keys.get('only'), circumstances.reader);
  const except = conditionsOf(keys.get('except'), circumstances.reader);
  const { situation, vocabulary } = circumstances;
  const allowed =
    only.refs.length > 0
      ? only.refs.some((ref) => names(ref, situation, true))
      : byDefault || ['branches', 'tags'].some((ref) => situation.refs.includes(ref));
  const holds = (verdicts: readonly Verdict[]) => (condition: string) =>
    verdicts.includes(conditionHolds(condition, vocabulary));
  return (
    allowed &&
    (only.variables.length === 0 || only.variables.some(holds(['yes', 'maybe']))) &&
    !except.refs.some((ref) => names(ref, situation, false)) &&
    !except.variables.some(holds(['yes']))
  );
}

function conditionsOf(
  value: Value | undefined,
  reader: JobReader,
): { readonly refs: readonly string[]; readonly variables: readonly string[] } {
  const texts = (of: Value | undefined): readonly string[] =>
    reader.items(of).flatMap((item) => reader.text(item) ?? []);
  if (value?.entries === undefined) return { refs: texts(value), variables: [] };
  return { refs: texts(value.entries.get('refs')), variables: texts(value.entries.get('variables')) };
}

/** Whether a keyword, name or pattern means a situation's ref; in doubt `inDoubt`. */
function names(ref: string, { refs, namedRef }: Situation, inDoubt: boolean): boolean {
  // `branches@group/project`: that project is this one, or else the job is none of this repository's.
  const word = ref.startsWith('/') ? ref : ref.split('@')[0]!;
  if (KEYWORDS.has(word)) return refs.includes(word);
  if (/^\/\^?\.[*+]\$?\/[a-z]*$/.test(word)) return namedRef !== undefined || refs.includes('branches');
  if (namedRef === undefined) return false;
  const version = /^\/\^?\(?v?\(?(?:\\d|\[0-9|\d)|^v?\d+\.\d/.test(word);
  if (version !== (namedRef === 'tag')) return false;
  return word.startsWith('/') ? inDoubt : namedRef === 'branch' || inDoubt;
}

const KEYWORDS = new Set(
  'api branches chat external external_pull_requests merge_requests pipelines pushes schedules tags triggers web'.split(
    ' ',
  ),
);
