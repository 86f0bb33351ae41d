import type { Engine, EngineOptions } from '../engine.ts';

/**
 * Opens state and queue: the PostgreSQL database at `options.url`, or the embedded one in `options.folder`.
 * @throws {FleetError} for what a person can mend: a folder in use, a database that is not there.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  // What it is made of takes its time to load, and most commands do without.
  const { startEngine } = await import('../queue/start.ts');
  if (options.url !== undefined) {
    const { openPostgres } = await import('./postgres.ts');
    return await startEngine(await openPostgres(options.url, options.onProblem), options);
  }
  const { openEmbedded } = await import('./embedded.ts');
  return await startEngine(await openEmbedded(options.folder), options);
}
