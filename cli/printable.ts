import { stripVTControlCharacters } from 'node:util';

/**
 * Text of a repository (a file name, a script, a message of its config) made safe to print to a terminal: escape sequences
 * can retitle the window, rewrite lines above or fill the clipboard, and direction overrides and invisible characters make
 * a line read as something else than it is. All of them are removed; line ends and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(UNPRINTABLE, '');
}

/** The same on one line: what is printed as one item must not fake a second one. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\r\n\t]+/g, ' ');
}

/**
 * JSON that is safe to print to a terminal: the characters above stand as `\uXXXX`, so the document means the same.
 * (`JSON.stringify` escapes only those below U+0020.)
 */
export function printableJson(value: unknown, indent = 2): string {
  return `${JSON.stringify(value, null, indent).replace(UNPRINTABLE, escapeUnits)}\n`;
}

/**
 * Control characters but tab, line feed and carriage return before a line feed; soft hyphen; zero-width and direction marks,
 * overrides and isolates; line and paragraph separator; the byte order mark; tag characters.
 */
const UNPRINTABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\r(?!\n)|[\u{e0000}-\u{e007f}]/gu;

function escapeUnits(match: string): string {
  return Array.from(
    { length: match.length },
    (_, at) => `\\u${match.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
