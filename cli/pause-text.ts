import { pauses } from '../jobs/pause.ts';
import { halts } from '../jobs/rollout/halt.ts';
import type { State } from '../jobs/store/tables.ts';
import type { CommandInput } from './command.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';
import { zoned } from './status-text.ts';

/** What a pause or a resume is about; nothing named is everything. @throws {UsageError} */
export function scopesIn({ list }: Pick<CommandInput, 'list'>): readonly string[] {
  const scopes = list('scope');
  if (scopes.some((scope) => scope.trim() === '')) throw new UsageError('"": name a group or a project, or nothing');
  if (scopes.length > 1 && scopes.includes('*')) throw new UsageError('"*" is everything: leave the others out');
  return scopes.length > 0 ? scopes : ['*'];
}

export function scopeText(scope: string): string {
  return scope === '*' ? 'everything' : printableLine(scope);
}

/** What is kept from going on now, whoever said so: a line each, or with `--json` a document. */
export async function printStanding(db: State, { out }: Pick<CommandInput, 'out'>): Promise<void> {
  const [paused, halted] = await Promise.all([pauses(db), halts(db)]);
  if (out.json) {
    out.document({
      schema: 'agentsmd/pauses/1',
      pauses: paused,
      halted: halted.map(({ campaign, wave, halted_at, halt_reason }) => ({
        campaign,
        wave,
        since: halted_at,
        reason: halt_reason,
      })),
    });
    return;
  }
  for (const { scope, reason, by, since } of paused) {
    const why = reason === '' ? '' : `: ${printableLine(reason)}`;
    out.result(`paused: ${scopeText(scope)} by ${printableLine(by)} since ${zoned(since)}${why}\n`);
  }
  for (const { halt_reason, halted_at } of halted)
    out.result(`halted: since ${zoned(halted_at!)}: ${printableLine(halt_reason ?? '')}\n`);
  if (paused.length + halted.length === 0) out.result('nothing is paused\n');
}
