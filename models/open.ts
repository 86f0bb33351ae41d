import { join, resolve } from 'node:path';
import type { DayStore } from './budget.ts';
import { loadSdk } from './call.ts';
import type { ModelsConfig, ModelsSettings } from './config.ts';
import { type ModelsDeps, type OpenModels, openModels } from './door.ts';
import type { Told } from './telemetry/records.ts';
import { openTokenizer } from './tokens.ts';
import type { Transcript } from './transcript/index.ts';
import { openWire, type Wire } from './wire.ts';

/** The door with everything that its configuration asks for. */
export interface ConfiguredModels extends OpenModels {
  /**
   * Begins the transcript of one review, or one draft; `undefined` where none are kept. Whoever begins one closes it.
   *
   * @param name what it is of; becomes a part of the file's name.
   * @throws SettingError where no file can be made there.
   */
  transcript(name: string): Promise<Transcript | undefined>;
  /** For telemetry; never waits, never throws. */
  tell(told: Told): void;
  /** Ends what is under way, sends what telemetry has left (2 s at most), and closes all connections. */
  close(): Promise<void>;
}

export interface OpenDeps extends Pick<ModelsDeps, 'env' | 'now' | 'onProblem' | 'thinking' | 'health'> {
  /** The folder of the configuration, from which `models.transcript.dir` is seen. */
  readonly home: string;
  /** Where what the processes of a day took is kept: a folder, only asked for where a day has a budget, or who keeps it. */
  readonly state: (() => string) | DayStore;
}

/**
 * Opens language models as they are configured: remote configuration, a day's budget, telemetry, transcripts.
 *
 * @example
 * const models = await openConfigured(config.models, { env: process.env, home, state });
 * try { … } finally { await models.close(); }
 */
export async function openConfigured(config: ModelsConfig, deps: OpenDeps): Promise<ConfiguredModels> {
  if (config === 'none')
    return { ...openModels(config, deps), transcript: async () => undefined, tell: () => {}, close: async () => {} };
  const { env, now = Date.now, onProblem = () => {} } = deps;
  const { attributionKeyEnv } = config;
  if (attributionKeyEnv !== '' && !env[attributionKeyEnv])
    onProblem(
      `models.attributionKeyEnv: the environment variable ${attributionKeyEnv} is not set; no provider is told who asks`,
    );
  const wire = openWire(env);
  const telemetry = await telemetryOf(config, env, wire, onProblem);
  const models = openModels(config, {
    env,
    now,
    wire,
    onProblem,
    thinking: deps.thinking,
    health: deps.health,
    telemetry: telemetry?.tell,
    overrides: await overridesOf(config, { env, wire, onProblem }),
    days: await daysOf(config, deps.state),
  });
  return {
    ...models,
    async transcript(name) {
      const { dir, content, retentionDays } = config.transcript;
      if (dir === '') return undefined;
      const { openTranscript } = await import('./transcript/index.ts');
      return await openTranscript({ dir: resolve(deps.home, dir), name, content, retentionDays, now });
    },
    tell: (told) => telemetry?.tell(told),
    async close() {
      await models.close();
      await telemetry?.close();
      await wire.close();
    },
  };
}

/** Loads ahead what the first question would have to wait for. What cannot be loaded is told by whoever needs it. */
export function warmUp(): void {
  for (const loading of [loadSdk(), openTokenizer().count('warm')]) loading.catch(() => {});
}

async function overridesOf(
  config: ModelsSettings,
  deps: { readonly env: NodeJS.ProcessEnv; readonly wire: Wire; readonly onProblem: (message: string) => void },
): Promise<ModelsDeps['overrides']> {
  if (config.remote.url === '') return undefined;
  const { openRemote } = await import('./remote/copy.ts');
  return openRemote(config, deps).overrides;
}

async function telemetryOf(
  { telemetry: { url, tokenEnv } }: ModelsSettings,
  env: NodeJS.ProcessEnv,
  wire: Wire,
  onProblem: (message: string) => void,
) {
  if (url === '') return undefined;
  const token = tokenEnv === '' ? undefined : env[tokenEnv];
  if (tokenEnv !== '' && !token) {
    onProblem(`models.telemetry.tokenEnv: the environment variable ${tokenEnv} is not set; no telemetry is sent`);
    return undefined;
  }
  const { openTelemetry } = await import('./telemetry/index.ts');
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  return openTelemetry({ url, headers, wire, onProblem });
}

/** What others took today; `undefined` where a day has no budget. */
export async function daysOf({ budgets }: ModelsSettings, state: OpenDeps['state']): Promise<ModelsDeps['days']> {
  if (budgets.day.tokens === null && budgets.day.money === null) return undefined;
  if (typeof state !== 'function') return state;
  const { openDayFile } = await import('./day-file.ts');
  return openDayFile(join(state(), 'models'));
}
