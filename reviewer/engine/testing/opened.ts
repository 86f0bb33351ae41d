import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { settings } from '../../../models/testing/settings.ts';
import { type ModelServer, type ModelsOptions, startModels } from '../../../test/models/index.ts';
import type { EngineDeps } from '../deps.ts';
import { openEngine } from '../open.ts';
import type { Engine, EngineEvent, EngineSettings } from '../port.ts';

type Models = Parameters<typeof settings>[0];

export interface Given {
  readonly models?: Models;
  readonly server?: ModelsOptions;
  readonly settings?: Partial<EngineSettings>;
  readonly deps?: Partial<EngineDeps>;
}

export interface Opened {
  readonly engine: Engine;
  readonly server: ModelServer;
  readonly events: readonly EngineEvent[];
  /** Of each process, in order. */
  readonly pids: readonly number[];
  readonly home: string;
}

/** An engine of the real process, and a double of an endpoint with models `large` and `small`; the second takes over from the first. */
export async function opened(given: Given = {}): Promise<Opened> {
  const { server, home, engineSettings, env } = await prepared(given);
  const events: EngineEvent[] = [];
  const pids: number[] = [];
  const engine = await openEngine(engineSettings, {
    env,
    onEvent: (event) => void events.push(event),
    onProcess: (pid) => void pids.push(pid),
    ...given.deps,
  });
  onTestFinished(() => engine.close());
  return { engine, server, events, pids, home };
}

export async function prepared({ models = {}, server: options, settings: more }: Given = {}) {
  const home = mkdtempSync(join(tmpdir(), 'agentsmd-engine-'));
  writeFileSync(join(home, 'a.txt'), 'one\ntwo\n');
  const server = await startModels({ models: { large: {}, small: {} }, ...options });
  onTestFinished(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });
  const { provider, ...rest } = models;
  const engineSettings: EngineSettings = {
    models: settings({
      models: { large: {}, small: {} },
      failback: { 'gw/large': ['gw/small'] },
      ...rest,
      // Else questions wait for the first of them, which may be the one that gets no answer.
      provider: { baseUrl: server.url, keyEnv: 'GW_KEY', prefixCache: false, ...provider },
    }),
    home,
    state: join(home, 'state'),
    about: { project: 'shop/web', tags: [] },
    name: 'review',
    sees: { folder: home },
    patches: null,
    environment: {},
    ...more,
  };
  return { server, home, engineSettings, env: { PATH: process.env.PATH, GW_KEY: server.key } };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until something is so. */
export async function until(holds: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      if (!holds()) throw new Error('not yet');
    },
    { timeout: 60_000, interval: 5 },
  );
}
