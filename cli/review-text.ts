import type { Change } from '../forge/git/change.ts';
import { masked } from '../forge/render/secrets.ts';
import { decisionText } from '../reviewer/decide/decide.ts';
import { citationOf, type Finding, type Severity } from '../reviewer/findings/finding.ts';
import { countsOf, leftOut, type Review } from '../reviewer/review.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

type Style = Output['style'];

const COLORS: Readonly<Record<Severity, Parameters<Style>[0]>> = {
  critical: 'red',
  warning: 'yellow',
  suggestion: 'cyan',
};
/** Lines shown before and behind those that a finding is about. */
const AROUND = 2;
/** Lines shown of a long one. */
const MOST = 8;

/** A review for a person: each finding with the lines it is about, then what was decided and why. */
export async function reviewText(
  review: Review,
  change: Pick<Change, 'before' | 'after'>,
  style: Style,
): Promise<string> {
  const blocks: string[] = [];
  for (const finding of review.findings) blocks.push(await findingText(finding, change, style));
  return [...blocks, ...offerText(review, style), summaryText(review, style)].join('\n');
}

async function findingText(finding: Finding, change: Pick<Change, 'before' | 'after'>, style: Style): Promise<string> {
  const { severity, trivial, probation, path, line, title, detail, rules, suggestion, category } = finding;
  const place = line === 0 ? path : `${path}:${line}`;
  const cited = rules.map(citationOf).join(', ');
  const head = `${style('bold', printableLine(place))}  ${style(COLORS[severity], trivial ? 'note' : severity)}  ${printableLine(title)}`;
  const about = [category, cited, probation === undefined ? '' : 'on probation'].filter((part) => part !== '');
  const tail = style('dim', printableLine(about.join(', ')));
  return [
    `${head}  ${tail}`,
    ...(detail === '' ? [] : [`  ${printableLine(detail)}`]),
    ...(await excerpt(finding, change, style)),
    ...(suggestion === null ? [] : suggested(suggestion, style)),
    '',
  ].join('\n');
}

async function excerpt(
  { path, side, line, endLine }: Finding,
  { before, after }: Pick<Change, 'before' | 'after'>,
  style: Style,
): Promise<readonly string[]> {
  if (line === 0) return [];
  const read = (await (side === 'new' ? after : before).read([path])).get(path);
  if (!read?.ok) return [];
  const lines = read.text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);
  const last = Math.min(endLine, line + MOST - 1);
  const [from, to] = [Math.max(1, line - AROUND), Math.min(lines.length, last + AROUND)];
  const width = String(to).length;
  // More people read the log of a job than the repository. Of a key over several lines nothing is shown.
  const shown = masked(lines.slice(from - 1, to).join('\n')).split('\n');
  if (shown.length !== to - from + 1) return [];
  return shown.map((content, at) => {
    const number = from + at;
    const isMeant = number >= line && number <= last;
    const text = `${isMeant ? '>' : ' '} ${String(number).padStart(width)} | ${printableLine(content).slice(0, 200)}`;
    return `  ${isMeant ? text : style('dim', text)}`;
  });
}

function suggested(suggestion: string, style: Style): readonly string[] {
  if (suggestion === '') return [`  ${style('green', 'take it out')}`];
  return masked(suggestion)
    .split('\n')
    .map((line) => `  ${style('green', `+ ${printableLine(line)}`)}`);
}

function offerText({ offer }: Review, style: Style): readonly string[] {
  if (!offer) return [];
  const lines = offer.stale.map(({ line, subject, suggestion }) => {
    const now = suggestion === null ? '' : suggestion === '' ? ': take it out' : `: ${printableLine(suggestion)}`;
    return `  line ${line}, ${printableLine(subject)}${now}`;
  });
  const what =
    'there is no AGENTS.md; this change is one that agents would have to know of: agentsmd generate --write makes one';
  return [
    `${style('cyan', 'note')}  ${what}`,
    ...(lines.length === 0 ? [] : ['  of the one before this change these lines would be false now:', ...lines]),
    '',
  ];
}

/** What language models took; nothing where none was asked. */
function modelsText({ models, agents }: Review): readonly string[] {
  if (!models) return [];
  const { calls, cost, usage } = models.spent;
  const asked = [...new Set(agents.flatMap(({ model }) => model ?? []))];
  if (calls === 0) return ['no language model was asked: there is nothing for one'];
  const share = usage.inputTokens === 0 ? 0 : Math.round((usage.cachedTokens / usage.inputTokens) * 100);
  const parts = [
    `${asked.length === 0 ? 'language models' : asked.join(', ')}: ${calls} calls`,
    `${usage.inputTokens} tokens in (${share} % cached), ${usage.outputTokens} out`,
    ...(cost === null ? [] : [`cost ${cost.toFixed(2)}`]),
    ...(models.rejected.length === 0 ? [] : [`${models.rejected.length} findings did not hold`]),
    ...(models.restarts === 0 ? [] : [`restarted ${models.restarts}x`]),
  ];
  return [parts.join('; ')];
}

function summaryText(review: Review, style: Style): string {
  const { decision, because, tier, tierBecause, findings, files, agents } = review;
  const color =
    decision === null
      ? 'red'
      : decision.startsWith('approved')
        ? 'green'
        : decision === 'minor_issues'
          ? 'yellow'
          : 'red';
  const counts = countsOf(findings).map(([category, count]) => `${category} ${count}`);
  const done = agents.flatMap(({ name, state }) => (state === 'done' ? [name] : []));
  const parts = [
    `${tier} risk (${tierBecause})`,
    ...(counts.length === 0 ? [] : [counts.join(', ')]),
    ...(done.length === 0 ? [] : [`looked at by ${done.join(' and ')}`]),
  ];
  const left = leftOut(files).map(({ why, paths }) => `left out, ${why}: ${paths.join(', ')}`);
  const lines = [parts.join('; '), ...modelsText(review), ...left].map(
    (line) => `${style('dim', printableLine(line))}\n`,
  );
  return `${style([color, 'bold'] as never, decisionText(review))}: ${printableLine(because)}\n${lines.join('')}`;
}
