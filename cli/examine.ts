import type { RepoReader } from '../forge/reader.ts';
import { type CheckResult, check } from '../generator/check/index.ts';
import type { Rule } from '../generator/check/rule.ts';
import type { CodexContext } from '../generator/sections/rules.ts';
import { type CheckTarget, readerOfFile } from './check-target.ts';
import type { CommandInput } from './command.ts';
import type { Config } from './config/slices.ts';
import { UsageError } from './errors.ts';
import { openTarget, openTargetHistory } from './open-target.ts';
import { printableLine } from './printable.ts';

export interface Examined {
  readonly result: CheckResult;
  readonly repository: string;
  readonly commit: string | null;
  /** What of the past could be asked: all of it, what a shallow clone holds, nothing where there is no repository. */
  readonly history: 'complete' | 'shallow' | 'none';
}

/**
 * Runs the rules over what the command was pointed at.
 *
 * @throws {UsageError} where the one document it names is not in the repository.
 */
export async function examine(
  input: CommandInput,
  target: CheckTarget,
  config: Config,
  rules: readonly Rule[],
  codex?: CodexContext,
): Promise<Examined> {
  if ('outside' in target) return await examineFile(target.outside, config, rules);
  const { repo, document } = target;
  const at: CommandInput = { ...input, argument: () => repo };
  // A path that is left out of the facts is there all the same: nothing that names it is wrong.
  const reader = await openTarget(at, { ...config, facts: { ...config.facts, ignore: [] } });
  try {
    const history = await openTargetHistory(at);
    const only =
      document === undefined ? await notIgnored(config) : (names: readonly string[]) => names.includes(document);
    const result = await check(reader, {
      rules,
      history,
      levels: config.check.rules,
      only,
      ...(document === undefined ? {} : { also: document }),
      ...(codex === undefined ? {} : { codex }),
    });
    if (document !== undefined && result.documents.length + result.unread.length === 0)
      throw absent(document, input, reader);
    return { result, ...about(reader), history: history.complete ? 'complete' : 'shallow' };
  } finally {
    await reader.close();
  }
}

/** Outside of any repository only the text itself can be judged: its size and noise, its safety, its form. */
async function examineFile(path: string, config: Config, rules: readonly Rule[]): Promise<Examined> {
  const { reader, document } = readerOfFile(path);
  const asked = rules.filter(({ id }) => /^AMD[347]/.test(id));
  const result = await check(reader, { rules: asked, levels: config.check.rules, also: document });
  return { result, ...about(reader), history: 'none' };
}

function about({ name, commit }: RepoReader): Pick<Examined, 'repository' | 'commit'> {
  return { repository: name, commit };
}

/** Whether a document, by its path and the links to it, is one that is checked. */
export async function notIgnored({ check: { ignore }, facts }: Config): Promise<(names: readonly string[]) => boolean> {
  const patterns = [...ignore, ...facts.ignore];
  if (patterns.length === 0) return () => true;
  const { default: gitignore } = await import('ignore');
  const rules = gitignore({ allowRelativePaths: true }).add(patterns);
  return ([path = '']) => !rules.ignores(path);
}

function absent(document: string, { text }: CommandInput, { worktree }: RepoReader): UsageError {
  const path = printableLine(document);
  if (worktree) return new UsageError(`${path}: git ignores it, so it is no part of the repository`);
  return new UsageError(`${path}: not in the repository at ${text('rev') ?? 'HEAD'}`);
}
