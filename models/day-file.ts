import { appendFile, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DayStore } from './budget.ts';
import type { Taken } from './port.ts';

/**
 * What all processes of one user on one machine take in a day: a file for each day, a line of JSON for each call. Lines are short
 * enough for the system to append them whole, so nobody has to wait for anybody. What calls under way may still take is known to
 * their own process alone.
 */
export function openDayFile(folder: string): DayStore {
  const known = { day: '', offset: 0, tokens: 0, money: 0 };
  let made: Promise<void> | undefined;
  /** One reading after the other: two that began at the same place would count the same lines twice. */
  let reading: Promise<unknown> = Promise.resolve();

  async function make(day: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder))
      if (OURS.test(name) && name < fileName(day)) await unlink(join(folder, name)).catch(() => {});
  }

  async function readOn(day: string): Promise<Taken> {
    if (known.day !== day) Object.assign(known, { day, offset: 0, tokens: 0, money: 0 });
    const { text, end } = await linesAfter(join(folder, fileName(day)), known.offset);
    known.offset = end;
    for (const line of text.split('\n')) {
      const taken = takenOf(line);
      known.tokens += taken.tokens;
      known.money += taken.money;
    }
    return { tokens: known.tokens, money: known.money };
  }

  return {
    spent(day) {
      const read = reading.then(() => readOn(day));
      reading = read.catch(() => {});
      return read;
    },
    async add(day, { tokens, money }) {
      // What failed once, as on a full disk, is tried again.
      made ??= make(day).catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      await made;
      await appendFile(join(folder, fileName(day)), `${JSON.stringify({ tokens, money })}\n`, { mode: 0o600 });
    },
  };
}

const OURS = /^day-\d{4}-\d{2}-\d{2}\.jsonl$/;
const fileName = (day: string) => `day-${day}.jsonl`;

/** Whole lines from an offset in bytes on; none of a file that is not there. */
async function linesAfter(file: string, from: number): Promise<{ readonly text: string; readonly end: number }> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  try {
    const size = handle ? (await handle.stat()).size : 0;
    if (!handle || size <= from) return { text: '', end: from };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1);
    return { text: whole.toString('utf8'), end: from + whole.length };
  } finally {
    await handle?.close();
  }
}

/** A line that is none of ours counts nothing. */
function takenOf(line: string): Taken {
  try {
    const { tokens, money } = JSON.parse(line) as Partial<Taken>;
    return { tokens: amount(tokens), money: amount(money) };
  } catch {
    return { tokens: 0, money: 0 };
  }
}

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
