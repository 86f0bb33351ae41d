/**
 * A clock that can be put forward or back: of this process, and of each that is started with it by `--import`. Time goes on by itself in
 * between, so that nothing happens twice in one moment.
 */
const Real = globalThis.Date;
const NAME = 'AGENTSMD_TEST_CLOCK';
let ahead = Number(process.env[NAME] ?? 0);

class Shifted extends Real {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(Real.now() + ahead);
    else super(...(given as [number]));
  }
  static override now(): number {
    return Real.now() + ahead;
  }
}

if (ahead !== 0) globalThis.Date = Shifted as DateConstructor;

export interface Clock {
  /** Puts it forward, in ms from where it stood at first; back, where that is negative. */
  forward(ms: number): void;
  /** What other processes have to be started with, to go by it. */
  readonly node: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Back to the real one. */
  restore(): void;
}

/** Takes this process's clock over. */
export function startClock(): Clock {
  globalThis.Date = Shifted as DateConstructor;
  return {
    forward: (ms) => {
      ahead = ms;
    },
    node: ['--import', import.meta.filename],
    get env() {
      return { [NAME]: String(ahead) };
    },
    restore: () => {
      ahead = 0;
      globalThis.Date = Real;
    },
  };
}
