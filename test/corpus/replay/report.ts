import { table } from '../../../cli/table.ts';
import type { Claim } from './claims.ts';
import type { Replay } from './walk.ts';

const DAY = 86_400;

/** A row of numbers for each repository. */
export function replayTable(replays: Readonly<Record<string, Replay>>): string {
  const columns = Object.entries(replays).map(([name, found]) => [['', name], ...rowsOf(found)]);
  const [first = []] = columns;
  return table(first.map(([head = ''], at) => [head, ...columns.map((column) => column[at]![1]!)]));
}

function rowsOf({ merges, failed, theirs, ours, times }: Replay): readonly (readonly [string, string])[] {
  const years = merges.length < 2 ? 0 : (merges.at(-1)!.time - merges[0]!.time) / DAY / 365;
  const later = theirs.claims.filter(({ corrected }) => corrected !== undefined);
  const altered = ours.refreshes.flatMap((refresh) => refresh.altered);
  const of = (level: string): string => String(altered.filter(({ materiality }) => materiality === level).length);
  const gone = altered.filter(({ kind }) => kind !== 'added');
  const lines = new Set(theirs.corrected.map(({ merge, path, line }) => `${merge.at} ${path}:${line}`)).size;
  const sorted = times.toSorted((a, b) => a - b);
  return [
    ['merges', String(merges.length)],
    ['days', String(Math.round(years * 365))],
    ['could not be compared', String(failed.length)],
    ['lines made false and left so: flagged', String(theirs.claims.length)],
    ['  in so many merges', String(new Set(theirs.claims.map(({ merge }) => merge.at)).size)],
    ['  with the line as it should read', String(theirs.claims.filter(({ suggestion }) => suggestion !== null).length)],
    ['  corrected later by the maintainers', String(later.length)],
    ['  days until then, median', shown(median(later.map(daysOf)))],
    ['  merges until then, median', shown(median(later.map(({ merge, corrected }) => corrected!.at - merge.at)))],
    ['  never corrected', String(theirs.claims.length - later.length)],
    ['lines corrected in the same merge: silent', String(lines)],
    ['lines that name a path that a merge took away', String(theirs.gone.length)],
    ['  of them flagged', String(theirs.gone.filter(({ flagged }) => flagged).length)],
    ['said of lines that a merge wrote', String(theirs.written.length)],
    ['our file: lines flagged by reviews', String(ours.claims.length)],
    ['  refreshed by the next sweep', String(ours.claims.filter(({ corrected }) => corrected !== undefined).length)],
    ['  sweeps', String(ours.sweeps)],
    ['  refreshes proposed', String(ours.refreshes.length)],
    ['  in a year', shown(years === 0 ? undefined : ours.refreshes.length / years)],
    ['  without a bullet that changed', String(ours.pointless)],
    [
      '  bullets added, updated, removed',
      (['added', 'updated', 'removed'] as const)
        .map((kind) => altered.filter((each) => each.kind === kind).length)
        .join(', '),
    ],
    ['  by high, medium, low facts', `${of('high')}, ${of('medium')}, ${of('low')}`],
    ['  updated or removed, flagged before', `${gone.filter(({ flagged }) => flagged).length} of ${gone.length}`],
    ['  back to an earlier wording', String(altered.filter(({ back }) => back).length)],
    ['ms for a merge: median, max', `${shown(sorted[sorted.length >> 1])}, ${shown(sorted.at(-1))}`],
  ];
}

/** What became of each line. */
export function claimList({ theirs, ours }: Replay): string {
  const told = ({ merge, path, line, quote, title, detail, suggestion, corrected }: Claim, whose: string): string =>
    [
      `${merge.commit.slice(0, 10)} ${whose} ${path}:${line} ${title}`,
      `  ${detail}`,
      `  - ${quote}`,
      `  + ${suggestion}`,
      corrected ? `  corrected in ${corrected.commit.slice(0, 10)}` : '  not corrected',
    ].join('\n');
  return [
    ...theirs.claims.map((claim) => told(claim, 'theirs')),
    ...ours.claims.map((claim) => told(claim, 'ours')),
    ...theirs.gone
      .filter(({ flagged }) => !flagged)
      .map(
        ({ merge, path, line, quote, gone }) => `${merge.commit.slice(0, 10)} missed ${path}:${line} ${gone}: ${quote}`,
      ),
    ...theirs.written.map(
      ({ merge, path, line, title }) => `${merge.commit.slice(0, 10)} wrote ${path}:${line} ${title}`,
    ),
    ...ours.refreshes.flatMap(({ merge, altered }) =>
      altered.map(
        ({ kind, key, before, after, back, flagged }) =>
          `${merge.commit.slice(0, 10)} refresh ${kind} ${key} ${before} => ${after}${back ? ' (back)' : ''}${flagged ? ' (flagged)' : ''}`,
      ),
    ),
  ].join('\n');
}

function daysOf({ merge, corrected }: Claim): number {
  return (corrected!.time - merge.time) / DAY;
}

function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function shown(value: number | undefined): string {
  if (value === undefined) return 'none';
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
}
