import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { CodexSource } from '../codex/source.ts';
import { locateRepository, type Repository } from '../forge/git/locate.ts';
import { openLocated } from '../forge/git/open.ts';
import type { CommandInput } from './command.ts';
import { CONFIG_NAME } from './config/find.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';

/** What judges a change. */
export interface ChangeConfig {
  readonly config: LoadedConfig;
  /** A codex that lies in the repository itself, read where the change goes into; others are as they were named. */
  codexOf(source: CodexSource): CodexSource;
}

/**
 * The configuration of `codex check`. A change must not choose what it is judged by: with `--base` and `--staged` a
 * configuration that lies in the repository is read at the commit the change goes into, and so is a codex. What
 * `--config` and `AGENTSMD_CONFIG` name is taken as it is, and so is whatever lies outside of the repository.
 */
export async function configOfChange(input: CommandInput): Promise<ChangeConfig> {
  const { text, flag, out } = input;
  const surroundings = { cwd: process.cwd(), env: process.env, file: input.configFile };
  const target = flag('staged') ? 'HEAD' : text('base');
  const repository = target === undefined ? undefined : await repositoryOf(input.argument('path') ?? '.');
  const worktree = repository?.worktree ?? undefined;
  if (target === undefined || repository === undefined || worktree === undefined)
    return { config: await loadConfig(surroundings), codexOf: (source) => source };
  const codexOf = (source: CodexSource): CodexSource =>
    source.rev === undefined && insideOf(worktree, source.from) !== undefined ? { ...source, rev: target } : source;
  const here = insideOf(worktree, surroundings.cwd);
  if (here === undefined || surroundings.file !== undefined || surroundings.env.AGENTSMD_CONFIG)
    return { config: await loadConfig(surroundings), codexOf };
  const now = await loadConfig(surroundings).catch(() => undefined);
  const then = await textAt(repository, worktree, target, here);
  const above = { ...surroundings, cwd: dirname(worktree) };
  const config = await loadConfig(then === undefined ? above : { ...surroundings, found: then });
  if (JSON.stringify(now?.settings) !== JSON.stringify(config.settings))
    out.note(`${CONFIG_NAME} is another one at ${target}, which counts: what the change sets holds once merged`);
  return { config, codexOf };
}

async function repositoryOf(path: string): Promise<Repository | undefined> {
  return await locateRepository(path).catch(() => locateRepository(dirname(resolve(path))).catch(() => undefined));
}

/** The path of a folder from the top of the repository; `undefined` where it lies elsewhere. */
function insideOf(worktree: string, folder: string): string | undefined {
  let real: string;
  try {
    real = realpathSync(folder);
  } catch {
    return undefined;
  }
  const path = relative(realpathSync(worktree), real);
  return path === '..' || path.startsWith(`..${sep}`) || resolve(path) === path ? undefined : path.split(sep).join('/');
}

/** The nearest configuration from a folder up to the top, as it is at a commit. */
async function textAt(
  repository: Repository,
  worktree: string,
  rev: string,
  folder: string,
): Promise<{ readonly file: string; readonly text: string } | undefined> {
  const parts = folder.split('/').filter(Boolean);
  const candidates = Array.from({ length: parts.length + 1 }, (_, up) =>
    [...parts.slice(0, parts.length - up), CONFIG_NAME].join('/'),
  );
  const reader = await openLocated(repository, { rev }).catch(() => undefined);
  if (!reader) return undefined;
  try {
    const answers = await reader.read(candidates);
    for (const path of candidates) {
      const read = answers.get(path);
      if (read?.ok) return { file: join(worktree, path), text: read.text };
    }
    return undefined;
  } finally {
    await reader.close();
  }
}
