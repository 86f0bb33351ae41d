import type { ProcessEnvironment } from './environment.ts';
import type { EngineEvent } from './port.ts';
import type { EngineProcess } from './process.ts';
import type { Told } from './protocol.ts';

export interface EngineDeps {
  readonly env: NodeJS.ProcessEnv;
  /** Names of the variables that hold tokens of the configured instances; the usual ones need not be said. */
  readonly forgeTokens?: readonly string[] | undefined;
  readonly onEvent?: ((event: EngineEvent) => void) | undefined;
  /** Told the id of each process. */
  readonly onProcess?: ((pid: number) => void) | undefined;
  /** In ms: how long a model may be silent until it is told that it is thinking. Default: 30 s. */
  readonly thinking?: number | undefined;
  /** In ms: how long the process may take to call a question off, or to end. Default: 10 s. */
  readonly patience?: number | undefined;
  /** In ms: how long the process may take to start. Default: 60 s. */
  readonly startup?: number | undefined;
  /** In MB: of the process's heap. Default: 2560. */
  readonly heap?: number | undefined;
  /** What the process runs. Default: the file beside this one. */
  readonly program?: string | undefined;
  /** One that was started ahead. */
  readonly warm?: WarmEngine | undefined;
}

/** A process that was started before anybody knew what it will be asked: it loads what it needs meanwhile. */
export interface WarmEngine {
  /** Takes it over; `undefined` where it is gone, taken already, or was started for something else. */
  take(
    environment: ProcessEnvironment,
    transcripts: string | undefined,
    onTold: (told: Told) => void,
  ): EngineProcess | undefined;
  /** Ends it where nobody took it. */
  close(): void;
}
