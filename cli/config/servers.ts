import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import type { LoadedConfig } from './load.ts';

/**
 * A configuration that was merely found in a git repository holds for that repository alone: whoever wrote it could otherwise send
 * the user's tokens to a server of their own, have a command run as a token's source, or decide what is proposed to other
 * projects, and over which branch. What `--config` or AGENTSMD_CONFIG names, and what lies outside of any git repository, is
 * the user's own.
 *
 * @param target the repository that is worked on, where it is a local one.
 * @throws {ConfigError} where it sets anything and another repository is meant.
 */
export function assertOwnConfig(loaded: LoadedConfig, target?: string): void {
  if (target !== undefined && loaded.file !== undefined) {
    const around = repositoryAround(dirname(loaded.file));
    if (around !== undefined && around === repositoryAround(resolve(target))) return;
  }
  refuse(loaded, () => true);
}

/** The same for what goes out while a local repository is only read: servers, and tokens for them. @throws {ConfigError} */
export function assertOwnServers(loaded: LoadedConfig): void {
  refuse(loaded, (setting) => SERVERS.some((each) => setting === each || setting.startsWith(`${each}.`)));
}

/** The same for whom prompts are sent to, and the keys of providers. @throws {ConfigError} */
export function assertOwnModels(loaded: LoadedConfig): void {
  refuse(loaded, (setting) => setting === 'models' || setting.startsWith('models.'));
}

/** The same for whose prompts hold: whoever writes them decides what a review finds. @throws {ConfigError} */
export function assertOwnAgents(loaded: LoadedConfig): void {
  refuse(loaded, (setting) => setting.startsWith('agents.'));
}

/** The same for programs that a review runs, texts that its models are told, and servers that it speaks to. @throws {ConfigError} */
export function assertOwnPlugins(loaded: LoadedConfig): void {
  refuse(loaded, (setting) => /^review\.(?:plugins$|template\.|tracing\.)/.test(setting));
}

const SERVERS = ['gitlab.instances', 'catalog.baseUrl', 'catalog.token', 'fleet.notify'];

function refuse({ file, named, settings }: LoadedConfig, counts: (setting: string) => boolean): void {
  if (file === undefined || named || repositoryAround(dirname(file)) === undefined) return;
  const found = settings.find(({ path, source }) => source.kind === 'file' && counts(path.join('.')));
  if (found?.source.kind !== 'file') return;
  const name = relative(process.cwd(), file);
  throw new ConfigError([
    `${name}:${found.source.line}: ${found.path.join('.')}: this file was only found in a git repository, which others may have written, so it holds for that repository alone; if it is yours, name it: --config ${name}, or AGENTSMD_CONFIG`,
  ]);
}

/** The nearest folder at or above this one that holds a `.git`, with links resolved. */
export function repositoryAround(start: string): string | undefined {
  for (let folder = realpathSync(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
