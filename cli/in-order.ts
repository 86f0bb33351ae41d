/** Passes on what comes in any order in that of its positions. */
export interface InOrder<T> {
  /** @param position 0 and up, each once. */
  at(position: number, value: T): void;
  /** Nothing more comes: what waited for one that never came is passed on. */
  end(): void;
}

/** What is done by several at a time is told in the order of its list, so that two runs print the same. */
export function inOrder<T>(tell: (value: T) => void): InOrder<T> {
  const waiting = new Map<number, T>();
  let next = 0;
  return {
    at(position, value) {
      waiting.set(position, value);
      for (; waiting.has(next); next++) {
        const due = waiting.get(next)!;
        waiting.delete(next);
        tell(due);
      }
    },
    end() {
      const left = [...waiting].toSorted(([a], [b]) => a - b);
      waiting.clear();
      for (const [, value] of left) tell(value);
    },
  };
}
