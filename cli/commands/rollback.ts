import { sharedLimit } from '../../jobs/limits.ts';
import { type Rollback, type RolledBack, rollback, sweptIn } from '../../jobs/rollback/index.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withEngine } from '../fleet-store.ts';
import { openWorld } from '../fleet-world.ts';
import { inOrder } from '../in-order.ts';
import { printableLine } from '../printable.ts';
import { codeOfInterruption } from '../signals.ts';

/** Takes back what a sweep opened, as far as nobody touched it. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const sweep = sweepOf(input);
  const dryRun = input.flag('dryRun');
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const items: RolledBack[] = [];
  const told = inOrder((item: RolledBack) => {
    if (out.json) items.push(item);
    else out.result(`${lineOf(item, input)}\n`);
  });
  const onWait = (count: number): void =>
    out.note(`waiting for ${count} that ${count === 1 ? 'is' : 'are'} being worked on`);
  return await withEngine(loaded, input, async (engine) => {
    const options = await sweptIn(engine, sweep);
    const { stop } = input.stopping();
    const { requestsPerMinute: usual } = loaded.values.gitlab;
    const world = await openWorld(loaded, input, {
      folder: options.folder,
      shared: ({ url, requestsPerMinute = usual }) =>
        engine.kind === 'postgres' ? sharedLimit(engine.shared, url, requestsPerMinute) : undefined,
    });
    try {
      const result = await rollback(engine, world, sweep, { dryRun, stop, onWait }, (item, at) => told.at(at, item));
      told.end();
      if (out.json) out.document({ schema: 'agentsmd/rollback/1', dryRun, ...result, mergeRequests: items });
      else out.note(summaryOf(result));
      if (result.interrupted) return codeOfInterruption({ stop }) ?? 130;
      return result.counts.failed + result.busy > 0 ? 1 : 0;
    } finally {
      told.end();
      await world.close();
    }
  });
};

/** @throws {UsageError} for what is no number. */
function sweepOf({ argument }: CommandInput): number {
  const text = argument('sweep') ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${printableLine(text) || '""'}: no number of a sweep; agentsmd status lists the last ones`);
}

const STYLES = { closed: 'green', closable: 'green', kept: 'yellow', over: 'dim', failed: 'red' } as const;
const WORDS = {
  closed: 'closed',
  closable: 'would close',
  kept: 'left alone',
  over: 'over',
  failed: 'failed',
} as const;

function lineOf({ outcome, path, iid, message }: RolledBack, { out }: CommandInput): string {
  const why = message === undefined ? '' : `: ${printableLine(message)}`;
  return `${out.style(STYLES[outcome], WORDS[outcome].padEnd(11))}  ${printableLine(path)}!${iid}${why}`;
}

function summaryOf({ sweep, counts, dropped, busy, interrupted }: Rollback): string {
  const told = Object.entries(WORDS).flatMap(([outcome, words]) => {
    const count = counts[outcome as RolledBack['outcome']];
    return count > 0 ? [`${count} ${words}`] : [];
  });
  const what = told.join(', ') || 'it has no merge request that is open';
  const rest = dropped > 0 ? `; ${dropped} that it had not come to yet are left to a later sweep` : '';
  const work = busy > 0 ? `; ${busy} still being worked on may open one yet, run the same command again` : '';
  return `sweep ${sweep}: ${what}${rest}${work}${interrupted ? '; interrupted, the same command goes on with the rest' : ''}`;
}
