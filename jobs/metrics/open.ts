import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Engine } from '../engine.ts';
import type { Listen } from '../listen-at.ts';
import { serveMetrics } from './endpoint.ts';
import { Gauges } from './gauges.ts';
import { instanceLabel, reasonLabels, statusClass } from './labels.ts';
import { otlpReader } from './otlp.ts';
import type { Metrics } from './port.ts';
import { resourceOf } from './resource.ts';

export interface MetricsOptions {
  readonly listen?: Listen | undefined;
  readonly otlp: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
  readonly onProblem: (message: string) => void;
}

export interface OpenMetrics extends Metrics {
  /** Where queue, merge requests and repositories that were set aside are counted. */
  observe(engine: Pick<Engine, 'db' | 'queue'>): void;
  /** Sends the last of it. Never fails, and takes seconds at most. */
  close(): Promise<void>;
}

/** Upper bounds of the histograms, in seconds. */
const REPOSITORY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const SWEEP_BUCKETS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800];
const CLOSE_MS = 5000;

/** @throws {FleetError} where the address cannot be listened on. */
export async function openMetrics(options: MetricsOptions): Promise<OpenMetrics> {
  const { listen, otlp, env, onProblem, now = Date.now } = options;
  const prometheus =
    listen && new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
  const endpoint =
    listen &&
    prometheus &&
    (await serveMetrics(listen, (request, response) => prometheus.getMetricsRequestHandler(request, response)));
  const provider = new MeterProvider({
    resource: resourceOf(env),
    readers: [...(prometheus ? [prometheus] : []), ...(otlp ? [otlpReader(env, onProblem)] : [])],
  });
  const gauges = new Gauges(now);
  const told = instruments(provider, gauges);
  return {
    ...(endpoint ? { address: endpoint.address } : {}),
    ...told,
    observe: (engine) => gauges.observe(engine),
    close: async () => {
      await endpoint?.close();
      await provider.shutdown({ timeoutMillis: CLOSE_MS }).catch(() => {});
      await gauges.settle();
    },
  };
}

function instruments(provider: MeterProvider, gauges: Gauges): Metrics {
  const meter = provider.getMeter('agentsmd');
  const repositories = meter.createCounter('agentsmd_repositories_total', {
    description: 'Repositories worked on, by what became of them.',
  });
  const requests = meter.createCounter('agentsmd_requests_total', {
    description: 'Requests sent to forges, each try counted.',
  });
  const seconds = (name: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries } });
  const repositorySeconds = seconds(
    'agentsmd_repository_duration_seconds',
    'Time for one repository.',
    REPOSITORY_BUCKETS,
  );
  const sweepSeconds = seconds('agentsmd_sweep_duration_seconds', 'Time for one sweep.', SWEEP_BUCKETS);
  const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description });
  const depth = gauge('agentsmd_queue_depth', 'Repositories in the queue.');
  const open = gauge('agentsmd_open_merge_requests', 'Merge requests of ours that are open.');
  const dead = gauge('agentsmd_dead_repositories', 'Repositories that were set aside after their tries.');
  meter.addBatchObservableCallback(
    async (result) => {
      const reading = await gauges.read();
      if (reading === undefined) return;
      for (const state of ['ready', 'waiting', 'active'] as const)
        result.observe(depth, reading.queue[state], { state });
      result.observe(open, reading.openMergeRequests);
      result.observe(dead, reading.dead);
    },
    [depth, open, dead],
  );
  const reasonLabel = reasonLabels();
  return {
    onEvent: (event) => {
      if (event.type !== 'repository') return;
      const { outcome, reason, ms } = event;
      repositories.add(1, { outcome, reason: reasonLabel(reason) });
      repositorySeconds.record(ms / 1000, { outcome });
    },
    onSweep: ({ ms }) => sweepSeconds.record(ms / 1000),
    onRequest: (instance, status) =>
      requests.add(1, { instance: instanceLabel(instance), status: statusClass(status) }),
  };
}
