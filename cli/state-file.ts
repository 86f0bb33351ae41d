import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';
import { statOf } from './stat-of.ts';

/** Takes lines; what was written appears with `end`, and not at all where that is not reached. */
export interface LineWriter {
  write(line: string): Promise<void>;
  end(): Promise<void>;
  /** Takes back what was written, where it was not ended. */
  discard(): Promise<void>;
}

/**
 * A file that appears in one step, for its owner's eyes alone: the state names projects and quotes their messages. Devices and
 * pipes are written to as they are; a link is followed.
 *
 * @param isOurs whether a file that begins so may be replaced.
 * @throws {UsageError} where something else is there, or nothing can be.
 */
export async function lineFile(file: string, isOurs: (start: string) => boolean): Promise<LineWriter> {
  const refuse = (why: string): never => {
    throw new UsageError(`${printableLine(file)}: ${why}`);
  };
  const there = statOf(file);
  if (there?.isDirectory()) refuse('a folder; name a file');
  if (!statOf(dirname(file))?.isDirectory()) refuse('its folder does not exist');
  if (there && !there.isFile()) return streamed(await open(file, 'w'), async () => {});
  const target = there ? await realpath(file) : file;
  if (there && there.size > 0 && !isOurs(await startOf(target)))
    refuse('no export of ours wrote what is there; move it away, or name another file');
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', 0o600);
  const writer = streamed(handle, async () => {
    await handle.sync();
    await rename(temporary, target);
  });
  return {
    ...writer,
    discard: async () => {
      await writer.discard();
      await rm(temporary, { force: true });
    },
  };
}

const BUFFERED = 1 << 16;

function streamed(handle: FileHandle, finish: () => Promise<void>): LineWriter {
  let waiting: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    size = 0;
    await handle.appendFile(text);
  };
  return {
    write: async (line) => {
      waiting.push(`${line}\n`);
      size += line.length;
      if (size > BUFFERED) await flush();
    },
    end: async () => {
      await flush();
      await finish();
      await handle.close();
    },
    discard: async () => {
      await handle.close().catch(() => {});
    },
  };
}

/** A stream such as stdout: as fast as its reader reads. */
export function lineStream(stream: Writable): LineWriter {
  return {
    write: async (line) => {
      if (!stream.write(`${line}\n`)) await once(stream, 'drain');
    },
    end: async () => {},
    discard: async () => {},
  };
}

/** The lines of a file, without their ends; `-` is stdin. @throws {UsageError} where it cannot be read. */
export async function linesOf(file: string, stdin: Readable = process.stdin): Promise<AsyncIterable<string>> {
  if (file === '-') return split(stdin);
  const refuse = (why: string): never => {
    throw new UsageError(`${printableLine(file)}: ${why}`);
  };
  if (statOf(file)?.isDirectory()) refuse('a folder; name a file');
  const input = createReadStream(file);
  await once(input, 'open').catch(({ code = '' }: NodeJS.ErrnoException) =>
    refuse(WHY[code] ?? `cannot be read (${code})`),
  );
  return split(input);
}

/** Nothing is read before somebody asks for a line. */
async function* split(input: Readable): AsyncIterable<string> {
  let begun = '';
  for await (const chunk of input.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = `${begun}${chunk}`.split('\n');
    begun = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (begun !== '') yield begun;
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'may not be read (permission denied)',
};

async function startOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString('utf8', 0, readSync(handle.fd, bytes));
  } finally {
    await handle.close();
  }
}
