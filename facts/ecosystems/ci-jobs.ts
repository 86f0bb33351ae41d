import type { Evidence } from '../fact.ts';
import type { PlainFact, Trigger } from '../signal.ts';

/** From the one that says most about a change's checks to the one that says least. */
const TRIGGERS: readonly Trigger[] = ['merge-request', 'push', 'release', 'schedule', 'manual'];

/** The most telling of several triggers. */
export function strongest(triggers: Iterable<Trigger>): Trigger {
  const found = new Set(triggers);
  return TRIGGERS.find((trigger) => found.has(trigger)) ?? 'manual';
}

/** Few jobs of a pipeline are printed: those whose names promise a check come before labels, deployments and the like. */
const CHECKS =
  /(?:^|[^a-z])(?:ci|unit|tests?|specs?|lint|build|compile|check|checks|verify|type-?check|format)(?:[^a-z]|$)/i;

/** A job of the merge-request pipeline. `at` is the line of its key. */
export function ciJob(name: string, at: Evidence): PlainFact {
  return {
    kind: 'fact',
    key: 'ci.job',
    value: name,
    dir: '',
    source: 'ci',
    evidence: [at],
    weight: CHECKS.test(name) ? 1 : 0,
  };
}
