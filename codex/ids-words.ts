/** Words that say nothing of what a rule is about; negations are in every other title. */
const STOP = new Set(
  "a an and any are as at be by do each every for from has have in into is it its of on only or so than that the their them then they this to use using via was were when where which with you your must should may shall not no never don't don\u2019t".split(
    ' ',
  ),
);

/** The words of a title or text that carry its meaning, in lower case and without their endings, in order. */
export function contentWords(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}](?:[\p{L}\p{N}_./:+#@'\u2019-]*[\p{L}\p{N}_+#])?/gu) ?? [];
  return words.filter((word) => !STOP.has(word)).map(stem);
}

/** How much of the shorter list is in the other, from 0 to 1. */
export function sharedWords(a: readonly string[], b: readonly string[]): number {
  const [small, large] = [new Set(a), new Set(b)].sort((x, y) => x.size - y.size) as [Set<string>, Set<string>];
  return small.size === 0 ? 0 : [...small].filter((word) => large.has(word)).length / small.size;
}

/** `tests`, `tested` and `testing` are one word. Names with digits and signs stay as they are. */
function stem(word: string): string {
  if (!/^[a-z]{4,}$/.test(word)) return word;
  const bare = word.replace(/(?:ies)$/, 'y').replace(/(?:ing|ed|es|s|e)$/, '');
  return bare.length >= 3 ? bare : word;
}
