/** The time by a database: machines differ by minutes, and one that is wrong must not count for the others. */
export interface DatabaseClock {
  /** In ms since 1970. */
  now(): number;
  stop(): void;
}

/** How often it is asked again, in ms. */
const A_MINUTE = 60_000;
/** An answer that took so long says too little, in ms. */
const SLOW = 2_000;
/** A machine that is wrong by more is told of, in ms. */
const WRONG = 60_000;

/**
 * Between two questions time goes on as this process counts it, whatever is done to the machine's clock.
 *
 * @param ask the database's time, in ms since 1970.
 */
export async function databaseClock(
  ask: () => Promise<number>,
  onProblem: (message: string) => void,
): Promise<DatabaseClock> {
  let known = { time: Date.now(), at: performance.now() };

  async function look({ first }: { readonly first: boolean }): Promise<void> {
    const before = performance.now();
    const time = await ask();
    const after = performance.now();
    if (after - before > SLOW && !first) return;
    known = { time: time + (after - before) / 2, at: after };
    const ahead = Date.now() - known.time;
    if (Math.abs(ahead) > WRONG)
      onProblem(
        `the clock of this machine is ${minutes(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} the database's, which counts`,
      );
  }

  await look({ first: true });
  const timer = setInterval(() => void look({ first: false }).catch(() => {}), A_MINUTE).unref();
  return {
    now: () => Math.round(known.time + performance.now() - known.at),
    stop: () => clearInterval(timer),
  };
}

function minutes(ms: number): string {
  const count = Math.round(ms / A_MINUTE);
  return count === 1 ? '1 minute' : `${count} minutes`;
}
