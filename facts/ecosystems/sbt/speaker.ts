import type { Evidence, Purpose } from '../../fact.ts';
import type { Signal } from '../../signal.ts';

export type Say = (
  purpose: Purpose,
  args: string,
  at: Evidence,
  source?: 'config' | 'convention',
  weight?: number,
) => Signal;

/** Commands of sbt, typed in the folder of the build. */
export function speaker(dir: string): Say {
  return (purpose, args, at, source = 'convention', weight = 0) => ({
    kind: 'command',
    purpose,
    run: `sbt ${args}`,
    dir,
    source,
    evidence: [at],
    weight,
  });
}
