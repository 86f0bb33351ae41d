/** Characters of a quote: less says nothing, more is no sentence any more. */
const SHORTEST = 12;
const LONGEST = 2000;

/**
 * The words of a text that a quote is, as they stand there; `undefined`: they do not stand there. White space does not count,
 * nor does which of its kind a quotation mark or dash is: models write them as keyboards do.
 */
export function standing(quote: string, text: string): string | undefined {
  const words = quote.trim().split(/\s+/);
  const length = words.join(' ').length;
  if (words.length < 2 || length < SHORTEST || length > LONGEST) return undefined;
  return new RegExp(words.map(patternOf).join('\\s+'), 'u').exec(text)?.[0];
}

const ALIKE = ['"\u201c\u201d\u201e', "'\u2018\u2019\u201a", '\\-\u2010\u2011\u2013\u2014'];

function patternOf(word: string): string {
  return [...word]
    .map((sign) => ALIKE.map((all) => `[${all}]`).find((any) => new RegExp(any, 'u').test(sign)) ?? RegExp.escape(sign))
    .join('');
}

/** Two texts that differ in white space alone are one. */
export function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * Whether two sentences agree in the little words that turn an obligation round or bound it, and in their numbers: "retry" and "never
 * retry" share nearly all of their words.
 */
export function sameTurns(a: string, b: string): boolean {
  return turnsOf(a) === turnsOf(b);
}

function turnsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'\u2019.]*/gu) ?? [])
    .map((word) => word.replace(/\.+$/, '').replaceAll('\u2019', "'"))
    .filter((word) => TURNS.has(word) || /n't$|^\d/.test(word))
    .join(' ');
}

const TURNS = new Set(
  'not no never nor neither none cannot without except unless only all every each any before after at most least more less above below must shall should may can'.split(
    ' ',
  ),
);
