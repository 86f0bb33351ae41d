import { NO_USAGE, openMeter, together } from '../../models/meter.ts';
import type { Spent, Usage } from '../../models/port.ts';

interface Call {
  readonly usage: Usage;
  readonly cost: number | null;
}

/** What is known of what a question took while it is under way: should its process die, nobody else can tell. */
export interface Tally {
  /** A call was begun, of which so much is sure. */
  begin(call: Call): void;
  /** It is over, and took this. */
  end(call: Call): void;
  /** With the call that is under way. */
  known(): Spent;
}

export const NOTHING: Spent = { usage: NO_USAGE, cost: 0, calls: 0, ms: 0 };

export function openTally(): Tally {
  const meter = openMeter();
  let underway: Call | undefined;
  return {
    begin(call) {
      underway = call;
    },
    end(call) {
      underway = undefined;
      meter.add(call);
    },
    known: () => (underway ? together(meter.spent(), { ...underway, calls: 1, ms: 0 }) : meter.spent()),
  };
}
