import { extname, join } from 'node:path';
import type { EngineDeps, WarmEngine } from './deps.ts';
import { processEnvironment } from './environment.ts';
import { transcriptFolder } from './permissions.ts';
import type { EngineSettings } from './port.ts';
import { startProcess } from './process.ts';
import type { Told } from './protocol.ts';

/** What a process of the models needs to be started. */
type Starting = Pick<EngineSettings, 'models' | 'environment' | 'home'>;

/** The file that a process runs, and its heap in MB. */
export function programOf({ program, heap = 2560 }: Pick<EngineDeps, 'program' | 'heap'>) {
  return { program: program ?? join(import.meta.dirname, `child${extname(import.meta.filename)}`), heap };
}

/**
 * Starts one ahead, while what it will be asked is still worked out.
 *
 * @throws SettingError where a token of the forge would get there.
 */
export function warmEngine(settings: Starting, deps: EngineDeps): WarmEngine {
  const environment = processEnvironment(settings, deps.env, deps.forgeTokens);
  let listener: (told: Told) => void = () => {};
  let isFree = true;
  const transcripts = transcriptFolder(settings);
  const started = startProcess({ ...programOf(deps), environment, transcripts, onTold: (told) => listener(told) });
  void started.ended.then(() => {
    isFree = false;
  });
  const same = JSON.stringify([environment.variables, transcripts]);
  return {
    take({ variables }, folder, onTold) {
      if (!isFree || JSON.stringify([variables, folder]) !== same) return undefined;
      isFree = false;
      listener = onTold;
      return started;
    },
    close() {
      if (isFree) started.finish();
      isFree = false;
    },
  };
}
