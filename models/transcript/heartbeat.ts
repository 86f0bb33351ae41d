export interface HeartbeatOptions {
  /** In ms. */
  readonly every: number;
  /** In ms. */
  readonly now: () => number;
  /** Seconds since last output. */
  readonly tell: (seconds: number) => void;
}

export interface Heartbeat {
  /** There was output. */
  said(): void;
  /** The call is over; twice is fine. */
  stop(): void;
}

/** Says that a call is alive whenever nothing came from it for a while, so that nobody takes it for hung. */
export function heartbeat({ every, now, tell }: HeartbeatOptions): Heartbeat {
  let last = now();
  let toldAt = last;
  let timer: NodeJS.Timeout | undefined = setTimeout(beat, every);
  function beat(): void {
    const at = now();
    const quiet = at - Math.max(last, toldAt);
    if (quiet >= every) {
      toldAt = at;
      tell(Math.round((at - last) / 1000));
    }
    // Telling may have ended it.
    if (timer !== undefined) timer = setTimeout(beat, Math.max(1, quiet >= every ? every : every - quiet));
  }
  return {
    said: () => {
      last = now();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
