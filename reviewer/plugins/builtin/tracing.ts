import type { CollectorOptions } from '../../../models/telemetry/sender.ts';
import { openTrace } from '../../../models/telemetry/spans.ts';
import type { ReviewPlugin } from '../plugin.ts';

/**
 * Sends a span for each agent, and one for the review, to `review.tracing.url`. Nobody waits for it: at most 50 spans wait, a request has 2 s,
 * so has the end.
 *
 * @param now in ms since 1970.
 */
export function tracing(collector: CollectorOptions, now: () => number = Date.now): ReviewPlugin {
  const trace = openTrace(collector, 'review.tracing.url: traces');
  let tier = '';
  return {
    name: 'tracing',
    onEvent(event) {
      const ended = now();
      if (event.type === 'started') tier = event.tier;
      else if (event.type === 'agent') {
        const { name, state, findings, ms } = event.report;
        trace.part({
          ...{ name: `agent ${name}`, begun: ended - ms, ended },
          attributes: { 'gen_ai.agent.name': name, 'agentsmd.state': state, 'agentsmd.findings': findings },
          // Its message may quote what it read.
          error: state === 'done' ? null : state,
        });
      } else if (event.type === 'ended') {
        const { decision, findings, ms } = event;
        trace.whole({
          ...{ name: 'review', begun: ended - ms, ended },
          attributes: {
            'agentsmd.risk_tier': tier,
            'agentsmd.decision': decision ?? 'none',
            'agentsmd.findings': findings,
          },
          error: decision === null ? 'no decision' : null,
        });
      }
    },
    close: trace.close,
  };
}
