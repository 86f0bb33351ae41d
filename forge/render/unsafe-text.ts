/** The gate found something in a text of ours that must not be sent: a bug in the renderer or in its caller. */
export class UnsafeTextError extends Error {
  override readonly name = 'UnsafeTextError';
  /** What was found, without the text itself: it may hold a secret. */
  readonly found: string;

  constructor(found: string) {
    super(`text for the forge is not sent: ${found}; this is a bug, please report it`);
    this.found = found;
  }
}
