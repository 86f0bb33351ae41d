import { openHistory } from '../forge/git/history.ts';
import { type OpenOptions, openRepository } from '../forge/git/open.ts';
import { hiding } from '../forge/hiding.ts';
import type { History } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { CommandInput } from './command.ts';
import type { Config } from './config/slices.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

/** Opens the repository a command was pointed at, `[repo] --rev <rev>`, within the limits of the configuration. */
export async function openTarget(
  input: CommandInput,
  config: Config,
  options: Pick<OpenOptions, 'keep'> = {},
): Promise<RepoReader> {
  return openRevision(input, config, input.text('rev'), options);
}

/** Opens the repository a command was pointed at, at a revision that it worked out itself. */
export async function openRevision(
  { argument }: Pick<CommandInput, 'argument'>,
  { facts }: Config,
  rev: string | undefined,
  more: Pick<OpenOptions, 'keep'> = {},
): Promise<RepoReader> {
  const options = { ...more, limits: facts.limits, ...(rev === undefined ? {} : { rev }) };
  const repo = argument('repo') ?? '.';
  if (/^(?:[a-z][a-z+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i.test(repo)) {
    throw new UsageError(`${printableLine(repo)}: a remote repository; clone it and give its folder`);
  }
  const reader = await openRepository(repo, options);
  return facts.ignore.length === 0 ? reader : await ignoring(reader, facts.ignore);
}

/** The changes that led to what {@link openTarget} opens. */
export function openTargetHistory({ argument, text }: CommandInput): Promise<History> {
  const rev = text('rev');
  return openHistory(argument('repo') ?? '.', rev === undefined ? {} : { rev });
}

/** A reader that does not show the paths that `facts.ignore` names, written as in a .gitignore. */
export async function ignoring(reader: RepoReader, patterns: readonly string[]): Promise<RepoReader> {
  const { default: ignore } = await import('ignore');
  const rules = ignore({ allowRelativePaths: true }).add(patterns);
  return hiding(reader, (path) => rules.ignores(path));
}
