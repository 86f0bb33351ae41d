/** The process of the models does not start, or not with these settings. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** Something that a person can mend, or a machine that has too little of something. */
  readonly exitCode: 2 | 3;

  constructor(message: string, exitCode: 2 | 3) {
    super(message);
    this.exitCode = exitCode;
  }
}
