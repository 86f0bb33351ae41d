import { decodeBlob } from './decode-blob.ts';
import type { EntryKind, FileRead, ReadLimits, RepoEntry, RepoReader, Unreadable } from './reader.ts';

/** One path as a source lists it, with whatever the source needs to find its content again. */
export interface Listed<Blob> extends RepoEntry {
  readonly blob: Blob;
}

export interface Refusal {
  readonly ok: false;
  readonly reason: Unreadable;
  readonly detail?: string;
}

/** Asked with a size in bytes before content is fetched: a refusal, or nothing and the bytes are counted. */
export type Admit = (bytes: number) => Refusal | undefined;

/** Where a reader's paths and bytes come from; the rules about them are the reader's. */
export interface BlobSource<Blob> {
  readonly name: string;
  readonly commit: string | null;
  readonly worktree: boolean;
  /** In any order; of two entries with the same path the first counts. */
  list(): Promise<readonly Listed<Blob>[]>;
  /** One answer per blob, in order. Calls `admit` in that same order, so that a budget always ends at the same file. */
  fetch(blobs: readonly Blob[], admit: Admit): Promise<readonly (Buffer | Refusal)[]>;
  /** What each symbolic link holds, in order; nothing for one that cannot be read. */
  readLinks(blobs: readonly Blob[]): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

/**
 * A `RepoReader` over any source: the one place that keeps the index, the byte limits and the answers, so that the
 * in-memory reader cannot drift from the real ones. With `keep` off no answer is kept: `totalBytes` then bounds one read.
 */
export function boundedReader<Blob>(source: BlobSource<Blob>, limits: ReadLimits, keep = true): RepoReader {
  return new BoundedReader(source, limits, keep);
}

type Answers = ReadonlyMap<string, FileRead>;

interface Index<Blob> {
  readonly entries: readonly RepoEntry[];
  readonly byPath: ReadonlyMap<string, Listed<Blob>>;
}

class BoundedReader<Blob> implements RepoReader {
  readonly #source: BlobSource<Blob>;
  readonly #keep: boolean;
  /** The budget that a read spends from. */
  readonly #admit: () => Admit;
  /** The batch that answers a path. A promise, so that two concurrent reads of one file fetch and count it once. */
  readonly #answers = new Map<string, Promise<Answers>>();
  #index: Promise<Index<Blob>> | undefined;
  #closed: Promise<void> | undefined;

  constructor(source: BlobSource<Blob>, limits: ReadLimits, keep: boolean) {
    this.#source = source;
    this.#keep = keep;
    const whole = budget(limits);
    this.#admit = keep ? () => whole : () => budget(limits);
  }

  get name(): string {
    return this.#source.name;
  }

  get commit(): string | null {
    return this.#source.commit;
  }

  get worktree(): boolean {
    return this.#source.worktree;
  }

  async paths(): Promise<readonly RepoEntry[]> {
    return (await this.#indexed()).entries;
  }

  async read(paths: readonly string[]): Promise<Answers> {
    const { byPath } = await this.#indexed();
    if (!this.#keep) return inOrder(paths, await this.#readFresh([...new Set(paths)], byPath));
    const fresh = [...new Set(paths)].filter((path) => !this.#answers.has(path));
    if (fresh.length > 0) {
      const batch = this.#readFresh(fresh, byPath);
      for (const path of fresh) this.#answers.set(path, batch);
      // A batch that failed as a whole says nothing about its files: let the next read try again.
      batch.catch(() => fresh.forEach((path) => void this.#answers.delete(path)));
    }
    const batches = paths.map((path) => this.#answers.get(path)!);
    await Promise.all(new Set(batches));
    const result = new Map<string, FileRead>();
    for (const [at, path] of paths.entries()) result.set(path, (await batches[at]!).get(path)!);
    return result;
  }

  async links(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { byPath } = await this.#indexed();
    const wanted = [...new Set(paths)].flatMap((path) => {
      const entry = byPath.get(path);
      return entry?.kind === 'symlink' ? [entry] : [];
    });
    const targets = wanted.length > 0 ? await this.#source.readLinks(wanted.map(({ blob }) => blob)) : [];
    return new Map(
      wanted.flatMap(({ path }, at): [string, string][] => (targets[at] === undefined ? [] : [[path, targets[at]]])),
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#source.close();
    this.#answers.clear();
    this.#index = undefined;
    return this.#closed;
  }

  #indexed(): Promise<Index<Blob>> {
    if (this.#closed) return Promise.reject(new Error(`${this.name}: this reader was closed`));
    if (this.#index === undefined) {
      const index = this.#source.list().then(indexed);
      this.#index = index;
      index.catch(() => {
        if (this.#index === index) this.#index = undefined;
      });
    }
    return this.#index;
  }

  async #readFresh(paths: readonly string[], byPath: ReadonlyMap<string, Listed<Blob>>): Promise<Answers> {
    const answers = new Map<string, FileRead>();
    const wanted: Listed<Blob>[] = [];
    for (const path of paths) {
      const entry = byPath.get(path);
      if (entry === undefined) answers.set(path, { ok: false, reason: 'absent' });
      else if (!hasText(entry.kind)) answers.set(path, { ok: false, reason: 'not-a-file', detail: `a ${entry.kind}` });
      else wanted.push(entry);
    }
    const blobs = wanted.map((entry) => entry.blob);
    const fetched = wanted.length > 0 ? await this.#source.fetch(blobs, this.#admit()) : [];
    for (const [at, entry] of wanted.entries()) {
      const got = fetched[at]!;
      answers.set(entry.path, Buffer.isBuffer(got) ? decodeBlob(got) : got);
    }
    return answers;
  }
}

/** Each path once, in the order asked. */
function inOrder(paths: readonly string[], answers: Answers): Answers {
  return new Map(paths.map((path) => [path, answers.get(path)!]));
}

function hasText(kind: EntryKind): boolean {
  return kind === 'file' || kind === 'executable';
}

function indexed<Blob>(listed: readonly Listed<Blob>[]): Index<Blob> {
  const byPath = new Map<string, Listed<Blob>>();
  for (const entry of listed) if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  const entries = Array.from(byPath.values(), ({ path, kind }) => ({ path, kind }));
  return { entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)), byPath };
}

function budget(limits: ReadLimits): Admit {
  let left = limits.totalBytes;
  return (bytes) => {
    if (bytes > limits.fileBytes) {
      return { ok: false, reason: 'too-large', detail: `${bytes} bytes; the limit is ${limits.fileBytes}` };
    }
    if (bytes > left) {
      return { ok: false, reason: 'over-budget', detail: `${bytes} bytes; ${left} of ${limits.totalBytes} are left` };
    }
    left -= bytes;
    return undefined;
  };
}
