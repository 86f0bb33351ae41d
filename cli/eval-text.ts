import type { EvalCase } from '../reviewer/eval/case.ts';
import type { Rate } from '../reviewer/eval/rate.ts';
import type { CaseResult, EvalRun, EvalSettings } from '../reviewer/eval/run.ts';
import { type Comparison, type Row, type Score, type Took, WHOSE, type Whose } from '../reviewer/eval/score.ts';
import { moneyText } from './models-cost-text.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** A run over a set, and the one that it is held against. */
export interface EvalReport {
  readonly cases: readonly EvalCase[];
  readonly now: EvalRun;
  readonly scores: Readonly<Record<Whose, Score>>;
  readonly took: Took;
  /** Results that an earlier run under the same settings had. */
  readonly reused: number;
  readonly failed: readonly CaseResult[];
  readonly against: { readonly run: EvalRun; readonly comparison: Comparison } | undefined;
}

export function evalText(
  { cases, now, scores, took, reused, failed, against }: EvalReport,
  style: Output['style'],
): string {
  const clean = cases.filter((one) => one.clean).length;
  const head = `${cases.length} merge requests, ${clean} of them clean; ${now.results.length - reused} reviewed, ${reused} known\n`;
  const asked = now.settings.models.length > 0;
  // Models that were asked and said nothing are told, too.
  const whose = WHOSE.filter((one) => one === 'all' || scores[one].findings > 0 || (one === 'models' && asked));
  const title = (text: string) => `\n${style('bold', text)}\n`;
  const parts = whose.map((one) => title(TITLES[one]) + scoreText(scores[one], style));
  const noModels = asked ? '' : '\nNo model was asked: this is what can be computed alone.\n';
  return [
    ...[head, settingsText(now.settings), noModels, ...parts],
    title('took') + table(tookRows(took)),
    failed.length === 0 ? '' : title('came to no decision, in no number above') + failedText(failed),
    against ? title(`against run ${against.run.id}`) + comparisonText(against.comparison, against.run, style) : '',
  ].join('');
}

const TITLES: Readonly<Record<Whose, string>> = {
  models: 'findings of models',
  computed: 'computed findings',
  all: 'all findings',
};

/** What would be asked. */
export function planText(
  { known, asked }: { readonly known: readonly string[]; readonly asked: readonly string[] },
  settings: EvalSettings,
  style: Output['style'],
): string {
  const rows = [
    ...asked.map((name) => [name, 'would be reviewed']),
    ...known.map((name) => [name, style('dim', 'known under these settings')]),
  ];
  return `${settingsText(settings)}${table(rows)}`;
}

function settingsText({ version, prompts, models }: EvalSettings): string {
  return `agentsmd ${version}, prompts ${prompts}, models: ${models.map(printableLine).join(', ') || 'none'}\n`;
}

function failedText(failed: readonly CaseResult[]): string {
  return table(failed.map(({ name, because }) => [name, printableLine(because)]));
}

function scoreText(score: Score, style: Output['style']): string {
  const { recall, precision, f1, placed, findings, again, beside, reviews, silent, perClean } = score;
  const summary = table([
    ['recall', rateText(recall)],
    ['at its place', rateText(placed)],
    ['precision', rateText(precision)],
    ['F1', f1 === null ? '-' : f1.toFixed(2)],
    ['findings', `${findings}, ${reviews === 0 ? '-' : (findings / reviews).toFixed(1)} for each review`],
    ['told twice', `${again}; of another category at the place of a defect: ${beside}`],
    ['clean ones left alone', rateText(silent)],
    ['findings for each clean one', perClean === null ? '-' : perClean.toFixed(2)],
  ]);
  const kinds = (['category', 'severity', 'tier', 'agent'] as const).filter((kind) => score[kind].length > 0);
  const rows = kinds.flatMap((kind) => [
    [kind, 'recall', 'precision'].map((cell) => style('dim', cell)),
    ...score[kind].map((row) => [printableLine(row.name), ...rowCells(row)]),
  ]);
  return `${summary}\n${table(rows)}`;
}

function rowCells({ recall, precision }: Row): readonly string[] {
  return [shortText(recall), shortText(precision)];
}

/** With its interval: of few cases a share alone says less than it seems to. */
function rateText({ hits, of, value, low, high }: Rate): string {
  if (value === null) return '- (nothing to count)';
  return `${value.toFixed(2)} (${hits} of ${of}; 95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function shortText({ hits, of, value }: Rate): string {
  return value === null ? '-' : `${value.toFixed(2)} (${hits} of ${of})`;
}

function tookRows(took: Took): readonly (readonly string[])[] {
  return TOOK.map(([name, of]) => [name, of(took)]);
}

const TOOK: readonly (readonly [string, (took: Took) => string])[] = [
  ['tokens in', ({ inputTokens, estimated }) => `${estimated ? '~' : ''}${inputTokens.toLocaleString('en')}`],
  ['cached', ({ cachedTokens }) => cachedTokens.toLocaleString('en')],
  ['tokens out', ({ outputTokens, estimated }) => `${estimated ? '~' : ''}${outputTokens.toLocaleString('en')}`],
  ['calls', ({ calls }) => calls.toLocaleString('en')],
  ['cost', ({ cost }) => (cost === null ? 'unknown' : moneyText(cost))],
  ['time', ({ ms }) => `${(ms / 1000).toFixed(1)} s`],
];

function comparisonText(comparison: Comparison, { settings }: EvalRun, style: Output['style']): string {
  const { cases, apart, now, was, took, newlyFound, lost } = comparison;
  const about = `${settingsText(settings)}merge requests that both decided and that are the same: ${cases.length}`;
  const left = apart.length === 0 ? '' : `; without ${apart.join(', ')}`;
  if (cases.length === 0) return `${about}${left}\n`;
  const number = (value: number | null) => (value === null ? '-' : value.toFixed(2));
  const whose = WHOSE.filter((one) => one === 'all' || now[one].findings + was[one].findings > 0);
  const rows = whose.flatMap((one) =>
    MEASURES.map(([name, of]) => {
      const [before, is] = [of(was[one]), of(now[one])];
      const by = before === null || is === null ? '' : difference(is - before);
      return [one, name, number(before), number(is), by];
    }),
  );
  const costs = TOOK.map(([name, of]) => ['', name, of(took.was), of(took.now), '']);
  const head = ['', '', 'was', 'is', ''].map((cell) => style('dim', cell));
  const list = (word: string, names: readonly string[]) => names.map((name) => `${word} ${name}\n`).join('');
  return `${about}${left}\n${table([head, ...rows, ...costs])}${list('newly found:', newlyFound)}${list('lost:', lost)}`;
}

const MEASURES: readonly (readonly [string, (score: Score) => number | null])[] = [
  ['recall', ({ recall }) => recall.value],
  ['precision', ({ precision }) => precision.value],
  ['F1', ({ f1 }) => f1],
  ['findings', ({ findings }) => findings],
  ['for each clean one', ({ perClean }) => perClean],
];

function difference(by: number): string {
  return Math.abs(by) < 0.005 ? '=' : `${by > 0 ? '+' : ''}${by.toFixed(2)}`;
}
