import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '../jobs/engine.ts';
import { StoreInUse } from '../jobs/errors.ts';

/** In ms. */
const EVERY = 2000;
/**
 * A store of one process is opened again once nothing was written for so long, so that whoever uses it by turns never finds
 * us there.
 */
const SETTLED = 10_000;

export interface Watching {
  /** Opens the store, and closes it afterwards. */
  open<T>(use: (engine: Engine) => Promise<T>): Promise<T>;
  /** What is shown. */
  read(engine: Engine): Promise<string>;
  /** Replaces what is shown; `note`: a line about it. */
  show(text: string, note: string): void;
  readonly stop: AbortSignal;
  /** In ms, for tests. */
  readonly timing?: { readonly every?: number; readonly settled?: number };
}

/** Shows the state of a database that several share, again and again. */
export async function watchShared({ open, read, show, stop, timing }: Watching): Promise<void> {
  await open(async (engine) => {
    while (!stop.aborted) {
      show(await read(engine), '');
      await pause(timing?.every ?? EVERY, stop);
    }
  });
}

/**
 * The same of a store that one process has at a time: it is not held, for a sweep could not begin then. While somebody uses
 * it, what was read last stays; once they are done with it, it is read anew.
 */
export async function watchEmbedded(folder: string, { open, read, show, stop, timing }: Watching): Promise<void> {
  let text = '';
  let seen: number | undefined;
  while (!stop.aborted) {
    const changed = lastWritten(folder);
    const isQuiet = Date.now() - changed >= (timing?.settled ?? SETTLED);
    if (seen === undefined || (changed !== seen && isQuiet)) {
      try {
        text = await open(read);
        seen = lastWritten(folder);
        show(text, '');
      } catch (error) {
        if (!(error instanceof StoreInUse)) throw error;
        show(text, IN_USE);
      }
    } else if (changed !== seen) show(text, IN_USE);
    await pause(timing?.every ?? EVERY, stop);
  }
}

const IN_USE =
  'another agentsmd uses this state now, and shows its own progress; this is how it was before. With DATABASE_URL several share one.';

/** When the database in the folder was last written to, in ms since 1970. */
function lastWritten(folder: string): number {
  const wal = join(folder, 'pg', 'pg_wal');
  const files = [join(folder, 'pg', 'global', 'pg_control'), wal, ...namesIn(wal).map((name) => join(wal, name))];
  return Math.max(0, ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function pause(ms: number, until: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: until }).catch(() => {});
}
