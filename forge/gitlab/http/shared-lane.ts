import { createHash } from 'node:crypto';
import type { Token } from '../tokens/token.ts';
import type { Lane } from './lane.ts';

/** What several processes that use one token keep to together. */
export interface SharedLimit {
  /**
   * Waits until one more request may be sent with that token by any of them.
   * @param token a fingerprint, never the token itself.
   * @throws the signal's reason
   */
  enter(token: string, signal?: AbortSignal): Promise<void>;
  /** None of them sends anything with it before that moment, in ms since the epoch. */
  hold(token: string, until: number): void;
}

/**
 * A lane of this process within what all share. It keeps its place in the lane while it waits for the others: whoever stands
 * behind it would wait for the same.
 */
export function sharedLane(lane: Lane, shared: SharedLimit, token: string): Lane {
  return {
    enter: async (signal) => {
      for (;;) {
        const leave = await lane.enter(signal);
        try {
          await shared.enter(token, signal);
        } catch (error) {
          leave();
          throw error;
        }
        // Meanwhile GitLab may have told another request to wait.
        if (!lane.isHeld()) return leave;
        leave();
      }
    },
    hold: (until) => {
      lane.hold(until);
      shared.hold(token, until);
    },
    isHeld: () => lane.isHeld(),
    // Whether that is a limit of one route alone nobody says: all of them keep still.
    throttled: (until) => shared.hold(token, until),
  };
}

/** Tells tokens apart, and nothing else of them. */
export function fingerprint(token: Token | undefined): string {
  if (!token) return 'none';
  return createHash('sha256').update(`${token.kind} ${token.reveal()}`).digest('hex').slice(0, 16);
}
