/** Signs that stand for `<`, `>`, a space and `|` of stand-ins while a shell reads the text: to it they mean something. */
const SIGNS: readonly (readonly [sign: string, mask: string])[] = [
  ['<', '\u0002'],
  ['>', '\u0003'],
  [' ', '\u0004'],
  ['|', '\u0005'],
];
/** `<test file>`, and `lint|test` without spaces: a choice, not a pipe. */
const OPEN = /<[A-Za-z][^<>\n|&;"'`$]{0,60}>|(?<=[\w}>])\|(?=[\w{<-])/g;

/** The text with its stand-ins as words of a shell, of the same length. */
export function masked(text: string): string {
  return text.replace(OPEN, (found) => SIGNS.reduce((at, [sign, mask]) => at.replaceAll(sign, mask), found));
}

/** A word of a masked text as it was written. */
export function unmasked(word: string): string {
  return /[\u0002-\u0005]/.test(word) ? SIGNS.reduce((at, [sign, mask]) => at.replaceAll(mask, sign), word) : word;
}

/** True for a word that a reader has to replace: no claim about the repository. */
export function isStandIn(word: string): boolean {
  const value = word.replace(/^--?[\w-]+=/, '');
  return (
    /<[^>]*>|^\[.*\]$|…|\{[^{}]*\}|[|*?]|\bpath\/to\b|\bX{2,}\b/.test(value) ||
    (/\.{3}/.test(value) && !/\/\.{3}/.test(value)) ||
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(value) ||
    /^(?:(?:your|my|some|the|new)[-_]\w[\w-]*|foo|bar|baz|xxx|yyy|zzz|something|target|targets|script|script-name|task-name|target-name|task_name|recipe)$/i.test(
      value,
    )
  );
}
