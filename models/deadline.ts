/** In s; see `ModelsSettings.timeouts`. */
export interface Timeouts {
  readonly first: number;
  readonly between: number;
  readonly call: number;
}

/** The three clocks of one call; it is cut off when one of them runs out, or its caller wants no more. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** A token came. */
  beat(): void;
  /** What ran out, in words; `undefined`: nothing did. */
  expired(): string | undefined;
  stop(): void;
}

export function openDeadline(timeouts: Timeouts, caller: AbortSignal): Deadline {
  const ours = new AbortController();
  let expired: string | undefined;
  const after = (seconds: number, what: string) =>
    setTimeout(() => {
      expired ??= `${what} within ${seconds} s`;
      ours.abort(new Error(expired));
    }, seconds * 1000);
  const whole = after(timeouts.call, 'it did not end');
  let next = after(timeouts.first, 'no first token came');
  let stopped = false;
  return {
    signal: AbortSignal.any([caller, ours.signal]),
    beat() {
      if (stopped) return;
      clearTimeout(next);
      next = after(timeouts.between, 'no further token came');
    },
    expired: () => expired,
    stop() {
      stopped = true;
      clearTimeout(whole);
      clearTimeout(next);
    },
  };
}
