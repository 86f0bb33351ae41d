import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

/** Seconds that a send may take, and in all when the process ends. */
const TIMEOUT_MS = 5000;
const INTERVAL_MS = 60_000;

/**
 * Sends metrics every minute (`OTEL_METRIC_EXPORT_INTERVAL`) and once more at the end. Where to, and with which headers, the
 * exporter reads from the standard variables of the process itself.
 */
export function otlpReader(
  env: NodeJS.ProcessEnv,
  onProblem: (message: string) => void,
): PeriodicExportingMetricReader {
  const protocol = env.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol && protocol !== 'http/json')
    onProblem(
      `OTEL_EXPORTER_OTLP_PROTOCOL ${protocol}: metrics go out as http/json only; the collector's port for HTTP takes it`,
    );
  const exporter = new OTLPMetricExporter();
  let failing = false;
  const told: typeof exporter.export = (metrics, done) =>
    exporter.export(metrics, (result) => {
      if (result.error && !failing)
        onProblem(`metrics could not be sent (OTEL_EXPORTER_OTLP_ENDPOINT): ${result.error.message}`);
      failing = result.error !== undefined;
      done(result);
    });
  const interval = positive(env.OTEL_METRIC_EXPORT_INTERVAL) ?? INTERVAL_MS;
  return new PeriodicExportingMetricReader({
    exporter: {
      export: told,
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
      selectAggregation: (type) => exporter.selectAggregation(type),
      selectAggregationTemporality: (type) => exporter.selectAggregationTemporality(type),
    },
    exportIntervalMillis: interval,
    exportTimeoutMillis: Math.min(interval, positive(env.OTEL_METRIC_EXPORT_TIMEOUT) ?? TIMEOUT_MS),
  });
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return text && Number.isInteger(number) && number > 0 ? number : undefined;
}
