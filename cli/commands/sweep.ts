import { settingsFor } from '../../generator/publish/settings.ts';
import type { SweepEvent, SweepResult } from '../../jobs/sweep/events.ts';
import type { SweepOptions } from '../../jobs/sweep/options.ts';
import type { CommandInput, CommandModule, Stopping } from '../command.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { withFleet } from '../fleet-at-work.ts';
import { assertRepositories } from '../fleet-folder.ts';
import { withKnownFleet } from '../fleet-known.ts';
import { openWorld } from '../fleet-world.ts';
import { codeOfInterruption } from '../signals.ts';
import { sweepDisplay } from '../sweep-display.ts';
import { SweepLists } from '../sweep-lists.ts';
import { concurrencyOf, sweepOptions } from '../sweep-options.ts';
import { measured } from '../sweep-rehearsal.ts';
import { sweepReport } from '../sweep-report.ts';
import { sum } from '../sweep-text.ts';

/** What a sweep is run with, whether or not it writes anything. */
interface Sweeping extends Stopping {
  readonly input: CommandInput;
  readonly loaded: LoadedConfig;
  readonly options: SweepOptions;
  readonly concurrency: number;
  readonly on: (event: SweepEvent) => void;
  /** Filled in as soon as somebody counts them. */
  readonly sent: { requests(): number };
}

type Swept = Omit<SweepResult, 'sweep'> & { readonly sweep?: number };

/** Finds out what moved in the fleet, works on it, and prints what came of it. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const began = Date.now();
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { fleet, publish } = loaded.values;
  const options = sweepOptions(input, fleet, began);
  const concurrency = concurrencyOf(input) ?? fleet.concurrency;
  const dryRun = input.flag('dryRun');
  const stopping = input.stopping();
  const branchOf = options.folder === undefined ? undefined : (path: string) => settingsFor(publish, path).branch;
  const report = sweepReport(out, { branchOf, state: input.text('state') });
  const display = sweepDisplay(out);
  const sent = { requests: () => 0 };
  const lists = new SweepLists();
  const on = (event: SweepEvent): void => {
    lists.on(event);
    report.on(event);
    display.on(event);
  };
  let result: Swept;
  try {
    // That the last one is gone has to be believed, too.
    if (options.folder !== undefined && !options.acceptShrunk) assertRepositories(options.folder);
    const sweeping: Sweeping = { ...stopping, input, loaded, options, concurrency, on, sent };
    result = dryRun ? await rehearsed(sweeping) : await swept(sweeping);
  } catch (error) {
    display.end();
    report.broken(sent.requests(), Date.now() - began);
    throw error;
  }
  display.end();
  report.end(result.summary, result.sweep);
  if (result.interrupted) {
    if (!out.json) out.note('interrupted; the same command goes on with the rest');
    return codeOfInterruption(stopping) ?? 130;
  }
  lists.assertAny();
  if (!out.json && (options.audit || loaded.values.fleet.audit))
    out.note('which rules are broken, and where: agentsmd status --compliance');
  const { generated, refreshed } = result.summary;
  if (!out.json && !dryRun && options.folder !== undefined && generated + refreshed > 0)
    out.note(
      `in a repository: git show ${publish.branch} shows what is proposed, git merge ${publish.branch} takes it`,
    );
  return sum(result.summary.failed) > 0 ? 1 : 0;
};

async function swept({ input, loaded, options, concurrency, stop, abort, on, sent }: Sweeping): Promise<Swept> {
  const { sweep } = await import('../../jobs/sweep/index.ts');
  return await withFleet(
    loaded,
    input,
    { folder: options.folder, show: on },
    async ({ engine, world, gate, metrics, tell }) => {
      sent.requests = () => world.requests.total();
      const told = (event: SweepEvent): void => {
        if (event.type !== 'repository') tell(event);
        on(event);
      };
      const result = await sweep(
        engine,
        world,
        gate,
        options,
        { concurrency, stop, abort, work: true, own: tell },
        told,
      );
      metrics.onSweep(result.summary);
      return result;
    },
  );
}

/** Nothing is written, neither to a repository nor to the state. */
async function rehearsed({ input, loaded, options, concurrency, stop, abort, on, sent }: Sweeping): Promise<Swept> {
  const { rehearse } = await import('../../jobs/sweep/rehearse.ts');
  return await withKnownFleet(input, async (db) => {
    const opened = await openWorld(loaded, input, { folder: options.folder, record: () => {} });
    sent.requests = () => opened.requests.total();
    try {
      const { world, on: told } = measured(opened, on);
      return await rehearse(db, world, options, { concurrency, stop, abort }, told);
    } finally {
      await opened.close();
    }
  });
}
