import type { InterruptedCode, Stopping } from './command.ts';
import type { Output } from './output.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const satisfies Partial<
  Record<NodeJS.Signals, InterruptedCode>
>;

/** Somebody ended the program: the reason of an aborted {@link Stopping}. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly exitCode: InterruptedCode;

  constructor(exitCode: InterruptedCode) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

export interface Signals {
  /** See `CommandInput.stopping`. */
  stopping(tell?: (message: string) => void): Stopping;
  /** Whoever read stdout has gone. @returns whether that was taken as a wish to stop. */
  readerGone(): boolean;
}

/** What of the process is needed. */
export interface Watched {
  on(signal: keyof typeof SIGNALS, listener: () => void): unknown;
  exit(code: number): void;
}

/** Ends the process on SIGINT, SIGTERM and SIGHUP, until a command takes them over. */
export function watchSignals(out: () => Output, process: Watched = globalThis.process): Signals {
  const stop = new AbortController();
  const abort = new AbortController();
  let tell: ((message: string) => void) | undefined;
  const interrupt = (exitCode: InterruptedCode): void => {
    const interruption = new Interruption(exitCode);
    if (tell === undefined || abort.signal.aborted) {
      out().progress('');
      process.exit(exitCode);
    } else if (stop.signal.aborted) {
      tell('ending at once');
      abort.abort(interruption);
    } else {
      tell('finishing what is in hand; once more to end at once');
      stop.abort(interruption);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt(SIGNALS[signal]));
  return {
    stopping: (say = (message) => out().note(message)) => {
      tell = say;
      return { stop: stop.signal, abort: abort.signal };
    },
    readerGone: () => {
      if (tell === undefined) return false;
      if (!stop.signal.aborted) interrupt(SIGNALS.SIGINT);
      return true;
    },
  };
}

/** The exit code of a program that was interrupted with these; `undefined` where it was not. */
export function codeOfInterruption({ stop }: Pick<Stopping, 'stop'>): InterruptedCode | undefined {
  return stop.reason instanceof Interruption ? stop.reason.exitCode : undefined;
}

/** The same of an error: of what was thrown because of the signals. */
export function interruptionIn(thrown: unknown): Interruption | undefined {
  for (let at = thrown; at instanceof Error; at = at.cause) if (at instanceof Interruption) return at;
  return undefined;
}
