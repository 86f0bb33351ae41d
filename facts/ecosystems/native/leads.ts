import type { Evidence, FactSource, Purpose } from '../../fact.ts';
import type { ConventionalCommand, PlainFact } from '../../signal.ts';

/** A command that a tool offers by its own rules; the best form of a purpose has weight 0, other forms less. */
export function command(
  purpose: Purpose,
  run: string,
  dir: string,
  evidence: Evidence | readonly Evidence[],
  more: { readonly weight?: number; readonly source?: ConventionalCommand['source'] } = {},
): ConventionalCommand {
  const { weight = 0, source = 'convention' } = more;
  return { kind: 'command', purpose, run, dir, source, evidence: lines(evidence), weight };
}

/** A fact that a line of a manifest or a tool's own file states. */
export function plain(
  key: string,
  value: string,
  dir: string,
  evidence: Evidence | readonly Evidence[],
  more: { readonly weight?: number; readonly source?: FactSource } = {},
): PlainFact {
  const { weight = 0, source = 'config' } = more;
  return { kind: 'fact', key, value, dir, source, evidence: lines(evidence), weight };
}

function lines(evidence: Evidence | readonly Evidence[]): readonly Evidence[] {
  return 'path' in evidence ? [evidence] : evidence;
}
