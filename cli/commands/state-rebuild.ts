import type { SweepEvent } from '../../jobs/sweep/events.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { assertRepositories } from '../fleet-folder.ts';
import { withEngine } from '../fleet-store.ts';
import { openWorld } from '../fleet-world.ts';
import { printableLine } from '../printable.ts';
import { number, repositories } from '../sweep-text.ts';

/** Learns from the forges what a store that was lost knew. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { stop } = input.stopping();
  const on = (event: SweepEvent): void => {
    if (event.type === 'warning') out.warn(printableLine(event.message));
    if (event.type === 'listed') out.progress(`${event.instance}: ${number(event.projects)} projects`);
  };
  const folder = input.text('dir');
  if (folder !== undefined) assertRepositories(folder);
  const rebuilt = await withEngine(loaded, input, async ({ db }) => {
    const { rebuild } = await import('../../jobs/transfer/rebuild.ts');
    const world = await openWorld(loaded, input, { folder });
    try {
      return await rebuild(db, world, on, stop);
    } finally {
      await world.close();
    }
  });
  out.progress('');
  const { due, mergeRequests } = rebuilt;
  if (out.json) out.document({ schema: 'agentsmd/state-rebuild/1', ...rebuilt });
  else {
    const { opened, merged, closed } = mergeRequests;
    out.result(
      `${repositories(due)} to look at; found ${number(opened)} open, ${number(merged)} merged and ${number(closed)} closed merge requests of ours\n`,
    );
    out.note('the next sweep goes on from there');
  }
  return 0;
};
