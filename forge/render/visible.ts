/**
 * Text without what nobody sees and a model reads all the same: control, direction, zero-width, tag, filler, private and
 * unassigned characters, variation selectors, terminal sequences. Emoji keep the joiners that Unicode recommends for them
 * (a flag of Scotland is made of tags). Line ends become `\n`, odd spaces become plain ones.
 */
export function visible(text: string): string {
  return text
    .replace(TERMINAL, '')
    .replace(LINE_ENDS, '\n')
    .replace(ODD_SPACES, ' ')
    .replace(HIDDEN_OR_EMOJI, (found) => (isEmoji(found) ? found : ''))
    .replace(STACKED_MARKS, '$1');
}

/** The same on one line, without spaces around it. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** The first character that nobody sees, as `U+202E`; of code that must stay as it is. A tab and `\n` are seen. */
export function hiddenIn(text: string): string | undefined {
  for (const [found] of text.matchAll(HIDDEN_OR_EMOJI))
    if (!isEmoji(found)) return `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return undefined;
}

/** CSI and OSC sequences (ECMA-48), whole: without this their letters would stay. */
const TERMINAL =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?/g;

const LINE_ENDS = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;

/** `\p{Zs}` and the blank of Braille, which has no dots. */
const ODD_SPACES = /[\p{Zs}\u2800]/gu;

const HIDDEN_OR_EMOJI =
  /\p{RGI_Emoji}|(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gv;
const EMOJI = /^\p{RGI_Emoji}$/v;

const isEmoji = (text: string): boolean => EMOJI.test(text);

/** More than four marks on one letter draw over the lines around it. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;
