/** Words that carry no meaning of their own. */
const EMPTY = new Set(
  'a an and any are as at be by do does for from in into is it its of on or our that the this to use we with your'.split(
    ' ',
  ),
);

/** The words of a sentence that tell what it is about, in lower case; `no`, `not` and `never` are one. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words =
    text
      .toLowerCase()
      .replaceAll(/\b(?:don['’]t|never|not|without|avoid)\b/g, 'no')
      .match(/[\p{L}\p{N}_$]+/gu) ?? [];
  return new Set(words.filter((word) => !EMPTY.has(word)));
}

/** Dice's coefficient, 0 to 1; a sentence and its opposite are not alike. */
export function alikeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.has('no') !== b.has('no')) return 0;
  const common = [...a].filter((word) => b.has(word)).length;
  return a.size + b.size === 0 ? 0 : (2 * common) / (a.size + b.size);
}
