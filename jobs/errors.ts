/** Something that a person can mend. Exit code 2, or 3 where an outside service failed. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly exitCode: 2 | 3;

  constructor(message: string, exitCode: 2 | 3 = 2, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The state is in the hands of another process, and only one may have it. */
export class StoreInUse extends FleetError {}
