import type { Codex } from '../codex/codex.ts';
import type { FleetRepository, SkippedRepository } from '../codex/fleet.ts';
import { findRepositories } from '../forge/git/find-repositories.ts';
import { openRepository } from '../forge/git/open.ts';
import type { CommandInput } from './command.ts';
import type { Config } from './config/slices.ts';
import { UsageError } from './errors.ts';
import { ignoring } from './open-target.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** Not one of many repositories could be read. */
class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly exitCode = 3;
}

/** The repositories below `--repos`, to be opened one by one within the limits of the configuration. @throws {UsageError} */
export function fleetOf({ text }: Pick<CommandInput, 'text'>, { facts }: Config): readonly FleetRepository[] {
  const folder = text('repos');
  if (folder === undefined) throw new UsageError('--repos: name a folder that holds git repositories');
  const found = findRepositories(folder);
  if (found.length === 0)
    throw new UsageError(`--repos ${printableLine(folder)}: no git repository in it, nor in its folders`);
  return found.map(({ name, path }) => ({
    name,
    open: async () => {
      const reader = await openRepository(path, { limits: facts.limits, keep: false });
      return facts.ignore.length === 0 ? reader : await ignoring(reader, facts.ignore);
    },
  }));
}

/** Warns of rules that are left out because they cannot be read: nothing is said of them. */
export function warnOfCodexProblems({ origin, problems }: Pick<Codex, 'origin' | 'problems'>, out: Output): void {
  for (const { file, line, message } of problems)
    out.warn(printableLine(`${origin}: ${file}${line === undefined ? '' : `:${line}`}: left out: ${message}`));
}

/** Warns of repositories that could not be read. @throws {FleetError} where there are no others. */
export function warnOfSkipped(skipped: readonly SkippedRepository[], of: number, out: Output): void {
  for (const { name, reason } of skipped) out.warn(`${printableLine(name)}: skipped: ${printableLine(reason)}`);
  if (skipped.length === of) throw new FleetError(`none of the ${of} repositories could be read`);
}
