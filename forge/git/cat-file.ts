import type { BatchCommand, Frame } from './batch-frames.ts';
import { type BatchEnd, type BatchProcess, startBatch } from './batch-process.ts';
import { complaint, MINIMUM_GIT, RepositoryError } from './errors.ts';
import { spawnFailure, type spawnGit } from './run.ts';
import type { ObjectStore } from './stand-in.ts';

/**
 * Reads objects by id through one long-lived git process, started when first needed. Requests made in the same turn
 * go out together and none waits for the one before. A process that dies is replaced: at once when an object was the
 * cause (that object is then missing), once in a row when something else was. It does not keep the program alive
 * while nothing is asked.
 */
export class CatFile {
  readonly #store: ObjectStore;
  readonly #spawn: typeof spawnGit | undefined;
  #process: BatchProcess | null = null;
  /** Sent and not yet answered, in order: the answers come in that order. */
  #sent = new Queue<Request>();
  #unsent: Request[] = [];
  /** Processes that died in a row without answering anything. */
  #deaths = 0;
  #closed = false;
  #onGone: (() => void) | null = null;

  /** `spawn` is for tests. */
  constructor(store: ObjectStore, spawn?: typeof spawnGit) {
    this.#store = store;
    this.#spawn = spawn;
  }

  /** An object's type and size in bytes, without its content. */
  info(oid: string): Promise<Frame> {
    return this.#ask('info', oid);
  }

  /** An object with its content, which is held in memory whole: ask for `info` first. */
  contents(oid: string): Promise<Frame> {
    return this.#ask('contents', oid);
  }

  /** Ends the process; requests still open are rejected. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#rejectAll(new Error('closed while reading'));
    const process = this.#process;
    if (process === null) return;
    await new Promise<void>((resolve) => {
      this.#onGone = resolve;
      process.keepAlive(true);
      process.kill();
    });
  }

  #ask(command: BatchCommand, oid: string): Promise<Frame> {
    if (this.#closed) return Promise.reject(new Error('reading from a closed repository'));
    return new Promise((resolve, reject) => {
      this.#unsent.push({ command, oid, resolve, reject });
      if (this.#unsent.length === 1) queueMicrotask(() => this.#send());
    });
  }

  #send(): void {
    if (this.#unsent.length === 0) return;
    try {
      this.#process ??= startBatch(this.#store, this.#events(), this.#spawn);
    } catch (error) {
      this.#rejectAll(error);
      return;
    }
    const batch = this.#unsent;
    this.#unsent = [];
    for (const request of batch) this.#sent.add(request);
    this.#process.keepAlive(true);
    this.#process.write(batch.map(({ command, oid }) => `${command} ${oid}\n`).join(''));
  }

  #events() {
    return {
      command: () => this.#sent.first()?.command ?? 'info',
      onFrame: (frame: Frame) => {
        this.#deaths = 0;
        this.#sent.take()?.resolve(frame);
        if (this.#sent.size === 0) this.#process?.keepAlive(false);
      },
      onEnd: (end: BatchEnd) => this.#replace(end),
    };
  }

  #replace(end: BatchEnd): void {
    this.#process = null;
    this.#onGone?.();
    if (this.#closed || this.#sent.size === 0) return;
    if (end.started && end.exitCode === FATAL) {
      // Git gives up at an object that is damaged; the first unanswered request is the one.
      this.#sent.take()?.resolve({ missing: complaint(end.stderr) });
    } else if (++this.#deaths > 1 || !wasKilled(end)) {
      this.#rejectAll(failure(end, this.#store));
      return;
    }
    this.#unsent = [...this.#sent.drain(), ...this.#unsent];
    this.#send();
  }

  #rejectAll(error: unknown): void {
    this.#deaths = 0;
    const requests = [...this.#sent.drain(), ...this.#unsent];
    this.#unsent = [];
    for (const request of requests) request.reject(error);
  }
}

/** What `die()` exits with. */
const FATAL = 128;
/** What a git that does not know an option exits with. */
const USAGE = 129;

function wasKilled(end: BatchEnd): boolean {
  return end.error === null && end.exitCode === null;
}

function failure(end: BatchEnd, store: ObjectStore): Error {
  if (end.error) return spawnFailure(end.error);
  if (end.exitCode === USAGE) {
    const message = `git is too old to read ${store.objects}; install git ${MINIMUM_GIT} or newer`;
    return new RepositoryError('git-too-old', message);
  }
  const how = wasKilled(end)
    ? 'git cat-file was killed twice; is memory short?'
    : `git cat-file: ${complaint(end.stderr)}`;
  return new RepositoryError('git-failed', `cannot read objects of ${store.objects}: ${how}`);
}

interface Request {
  readonly command: BatchCommand;
  readonly oid: string;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: unknown) => void;
}

/** First in, first out; an array's `shift` is slow past some 50,000 items. */
class Queue<T> {
  #items: T[] = [];
  #next = 0;

  get size(): number {
    return this.#items.length - this.#next;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  first(): T | undefined {
    return this.#items[this.#next];
  }

  take(): T | undefined {
    const item = this.#items[this.#next++];
    if (this.size <= 0) this.drain();
    return item;
  }

  drain(): T[] {
    const rest = this.#items.slice(this.#next);
    this.#items = [];
    this.#next = 0;
    return rest;
  }
}
