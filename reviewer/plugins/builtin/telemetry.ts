import type { Told } from '../../../models/telemetry/records.ts';
import type { PluginSubject, ReviewPlugin } from '../plugin.ts';

/**
 * Tells the telemetry of the models that a review began and ended, with counts alone: no project, title, path, finding or name of a person.
 *
 * @param now in ms since 1970.
 */
export function telemetry(tell: (told: Told) => void, now: () => number = Date.now): ReviewPlugin {
  const counts = { done: 0, partial: 0, failed: 0, other: 0, failbacks: 0, restarts: 0, warnings: 0 };
  let begun: Readonly<Record<string, string | number>> = {};
  return {
    name: 'telemetry',
    async bootstrap(about) {
      begun = { 'agentsmd.run': 'review', 'agentsmd.files': about.files.length, ...linesOf(about) };
    },
    onEvent(event) {
      if (event.type === 'started') {
        begun = { ...begun, 'agentsmd.risk_tier': event.tier, 'agentsmd.agents': event.agents.length };
        tell({ at: now(), type: 'start', attributes: begun });
      } else if (event.type === 'agent') {
        const { state } = event.report;
        counts[state === 'done' || state === 'partial' || state === 'failed' ? state : 'other'] += 1;
      } else if (event.type === 'engine') {
        if (event.event.type === 'failback') counts.failbacks += 1;
        if (event.event.type === 'restart') counts.restarts += 1;
        if (event.event.type === 'warning') counts.warnings += 1;
      } else {
        const told = Object.entries(counts).map(([name, count]) => [`agentsmd.${NAMES[name] ?? name}`, count] as const);
        const attributes = { ...begun, ...Object.fromEntries(told), 'agentsmd.findings': event.findings };
        tell({ at: now(), type: 'end', outcome: event.decision ?? 'none', ms: event.ms, attributes });
      }
    },
  };
}

const NAMES: Readonly<Record<string, string>> = {
  ...{ done: 'agents_done', partial: 'agents_partial', failed: 'agents_failed', other: 'agents_other' },
};

function linesOf({ files }: PluginSubject): Readonly<Record<string, number>> {
  return { 'agentsmd.lines': files.reduce((sum, { added, removed }) => sum + added + removed, 0) };
}
