import type { RepositoryResult, SweepEvent } from '../jobs/sweep/events.ts';
import type { SweepSummary } from '../jobs/sweep/summary.ts';
import type { Output } from './output.ts';
import { printableJson, printableLine } from './printable.ts';
import { summaryOf, sweepTally } from './sweep-tally.ts';
import { number, resultCells, sum, summaryTable } from './sweep-text.ts';
import { table } from './table.ts';

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
  readonly branchOf?: ((path: string) => string) | undefined;
}

/** So many are listed for people; with `--verbose` all. */
const SHOWN = { changed: 50, failed: 20 } as const;

export function sweepReport(out: Output, options: ReportOptions): SweepReport {
  const { verbosity, json } = out;
  const most = verbosity === 'verbose' ? { changed: 100_000, failed: 100_000 } : SHOWN;
  const tally = sweepTally(json ? { changed: 0, failed: 0 } : most);
  const line = (value: object): void => out.result(printableJson(value, 0));
  return {
    on(event) {
      tally.on(event);
      if (json && TOLD.has(event.type)) line(event);
    },
    end(summary, sweep) {
      if (json) {
        if (sweep !== undefined) line({ type: 'sweep', sweep });
        line(summaryOf(summary));
        return;
      }
      out.result(listText(tally.changed, options.branchOf, out.style));
      out.result(listText(tally.failed, undefined, out.style));
      const earlier = sum(summary.failed) - tally.failed.count;
      if (earlier > 0) out.result(`${number(earlier)} that failed were not tried now; agentsmd status says why\n\n`);
      if (tally.failed.count > 0 && sweep !== undefined)
        out.result(`${retryText(tally.failed.kept, options.state)}\n\n`);
      out.result(summaryTable(summary, sweep, out.style));
    },
    broken(requests, ms) {
      if (json) line(summaryOf(tally.counted(requests, ms)));
    },
  };
}

const TOLD: ReadonlySet<SweepEvent['type']> = new Set(['repository', 'warning', 'preview']);

function listText(
  { kept, count }: { readonly kept: readonly RepositoryResult[]; readonly count: number },
  branchOf: ReportOptions['branchOf'],
  style: Output['style'],
): string {
  if (count === 0) return '';
  const rows = kept.map((result) => {
    const [outcome = '', ...rest] = resultCells(result, branchOf?.(result.path));
    return [outcome === 'failed' ? style('red', outcome) : outcome, ...rest];
  });
  const more = count - kept.length;
  return `${table(rows)}${more > 0 ? `… and ${number(more)} more (-v lists all)\n` : ''}\n`;
}

/** The command line that tries them again, to be copied into a shell. */
function retryText(failed: readonly RepositoryResult[], state: string | undefined): string {
  const paths = failed.map(({ path }) => shellWord(printableLine(path)));
  const separator = paths.some((path) => /^'?-/.test(path)) ? '-- ' : '';
  const which = paths.length > RETRIED ? '--failed' : `${separator}${paths.join(' ')}`;
  const where = state === undefined ? '' : `--state ${shellWord(printableLine(state))} `;
  return `once what the messages say is mended: agentsmd retry ${where}${which}`;
}

const RETRIED = 5;

function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./@:+-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
