import type { ForgeError } from '../../errors.ts';
import type { WriteRequest } from '../../write-request.ts';
import type { Answer } from '../http/port.ts';

/** One write, and how to tell what became of it. */
export interface Write<T> {
  readonly request: WriteRequest;
  /** What a success says. @throws {ForgeError} `not-understood` */
  parse(answer: Answer): T | Promise<T>;
  /**
   * Looks, after an answer that was lost, whether the write was applied; `undefined` where it was not.
   *
   * @throws {ForgeError} `conflict` where somebody else came in between, so that it must not be sent again.
   */
  find(): Promise<T | undefined>;
  /** Whether a refusal passes by itself: GitLab has not yet seen what it was just told. */
  passing?(error: ForgeError): boolean;
  /** How many times it may be sent in all, where the last time ended in this error. Default: as often as any other write. */
  tries?(error: ForgeError): number;
  /** What a dry run goes on with. */
  readonly placeholder: T;
}

/** The one door through which writes leave. */
export interface Sender {
  /** @throws {ForgeError} when it was refused, or when nobody could find out what became of it. */
  send<T>(write: Write<T>): Promise<T>;
}
