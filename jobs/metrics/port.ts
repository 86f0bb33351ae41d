import type { SweepEvent } from '../sweep/events.ts';
import type { SweepSummary } from '../sweep/summary.ts';

/** What is counted, told as it happens. No name of a project ever becomes part of a metric. */
export interface Metrics {
  /** Where Prometheus can read them: `http://127.0.0.1:9464/metrics`. */
  readonly address?: string;
  onEvent(event: SweepEvent): void;
  onSweep(summary: Pick<SweepSummary, 'ms'>): void;
  /** Of every try of a request to a forge; `status` is absent where no answer came. */
  onRequest(instance: string, status: number | undefined): void;
}
