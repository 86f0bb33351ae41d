import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { type Postgres, startPostgres } from '../../test/postgres/start.ts';
import type { Engine, EngineOptions } from '../engine.ts';
import { openEngine } from '../store/open.ts';
import { LIVELY, testEngine } from './engine.ts';

type Options = Partial<Pick<EngineOptions, 'now' | 'retries' | 'timing' | 'onProblem'>>;

/** The same tests on both stores, each with one engine whose queue is empty at the start of each. */
export function onBothStores(about: (engine: () => Engine) => void, options: Options = {}): void {
  let postgres: Postgres | undefined;
  const stores = {
    embedded: () => testEngine(options),
    postgres: async () => {
      postgres = await startPostgres();
      return await openPostgres(await postgres.database(), options);
    },
  };
  describe.each(Object.entries(stores))('%s', (_, open) => {
    let engine: Engine | undefined;
    beforeAll(async () => {
      engine = await open();
    });
    beforeEach(async () => {
      await engine!.queue.drop();
    });
    afterAll(async () => {
      await engine?.close();
      await postgres?.close();
      postgres = undefined;
    });
    about(() => engine!);
  });
}

export async function openPostgres(url: string, options: Options = {}): Promise<Engine> {
  return await openEngine({ url, folder: '', retries: 3, ...options, timing: { ...LIVELY, ...options.timing } });
}

/** A folder for an embedded store, and what deletes it. */
export async function stateFolder(): Promise<{ folder: string; drop(): Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'agentsmd-state-'));
  return { folder: join(parent, 'state'), drop: () => rm(parent, { recursive: true, force: true }) };
}
