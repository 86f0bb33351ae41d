/** So many at a time, first come first served. */
export interface Semaphore {
  /** @returns what gives the place back, once. Throws the reason of `signal` when that comes first. */
  acquire(signal: AbortSignal): Promise<() => void>;
}

export function openSemaphore(places: number): Semaphore {
  const waiting = new Set<() => void>();
  let free = places;

  function place(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const [next] = waiting;
      if (next) next();
      else free += 1;
    };
  }

  return {
    async acquire(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return place();
      }
      return await new Promise<() => void>((resolve, reject) => {
        const leave = () => {
          waiting.delete(enter);
          reject(signal.reason);
        };
        const enter = () => {
          waiting.delete(enter);
          signal.removeEventListener('abort', leave);
          resolve(place());
        };
        waiting.add(enter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
