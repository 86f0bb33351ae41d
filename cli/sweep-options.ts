import { resolve } from 'node:path';
import type { FleetConfig } from '../jobs/config.ts';
import type { SweepOptions } from '../jobs/sweep/options.ts';
import type { CommandInput } from './command.ts';
import { readDuration } from './duration.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

type Asked = Pick<CommandInput, 'list' | 'text' | 'flag'>;

/** What a sweep is asked for on the command line. @throws {UsageError} */
export function sweepOptions(input: Asked, { groups: known }: Pick<FleetConfig, 'groups'>, now: number): SweepOptions {
  const groups = input.list('group').map((group) => groupPath(group));
  const folder = input.text('dir');
  if (folder !== undefined && (groups.length > 0 || input.flag('all')))
    throw new UsageError('--dir sweeps a folder, which has no groups: leave out --all and the groups');
  if (groups.length > 0 && input.flag('all'))
    throw new UsageError('--all is about every group: leave it out, or the groups');
  if (folder === '') throw new UsageError('--dir: name a folder that holds git repositories');
  if (folder === undefined && groups.length === 0 && known.length === 0 && !input.flag('all'))
    throw new UsageError(
      'name what to sweep: groups, --dir FOLDER, or --all for every project of the token; fleet.groups of the configuration saves naming them',
    );
  const named = input.text('since');
  const since = named === undefined ? undefined : sinceOf(named, now);
  if (input.flag('audit') && input.flag('dryRun'))
    throw new UsageError('--audit keeps verdicts, and --dry-run keeps nothing: leave one of them out');
  const limit = wholeNumber(input, 'limit', 1, 1_000_000);
  return {
    ...(folder === undefined ? {} : { folder: resolve(folder) }),
    groups,
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit }),
    ...(input.flag('acceptShrunk') ? { acceptShrunk: true } : {}),
    ...(input.flag('audit') ? { audit: true } : {}),
  };
}

/** A group as people write it. @throws {UsageError} for what can be none. */
export function groupPath(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '');
  if (/^[\p{L}\p{N}_.][\p{L}\p{N}_.-]*(?:\/[\p{L}\p{N}_.][\p{L}\p{N}_.-]*)*$/u.test(path)) return path;
  throw new UsageError(`${printableLine(text) || '""'}: no path of a group; give it as shop or shop/backend`);
}

/** How many repositories are worked on at a time, where that was said. @throws {UsageError} */
export function concurrencyOf(input: Pick<CommandInput, 'text'>): number | undefined {
  return wholeNumber(input, 'concurrency', 1, 64);
}

/** The value of an option that takes a whole number. @throws {UsageError} */
export function wholeNumber(
  { text }: Pick<CommandInput, 'text'>,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = text(name);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} ${printableLine(value)}: must be a whole number from ${least} to ${most}`);
}

/** A date, or a time span before now, as ISO 8601. @throws {UsageError} */
export function sinceOf(text: string, now: number): string {
  const span = readDuration(text);
  const at = span === undefined ? dateOf(text) : now - span;
  if (at === undefined)
    throw new UsageError(
      `--since ${printableLine(text)}: neither a date (2026-11-01, 2026-11-01T08:00:00Z) nor a time span (30m, 12h, 7d, 2w)`,
    );
  if (at > now) throw new UsageError(`--since ${printableLine(text)}: lies in the future`);
  return new Date(at).toISOString();
}

/** Of a day its beginning in UTC; a time without a zone is one of this machine. */
function dateOf(text: string): number | undefined {
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  // 2026-02-30 would be read as a day in March.
  const begins = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(begins.getTime()) || begins.getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
