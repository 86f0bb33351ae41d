import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Input } from './target.ts';

/** The file that holds what is read at the moment, for whoever is there when its reader is not. */
export const CURRENT = 'current';

/** Keeps inputs in the folder that the process runs in, each in the place of the one before: a file that is opened anew for each takes longer than to read it. */
export function keeping(): (input: Input) => void {
  closeSync(openSync(CURRENT, 'a'));
  const file = openSync(CURRENT, 'r+');
  return (input) => void writeSync(file, bytesOf(input), 0, 'utf16le');
}

export function keepIn(folder: string, input: Input): void {
  writeFileSync(join(folder, CURRENT), bytesOf(input), 'utf16le');
}

/** `undefined` where none was. */
export function kept(folder: string): Input | undefined {
  const file = join(folder, CURRENT);
  if (!existsSync(file)) return undefined;
  const all = readFileSync(file, 'utf16le');
  const [, length = '', at = ''] = /^(\d+)\0([^\0]*)\0/.exec(all) ?? [];
  const start = length.length + at.length + 2;
  return length === '' ? undefined : { at, text: all.slice(start, start + Number(length)) };
}

/** UTF-16, so that halves of characters stay what they are. What stands behind so many characters is of another input. */
function bytesOf({ at, text }: Input): string {
  return `${text.length}\0${at}\0${text}`;
}
