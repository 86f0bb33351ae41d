import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type CodexSource, STARTER } from '../codex/source.ts';
import { locateRepository, type Repository } from '../forge/git/locate.ts';
import { openLocated } from '../forge/git/open.ts';
import { isRemoteAddress } from '../forge/git/remote-address.ts';
import type { CommandInput } from './command.ts';
import { CONFIG_NAME } from './config/find.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';

/** What judges a change. */
export interface ChangeConfig {
  readonly config: LoadedConfig;
  /** A codex that lies in the repository itself, read where the change goes into; others are as they were named. */
  codexOf(source: CodexSource): CodexSource;
}

/** What a change goes into. */
export interface ChangeTarget {
  /** A revision; without one everything is taken as it lies on disk. */
  readonly rev: string | undefined;
  /** The repository that has it, where the one that is worked on may lack it. */
  readonly repo?: string | undefined;
}

/**
 * The configuration that a change is judged by, which it must not choose: one that lies in the repository is read at the commit
 * that the change goes into, and so is a codex. What `--config` and `AGENTSMD_CONFIG` name is taken as it is (of a merge request
 * after `refuseConfigOfClone`), and so is whatever lies outside of the repository.
 */
export async function configOfChange(input: CommandInput, { rev: target, repo }: ChangeTarget): Promise<ChangeConfig> {
  const { out } = input;
  const surroundings = { cwd: process.cwd(), env: process.env, file: input.configFile };
  const around = target === undefined ? undefined : await repositoryOf(input.argument('path') ?? '.');
  const worktree = around?.worktree ?? undefined;
  if (target === undefined || around === undefined || worktree === undefined)
    return { config: await loadConfig(surroundings), codexOf: (source) => source };
  const repository = repo === undefined ? around : await locateRepository(repo);
  const codexOf = (source: CodexSource): CodexSource => {
    const isFolder = source.from !== STARTER && !isRemoteAddress(source.from);
    const inside = isFolder && source.rev === undefined ? insideOf(worktree, source.from) : undefined;
    if (inside === undefined) return source;
    if (repo === undefined) return { ...source, rev: target };
    const folder = [inside, source.folder ?? ''].filter(Boolean).join('/');
    return { from: repo, rev: target, folder, shownAs: folder === '' ? '.' : folder };
  };
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

/** The path of a folder, which need not be there, from the top of the repository; `undefined` where it lies elsewhere. */
export function insideOf(worktree: string, folder: string): string | undefined {
  const path = relative(realpathSync(worktree), realPath(resolve(folder)));
  return path === '..' || path.startsWith(`..${sep}`) || resolve(path) === path ? undefined : path.split(sep).join('/');
}

/** With links resolved, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
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
