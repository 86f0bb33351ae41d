import { createHash } from 'node:crypto';

/**
 * Agents of one review begin at the same moment with the same prefix, and a server holds a prefix only once it has read it: all of
 * them would pay for all of it. So the first goes ahead, and the others wait until it has said something.
 */
export interface Prefixes {
  /**
   * Waits while another call is about to have this prefix held. @returns what it has to tell who goes ahead; `undefined`: it
   * follows. Throws the reason of `signal` when that comes first.
   */
  enter(key: string, signal: AbortSignal): Promise<Lead | undefined>;
}

export interface Lead {
  /** The server has read the prefix: it said something. */
  warm(): void;
  /** It is over, and another one goes ahead where nothing was said. To be called in any case. */
  leave(): void;
}

/** Longer than a long prompt takes to be read, shorter than a model may think before it says something; in ms. */
const PATIENCE = 10_000;
/** For so long after its last use servers hold a prefix, in ms; those that say so say 5 minutes and more. */
const HELD = 5 * 60_000;
/** Servers that charge for what they hold do not hold less: 1,024 tokens, here in characters. */
const LEAST = 4096;

interface State {
  /** In ms since 1970. */
  warmAt: number;
  /** Ends once the one that goes ahead has said something, or is over. */
  leading: Promise<void> | undefined;
}

export function openPrefixes(deps: {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}): Prefixes {
  const states = new Map<string, State>();
  let tidyAt = 0;
  const isWarm = ({ warmAt }: State) => deps.now() - warmAt < HELD;

  function stateOf(key: string): State {
    if (deps.now() >= tidyAt) {
      tidyAt = deps.now() + HELD;
      for (const [other, state] of states) if (!state.leading && !isWarm(state)) states.delete(other);
    }
    const known = states.get(key);
    if (known) return known;
    const state: State = { warmAt: Number.NEGATIVE_INFINITY, leading: undefined };
    states.set(key, state);
    return state;
  }

  function lead(state: State): Lead {
    const said = Promise.withResolvers<void>();
    state.leading = said.promise;
    const leave = () => {
      if (state.leading === said.promise) state.leading = undefined;
      said.resolve();
    };
    return {
      warm() {
        state.warmAt = deps.now();
        leave();
      },
      leave,
    };
  }

  return {
    async enter(key, signal) {
      signal.throwIfAborted();
      const state = stateOf(key);
      const timer = new AbortController();
      const late = state.leading && isLate(deps.sleep(PATIENCE, AbortSignal.any([signal, timer.signal])));
      while (state.leading && !(await Promise.race([state.leading, late]))) signal.throwIfAborted();
      timer.abort();
      if (!isWarm(state)) return state.leading ? undefined : lead(state);
      state.warmAt = deps.now();
      return undefined;
    },
  };
}

const isLate = (sleeping: Promise<void>) =>
  sleeping.then(
    () => true,
    () => false,
  );

/** @returns `undefined` where the prefix is too short to be held. `parts` in the order in which they are sent. */
export function prefixKey(parts: readonly string[]): string | undefined {
  if (parts.reduce((length, part) => length + part.length, 0) < LEAST) return undefined;
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('base64');
}
