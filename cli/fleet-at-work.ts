import type { Engine } from '../jobs/engine.ts';
import type { Log } from '../jobs/log.ts';
import { type Metrics, withMetrics } from '../jobs/metrics/index.ts';
import { withNotifier } from '../jobs/notify/index.ts';
import type { Gate } from '../jobs/rollout/port.ts';
import type { SweepEvent } from '../jobs/sweep/events.ts';
import type { World } from '../jobs/world.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { withEngine } from './fleet-store.ts';
import { openWorld } from './fleet-world.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** What repositories are worked on with. */
export interface AtWork {
  readonly engine: Engine;
  readonly world: World;
  readonly gate: Gate;
  readonly metrics: Metrics;
  /** To be told of what this process brings about: it counts that, and tells whoever wants to know (`fleet.notify`). */
  readonly tell: (event: SweepEvent) => void;
}

export interface AtWorkOptions {
  /** A folder of repositories instead of GitLab. */
  readonly folder?: string | undefined;
  /** Where is told what happens. Default: the output. */
  readonly log?: Log;
  /** Where metrics can be read. */
  readonly listen?: string | undefined;
  /** Shown what the gate finds by itself: that the rollout is halted. */
  readonly show?: (event: SweepEvent) => void;
}

/** Opens state, queue and all around them for `use`, and closes them afterwards. */
export async function withFleet<T>(
  loaded: LoadedConfig,
  input: CommandInput,
  { folder, log, listen, show }: AtWorkOptions,
  use: (at: AtWork) => Promise<T>,
): Promise<T> {
  const logged = log ?? logOn(input.out);
  const out = log ? { ...input.out, warn: (message: string) => log.warn({}, message) } : input.out;
  const [{ openGate }, { sharedLimit }] = await Promise.all([
    import('../jobs/rollout/gate.ts'),
    import('../jobs/limits.ts'),
  ]);
  const { requestsPerMinute: usual } = loaded.values.gitlab;
  const later: { engine?: Engine; metrics?: Metrics } = {};
  // What is wrong with the command line or the configuration shows before a state is made.
  const world = await openWorld(loaded, input, {
    folder,
    // Of an embedded store there is one process, whose requests are counted where they are sent.
    shared: ({ url, requestsPerMinute = usual }) =>
      later.engine?.kind === 'postgres' ? sharedLimit(later.engine.shared, url, requestsPerMinute) : undefined,
    now: () => later.engine?.now() ?? Date.now(),
    onRequest: (instance, status) => later.metrics?.onRequest(instance, status),
    ...(log === undefined ? {} : { log }),
  });
  try {
    return await withNotifier({ config: loaded.values.fleet.notify, env: process.env, log: logged }, (notify) =>
      withEngine(loaded, { ...input, out }, (engine) =>
        withMetrics({ listen, env: process.env, log: logged, engine }, async (metrics) => {
          Object.assign(later, { engine, metrics });
          const tell = (event: SweepEvent): void => {
            metrics.onEvent(event);
            notify(event);
          };
          const onGate = (event: SweepEvent): void => {
            tell(event);
            show?.(event);
          };
          return await use({ engine, world, gate: openGate(engine.db, world, onGate), metrics, tell });
        }),
      ),
    );
  } finally {
    await world.close();
  }
}

function logOn(out: Output): Log {
  return {
    debug: (_, message) => out.debug(printableLine(message)),
    info: (_, message) => out.debug(printableLine(message)),
    warn: (_, message) => out.warn(printableLine(message)),
    error: (_, message) => out.warn(printableLine(message)),
  };
}
