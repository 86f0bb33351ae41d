import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { cacheFolder } from '../../codex/cache.ts';
import { CodexError, loadCodex } from '../../codex/load.ts';
import { MINIMUM_GIT } from '../../forge/git/errors.ts';
import { runGit } from '../../forge/git/run.ts';
import { CONFIG_NAME } from '../config/find.ts';
import type { LoadedConfig } from '../config/load.ts';
import { codexSource } from '../open-codex.ts';
import { stateFolder } from '../state-folder.ts';
import { version } from '../version.ts';
import type { Check } from './check.ts';

/** What does not depend on any server: Node, git, folders, the configuration and the codex. */
export async function machineChecks(loaded: LoadedConfig, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  return [
    { about: 'agentsmd', mark: 'ok', says: `${version()} on Node.js ${process.versions.node}` },
    await gitCheck(),
    {
      about: 'configuration',
      mark: loaded.file === undefined ? 'note' : 'ok',
      says: loaded.file ?? `no ${CONFIG_NAME} here or above; the defaults hold`,
    },
    folderCheck('state folder', () => stateFolder(env)),
    folderCheck('cache folder', () => cacheFolder(env)),
    await codexCheck(loaded),
  ];
}

async function gitCheck(): Promise<Check> {
  try {
    const said = (await runGit(['--version'])).toString('utf8').trim();
    const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said) ?? [];
    const [least = 0, most = 0] = MINIMUM_GIT.split('.').map(Number);
    const old = Number(major) < least || (Number(major) === least && Number(minor) < most);
    if (!old) return { about: 'git', mark: 'ok', says: said };
    return { about: 'git', mark: 'fails', says: said, mend: `install git ${MINIMUM_GIT} or newer` };
  } catch (error) {
    return { about: 'git', mark: 'fails', says: (error as Error).message };
  }
}

/** Whether it can be written to; made where it is not there. `undefined`: there is none. */
export function folderCheck(about: string, locate: () => string | undefined): Check {
  try {
    const folder = locate();
    if (folder === undefined)
      return { about, mark: 'note', says: 'none: nothing is kept between runs', mend: 'set AGENTSMD_CACHE_DIR' };
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return { about, mark: 'ok', says: folder };
  } catch (error) {
    return { about, mark: 'fails', says: (error as Error).message };
  }
}

/** Step by step: below some mounts, such as /proc, the recursive way of Node.js never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

async function codexCheck(loaded: LoadedConfig): Promise<Check> {
  const source = codexSource({ text: () => undefined }, loaded);
  if (!source) return { about: 'codex', mark: 'note', says: 'codex.from is none: no rules' };
  try {
    const codex = await loadCodex(source);
    const active = codex.rules.filter(({ status }) => status === 'active').length;
    const says = `${source.from}: ${codex.rules.length} rules, ${active} of them active`;
    if (codex.problems.length === 0) return { about: 'codex', mark: 'ok', says };
    const mend = 'agentsmd codex lint tells which';
    return { about: 'codex', mark: 'warns', says: `${says}; ${codex.problems.length} files cannot be read`, mend };
  } catch (error) {
    if (!(error instanceof CodexError)) throw error;
    return { about: 'codex', mark: 'fails', says: error.message, mend: 'codex.from of the configuration names it' };
  }
}
