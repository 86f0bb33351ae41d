import type { RepositoryResult, SweepEvent } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';
import type { Output } from './output.ts';
import { printableJson, printableLine } from './printable.ts';
import { resultIn, type SweepTally, summaryOf, sweepTally } from './sweep-tally.ts';
import { number, resultCells, sum, summaryTable } from './sweep-text.ts';
import { table } from './table.ts';
import { labelled } from './wrapped.ts';

/** What a sweep prints on stdout. */
export interface SweepReport {
  on(event: SweepEvent): void;
  /** Once it is over. @param sweep its number; of a dry run there is none. */
  end(summary: SweepSummary, sweep?: number): void;
  /** Where it ended without a summary: only with `--json`, whose last line is one in any case. */
  broken(requests: number, ms: number): void;
}

export interface ReportOptions {
  /** `--state DIR`, where it was given. */
  readonly state?: string | undefined;
  /** The branch of a folder's repository that a proposal is put on. */
  readonly branchOf?: ((path: string) => string) | undefined;
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** So many are listed on a terminal; with `--verbose` all, and those that were skipped. */
const SHOWN = { changed: 50, failed: 20, skipped: 0 } as const;
const ALL = { changed: 100_000, failed: 100_000, skipped: 100_000 } as const;
/** What is needed for the command that tries them again. */
const FEW = { changed: 0, failed: 20, skipped: 0 } as const;

/** In ms: between two lines of JSON that say how far it is. */
const BETWEEN_PROGRESS = 10_000;

/**
 * On a terminal the repositories are listed once it is over, elsewhere as they come: a line each, which nothing cuts off. What was
 * not changed has no line; with `--verbose` that of those which were skipped.
 */
export function sweepReport(out: Output, { state, branchOf, now = Date.now }: ReportOptions): SweepReport {
  const { json, isTerminal } = out;
  const verbose = out.verbosity === 'verbose';
  const tally = sweepTally(json || !isTerminal ? FEW : verbose ? ALL : SHOWN);
  const line = (value: object): void => out.result(printableJson(value, 0));
  let [told, progressAt] = [0, now()];
  const tell = (event: SweepEvent): void => {
    const result = resultIn(event);
    if (!result || result.outcome === 'unchanged' || (result.outcome === 'skipped' && !verbose)) return;
    told += 1;
    out.result(listText({ kept: [result], count: 1 }, branchOf, out.style));
  };
  return {
    on(event) {
      tally.on(event);
      if (!json) {
        if (!isTerminal) tell(event);
      } else if (TOLD.has(event.type)) line(event);
      else if (event.type === 'progress' && event.total > 0 && now() - progressAt >= BETWEEN_PROGRESS) {
        progressAt = now();
        line(event);
      }
    },
    end(summary, sweep) {
      if (json) {
        if (sweep !== undefined) line({ type: 'sweep', sweep });
        line(summaryOf(summary));
        return;
      }
      if (isTerminal) {
        for (const list of [tally.skipped, tally.changed])
          if (list.kept.length > 0) out.result(`${listText(list, branchOf, out.style)}\n`);
        if (tally.failed.count > 0) out.result(`${failuresText(tally.failed, out.style)}\n`);
      } else if (told > 0) out.result('\n');
      for (const text of closingLines(tally, summary)) out.result(`${text}\n\n`);
      if (tally.failed.count > 0 && sweep !== undefined) out.result(`${retryText(tally.failed, state)}\n\n`);
      out.result(summaryTable(summary, sweep, out.style));
    },
    broken(requests, ms) {
      if (json) line(summaryOf(tally.counted(requests, ms)));
    },
  };
}

const TOLD: ReadonlySet<SweepEvent['type']> = new Set(['repository', 'skipped', 'warning', 'preview']);

interface List {
  readonly kept: readonly RepositoryResult[];
  readonly count: number;
}

function listText({ kept, count }: List, branchOf: ReportOptions['branchOf'], style: Output['style']): string {
  const rows = kept.map((result) => {
    const [outcome = '', ...rest] = resultCells(result, branchOf?.(result.path));
    return [outcome === 'failed' ? style('red', outcome) : outcome, ...rest];
  });
  return `${table(rows)}${moreText(count - kept.length)}`;
}

/** Messages are to be read to their end: what to do stands there. */
function failuresText({ kept, count }: List, style: Output['style']): string {
  const rows = table(kept.map(({ message: _, ...result }) => resultCells(result))).split('\n');
  const lines = kept.flatMap(({ message = '' }, at) => [
    (rows[at] ?? '').replace('failed', style('red', 'failed')),
    ...(message === '' ? [] : [labelled('', printableLine(message), 4)]),
  ]);
  return `${lines.join('\n')}\n${moreText(count - kept.length)}`;
}

function moreText(more: number): string {
  return more > 0 ? `… and ${number(more)} more (-v lists all)\n` : '';
}

/** Of what failed without being tried: a list that could not be had, or an earlier time. */
function closingLines({ failed, unlisted }: SweepTally, summary: SweepSummary): readonly string[] {
  const inLists = unlisted.reduce((total, { repositories }) => total + repositories, 0);
  const earlier = sum(summary.failed) - failed.count - inLists;
  return [
    ...unlisted.map(({ instance, group, reason, repositories }) => {
      const what = `the list of ${printableLine(group ?? instance)} could not be had (${printableLine(reason)})`;
      const counted = repositories === 1 ? '1 repository counts' : `${number(repositories)} repositories count`;
      return `${what}: ${counted} as failed`;
    }),
    ...(earlier > 0
      ? [
          `${number(earlier)} that failed before ${earlier === 1 ? 'was' : 'were'} not tried now; agentsmd status says why`,
        ]
      : []),
  ];
}

/** The command line that tries them again, to be copied into a shell. */
function retryText({ kept, count }: List, state: string | undefined): string {
  const paths = kept.map(({ path }) => shellWord(printableLine(path)));
  const separator = paths.some((path) => /^'?-/.test(path)) ? '-- ' : '';
  const which = count > RETRIED ? '--failed' : `${separator}${paths.join(' ')}`;
  const where = state === undefined ? '' : `--state ${shellWord(printableLine(state))} `;
  return `once what the messages say is mended: agentsmd retry ${where}${which}`;
}

const RETRIED = 5;

function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./@:+-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
