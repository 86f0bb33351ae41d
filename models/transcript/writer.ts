import type { Recorder, TranscriptEvent } from '../port.ts';
import { EventBuffer } from './buffer.ts';

/** Where lines go; appends, and says how many bytes it took. */
export interface Sink {
  write(bytes: Buffer): Promise<number>;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly sink: Sink;
  readonly now: () => number;
  /** Characters that are held while the disk does not take them. */
  readonly most?: number;
}

export interface TranscriptWriter extends Recorder {
  /** Writes all there is. Where that fails, it is kept, and tried again later. Never rejects. */
  flush(): Promise<void>;
  /** Writes all there is, once, and waits for that 2 s at most. Never rejects; twice is fine. */
  close(): Promise<void>;
}

const MOST_HELD = 8 << 20;
/** The seed's own: whichever comes first. */
const FLUSH_EVENTS = 100;
const FLUSH_MS = 50;
/** A disk that took nothing is left alone for so long, in ms. */
const REST_MS = 1000;
const PATIENCE_MS = 2000;

/** Hands events over as lines, soon and in order, and never lets who writes them wait or fail. */
export function transcriptWriter({ sink, now, most = MOST_HELD }: WriterOptions): TranscriptWriter {
  const buffer = new EventBuffer(most);
  /** Of lines already taken: what the disk did not take yet. */
  let unwritten: Buffer = Buffer.alloc(0);
  let writing: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;

  function later(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void drain(false);
    }, ms);
  }

  /** One at a time. @returns whether the disk took it. */
  function drain(all: boolean): Promise<boolean> {
    writing ??= writeOut(all).finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function writeOut(all: boolean): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    try {
      if (unwritten.length === 0) unwritten = Buffer.from(buffer.take(all, now()));
      while (unwritten.length > 0) {
        const taken = await sink.write(unwritten);
        if (taken <= 0) throw new Error('nothing was written');
        unwritten = unwritten.subarray(taken);
      }
      if (!closed && buffer.pieces > 0) later(FLUSH_MS);
      return true;
    } catch {
      // Full, or gone: what was begun goes on where it stopped, so that no line is broken.
      if (!closed) later(REST_MS);
      return false;
    }
  }

  async function flush(): Promise<void> {
    // What is under way may have begun before the last event.
    if (writing && !(await writing)) return;
    while ((unwritten.length > 0 || !buffer.isEmpty) && (await drain(true)));
  }

  return {
    write(event: TranscriptEvent): void {
      if (closed) return;
      buffer.add(event);
      if (writing) return;
      if (buffer.pieces >= FLUSH_EVENTS && unwritten.length === 0) void drain(false);
      else later(FLUSH_MS);
    },
    flush,
    close() {
      closed ??= within(PATIENCE_MS, flush()).then(async () => {
        clearTimeout(timer);
        await within(PATIENCE_MS, sink.close());
      });
      return closed;
    },
  };
}

async function within(ms: number, act: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([act.catch(() => {}), over]);
  clearTimeout(timer);
}
