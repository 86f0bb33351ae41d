import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UsageError } from './errors.ts';

/**
 * Where is kept what cannot be made again, such as the audit log: `AGENTSMD_STATE_DIR`, else in the user's state folder
 * (XDG Base Directory Specification).
 *
 * @throws {UsageError} where there is neither.
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const { AGENTSMD_STATE_DIR, XDG_STATE_HOME, LOCALAPPDATA } = env;
  if (AGENTSMD_STATE_DIR) return AGENTSMD_STATE_DIR;
  if (XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME)) return join(XDG_STATE_HOME, 'agentsmd');
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'agentsmd', 'state');
  const home = homeOf();
  if (home === undefined)
    throw new UsageError('there is no home folder to keep the audit log in; name a folder in AGENTSMD_STATE_DIR');
  return join(home, '.local', 'state', 'agentsmd');
}

function homeOf(): string | undefined {
  try {
    return isAbsolute(homedir()) ? homedir() : undefined;
  } catch {
    return undefined;
  }
}
