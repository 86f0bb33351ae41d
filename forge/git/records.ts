import { isUtf8 } from 'node:buffer';

/** About three million paths; more would not fit into one JavaScript string. */
export const MAX_LISTING_BYTES = 400 << 20;

/**
 * Visits each NUL-terminated record of git's `-z` output as text. `raw` is given only for a record that is not UTF-8:
 * its text then shows each such byte as `\xNN` (and a backslash as `\x5c`), so that different names stay different.
 * Only a name that is spelled so in truth can look the same; in a tree it sorts before the other.
 */
export function forEachRecord(output: Buffer, visit: (text: string, raw: Buffer | undefined) => void): void {
  if (isUtf8(output)) {
    const records = output.toString('utf8').split('\0');
    records.pop();
    for (const record of records) visit(record, undefined);
    return;
  }
  for (let start = 0, end = output.indexOf(0); end !== -1; start = end + 1, end = output.indexOf(0, start)) {
    const record = output.subarray(start, end);
    if (isUtf8(record)) visit(record.toString('utf8'), undefined);
    else visit(showBytes(record), record);
  }
}

/** Text for bytes that are not UTF-8; one-to-one. */
export function showBytes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length === 0 || bytes[at] === BACKSLASH) text += `\\x${bytes[at]!.toString(16).padStart(2, '0')}`;
    else text += bytes.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

const BACKSLASH = 0x5c;

/** Bytes of the UTF-8 character at a place; 0 where there is none. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}
