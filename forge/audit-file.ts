import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AuditEntry, AuditLog } from './audit.ts';
import { ForgeError } from './errors.ts';

export interface AuditFile extends AuditLog {
  close(): void;
}

/**
 * The audit log as a file of JSON lines, for one user's eyes. Several processes may append to one file: each line goes out in one
 * write. It grows for ever; whoever rotates it may move it away while nothing runs.
 *
 * @throws {ForgeError} when it cannot be written: then nothing may be sent either.
 */
export function openAuditFile(path: string): AuditFile {
  const file = attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  });
  let cut = endsInside(file);
  return {
    append: (entry) => {
      const line = Buffer.from(`${cut ? '\n' : ''}${JSON.stringify(entry satisfies AuditEntry)}\n`);
      attempt(path, () => {
        cut = true;
        const written = writeSync(file, line);
        if (written < line.length) throw new Error(`only ${written} of ${line.length} bytes were written`);
        cut = false;
      });
    },
    close: () => closeSync(file),
  };
}

/** Whoever wrote last was killed within a line. */
function endsInside(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== LINE_END;
}

const LINE_END = 0x0a;

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `${path}: the audit log cannot be written (${why}); nothing is sent without it. Make room, or name another file`;
    throw new ForgeError('unavailable', message, { cause: error });
  }
}
