import { join } from 'node:path';
import { openEngine } from '../../jobs/store/open.ts';
import type { Postgres } from '../postgres/start.ts';
import { type Running, startNode } from './agentsmd.ts';
import type { CrashStage } from './crash.ts';
import type { FleetPlace } from './place.ts';
import type { Source } from './sources.ts';

/** One process on an embedded store. */
export function embeddedStage(place: FleetPlace, from: readonly Source[]): CrashStage {
  const folder = place.state();
  return {
    name: 'embedded',
    place,
    from,
    workers: [],
    sweep: (group) => place.start(['sweep', group, '--json', '--concurrency', '4', '--state', folder]),
    replace: async () => {},
    state: async (use) => {
      const engine = await openEngine({ folder, retries: 3 });
      try {
        return await use(engine.db);
      } finally {
        await engine.close();
      }
    },
  };
}

/** A sweep and two workers over one database. @param brisk workers that take others for dead sooner than those of the program. */
export async function postgresStage(
  place: FleetPlace,
  postgres: Postgres,
  from: readonly Source[],
  brisk: boolean,
): Promise<CrashStage & { close(): Promise<void> }> {
  const url = await postgres.database();
  const env = { DATABASE_URL: url };
  const config = join(place.folder, 'agentsmd.config.yaml');
  const worker = async (): Promise<Running> => {
    const running = brisk
      ? startNode([join(import.meta.dirname, 'worker-process.ts'), config, url], { cwd: place.folder, env: place.env })
      : place.start(['worker', '--concurrency', '4'], env);
    await workerSays(running);
    return running;
  };
  const workers: Running[] = [await worker(), await worker()];
  return {
    name: 'postgres',
    place,
    from,
    workers,
    sweep: (group) => place.start(['sweep', group, '--json', '--concurrency', '4'], env),
    replace: async (at) => {
      workers[at] = await worker();
    },
    state: async (use) => {
      const engine = await openEngine({ url, folder: '', retries: 3 });
      try {
        return await use(engine.db);
      } finally {
        await engine.close();
      }
    },
    close: async () => {
      for (const { process } of workers) process.kill('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
    },
  };
}

/** Resolves once a worker has begun: it says so. */
export async function workerSays(running: Running): Promise<void> {
  const { process: child, said } = running;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      const { stdout, stderr } = said();
      if (/ready|has begun/.test(stdout + stderr)) resolve();
      else if (child.exitCode !== null) reject(new Error(`the worker ended: ${stderr}`));
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => reject(new Error(`the worker ended: ${said().stderr}`)));
    look();
  });
}
