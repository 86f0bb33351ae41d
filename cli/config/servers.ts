import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ConfigError } from './config-error.ts';
import type { LoadedConfig } from './load.ts';

/**
 * Refuses servers and tokens of a configuration that merely lay around: in a repository that was cloned from anywhere it could send
 * the user's tokens to a server of its author, or run a command as a token's source. What `--config` or AGENTSMD_CONFIG names,
 * and what lies outside of any git repository, is the user's own.
 *
 * @throws {ConfigError}
 */
export function assertOwnServers({ file, named, settings }: LoadedConfig): void {
  if (file === undefined || named || !isInRepository(file)) return;
  const name = relative(process.cwd(), file);
  const problems = settings.flatMap(({ path, source }) => {
    const setting = path.join('.');
    if (source.kind !== 'file' || !SERVERS.some((each) => setting === each || setting.startsWith(`${each}.`)))
      return [];
    return [
      `${name}:${source.line}: ${setting}: names servers or tokens, and lies in a git repository that others may have written; if it is yours, name it: --config ${name}, or AGENTSMD_CONFIG`,
    ];
  });
  if (problems.length > 0) throw new ConfigError(problems.slice(0, 1));
}

const SERVERS = ['gitlab.instances', 'catalog.baseUrl', 'catalog.token'];

function isInRepository(file: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (dirname(folder) === folder) return false;
  }
}
