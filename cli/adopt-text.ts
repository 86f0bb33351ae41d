import type { AdoptResult } from '../jobs/adopt/index.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** What became of a project, in a line. */
export function adoptText(result: AdoptResult, dryRun: boolean, style: Output['style']): string {
  const words = dryRun ? WOULD : DID;
  const head = `${style(COLOURS[result.kind], words[result.kind].padEnd(WIDTH))}  ${printableLine(result.project)}`;
  return `${head}${detailOf(result, dryRun)}\n`;
}

function detailOf(result: AdoptResult, dryRun: boolean): string {
  switch (result.kind) {
    case 'created':
      return dryRun ? `: ${HOW[result.how]}` : `!${result.mergeRequest.iid}  ${printableLine(result.mergeRequest.url)}`;
    case 'updated':
    case 'closed':
      return `!${result.mergeRequest.iid}${result.kind === 'closed' ? `: ${result.reason}` : ''}`;
    case 'unchanged':
      return result.mergeRequest
        ? `!${result.mergeRequest.iid}`
        : `: included, version ${printableLine(result.version ?? '')}`;
    default:
      return `: ${result.reason}: ${printableLine(result.message)}`;
  }
}

/** How many have to wait, and for what: a line for each reason. */
export function deferredText(results: readonly AdoptResult[], style: Output['style']): string {
  const deferred = results.filter((result) => result.kind === 'deferred');
  const byReason = Map.groupBy(deferred, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, all]) => {
      const head = style(COLOURS.deferred, DID.deferred.padEnd(WIDTH));
      return `${head}  ${projects(all.length)}: ${reason}: ${printableLine(all[0]!.message)}\n`;
    })
    .join('');
}

/** All of them, in a line. */
export function countsText(results: readonly AdoptResult[], dryRun: boolean): string {
  const words = dryRun ? WOULD : DID;
  const told = Object.entries(words).flatMap(([kind, word]) => {
    const count = results.filter((result) => result.kind === kind).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const total = projects(results.length);
  return told.length === 0 ? total : `${total}: ${told.join(', ')}`;
}

function projects(count: number): string {
  return `${count} ${count === 1 ? 'project' : 'projects'}`;
}

type Kind = AdoptResult['kind'];

const DID: Readonly<Record<Kind, string>> = {
  created: 'opened',
  updated: 'updated',
  closed: 'closed',
  unchanged: 'unchanged',
  skipped: 'skipped',
  deferred: 'deferred',
  refused: 'refused',
  failed: 'failed',
};
const WOULD: Readonly<Record<Kind, string>> = {
  ...DID,
  created: 'would open',
  updated: 'would update',
  closed: 'would close',
};
const WIDTH = 'would update'.length;

const COLOURS = {
  created: 'green',
  updated: 'green',
  closed: 'yellow',
  unchanged: 'dim',
  skipped: 'dim',
  deferred: 'yellow',
  refused: 'red',
  failed: 'red',
} as const;

const HOW = {
  item: 'one more item of its list of includes',
  list: 'its include becomes a list of two',
  first: 'its first include',
  file: 'its first .gitlab-ci.yml',
} as const;
