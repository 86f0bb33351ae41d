/** Joins questions that come up in the same turn into one: everybody gets what `answer` says to all of them. */
export function gathered<Item, Answer>(
  answer: (items: readonly Item[]) => Promise<Answer>,
): (items: readonly Item[]) => Promise<Answer> {
  let waiting: { readonly items: Item[]; readonly answered: Promise<Answer> } | undefined;
  return (items) => {
    if (waiting === undefined) {
      const all: Item[] = [];
      const answered = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting = undefined;
        return answer(all);
      });
      waiting = { items: all, answered };
    }
    for (const item of items) waiting.items.push(item);
    return waiting.answered;
  };
}
