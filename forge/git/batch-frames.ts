/** What was asked of `git cat-file --batch-command`. */
export type BatchCommand = 'info' | 'contents';

/** One answer. `missing` carries git's word for why: `missing`, `ambiguous`. */
export type Frame =
  | { readonly type: string; readonly size: number; readonly bytes: Buffer | null }
  | { readonly missing: string };

/**
 * Cuts the output of `git cat-file --batch-command` into answers, whatever chunks it arrives in. An answer is a line
 * `OID TYPE SIZE` or `OID missing`; after the former, `contents` has SIZE bytes and a line end.
 */
export class BatchFrames {
  readonly #command: () => BatchCommand;
  readonly #onFrame: (frame: Frame) => void;
  #line = '';
  #body: { type: string; bytes: Buffer; filled: number } | null = null;

  /** `command` tells what the next answer answers; `onFrame` gets each answer in turn. */
  constructor(command: () => BatchCommand, onFrame: (frame: Frame) => void) {
    this.#command = command;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at = this.#body ? this.#takeBody(chunk, at) : this.#takeLine(chunk, at);
  }

  #takeLine(chunk: Buffer, start: number): number {
    const end = chunk.indexOf(LINE_END, start);
    this.#line += chunk.toString('latin1', start, end === -1 ? chunk.length : end);
    if (end === -1) return chunk.length;
    const [, type = '', size] = this.#line.split(' ');
    this.#line = '';
    if (size === undefined) this.#onFrame({ missing: type });
    else if (this.#command() === 'info') this.#onFrame({ type, size: Number(size), bytes: null });
    else this.#body = { type, bytes: Buffer.allocUnsafe(Number(size)), filled: 0 };
    return end + 1;
  }

  #takeBody(chunk: Buffer, start: number): number {
    const { type, bytes, filled } = this.#body!;
    if (filled < bytes.length) {
      const copied = chunk.copy(bytes, filled, start);
      this.#body!.filled += copied;
      return start + copied;
    }
    this.#body = null;
    this.#onFrame({ type, size: bytes.length, bytes });
    return start + 1; // the line end after the content
  }
}

const LINE_END = 0x0a;
