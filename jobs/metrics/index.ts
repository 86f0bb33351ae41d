import type { Engine } from '../engine.ts';
import type { Log } from '../log.ts';
import { readListen } from './listen.ts';
import type { Metrics } from './port.ts';

export type { Metrics } from './port.ts';

const NO_METRICS: Metrics = { onEvent() {}, onSweep() {}, onRequest() {} };

export interface WithMetrics {
  /** `--metrics`: `9464` (of this machine alone), `0.0.0.0:9464`, `[::1]:9464`. */
  readonly listen?: string | undefined;
  /** `OTEL_EXPORTER_OTLP_ENDPOINT` and the like say where else they go. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly engine: Pick<Engine, 'db' | 'queue'>;
}

/**
 * Hands `use` what to tell of its work, and serves and sends that until it is over. Where nobody asked for metrics nothing is
 * loaded.
 *
 * @throws {FleetError} for an address that is none, or that cannot be listened on.
 */
export async function withMetrics<T>(options: WithMetrics, use: (metrics: Metrics) => Promise<T>): Promise<T> {
  const listen = options.listen === undefined ? undefined : readListen(options.listen);
  const otlp = wantsOtlp(options.env);
  if (listen === undefined && !otlp) return await use(NO_METRICS);
  const { openMetrics } = await import('./open.ts');
  const { log, env } = options;
  const metrics = await openMetrics({ listen, otlp, env, onProblem: (message) => log.warn({}, message) });
  metrics.observe(options.engine);
  if (metrics.address) log.info({ address: metrics.address }, 'metrics are served');
  try {
    return await use(metrics);
  } finally {
    await metrics.close();
  }
}

/** Whether the standard variables of OpenTelemetry say that metrics are sent. */
function wantsOtlp(env: NodeJS.ProcessEnv): boolean {
  const { OTEL_SDK_DISABLED, OTEL_METRICS_EXPORTER = 'otlp' } = env;
  if (OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  if (!OTEL_METRICS_EXPORTER.split(',').some((name) => name.trim() === 'otlp' || name.trim() === '')) return false;
  return Boolean(env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT);
}
